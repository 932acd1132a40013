//! Pushed authorization requests (RFC 9126): the service sends the request to the provider, and
//! the person's browser carries only a reference to it.

use serde::Deserialize;
use switchback_protocol::form;
use switchback_protocol::http::{Request, Response};
use switchback_protocol::status::{self, Meaning, RequestKind};

/// The provider's answer (RFC 9126 section 2.2).
#[derive(Deserialize)]
pub(crate) struct Pushed {
    pub(crate) request_uri: String,
    pub(crate) expires_in: Option<i64>,
}

/// The request that pushes the parameters of an authorization URL.
pub(crate) fn request(endpoint: &str, authorization_url: &str) -> Request {
    let parameters = authorization_url
        .split_once('?')
        .map_or("", |(_, query)| query);
    Request::post(endpoint, parameters.to_owned())
}

/// Reads a successful answer.
pub(crate) fn read(response: &Response) -> Option<Pushed> {
    let meaning = status::meaning(RequestKind::Push, response.status, false, None);
    (meaning == Meaning::Success).then_some(())?;
    let pushed: Pushed = serde_json::from_slice(&response.body).ok()?;
    (!pushed.request_uri.is_empty()).then_some(pushed)
}

/// The authorization URL that refers to a pushed request.
pub(crate) fn url(authorization_endpoint: &str, client_id: &str, request_uri: &str) -> String {
    let mut url = authorization_endpoint.to_owned();
    form::push(&mut url, "?", "client_id", client_id);
    form::push(&mut url, "&", "request_uri", request_uri);
    url
}
