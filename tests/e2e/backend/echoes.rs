//! A provider that repeats what it was sent.

use std::sync::Arc;

use switchback::ports::{BoxFuture, HttpTransport, TransportError};
use switchback_backend::{ClientAuthentication, Platform, Service};
use switchback_protocol::Purpose;
use switchback_protocol::http::{Request, Response};

use super::support::{CLIENT_SECRET, Stage};

/// Refuses whatever comes to one endpoint, and says what came.
struct Echo {
    inner: Arc<dyn HttpTransport>,
    endpoint: &'static str,
}

impl HttpTransport for Echo {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            if !request.url.contains(self.endpoint) {
                return self.inner.send(request).await;
            }
            let words = format!("no client has the secret {CLIENT_SECRET}");
            let body = serde_json::json!({ "error": "invalid_client", "error_description": words });
            Ok(Response {
                status: 401,
                headers: vec![],
                body: body.to_string().into_bytes(),
            })
        })
    }
}

#[tokio::test]
async fn the_clients_secret_is_in_nothing_that_is_said_of_a_refusal() {
    for secret in [
        ClientAuthentication::SecretPost(CLIENT_SECRET.into()),
        ClientAuthentication::SecretBasic(CLIENT_SECRET.into()),
    ] {
        for endpoint in ["/par/", "/token"] {
            let stage = Stage::new().await;
            let plain = stage.world();
            let inner = Arc::clone(&plain.http);
            let http = Arc::new(Echo { inner, endpoint });
            let mut config = stage.config();
            config.authentication = secret.clone();
            let service = Service::new(config, Platform { http, ..plain }).unwrap();
            let said = match service.begin(Purpose::Login, None).await {
                Err(error) => format!("{error} {error:?}"),
                Ok(started) => {
                    let link = stage.approve(started.url.expose());
                    let (_, query) = link.split_once('?').unwrap();
                    let shown = started.visitor.as_ref();
                    format!("{:?}", service.complete(query, shown, false).await)
                }
            };
            assert!(said.contains("invalid_client"), "{said}");
            assert!(said.contains("[redacted]"), "{endpoint}");
            assert!(!said.contains(CLIENT_SECRET), "{endpoint}");
        }
    }
}
