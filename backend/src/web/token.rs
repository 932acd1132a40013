//! `POST {prefix}/token`: the next tokens of an app's session (RFC 6749 §6).

use std::borrow::Cow;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::{Site, answer};
use crate::error::Error;

/// A form of two parameters needs no more, in bytes.
const LONGEST: usize = 16 << 10;

pub(super) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(LONGEST)
}

pub(super) async fn token(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let bad = |code| answer::error(StatusCode::BAD_REQUEST, code);
    let body = match body {
        Ok(body) => body,
        Err(why) => {
            let code = match why.status() {
                StatusCode::PAYLOAD_TOO_LARGE => "too_large",
                // It was cut off.
                _ => "invalid_request",
            };
            return answer::error(why.status(), code);
        }
    };
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_form = kind.split(';').next().is_some_and(|kind| {
        kind.trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    });
    if !is_form {
        return bad("invalid_request");
    }
    match once(&body, "grant_type").as_deref() {
        Some("refresh_token") => {}
        Some(_) => return bad("unsupported_grant_type"),
        None => return bad("invalid_request"),
    }
    let Some(refresh_token) = once(&body, "refresh_token") else {
        return bad("invalid_request");
    };
    match site.service.refresh(&refresh_token).await {
        Ok(tokens) => Json(tokens.answer()).into_response(),
        Err(Error::LoginRequired(_)) => bad("invalid_grant"),
        Err(error) => answer::failed(&error),
    }
}

/// The parameter of this name, where it stands there once. One without a value counts as left
/// out (RFC 6749 §3.1).
pub(super) fn once<'a>(form: &'a [u8], name: &str) -> Option<Cow<'a, str>> {
    let mut all = form_urlencoded::parse(form).filter(|(n, _)| n == name);
    let (_, value) = all.next()?;
    (all.next().is_none() && !value.is_empty()).then_some(value)
}
