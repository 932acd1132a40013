//! JSON responses. Each error has a status and a stable code.

use axum::Json;
use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::error::{Error, reason};

/// The `Retry-After` in seconds if the provider sent none.
const LATER: u32 = 5;

/// The `WWW-Authenticate` header of a 401 (RFC 6750 section 3).
pub(super) const BEARER: HeaderValue = HeaderValue::from_static("Bearer");

pub(crate) fn json(status: StatusCode, body: Value) -> Response {
    (status, Json(body)).into_response()
}

/// An error with its code.
pub(crate) fn error(status: StatusCode, code: &str) -> Response {
    json(status, json!({ "error": code }))
}

pub(crate) fn with_header(
    mut response: Response,
    name: HeaderName,
    value: Option<HeaderValue>,
) -> Response {
    if let Some(value) = value {
        response.headers_mut().append(name, value);
    }
    response
}

/// The provider's JSON, unchanged. The memory is wiped after sending.
pub(crate) fn forward(mut answer: switchback_protocol::http::Response) -> Response {
    let json = HeaderValue::from_static("application/json");
    let body = Zeroizing::new(std::mem::take(&mut answer.body));
    ([(header::CONTENT_TYPE, json)], Bytes::from_owner(body)).into_response()
}

/// The response to an error. It has only the code; the log has the details for the operator.
pub(crate) fn for_error(failure: &Error) -> Response {
    let unauthorized = |body: Value| {
        let response = json(StatusCode::UNAUTHORIZED, body);
        with_header(response, header::WWW_AUTHENTICATE, Some(BEARER))
    };
    let broken = |status, code: &str| {
        tracing::error!(target: "switchback", event = "service.failed", error = %failure);
        error(status, code)
    };
    match failure {
        Error::LoginRequired(why) => {
            unauthorized(json!({ "error": "login_required", "reason": reason(*why) }))
        }
        Error::TokenExpired => unauthorized(json!({ "error": "token_expired" })),
        Error::TryAgain { retry_after } => later(*retry_after),
        Error::TooManyRequests { retry_after } => {
            let response = error(StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
            with_header(response, header::RETRY_AFTER, Some((*retry_after).into()))
        }
        Error::Withheld(why) => json(
            StatusCode::BAD_REQUEST,
            json!({ "error": "withheld", "provider_error": safe_code(&why.code) }),
        ),
        Error::ControlCharacter(_) => error(StatusCode::BAD_REQUEST, "invalid_request"),
        Error::UnknownSigning => error(StatusCode::NOT_FOUND, "unknown_signing"),
        Error::SigningClosed => error(StatusCode::CONFLICT, "signing_closed"),
        Error::NotSigned => error(StatusCode::CONFLICT, "not_signed"),
        Error::OtherPerson => error(StatusCode::FORBIDDEN, "other_person"),
        Error::Configuration(_) => broken(StatusCode::BAD_GATEWAY, "misconfigured"),
        Error::Protocol { .. } => broken(StatusCode::BAD_GATEWAY, "provider_error"),
        Error::Store(_) => {
            tracing::error!(target: "switchback", event = "service.failed", error = %failure);
            later(None)
        }
        Error::UnreadableRow { .. } | Error::Process(_) => {
            broken(StatusCode::INTERNAL_SERVER_ERROR, "server_error")
        }
    }
}

/// An error code from another party, if it has the format of a code. Free text is not repeated.
pub(crate) fn safe_code(code: &str) -> &str {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    match (1..=64).contains(&code.len()) && code.bytes().all(is_word) {
        true => code,
        false => "refused",
    }
}

fn later(seconds: Option<u32>) -> Response {
    let response = error(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable");
    let seconds = HeaderValue::from(seconds.unwrap_or(LATER));
    with_header(response, header::RETRY_AFTER, Some(seconds))
}
