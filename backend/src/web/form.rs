//! Reads a form or JSON from a body of limited length.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};

/// The longest body in bytes; the forms here have two parameters.
const MAX_LENGTH: usize = 16 << 10;

pub(super) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(MAX_LENGTH)
}

/// The response to a malformed form: status and code.
pub(super) type FormError = (StatusCode, &'static str);

/// A parameter is missing or malformed.
pub(super) const INVALID: FormError = (StatusCode::BAD_REQUEST, "invalid_request");

/// The body, if it is a form.
pub(super) fn read(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Bytes, FormError> {
    read_as("application/x-www-form-urlencoded", headers, body)
}

fn read_as(
    media_type: &str,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Bytes, FormError> {
    let body = body.map_err(|why| match why.status() {
        StatusCode::PAYLOAD_TOO_LARGE => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
        // The body was incomplete.
        status => (status, "invalid_request"),
    })?;
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    let is_it = essence.eq_ignore_ascii_case(media_type);
    is_it.then_some(body).ok_or(INVALID)
}

/// The body, if it is JSON.
pub(super) fn read_json(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Bytes, FormError> {
    read_as("application/json", headers, body)
}

/// The parameter with this name, if the form has it once. An empty value counts as missing (RFC
/// 6749 section 3.1).
pub(super) fn single<'a>(form: &'a [u8], name: &str) -> Option<Cow<'a, str>> {
    let mut all = form_urlencoded::parse(form).filter(|(n, _)| n == name);
    let (_, value) = all.next()?;
    (all.next().is_none() && !value.is_empty()).then_some(value)
}
