//! `POST {prefix}/token`: the next tokens of an app's session (RFC 6749 section 6).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::{WebState, form, response};
use crate::error::Error;

pub(super) async fn token(
    State(state): State<Arc<WebState>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let bad = |code| response::error(StatusCode::BAD_REQUEST, code);
    let body = match form::read(&headers, body) {
        Ok(body) => body,
        Err((status, code)) => return response::error(status, code),
    };
    match form::single(&body, "grant_type").as_deref() {
        Some("refresh_token") => {}
        Some(_) => return bad("unsupported_grant_type"),
        None => return bad("invalid_request"),
    }
    let Some(refresh_token) = form::single(&body, "refresh_token") else {
        return bad("invalid_request");
    };
    match state.service.refresh(&refresh_token).await {
        Ok(tokens) => Json(tokens.body()).into_response(),
        Err(Error::LoginRequired(_)) => bad("invalid_grant"),
        Err(error) => response::for_error(&error),
    }
}
