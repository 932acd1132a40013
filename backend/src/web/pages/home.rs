//! `GET /`: for a person who logs in with a browser.

use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use switchback_protocol::grant::SessionEnd;
use switchback_protocol::identity::UserInfo;
use switchback_protocol::provider::FrameFacts;
use switchback_protocol::{Provider, Purpose};
use time::OffsetDateTime;

use super::html::{self, May};
use super::words::{self, Words};
use super::{Place, failed};
use crate::error::Error;
use crate::service::LoggedIn;
use crate::web::{Site, answer, form, session};

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    name: &'a str,
    provider: &'a str,
    /// Whether and how the provider's page may be in a frame here.
    frame: Option<FrameFacts>,
    told: Option<Words>,
    person: Option<Person>,
    offers: Vec<Offer>,
    log_out: String,
    origins: &'a str,
}

struct Person {
    heading: &'static str,
    since: String,
    shared: Option<Vec<(String, String)>>,
}

/// What can be begun here.
struct Offer {
    purpose: &'static str,
    path: String,
    heading: &'static str,
    button: String,
}

pub(super) async fn home(
    State(place): State<Arc<Place>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let site = &place.site;
    let query = query.unwrap_or_default();
    let refused = form::once(query.as_bytes(), "login");
    let mut told = refused.map(|code| words::refusal(&code));
    let person = match session::logged_in(site, &headers).await {
        Ok(person) => Some(person),
        Err(Error::LoginRequired(SessionEnd::NoSession | SessionEnd::LoggedOut)) => None,
        Err(error @ (Error::LoginRequired(_) | Error::TokenExpired)) => {
            told = told.or(Some(words::failure(&error)));
            None
        }
        Err(error) => return failed(site, &headers, &error, Some("/")),
    };
    let config = site.service.config();
    let provider = site.provider();
    let done = person.as_ref().map(LoggedIn::purpose);
    let offers = config.scopes.keys().copied();
    let mut offers: Vec<Purpose> = offers.filter(|it| Some(*it) != done).collect();
    // Most people come to log in.
    offers.sort_by_key(|purpose| *purpose != Purpose::Login);
    let page = Home {
        name: &place.name,
        provider: provider.name(),
        frame: provider.facts().frame,
        told,
        person: match person {
            Some(person) => Some(Person::read(site.provider(), &person).await),
            None => None,
        },
        offers: offers
            .into_iter()
            .map(|purpose| Offer::new(site, purpose))
            .collect(),
        log_out: site.at("/log-out"),
        origins: &place.frame_origins,
    };
    let may = May {
        run: Some(html::HOME_SCRIPT),
        frame: provider.facts().frame.map(|_| &*place.frame_origins),
        // Browsers hold what answers a form to its policy as well.
        leave: place.after.as_deref(),
    };
    // Under `no-referrer` a browser sends the form with `Origin: null`.
    let referrer = HeaderValue::from_static("same-origin");
    answer::with(
        html::page(&page, may),
        header::REFERRER_POLICY,
        Some(referrer),
    )
}

impl Offer {
    fn new(site: &Site, purpose: Purpose) -> Self {
        let button = match site.provider().button(purpose) {
            Some(prescribed) => prescribed.to_owned(),
            None => format!("Continue with {}", site.provider().name()),
        };
        Self {
            purpose: purpose.as_str(),
            path: site.start(purpose),
            heading: words::offer(purpose),
            button,
        }
    }
}

impl Person {
    async fn read(provider: &Provider, person: &LoggedIn) -> Self {
        // A person who is logged in can log out, also where this fails.
        let shared = match provider.facts().user_info {
            None => None,
            Some(_) => match person.user_info().await {
                Ok(info) => Some(shared(provider, info)),
                Err(error) => {
                    tracing::warn!(target: "switchback", event = "service.failed", %error);
                    None
                }
            },
        };
        Self {
            heading: words::done(person.purpose()),
            since: minute(person.since()),
            shared,
        }
    }
}

/// What they shared, in an order that does not change.
fn shared(provider: &Provider, info: UserInfo) -> Vec<(String, String)> {
    let known = [
        ("name", info.name),
        ("given_name", info.given_name),
        ("family_name", info.family_name),
        ("birthdate", info.birthdate),
        ("gender", info.gender),
        ("email", info.email),
        ("phone_number", info.phone_number),
        ("address", info.address),
    ];
    let known = known
        .into_iter()
        .filter_map(|(field, value)| Some((words::label(field), value?)));
    let more = info.more.iter().filter_map(|(field, value)| {
        let label = words::label(provider.short_claim(field));
        Some((label, value.as_str()?.to_owned()))
    });
    known.chain(more).collect()
}

/// `2026-01-31T09:05`, in UTC.
fn minute(since: i64) -> String {
    let at = OffsetDateTime::from_unix_timestamp(since).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (year, month, day) = at.to_calendar_date();
    let month = u8::from(month);
    let (hour, minute) = (at.hour(), at.minute());
    format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}")
}
