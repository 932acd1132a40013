//! Requests that change the sandbox. Other web pages must not send them, and their bodies are
//! JSON.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::Refusal;
use crate::endpoints::answer::Answer;
use crate::shared::Shared;

/// The JSON body of a request that changes the sandbox.
pub(super) struct JsonBody<T>(pub(super) T);

/// As [`JsonBody`], but the body may be missing, which means the default.
pub(super) struct OptionalJson<T>(pub(super) T);

/// Checks that a request without a body does not come from another web page.
pub(super) struct SameSite;

impl<T: DeserializeOwned> FromRequest<Arc<Shared>> for JsonBody<T> {
    type Rejection = Answer;

    async fn from_request(request: Request, shared: &Arc<Shared>) -> Result<Self, Answer> {
        let (headers, body) = body(request, shared).await?;
        Ok(JsonBody(read(&headers, &body)?))
    }
}

impl<T: DeserializeOwned + Default> FromRequest<Arc<Shared>> for OptionalJson<T> {
    type Rejection = Answer;

    async fn from_request(request: Request, shared: &Arc<Shared>) -> Result<Self, Answer> {
        let (headers, body) = body(request, shared).await?;
        if body.is_empty() {
            return Ok(OptionalJson(T::default()));
        }
        Ok(OptionalJson(read(&headers, &body)?))
    }
}

impl FromRequestParts<Arc<Shared>> for SameSite {
    type Rejection = Answer;

    async fn from_request_parts(parts: &mut Parts, shared: &Arc<Shared>) -> Result<Self, Answer> {
        same_site(shared, &parts.headers)?;
        Ok(SameSite)
    }
}

async fn body(request: Request, shared: &Arc<Shared>) -> Result<(HeaderMap, Bytes), Answer> {
    same_site(shared, request.headers())?;
    let headers = request.headers().clone();
    let body = Bytes::from_request(request, shared).await;
    Ok((headers, body.map_err(unread)?))
}

/// Keeps other web pages in the same browser from steering the sandbox. Older browsers
/// send only one of the two headers. Programs send neither, and are let in.
pub(in crate::http) fn same_site(shared: &Shared, headers: &HeaderMap) -> Result<(), Refusal> {
    let site = headers.get("sec-fetch-site").map(|value| value.as_bytes());
    let host = headers.get(HOST).map_or(&b""[..], |value| value.as_bytes());
    let mut origins = headers.get_all(ORIGIN).iter();
    if matches!(site, Some(b"cross-site" | b"same-site"))
        || origins.any(|origin| !shared.names.is_origin(origin.as_bytes(), host))
    {
        return Err(Refusal::own(
            "cross_site",
            "another web page may not steer the sandbox",
        ));
    }
    Ok(())
}

/// Why a body could not be read.
fn unread(why: BytesRejection) -> Refusal {
    if why.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Refusal::own("too_large", "the body is longer than 64 KiB")
    } else {
        Refusal::bad("the body did not arrive whole")
    }
}

/// A body as JSON.
fn read<T: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Result<T, Refusal> {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
    if !kind.is_some_and(|kind| kind.eq_ignore_ascii_case("application/json")) {
        return Err(Refusal::bad("the content type must be application/json"));
    }
    // What was wrong is told by place only: the body may hold a URL with a state.
    serde_json::from_slice(body).map_err(|error| {
        Refusal::bad(format!(
            "the body is not the JSON that is wanted here (line {}, column {})",
            error.line(),
            error.column()
        ))
    })
}
