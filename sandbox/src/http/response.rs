//! The headers of every answer.

use axum::http::header::{
    ALLOW, CACHE_CONTROL, DATE, PRAGMA, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;

use super::State;
use crate::endpoints::answer::{self, Answer};

/// The answer to `HEAD` at endpoints where `GET` has an effect.
pub(super) async fn wants_get() -> Answer {
    let mut response = answer::body(StatusCode::METHOD_NOT_ALLOWED, "application/json", "");
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static("GET"));
    response
}

/// Adds the headers of every answer.
pub(super) async fn add_headers(state: State, mut response: Response) -> Response {
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    headers
        .entry(DATE)
        .or_insert_with(|| answer::date(state.now()));
    headers
        .entry(REFERRER_POLICY)
        .or_insert(HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
