//! The sandbox's own API: the fake Truid app for programs, the clock, the counters.

use axum::body::Bytes;
use axum::extract::Path;
use axum::extract::rejection::BytesRejection;
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{State, answer, token};
use crate::Refusal;

/// What `POST /sandbox/v1/app/open` is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    url: String,
}

/// What `POST /sandbox/v1/app/end-sessions` is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EndSessions {
    client_id: String,
}

/// What `POST /sandbox/v1/clock` is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance: i64,
}

/// `POST /sandbox/v1/app/open`.
pub(super) async fn open(
    state: State,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let outcome = same_site(&state, &headers)
        .and_then(|()| read(&headers, &body))
        .and_then(|Open { url }| state.open(&url));
    match outcome {
        Ok(waiting) => answer::json(StatusCode::OK, &waiting),
        Err(refusal) => {
            // At this endpoint nobody authenticates; the request was refused, not its sender.
            let mut response = answer::refused(&refusal);
            if response.status() == StatusCode::UNAUTHORIZED {
                *response.status_mut() = StatusCode::BAD_REQUEST;
            }
            response
        }
    }
}

/// `GET /sandbox/v1/app/waiting`.
pub(super) async fn waiting(state: State) -> Response {
    let now = state.now();
    let waiting = state.world().list(now);
    answer::json(StatusCode::OK, &json!({ "waiting": waiting }))
}

/// `POST /sandbox/v1/app/waiting/{id}/{decision}`.
pub(super) async fn decide(
    state: State,
    headers: HeaderMap,
    Path((id, decision)): Path<(String, String)>,
) -> Response {
    match same_site(&state, &headers).and_then(|()| decided(&state, &id, &decision)) {
        Ok(redirect) => answer::json(StatusCode::OK, &json!({ "redirect": redirect })),
        Err(refusal) => answer::refused(&refusal),
    }
}

/// `POST /sandbox/v1/app/end-sessions`.
pub(super) async fn end_sessions(
    state: State,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match same_site(&state, &headers).and_then(|()| read(&headers, &body)) {
        Ok(EndSessions { client_id }) => {
            let now = state.now();
            let ended = state.world().end_sessions(&client_id, now);
            answer::json(StatusCode::OK, &json!({ "ended": ended }))
        }
        Err(refusal) => answer::refused(&refusal),
    }
}

/// The callback URL after this decision.
pub(super) fn decided(state: &State, id: &str, decision: &str) -> Result<String, Refusal> {
    let now = state.now();
    match decision {
        "approve" => state.world().approve(id, now),
        "decline" => state.world().decline(id, now),
        _ => Err(Refusal::new("not_found", "one can approve or decline")),
    }
}

/// `GET /sandbox/v1/clock`.
pub(super) async fn clock(state: State) -> Response {
    answer::json(StatusCode::OK, &json!({ "now": state.now() }))
}

/// `POST /sandbox/v1/clock`.
pub(super) async fn advance(
    state: State,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match same_site(&state, &headers).and_then(|()| read(&headers, &body)) {
        Ok(Advance { advance }) => {
            state.advance(advance);
            clock(state).await
        }
        Err(refusal) => answer::refused(&refusal),
    }
}

/// `GET /sandbox/v1/counters`.
pub(super) async fn counters(state: State) -> Response {
    let counters = state.world().counters();
    answer::json(StatusCode::OK, &counters)
}

/// `POST /sandbox/v1/reset`.
pub(super) async fn reset(state: State, headers: HeaderMap) -> Response {
    match same_site(&state, &headers) {
        Ok(()) => {
            state.reset();
            answer::json(StatusCode::OK, &json!({}))
        }
        Err(refusal) => answer::refused(&refusal),
    }
}

/// Keeps other web pages in the same browser from steering the sandbox. Older browsers
/// send only one of the two headers. Programs send neither, and are let in.
pub(super) fn same_site(state: &State, headers: &HeaderMap) -> Result<(), Refusal> {
    let site = headers.get("sec-fetch-site").map(|value| value.as_bytes());
    let host = headers.get(HOST).map_or(&b""[..], |value| value.as_bytes());
    let mut origins = headers.get_all(ORIGIN).iter();
    if matches!(site, Some(b"cross-site" | b"same-site"))
        || origins.any(|origin| !state.names.is_origin(origin.as_bytes(), host))
    {
        return Err(Refusal::new(
            "cross_site",
            "another web page may not steer the sandbox",
        ));
    }
    Ok(())
}

/// A body as JSON.
fn read<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: &Result<Bytes, BytesRejection>,
) -> Result<T, Refusal> {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
    if !kind.is_some_and(|kind| kind.eq_ignore_ascii_case("application/json")) {
        return Err(Refusal::request(
            "the content type must be application/json",
        ));
    }
    let bytes = body.as_ref().map_err(token::unread)?;
    // What was wrong is told by place only: the body may hold a URL with a state.
    serde_json::from_slice(bytes).map_err(|error| {
        Refusal::request(format!(
            "the body is not the JSON that is wanted here (line {}, column {})",
            error.line(),
            error.column()
        ))
    })
}
