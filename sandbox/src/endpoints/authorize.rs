//! The authorization endpoints and the PAR endpoints.

use axum::extract::{Path, Request};
use axum::http::header::{ACCEPT, CONTENT_SECURITY_POLICY, LOCATION, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::json;

use super::answer::{self, Answer};
use super::token;
use crate::http::State;
use crate::http::exchange::{Incoming, Place, exchange};
use crate::oauth::form::Form;
use crate::oauth::function::Function;
use crate::{Endpoint, Finding, Refusal, Waiting, pages};

/// `GET /oauth2/v1/authorize/{function}`.
pub(crate) async fn authorize(
    state: State,
    Path(function): Path<String>,
    request: Request,
) -> Response {
    let Some(function) = Function::from_name(&function) else {
        return crate::http::nowhere(state, request).await;
    };
    let asked = |incoming: &mut Incoming<'_>| asked(incoming, function);
    exchange(state, Place::At(Endpoint::Authorize), asked, request).await
}

fn asked(incoming: &mut Incoming<'_>, function: Function) -> Answer {
    if is_phone(incoming.headers) && is_framed(incoming.headers) {
        let refusal = Refusal::request(
            Finding::FramedOnPhone,
            "this page must not be in a frame on a phone; open it at the top level",
        );
        incoming.trail.note(&refusal);
        return shown(incoming, &refusal);
    }
    let (shared, now, query) = (incoming.shared, incoming.now, incoming.query());
    let trail = &mut *incoming.trail;
    let outcome =
        Form::parse(query).and_then(|form| shared.world().authorize(trail, function, &form, now));
    match outcome {
        Ok(waiting) => waits(incoming, &waiting),
        Err(refusal) => {
            incoming.trail.note(&refusal);
            sent_back(&refusal).unwrap_or_else(|| shown(incoming, &refusal))
        }
    }
}

/// A request that waits: a page, or JSON for a program that asks for it and for no page.
fn waits(incoming: &Incoming<'_>, waiting: &Waiting) -> Answer {
    let headers = incoming.headers;
    if accepts(headers, "application/json") && !wants_page(headers) {
        return answer::json(StatusCode::OK, waiting);
    }
    let phone = is_phone(headers);
    let html = pages::authorize(waiting, &incoming.shared.names, phone);
    let mut answer = answer::page(StatusCode::OK, html);
    // `connect-src` is for the news that it waits for.
    let policy = HeaderValue::from_static(if phone {
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; \
         img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    } else {
        // The one page that a service may frame: the guide has it in 400 by 500 pixels.
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; \
         img-src 'self'; base-uri 'none'; form-action 'none'"
    });
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    answer
}

/// Whether a phone asks, as far as it tells.
fn is_phone(headers: &HeaderMap) -> bool {
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let hint = headers.get("sec-ch-ua-mobile").map(text);
    let agent = headers.get(USER_AGENT).map(text).unwrap_or_default();
    hint.as_deref() == Some("?1") || agent.contains("Mobile")
}

/// Whether the page is to be shown in a frame.
fn is_framed(headers: &HeaderMap) -> bool {
    let place = headers.get("sec-fetch-dest").map(HeaderValue::as_bytes);
    matches!(place, Some(b"iframe" | b"frame" | b"embed" | b"object"))
}

/// The error at the redirect URI, where it is safe to send it there.
fn sent_back(refusal: &Refusal) -> Option<Answer> {
    let location = HeaderValue::from_str(refusal.redirect.as_deref()?).ok()?;
    let mut answer = answer::body(StatusCode::FOUND, "text/plain", "");
    answer.headers_mut().insert(LOCATION, location);
    Some(answer)
}

/// The error here, as a page for who wants one. Always 400: nobody was asked to
/// authenticate.
fn shown(incoming: &Incoming<'_>, refusal: &Refusal) -> Answer {
    if wants_page(incoming.headers) {
        return answer::page(StatusCode::BAD_REQUEST, pages::refused(refusal));
    }
    let mut answer = answer::refused(refusal, Some(incoming.shared.url()));
    *answer.status_mut() = StatusCode::BAD_REQUEST;
    answer
}

/// Whether HTML was asked for by name.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    accepts(headers, "text/html")
}

/// Whether this media type is named among those that are taken.
fn accepts(headers: &HeaderMap, kind: &str) -> bool {
    let mut accepted = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok());
    accepted.any(|value| value.contains(kind))
}

/// `POST /oauth2/v1/par/{function}`.
pub(crate) async fn push(state: State, Path(function): Path<String>, request: Request) -> Response {
    let Some(function) = Function::from_name(&function) else {
        return crate::http::nowhere(state, request).await;
    };
    let pushed = |incoming: &mut Incoming<'_>| pushed(incoming, function);
    exchange(state, Place::At(Endpoint::Par), pushed, request).await
}

fn pushed(incoming: &mut Incoming<'_>, function: Function) -> Answer {
    let shared = incoming.shared;
    let outcome = token::read(incoming).and_then(|form| {
        let authorization = token::authorization(incoming.headers)?;
        let now = incoming.now;
        shared
            .world()
            .push(incoming.trail, function, &form, authorization, now)
    });
    match outcome {
        Ok((request_uri, expires_in)) => answer::json(
            StatusCode::from_u16(shared.par_status).unwrap_or(StatusCode::CREATED),
            &json!({ "request_uri": request_uri, "expires_in": expires_in }),
        ),
        Err(refusal) => token::refused(incoming, &refusal),
    }
}
