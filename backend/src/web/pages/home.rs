//! `GET /`: the home page.

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

use super::html::{self, PagePolicy};
use super::messages::{self, Message};
use super::{PageState, error_page};
use crate::error::Error;
use crate::service::LoggedIn;
use crate::web::request::PresentedCredential;
use crate::web::{WebState, form, response, session};

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    name: &'a str,
    provider: &'a str,
    /// The size of the provider's page in a frame; `None` if it must not be framed.
    frame: Option<FrameFacts>,
    message: Option<Message>,
    people: Vec<Person>,
    options: Vec<LoginOption>,
    origins: &'a str,
}

/// The person of a session.
struct Person {
    purpose: &'static str,
    texts: messages::SessionTexts,
    since: String,
    shared: Option<Vec<(String, String)>>,
    /// The address that ends the session.
    end: String,
}

/// A purpose that the page offers.
struct LoginOption {
    purpose: &'static str,
    path: String,
    heading: &'static str,
    button: String,
}

pub(super) async fn home(
    State(page_state): State<Arc<PageState>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let state = &page_state.state;
    let query = query.unwrap_or_default();
    let refused = form::single(query.as_bytes(), "login");
    let mut message = refused.map(|code| messages::refusal(&code));
    let presented = PresentedCredential::read(&headers, &state.cookies);
    let (mut people, mut options) = (Vec::new(), Vec::new());
    for purpose in in_order(state) {
        match session::session_for(state, &presented, purpose).await {
            Ok(person) => {
                people.push(Person::read(state, &person).await);
                continue;
            }
            Err(Error::LoginRequired(SessionEnd::NoSession | SessionEnd::LoggedOut)) => {}
            Err(error @ (Error::LoginRequired(_) | Error::TokenExpired)) => {
                // The other sessions are short, so their end is no news.
                let over = (purpose == Purpose::Login).then(|| messages::failure(&error));
                message = message.or(over);
            }
            Err(error) => return error_page(state, &headers, &error, Some("/")),
        }
        // A signing begins with a document, at the address that the service's own code gives out.
        if purpose != Purpose::Signing {
            options.push(LoginOption::new(state, purpose));
        }
    }
    let provider = state.provider();
    let page = HomePage {
        name: &page_state.name,
        provider: provider.name(),
        frame: provider.facts().frame,
        message,
        people,
        options,
        origins: &page_state.frame_origins,
    };
    let policy = PagePolicy {
        script: Some(html::HOME_SCRIPT),
        frame_origins: provider.facts().frame.map(|_| &*page_state.frame_origins),
        // Browsers apply `form-action` also to the redirect that answers a form.
        form_redirect: page_state.after.as_deref(),
    };
    // Under `no-referrer`, a browser would send the form with `Origin: null`.
    let referrer = HeaderValue::from_static("same-origin");
    response::with_header(
        html::page(&page, policy),
        header::REFERRER_POLICY,
        Some(referrer),
    )
}

/// The purposes that the service offers. Most people come to log in.
fn in_order(state: &WebState) -> Vec<Purpose> {
    let mut all: Vec<Purpose> = state.service.config().scopes.keys().copied().collect();
    all.sort_by_key(|purpose| *purpose != Purpose::Login);
    all
}

impl LoginOption {
    fn new(state: &WebState, purpose: Purpose) -> Self {
        let button = match state.provider().button(purpose) {
            Some(prescribed) => prescribed.to_owned(),
            None => format!("Continue with {}", state.provider().name()),
        };
        Self {
            purpose: purpose.as_str(),
            path: state.start_path(purpose),
            heading: messages::offer(purpose),
            button,
        }
    }
}

impl Person {
    async fn read(state: &WebState, person: &LoggedIn) -> Self {
        let (provider, purpose) = (state.provider(), person.purpose());
        // If this fails, the page still lets the person log out.
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
            purpose: purpose.as_str(),
            texts: messages::session(purpose),
            since: minute(person.since()),
            shared,
            end: match purpose {
                Purpose::Login => state.path("/log-out"),
                other => state.path(&format!("/log-out?purpose={other}")),
            },
        }
    }
}

/// The shared data, in a fixed order.
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
        .filter_map(|(field, value)| Some((messages::label(field), value?)));
    let more = info.more.iter().filter_map(|(field, value)| {
        let label = messages::label(provider.short_claim(field));
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
