//! The fake Truid app for programs.

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

/// What waits for the person.
#[derive(Serialize, JsonSchema)]
pub(super) struct WaitingList {
    /// The oldest first.
    waiting: Vec<Waiting>,
}

/// Who decides, and how it goes on.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecideAs {
    /// The person, by the id of the configuration; the first of them when it is left out.
    #[serde(default)]
    person: Option<String>,
    /// Who opens the redirect URI.
    #[serde(default)]
    opened_by: OpenedBy,
}

/// With which service.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EndSessions {
    /// The service's client identifier.
    client_id: String,
}

/// How many sessions ended.
#[derive(Serialize, JsonSchema)]
pub(super) struct Ended {
    /// So many.
    ended: usize,
}

/// `POST /sandbox/v1/app/open`.
pub(super) async fn open(state: State, JsonBody(OpenLink { url }): JsonBody<OpenLink>) -> Answer {
    match state.open(&url) {
        Ok(waiting) => answer::json(StatusCode::OK, &waiting),
        Err(refusal) => {
            // At this endpoint nobody authenticates; the request was refused, not its sender.
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
    let waiting = state.world().list(now);
    answer::json(StatusCode::OK, &WaitingList { waiting })
}

/// `GET /sandbox/v1/app/waiting/{id}`.
pub(super) async fn one(state: State, Path(id): Path<String>) -> Result<Answer, Answer> {
    let now = state.now();
    let waiting = state.world().look(&id, now)?;
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
                "one can approve, decline or expire",
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
