//! The fake Truid app in the control API.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::body::{JsonBody, OptionalJson};
use crate::endpoints::answer::{self, Answer};
use crate::http::State;
use crate::oauth::incoming::misbehaviour_of;
use crate::{Choice, Decision, OpenedBy, Refusal, Waiting};

/// A link that opens the Truid app.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenLink {
    /// The authorization URL that the service's app made.
    url: String,
}

/// The pending requests.
#[derive(Serialize, JsonSchema)]
pub(super) struct WaitingList {
    /// The requests, the oldest first.
    waiting: Vec<Waiting>,
}

/// The person who decides, and the program that opens the redirect URI.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecideAs {
    /// The id of the person in the configuration; the first person if left out.
    #[serde(default)]
    person: Option<String>,
    /// The program that opens the redirect URI.
    #[serde(default)]
    opened_by: OpenedBy,
}

/// The service whose sessions to end.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EndSessions {
    /// The service's client identifier.
    client_id: String,
}

/// The result of ending sessions.
#[derive(Serialize, JsonSchema)]
pub(super) struct Ended {
    /// The number of sessions that ended.
    ended: usize,
}

/// `POST /sandbox/v1/app/open`.
pub(super) async fn open(state: State, JsonBody(OpenLink { url }): JsonBody<OpenLink>) -> Answer {
    match state.open(&url) {
        Ok(waiting) => answer::json(StatusCode::OK, &waiting),
        Err(refusal) => {
            // The sender does not authenticate at this endpoint, so 401 would be wrong.
            let mut answer = answer::refused(&refusal, Some(state.url()));
            if answer.status() == StatusCode::UNAUTHORIZED {
                *answer.status_mut() = StatusCode::BAD_REQUEST;
            }
            answer
        }
    }
}

/// `GET /sandbox/v1/app/waiting`.
pub(super) async fn waiting(state: State) -> Answer {
    let now = state.now();
    let waiting = state.provider().all_pending(now);
    answer::json(StatusCode::OK, &WaitingList { waiting })
}

/// `GET /sandbox/v1/app/waiting/{id}`.
pub(super) async fn one(state: State, Path(id): Path<String>) -> Result<Answer, Answer> {
    let now = state.now();
    let waiting = state.provider().pending(&id, now)?;
    Ok(answer::json(StatusCode::OK, &waiting))
}

/// `POST /sandbox/v1/app/waiting/{id}/{decision}`.
pub(super) async fn decide(
    state: State,
    Path((id, decision)): Path<(String, String)>,
    headers: HeaderMap,
    OptionalJson(by): OptionalJson<DecideAs>,
) -> Result<Answer, Answer> {
    let choice = Choice {
        person: by.person,
        opened_by: by.opened_by,
        misbehave: misbehaviour_of(&headers)?,
        ..choice(&decision)?
    };
    let callback = state.decide(&id, &choice)?;
    Ok(answer::json(StatusCode::OK, &callback))
}

/// The decision with this name.
pub(in crate::http) fn choice(decision: &str) -> Result<Choice, Refusal> {
    let decision = match decision {
        "approve" => Decision::Approve,
        "decline" => Decision::Decline,
        "expire" => Decision::Expire,
        _ => {
            return Err(Refusal::own(
                "not_found",
                "there is no such decision; use approve, decline or expire",
            ));
        }
    };
    Ok(Choice::new(decision))
}

/// `POST /sandbox/v1/app/end-sessions`.
pub(super) async fn end_sessions(
    state: State,
    JsonBody(EndSessions { client_id }): JsonBody<EndSessions>,
) -> Result<Answer, Answer> {
    state.check_client(&client_id)?;
    let ended = state.end_sessions(&client_id);
    Ok(answer::json(StatusCode::OK, &Ended { ended }))
}
