//! Answers of the provider to the requests of a service that are not token requests.

use std::sync::Arc;

use switchback::http::Reqwest;
use switchback::ports::{BoxFuture, HttpTransport, TransportError};
use switchback_backend::{Error, Service};
use switchback_protocol::http::{Request, Response};
use switchback_protocol::{Purpose, Rule};

use super::support::{BackendFixture, Node};

/// Answers every request to one endpoint, and sends the others to the sandbox.
struct OneEndpoint {
    path: &'static str,
    status: u16,
    retry_after: Option<&'static str>,
    body: &'static str,
    sandbox: Reqwest,
}

impl HttpTransport for OneEndpoint {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let path = request.url.split('?').next().unwrap_or_default();
        if !path.ends_with(self.path) {
            return self.sandbox.send(request);
        }
        let json = ("content-type", "application/json");
        let after = self.retry_after.map(|seconds| ("retry-after", seconds));
        let headers = after.into_iter().chain([json]);
        Box::pin(std::future::ready(Ok(Response {
            status: self.status,
            headers: headers.map(|(n, v)| (n.into(), v.into())).collect(),
            body: self.body.into(),
        })))
    }
}

fn service(
    fixture: &BackendFixture,
    path: &'static str,
    status: u16,
    retry_after: Option<&'static str>,
    body: &'static str,
) -> Service {
    let mut platform = fixture.platform();
    platform.http = Arc::new(OneEndpoint {
        path,
        status,
        retry_after,
        body,
        sandbox: Reqwest::new(),
    });
    Service::new(fixture.config(), platform).unwrap()
}

/// What the service does after this answer to a pushed authorization request.
async fn pushed(
    fixture: &BackendFixture,
    status: u16,
    retry_after: Option<&'static str>,
    body: &'static str,
) -> Error {
    let service = service(fixture, "/par/login-session", status, retry_after, body);
    let begun = service.begin(Purpose::Login, None).await;
    begun.map(|_| status).unwrap_err()
}

#[tokio::test]
async fn each_refused_pushed_request_is_read() {
    let fixture = BackendFixture::new().await;
    let temporary = r#"{"error":"temporarily_unavailable"}"#;
    for (status, retry_after, body, expected) in [
        (429, Some("7"), "", Some(7)),
        (503, None, "", None),
        (400, None, temporary, None),
        (200, None, temporary, None),
        (403, Some("7"), r#"{"error":"rate_limited"}"#, Some(7)),
    ] {
        let error = pushed(&fixture, status, retry_after, body).await;
        let retry_after = expected;
        assert_eq!(error, Error::TryAgain { retry_after }, "{status} {body}");
    }
    for (status, body) in [
        (400, r#"{"error":"invalid_request"}"#),
        (401, r#"{"error":"invalid_client"}"#),
        (200, r#"{"error":"invalid_client"}"#),
        (404, ""),
    ] {
        let error = pushed(&fixture, status, None, body).await;
        assert!(matches!(error, Error::Configuration(_)), "{status} {error}");
    }
    for (status, body, broken) in [
        (302, "", Rule::Redirect(302)),
        (204, "", Rule::Status(204)),
        (200, "{}", Rule::Field("request_uri")),
    ] {
        let error = pushed(&fixture, status, None, body).await;
        assert!(
            matches!(error, Error::Protocol { rule, .. } if rule == broken),
            "{status} {error}"
        );
    }
}

/// As in an app: another login would bring just such a token, so the person keeps the session.
#[tokio::test]
async fn a_rejected_fresh_token_breaks_the_protocol() {
    let fixture = BackendFixture::new().await;
    let session = fixture.log_in(&fixture.node()).await;
    let service = service(&fixture, "/user-info", 401, None, "{}");
    let shown = [("cookie", &*session)];
    let answer = Node::of(service).get("/truid/user-info", &shown).await;
    answer.is(502, r#"{"error":"provider_error"}"#);
    assert!(fixture.node().accepts(&session).await);
}
