//! What every request is held to before a route sees it.

use axum::extract::Request;
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::State;
use crate::Refusal;
use crate::endpoints::answer;
use crate::oauth::form::decode;

/// Lets a request in that names this server and has a path that can be read.
pub(super) async fn check(state: State, request: Request, next: Next) -> Response {
    match host(&state, &request).and_then(|()| path(&request)) {
        Ok(()) => next.run(request).await,
        Err(refusal) => answer::refused(&refusal, None).into_response(),
    }
}

/// Whether the `Host` can be ours. A web page whose name was pointed at this machine (DNS
/// rebinding) is of the same origin as the sandbox to a browser, and `Host` alone tells.
fn host(state: &State, request: &Request) -> Result<(), Refusal> {
    let mut all = request.headers().get_all(HOST).iter();
    let (Some(host), None) = (all.next(), all.next()) else {
        return Err(Refusal::bad(
            "there must be one Host header (RFC 9112 section 3.2)",
        ));
    };
    // A request for a whole URL names the server there as well.
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
            "the Host header names another server; use {}, or localhost or an IP address of this machine in its place",
            names.url()
        ),
    ))
}

/// Whether the path can be decoded: axum would tell in a shape of its own that it cannot.
fn path(request: &Request) -> Result<(), Refusal> {
    match decode(request.uri().path()) {
        Ok(_) => Ok(()),
        Err(how) => Err(Refusal::bad(format!("the path {how}"))),
    }
}
