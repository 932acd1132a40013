//! The pending requests, one request, and the person's decision.

use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::{field, fields, form_page, page, refused};
use crate::endpoints::answer::{self, Answer};
use crate::http::{State, control};
use crate::pages::app::{self as pages, Outcome};
use crate::{Choice, Decision, Misbehaviour, OpenedBy, Refusal, Rule};

/// The query of the page of a request.
#[derive(Deserialize)]
pub(super) struct View {
    /// The id of the person; the first person if missing.
    person: Option<String>,
    /// `another` if the service is on another device.
    on: Option<String>,
}

/// `GET /app`.
pub(super) async fn list(state: State) -> Answer {
    let now = state.now();
    let waiting = state.provider().all_pending(now);
    page(StatusCode::OK, pages::list(&waiting, now))
}

/// `GET /app/{id}`.
pub(super) async fn request(
    state: State,
    Path(id): Path<String>,
    Query(view): Query<View>,
) -> Answer {
    let now = state.now();
    let provider = state.provider();
    let outcome = provider.pending(&id, now).and_then(|waiting| {
        let person = provider.person(view.person.as_deref())?;
        Ok((waiting, person, provider.people().to_vec()))
    });
    drop(provider);
    match outcome {
        Ok((waiting, person, people)) => {
            let other_device = view.on.as_deref() == Some("another");
            let html = pages::request(&waiting, &person, &people, other_device, now);
            form_page(StatusCode::OK, html)
        }
        Err(refusal) => refused(&refusal),
    }
}

/// `GET /app/{id}/code.svg`: the QR code with the URL of this request.
pub(super) async fn code(state: State, Path(id): Path<String>) -> Result<Answer, Answer> {
    let now = state.now();
    state.provider().pending(&id, now)?;
    let code = crate::pages::code_of(&id, &state.names)
        .ok_or_else(|| Refusal::own("not_found", "the URL is too long for a QR code"))?;
    Ok(answer::body(StatusCode::OK, "image/svg+xml", code))
}

/// `POST /app/{id}/{decision}`: opens the service's redirect URI, as the real app does.
pub(super) async fn decide(
    state: State,
    headers: HeaderMap,
    Path((id, decision)): Path<(String, String)>,
    body: Bytes,
) -> Answer {
    let fields = fields(&body);
    let outcome = control::same_site(&state, &headers)
        .and_then(|()| choice(&decision, &fields))
        .and_then(|choice| {
            let waiting = state.provider().pending(&id, state.now())?;
            let callback = state.decide(&id, &choice)?;
            Ok((choice, waiting, callback))
        });
    let (choice, waiting, callback) = match outcome {
        Ok(outcome) => outcome,
        Err(refusal) => return refused(&refusal),
    };
    let outcome = match (&callback.redirect, choice.decision) {
        (_, Decision::Expire) => Outcome::Expired,
        (Some(redirect), _) if callback.times == 1 => return answer::see_other(redirect),
        (Some(redirect), _) => Outcome::Twice(redirect),
        (None, _) if choice.opened_by == OpenedBy::Page && callback.times > 0 => {
            Outcome::OtherDevice
        }
        (None, _) => Outcome::Never,
    };
    page(StatusCode::OK, pages::outcome(&waiting, &outcome))
}

/// The decision in a form.
fn choice(decision: &str, fields: &[(String, String)]) -> Result<Choice, Refusal> {
    let misbehave = match field(fields, "misbehave") {
        None => None,
        Some(name) => Some(
            Misbehaviour::from_id(name)
                .map(Rule::new)
                .ok_or_else(|| Refusal::bad("misbehave is not the name of a misbehaviour"))?,
        ),
    };
    let opened_by = match field(fields, "on") {
        Some("another") => OpenedBy::Page,
        _ => OpenedBy::App,
    };
    Ok(Choice {
        person: field(fields, "person").map(str::to_owned),
        opened_by,
        misbehave,
        ..control::choice(decision)?
    })
}
