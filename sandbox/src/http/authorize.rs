//! The authorization endpoints and the PAR endpoints.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, RawQuery};
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_SECURITY_POLICY, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::json;

use super::{State, answer, token};
use crate::form::Form;
use crate::function::Function;
use crate::{Refusal, pages};

/// `GET /oauth2/v1/authorize/{function}`.
pub(super) async fn authorize(
    state: State,
    Path(function): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(function) = Function::from_name(&function) else {
        return answer::refused(&no_function());
    };
    let now = state.now();
    let outcome = Form::parse(query.as_deref().unwrap_or_default())
        .and_then(|form| state.world().authorize(function, &form, now));
    match outcome {
        Ok(waiting) => {
            let mut response = answer::page(StatusCode::OK, pages::authorize(&waiting));
            // The one page that a service may frame: the guide has it in 400 by 500 pixels.
            let policy =
                "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'";
            let policy = HeaderValue::from_static(policy);
            response
                .headers_mut()
                .insert(CONTENT_SECURITY_POLICY, policy);
            response
        }
        Err(refusal) => sent_back(&refusal).unwrap_or_else(|| shown(&refusal, &headers)),
    }
}

/// The error at the redirect URI, where it is safe to send it there.
fn sent_back(refusal: &Refusal) -> Option<Response> {
    let location = HeaderValue::from_str(refusal.redirect.as_deref()?).ok()?;
    let mut response = answer::body(StatusCode::FOUND, "text/plain", "");
    response.headers_mut().insert(LOCATION, location);
    Some(response)
}

/// The error here, as a page for who wants one. Always 400: nobody was asked to
/// authenticate.
fn shown(refusal: &Refusal, headers: &HeaderMap) -> Response {
    if wants_page(headers) {
        return answer::page(StatusCode::BAD_REQUEST, pages::refused(refusal));
    }
    let mut response = answer::refused(refusal);
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

/// Whether HTML was asked for by name.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    let mut accepted = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok());
    accepted.any(|value| value.contains("text/html"))
}

/// `POST /oauth2/v1/par/{function}`.
pub(super) async fn push(
    state: State,
    Path(function): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Some(function) = Function::from_name(&function) else {
        return answer::refused(&no_function());
    };
    let now = state.now();
    let basic = headers.contains_key(AUTHORIZATION);
    let outcome = token::read(query.as_deref(), &headers, &body).and_then(|form| {
        let authorization = token::authorization(&headers)?;
        state.world().push(function, &form, authorization, now)
    });
    match outcome {
        Ok((request_uri, expires_in)) => answer::json(
            StatusCode::from_u16(state.par_status).unwrap_or(StatusCode::CREATED),
            &json!({ "request_uri": request_uri, "expires_in": expires_in }),
        ),
        Err(refusal) => answer::refused_client(&refusal, basic),
    }
}

fn no_function() -> Refusal {
    Refusal::new(
        "not_found",
        "the functions are confirm-signup, login-session and idv",
    )
}
