//! The people in the app, and a form that changes their data until the next reset.

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, Uri};

use super::{field, fields, form_page, page, refused};
use crate::endpoints::answer::{self, Answer};
use crate::http::{State, control};
use crate::pages::people as pages;
use crate::people::profile::FIELDS;

/// `GET /app/people`.
pub(super) async fn list(state: State) -> Answer {
    let people = state.provider().people().to_vec();
    page(StatusCode::OK, pages::list(&people))
}

/// `GET /app/people/{person}`.
pub(super) async fn one(state: State, Path(id): Path<String>) -> Answer {
    let provider = state.provider();
    let (person, changed) = (provider.person(Some(&id)), provider.is_changed(&id));
    drop(provider);
    match person {
        Ok(person) => form_page(StatusCode::OK, pages::one(&person, &[], changed)),
        Err(refusal) => refused(&refusal),
    }
}

/// `POST /app/people/{person}`.
pub(super) async fn change(
    state: State,
    headers: HeaderMap,
    uri: Uri,
    Path(id): Path<String>,
    body: Bytes,
) -> Answer {
    let person =
        control::same_site(&state, &headers).and_then(|()| state.provider().person(Some(&id)));
    let mut person = match person {
        Ok(person) => (*person).clone(),
        Err(refusal) => return refused(&refusal),
    };
    let fields = fields(&body);
    let mut wrong = Vec::new();
    for own in FIELDS {
        // An empty field removes the value; a missing field leaves it unchanged.
        if !fields.iter().any(|(name, _)| name == own.name) {
            continue;
        }
        let text = field(&fields, own.name).map(str::trim);
        if let Some(why) = text
            .filter(|text| !text.is_empty())
            .and_then(|text| own.wrong(text))
        {
            wrong.push((own.name, why));
        }
        own.set(&mut person, text);
    }
    if !wrong.is_empty() {
        let html = pages::one(&person, &wrong, false);
        return form_page(StatusCode::UNPROCESSABLE_ENTITY, html);
    }
    let mut provider = state.provider();
    if provider.people().iter().all(|own| **own != person) {
        provider.replace_person(person);
    }
    drop(provider);
    state.changed();
    answer::see_other(uri.path())
}
