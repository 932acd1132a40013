//! The people in the control API.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::body::JsonBody;
use crate::Person;
use crate::endpoints::answer::{self, Answer};
use crate::http::State;
use crate::people::profile;

/// The fields to change: text, or null to remove the field.
pub(super) type Changes = BTreeMap<String, Option<String>>;

/// All people.
#[derive(Serialize, JsonSchema)]
pub(super) struct People {
    people: Vec<Shown>,
}

/// A person, with all changes.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PersonNow")]
pub(super) struct Shown {
    /// The id in the configuration.
    id: String,
    /// The fields; null if the person does not have that data.
    #[schemars(with = "Changes")]
    data: Map<String, Value>,
    /// The portrait, if the person has one.
    portrait: Option<Portrait>,
    /// Whether the person differs from the configuration.
    changed: bool,
}

/// A portrait without the image.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PortraitNow")]
struct Portrait {
    /// The media type.
    format: String,
    /// The size of the image, in bytes.
    bytes: usize,
}

/// `GET /sandbox/v1/people`.
pub(super) async fn list(state: State) -> Answer {
    let provider = state.provider();
    let people = provider.people().iter();
    let people = people
        .map(|person| shown(person, provider.is_changed(&person.id)))
        .collect();
    drop(provider);
    answer::json(StatusCode::OK, &People { people })
}

/// `PUT /sandbox/v1/people/{person}`.
pub(super) async fn change(
    state: State,
    Path(id): Path<String>,
    JsonBody(fields): JsonBody<Map<String, Value>>,
) -> Result<Answer, Answer> {
    let mut provider = state.provider();
    let person = provider.person(Some(&id))?;
    let person = profile::change(&person, &fields)?;
    let answer = answer::json(StatusCode::OK, &shown(&person, true));
    provider.replace_person(person);
    drop(provider);
    state.changed();
    Ok(answer)
}

fn shown(person: &Person, changed: bool) -> Shown {
    let portrait = person.portrait.as_ref();
    Shown {
        id: person.id.clone(),
        data: profile::data(person),
        portrait: portrait.map(|portrait| Portrait {
            format: portrait.format.clone(),
            bytes: portrait.image.len(),
        }),
        changed,
    }
}
