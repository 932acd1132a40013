//! The fake Truid app: what waits, one request, and what became of it.

use std::sync::Arc;

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::render;
use crate::people::profile::FIELDS;
use crate::truid::claims::{self, CLAIMS, Claim};
use crate::{Endpoint, Misbehaviour, Person, Refusal, Waiting};

/// The most requests in the list: who has more has a program that makes them.
const MOST_ROWS: usize = 100;

#[derive(Template)]
#[template(path = "app/list.html")]
struct List {
    rows: Vec<Row>,
    /// How many wait that have no row.
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
    /// Those who are to be chosen from.
    people: &'a [Arc<Person>],
    /// Whether the service is on another device.
    another: bool,
    /// How the app can come back wrongly.
    wrong: Vec<Misbehaviour>,
}

/// A data point that is asked for, with what the person has of it.
struct DataPoint<'a> {
    words: &'a str,
    values: Vec<Shown>,
}

/// A value as it is shown.
enum Shown {
    Text {
        /// What it is, where the data point is more than one claim.
        words: Option<&'static str>,
        text: String,
    },
    /// An image, as a `data:` URL (RFC 2397).
    Image(String),
}

/// What became of a request, where there is more to say than the redirect URI does.
pub(crate) enum Outcome<'a> {
    /// The person takes too long.
    Expired,
    /// The app never opens the redirect URI.
    Never,
    /// The page on the other device opens it.
    Elsewhere,
    /// The app opens this twice.
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
    /// This page for another person.
    fn of(&self, person: &str) -> String {
        query(person, self.another)
    }

    /// This page for the same person, with the service in the other place.
    fn turned(&self) -> String {
        query(&self.person.id, !self.another)
    }
}

fn query(person: &str, another: bool) -> String {
    let mut query = url::form_urlencoded::Serializer::for_suffix("?".to_owned(), 1);
    query.append_pair("person", person);
    if another {
        query.append_pair("on", "another");
    }
    query.finish()
}

/// What waits.
pub(crate) fn list(waiting: &[Waiting], now: i64) -> String {
    let rows = waiting
        .iter()
        .take(MOST_ROWS)
        .map(|waiting| Row {
            id: waiting.id.clone(),
            client_name: waiting.client_name.clone(),
            title: waiting.purpose.title(),
            left: waiting.deadline.saturating_sub(now),
        })
        .collect();
    let more = waiting.len().saturating_sub(MOST_ROWS);
    render(&List { rows, more })
}

/// One request, as this person sees it.
pub(crate) fn request(
    waiting: &Waiting,
    person: &Person,
    people: &[Arc<Person>],
    another: bool,
    now: i64,
) -> String {
    let at_callback = |one: &&Misbehaviour| one.endpoints().contains(&Endpoint::Callback);
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
        another,
        wrong: Misbehaviour::ALL
            .iter()
            .filter(at_callback)
            .filter(|one| !own_button.contains(one))
            .copied()
            .collect(),
    })
}

/// What became of a request.
pub(crate) fn outcome(waiting: &Waiting, outcome: &Outcome<'_>) -> String {
    render(&Done { waiting, outcome })
}

/// A refusal within the app.
pub(crate) fn refused(refusal: &Refusal) -> String {
    let title = super::title(refusal);
    render(&Refused { title, refusal })
}

/// The name of a person, for a list of them.
pub(super) fn name(person: &Person) -> &str {
    let names = [&person.name, &person.legal_name, &person.given_name];
    let name = names.into_iter().find_map(Option::as_deref);
    name.unwrap_or(&person.id)
}

/// What a person has of a data point.
fn values(data_point: &str, person: &Person) -> Vec<Shown> {
    let own: Vec<Claim> = CLAIMS
        .iter()
        .filter(|(.., own)| *own == data_point)
        .map(|(claim, ..)| *claim)
        .collect();
    let one = own.len() == 1;
    let mut values = Vec::new();
    for field in FIELDS.iter().filter(|field| own.contains(&field.claim)) {
        if let Some(text) = field.value(person) {
            let words = (!one).then_some(field.words);
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

/// Seconds as minutes and seconds.
pub(super) fn clock(seconds: &i64) -> String {
    let seconds = (*seconds).max(0);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
