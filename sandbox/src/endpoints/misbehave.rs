//! The misbehaviours that replace or change an answer. Those that change the state (a session
//! ends, a scope is narrowed) are in [`crate::provider`]; those of the connection are in
//! [`crate::http`].

use axum::http::header::{CONTENT_TYPE, DATE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use serde_json::{Map, Value};

use super::answer::{self, Answer};
use crate::Misbehaviour;
use crate::misbehaviour::Active;

/// The target of a redirect from the token endpoint.
pub(crate) const MOVED: &str = "/oauth2/v1/moved";

/// The padding of an oversized body, in bytes.
const PADDING: usize = 4 * 1024 * 1024;

/// The answer instead of the real one, if the request must not take effect.
pub(super) fn before(active: Active, url: &str) -> Option<Answer> {
    let mut answer = match active.misbehaviour {
        Misbehaviour::ServerError => server_error(),
        Misbehaviour::Unavailable => plain(StatusCode::SERVICE_UNAVAILABLE, "down for maintenance"),
        Misbehaviour::TooManyRequests => plain(StatusCode::TOO_MANY_REQUESTS, "too many requests"),
        Misbehaviour::AccessDenied => answer::json(
            StatusCode::FORBIDDEN,
            &serde_json::json!({ "error": "access_denied" }),
        ),
        Misbehaviour::HtmlErrorPage => answer::body(
            StatusCode::BAD_GATEWAY,
            "text/html; charset=utf-8",
            "<!doctype html><title>502 Bad Gateway</title><h1>Bad Gateway</h1>",
        ),
        Misbehaviour::Redirected => {
            let mut answer = plain(StatusCode::TEMPORARY_REDIRECT, "");
            if let Ok(location) = HeaderValue::from_str(&format!("{url}{MOVED}")) {
                answer.headers_mut().insert(LOCATION, location);
            }
            answer
        }
        _ => return None,
    };
    if answer.status() == StatusCode::SERVICE_UNAVAILABLE
        || answer.status() == StatusCode::TOO_MANY_REQUESTS
    {
        let seconds = HeaderValue::from(active.seconds.unsigned_abs());
        answer.headers_mut().insert(RETRY_AFTER, seconds);
    }
    Some(answer)
}

/// Changes the real answer. `now` is in seconds since 1970-01-01.
pub(super) fn after(active: Active, mut answer: Answer, now: i64) -> Answer {
    match active.misbehaviour {
        Misbehaviour::ServerErrorAfter => return server_error(),
        Misbehaviour::WrongContentType => {
            let plain = HeaderValue::from_static("text/plain; charset=utf-8");
            answer.headers_mut().insert(CONTENT_TYPE, plain);
        }
        Misbehaviour::ClockSkewed => {
            let date = answer::date(now.saturating_add(active.seconds));
            answer.headers_mut().insert(DATE, date);
        }
        Misbehaviour::NoExpiresIn => change(&mut answer, |members| {
            members.remove("expires_in");
        }),
        Misbehaviour::ExpiresInString => change(&mut answer, |members| {
            if let Some(seconds) = members.get_mut("expires_in") {
                *seconds = seconds.to_string().into();
            }
        }),
        Misbehaviour::TokenTypeCase => change(&mut answer, |members| {
            if let Some(kind) = members.get_mut("token_type") {
                *kind = "BEARER".into();
            }
        }),
        Misbehaviour::RotatedTokenWithheld => change(&mut answer, |members| {
            members.remove("refresh_token");
        }),
        _ => {}
    }
    answer
}

/// The answer with padding.
pub(crate) fn oversized(mut answer: Answer) -> Answer {
    let is_json = answer.headers().get(CONTENT_TYPE);
    if is_json.is_none_or(|kind| kind != "application/json") {
        let padded = [answer.body(), "x".repeat(PADDING).as_bytes()].concat();
        *answer.body_mut() = padded.into();
        return answer;
    }
    change(&mut answer, |members| {
        members.insert("padding".into(), "x".repeat(PADDING).into());
    });
    answer
}

fn plain(status: StatusCode, text: &'static str) -> Answer {
    answer::body(status, "text/plain; charset=utf-8", text)
}

fn server_error() -> Answer {
    plain(StatusCode::INTERNAL_SERVER_ERROR, "internal error")
}

/// Changes the members of an answer that is a JSON object.
fn change(answer: &mut Answer, how: impl FnOnce(&mut Map<String, Value>)) {
    let Ok(mut members) = serde_json::from_slice(answer.body()) else {
        return;
    };
    how(&mut members);
    if let Ok(body) = serde_json::to_vec(&members) {
        *answer.body_mut() = body.into();
    }
}
