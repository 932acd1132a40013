//! The pages of the fake Truid app: the pending requests, one request, and its outcome.

use std::sync::Arc;

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::render;
use crate::people::profile::FIELDS;
use crate::truid::claims::{self, CLAIMS, Claim};
use crate::{Endpoint, Misbehaviour, Person, Refusal, Waiting};

/// The maximum number of requests in the list. Only a program makes more.
const MAX_ROWS: usize = 100;

#[derive(Template)]
#[template(path = "app/list.html")]
struct List {
    rows: Vec<Row>,
    /// The number of requests beyond the rows.
    more: usize,
}

/// One request in the list.
struct Row {
    id: String,
    client_name: String,
    title: &'static str,
    left: i64,
}

#[derive(Template)]
#[template(path = "app/request.html")]
struct Request<'a> {
    waiting: &'a Waiting,
    rows: Vec<DataPoint<'a>>,
    left: i64,
    person: &'a Person,
    /// The people to choose from.
    people: &'a [Arc<Person>],
    /// Whether the service is on another device.
    other_device: bool,
    /// The misbehaviours of the callback, without those that have their own button.
    wrong: Vec<Misbehaviour>,
}

/// A requested data point, with the person's values.
struct DataPoint<'a> {
    words: &'a str,
    values: Vec<Shown>,
}

/// A value on the page.
enum Shown {
    Text {
        /// The name of the claim, if the data point has more than one.
        words: Option<&'static str>,
        text: String,
    },
    /// An image, as a `data:` URL (RFC 2397).
    Image(String),
}

/// The outcome of a request, if the app does not simply open the redirect URI.
pub(crate) enum Outcome<'a> {
    /// The person takes too long.
    Expired,
    /// The app never opens the redirect URI.
    Never,
    /// The page on the other device opens the redirect URI.
    OtherDevice,
    /// The app opens this URL twice.
    Twice(&'a str),
}

#[derive(Template)]
#[template(path = "app/outcome.html")]
struct Done<'a> {
    waiting: &'a Waiting,
    outcome: &'a Outcome<'a>,
}

#[derive(Template)]
#[template(path = "app/refused.html")]
struct Refused<'a> {
    title: &'static str,
    refusal: &'a Refusal,
}

impl Request<'_> {
    /// The query of this page for another person.
    fn for_person(&self, person: &str) -> String {
        query(person, self.other_device)
    }

    /// The query of this page with the service on the other device, or back on this one.
    fn for_other_device(&self) -> String {
        query(&self.person.id, !self.other_device)
    }
}

fn query(person: &str, other_device: bool) -> String {
    let mut query = url::form_urlencoded::Serializer::for_suffix("?".to_owned(), 1);
    query.append_pair("person", person);
    if other_device {
        query.append_pair("on", "another");
    }
    query.finish()
}

/// The pending requests.
pub(crate) fn list(waiting: &[Waiting], now: i64) -> String {
    let rows = waiting
        .iter()
        .take(MAX_ROWS)
        .map(|waiting| Row {
            id: waiting.id.clone(),
            client_name: waiting.client_name.clone(),
            title: waiting.purpose.title(),
            left: waiting.deadline.saturating_sub(now),
        })
        .collect();
    let more = waiting.len().saturating_sub(MAX_ROWS);
    render(&List { rows, more })
}

/// One request, as `person` sees it.
pub(crate) fn request(
    waiting: &Waiting,
    person: &Person,
    people: &[Arc<Person>],
    other_device: bool,
    now: i64,
) -> String {
    let at_callback = |m: &&Misbehaviour| m.endpoints().contains(&Endpoint::Callback);
    let own_button = [Misbehaviour::CallbackNever, Misbehaviour::CallbackTwice];
    let rows = waiting.data_points.iter().map(|key| DataPoint {
        words: claims::words(key),
        values: values(key, person),
    });
    render(&Request {
        waiting,
        rows: rows.collect(),
        left: waiting.deadline.saturating_sub(now),
        person,
        people,
        other_device,
        wrong: Misbehaviour::ALL
            .iter()
            .filter(at_callback)
            .filter(|m| !own_button.contains(m))
            .copied()
            .collect(),
    })
}

/// The outcome of a request.
pub(crate) fn outcome(waiting: &Waiting, outcome: &Outcome<'_>) -> String {
    render(&Done { waiting, outcome })
}

/// A refusal in the app.
pub(crate) fn refused(refusal: &Refusal) -> String {
    let title = super::title(refusal);
    render(&Refused { title, refusal })
}

/// The name of a person, or else the id.
pub(super) fn name(person: &Person) -> &str {
    let names = [&person.name, &person.legal_name, &person.given_name];
    let name = names.into_iter().find_map(Option::as_deref);
    name.unwrap_or(&person.id)
}

/// The person's values of a data point.
fn values(data_point: &str, person: &Person) -> Vec<Shown> {
    let own: Vec<Claim> = CLAIMS
        .iter()
        .filter(|(.., own)| *own == data_point)
        .map(|(claim, ..)| *claim)
        .collect();
    let single = own.len() == 1;
    let mut values = Vec::new();
    for field in FIELDS.iter().filter(|field| own.contains(&field.claim)) {
        if let Some(text) = field.value(person) {
            let words = (!single).then_some(field.words);
            values.push(Shown::Text { words, text });
        }
    }
    if own.contains(&Claim::PortraitImage)
        && let Some(portrait) = &person.portrait
    {
        let image = STANDARD.encode(&portrait.image);
        values.push(Shown::Image(format!(
            "data:{};base64,{image}",
            portrait.format
        )));
    }
    values
}

/// A number of seconds as `minutes:seconds`.
pub(super) fn clock(seconds: &i64) -> String {
    let seconds = (*seconds).max(0);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
