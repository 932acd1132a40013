//! The check of every request before it reaches a route.

use axum::extract::Request;
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::State;
use crate::Refusal;
use crate::endpoints::answer;
use crate::oauth::form::decode;

/// Accepts a request with an allowed host and a path that can be decoded.
pub(super) async fn check(state: State, request: Request, next: Next) -> Response {
    match host(&state, &request).and_then(|()| path(&request)) {
        Ok(()) => next.run(request).await,
        Err(refusal) => answer::refused(&refusal, None).into_response(),
    }
}

/// Checks that `Host` names the sandbox. If an attacker's domain resolves to this machine (DNS
/// rebinding), a browser treats the attacker's page as the same origin as the sandbox; only `Host`
/// shows the difference.
fn host(state: &State, request: &Request) -> Result<(), Refusal> {
    let mut all = request.headers().get_all(HOST).iter();
    let (Some(host), None) = (all.next(), all.next()) else {
        return Err(Refusal::bad(
            "the request must have exactly one Host header (RFC 9112 section 3.2)",
        ));
    };
    // A request with an absolute URL also contains the host there.
    let whole = request.uri().authority();
    let host = Authority::try_from(host.as_bytes()).ok();
    let names = &state.names;
    if host.is_some_and(|host| names.is_host(&host))
        && whole.is_none_or(|whole| names.is_host(whole))
    {
        return Ok(());
    }
    Err(Refusal::own(
        "misdirected_request",
        format!(
            "the Host header names another server; use {}, localhost or an IP address of this machine",
            names.url()
        ),
    ))
}

/// Checks that the path can be decoded. Without this check, axum answers with its own kind of
/// error.
fn path(request: &Request) -> Result<(), Refusal> {
    match decode(request.uri().path()) {
        Ok(_) => Ok(()),
        Err(how) => Err(Refusal::bad(format!("the path {how}"))),
    }
}
