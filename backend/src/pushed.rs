//! Pushed authorization requests (RFC 9126): the request goes to the provider first, and the
//! person's browser carries a reference to it, which nobody can read or change.

use serde::Deserialize;
use switchback_protocol::form;
use switchback_protocol::http::{Request, Response};

/// What came back.
#[derive(Deserialize)]
pub(crate) struct Pushed {
    pub(crate) request_uri: String,
    pub(crate) expires_in: Option<i64>,
}

/// The request, from the URL that it stands for.
pub(crate) fn request(endpoint: &str, authorization_url: &str) -> Request {
    let parameters = authorization_url
        .split_once('?')
        .map_or("", |(_, query)| query);
    Request::post(endpoint, parameters.to_owned())
}

/// Reads the answer: 201 in the standard (§2.2). Some services answer 200.
pub(crate) fn read(response: &Response) -> Option<Pushed> {
    matches!(response.status, 200 | 201).then_some(())?;
    let pushed: Pushed = serde_json::from_slice(&response.body).ok()?;
    (!pushed.request_uri.is_empty()).then_some(pushed)
}

/// Where the person is sent.
pub(crate) fn url(authorization_endpoint: &str, client_id: &str, request_uri: &str) -> String {
    let mut url = authorization_endpoint.to_owned();
    form::push(&mut url, "?", "client_id", client_id);
    form::push(&mut url, "&", "request_uri", request_uri);
    url
}
