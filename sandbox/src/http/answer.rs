//! How answers look on the wire.

use axum::body::Body;
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, PRAGMA, REFERRER_POLICY,
    WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;

use crate::Refusal;

/// A refusal as JSON (RFC 6749 section 5.2).
#[derive(Serialize)]
pub(super) struct Refused<'a> {
    pub(super) error: &'a str,
    pub(super) error_description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) redirect: Option<&'a str>,
}

/// An answer with a body.
pub(super) fn body(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// An answer as JSON.
pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => body(status, "application/json", bytes),
        // No type here has a map with other keys than strings, the one thing that fails.
        Err(_) => body(StatusCode::INTERNAL_SERVER_ERROR, "application/json", "{}"),
    }
}

/// A refusal, with the status that belongs to its error.
pub(super) fn refused(refusal: &Refusal) -> Response {
    json(
        status(refusal.error),
        &Refused {
            error: refusal.error,
            error_description: &refusal.description,
            redirect: refusal.redirect.as_deref(),
        },
    )
}

/// A refusal for a client that tried to authenticate with the `Authorization` header
/// (RFC 6749 section 5.2), if `basic`.
pub(super) fn refused_client(refusal: &Refusal, basic: bool) -> Response {
    let mut response = refused(refusal);
    if basic && refusal.error == "invalid_client" {
        let challenge =
            HeaderValue::from_static("Basic realm=\"switchback sandbox\", charset=\"UTF-8\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

/// A refusal for who came with an access token, or without one (RFC 6750 section 3). A
/// request without any is told no error in the header (section 3.1).
pub(super) fn refused_bearer(refusal: &Refusal, without: bool) -> Response {
    let mut response = refused(refusal);
    let realm = "Bearer realm=\"switchback sandbox\"";
    // A description has no quotes and no backslashes.
    let challenge = if without {
        realm.to_owned()
    } else {
        format!(
            "{realm}, error=\"{}\", error_description=\"{}\"",
            refusal.error, refusal.description
        )
    };
    if let Ok(challenge) = HeaderValue::from_str(&challenge) {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

/// The status of an error. Truid documents 400, 401 and 403, but the sandbox has no case
/// for its 403; those below 401 are the sandbox's own.
pub(super) fn status(error: &str) -> StatusCode {
    match error {
        "invalid_client" | "invalid_token" => StatusCode::UNAUTHORIZED,
        "cross_site" => StatusCode::FORBIDDEN,
        "not_found" => StatusCode::NOT_FOUND,
        "already_decided" => StatusCode::CONFLICT,
        "expired" => StatusCode::GONE,
        "misdirected_request" => StatusCode::MISDIRECTED_REQUEST,
        "too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// For `HEAD` where a `GET` does or counts something: a request that only looks must not.
pub(super) async fn wants_get() -> Response {
    let mut response = body(StatusCode::METHOD_NOT_ALLOWED, "application/json", "");
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static("GET"));
    response
}

/// A page.
pub(super) fn page(status: StatusCode, html: String) -> Response {
    let mut response = body(status, "text/html; charset=utf-8", html);
    let policy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
                  form-action 'self'; frame-ancestors 'none'";
    let policy = HeaderValue::from_static(policy);
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, policy);
    response
}

/// What every answer has.
pub(super) async fn guard(mut response: Response) -> Response {
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    headers
        .entry(REFERRER_POLICY)
        .or_insert(HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
