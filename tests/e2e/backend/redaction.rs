//! A provider whose refusals repeat the request, including its secrets.

use std::sync::Arc;

use switchback::ports::{BoxFuture, HttpTransport, TransportError};
use switchback_backend::{ClientAuthentication, Error, Service};
use switchback_protocol::Secret;
use switchback_protocol::http::{Request, Response};

use super::support::{BackendFixture, CLIENT_SECRET};

struct RepeatingProvider;

impl HttpTransport for RepeatingProvider {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let form = request.body.as_ref().map_or("", Secret::expose);
        let heard: Vec<_> = url::form_urlencoded::parse(form.as_bytes())
            .filter(|(name, _)| {
                ["client_secret", "code", "code_verifier", "state"].contains(&&**name)
            })
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        // A provider decodes the secret of HTTP Basic.
        let said = format!("not {} of {CLIENT_SECRET}", heard.join(" "));
        let body = serde_json::json!({ "error": "invalid_client", "error_description": said });
        Box::pin(std::future::ready(Ok(Response {
            status: 401,
            headers: vec![("content-type".into(), "application/json".into())],
            body: body.to_string().into(),
        })))
    }
}

fn service(fixture: &BackendFixture, basic: bool, pushed: bool) -> Service {
    let (mut config, mut platform) = (fixture.config(), fixture.platform());
    platform.http = Arc::new(RepeatingProvider);
    config.pushed = pushed;
    if basic {
        config.authentication = ClientAuthentication::SecretBasic(CLIENT_SECRET.into());
    }
    Service::new(config, platform).unwrap()
}

#[tokio::test]
async fn secrets_repeated_by_the_provider_are_redacted() {
    let fixture = BackendFixture::new().await;
    let login = switchback_protocol::Purpose::Login;
    for basic in [false, true] {
        let error = service(&fixture, basic, true).begin(login, None).await;
        let shown = match error {
            Err(error @ Error::Configuration(_)) => format!("{error} {error:?}"),
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("the login began"),
        };
        assert!(shown.contains("[redacted]"), "{shown}");
        assert!(!shown.contains(CLIENT_SECRET), "{shown}");
        assert!(basic || shown.contains("state=[redacted]"), "{shown}");

        let service = service(&fixture, basic, false);
        let started = service.begin(login, None).await.unwrap();
        let query = format!("code=c0de-0f-the-login&state={}", started.state.expose());
        let completed = service.complete(&query, started.initiator.as_ref(), &[], false);
        // The refusal is about the client, and not about the person.
        let shown = match completed.await {
            Err(error @ Error::Configuration(_)) => format!("{error} {error:?}"),
            other => panic!("{other:?}"),
        };
        assert!(
            shown.contains("code=[redacted] code_verifier=[redacted]"),
            "{shown}"
        );
        assert!(!shown.contains(CLIENT_SECRET), "{shown}");
    }
}
