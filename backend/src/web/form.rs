//! A form in a body: read, and no longer than it need be.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};

/// A form of two parameters needs no more, in bytes.
const MAX_LENGTH: usize = 16 << 10;

pub(super) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(MAX_LENGTH)
}

/// What whoever sent no form is told.
pub(super) type FormError = (StatusCode, &'static str);

/// There is no such parameter, or no good one.
pub(super) const INVALID: FormError = (StatusCode::BAD_REQUEST, "invalid_request");

/// The body, where it is a form; or what the sender is told.
pub(super) fn read(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Bytes, FormError> {
    let body = body.map_err(|why| match why.status() {
        StatusCode::PAYLOAD_TOO_LARGE => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
        // It was cut off.
        status => (status, "invalid_request"),
    })?;
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_form = kind.split(';').next().is_some_and(|kind| {
        kind.trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    });
    is_form.then_some(body).ok_or(INVALID)
}

/// The parameter of this name, where it stands there once. One without a value counts as left
/// out (RFC 6749 §3.1).
pub(super) fn once<'a>(form: &'a [u8], name: &str) -> Option<Cow<'a, str>> {
    let mut all = form_urlencoded::parse(form).filter(|(n, _)| n == name);
    let (_, value) = all.next()?;
    (all.next().is_none() && !value.is_empty()).then_some(value)
}
