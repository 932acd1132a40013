//! The conformance suite of transports, for transports in Kotlin and Swift.

use std::sync::Arc;
use std::time::Duration;

use switchback::ports::{self, BoxFuture};
use switchback::testing;
use switchback_bindings::http::{HttpCompletion, HttpRequest, HttpResponse, HttpTransport, send};
use switchback_protocol::http::{Request, Response};

use crate::conformance::{CaseReport, reports};

/// Tests whether a transport does what an `HttpTransport` must do, against a server that it starts
/// on 127.0.0.1. It blocks for some seconds: call it from a thread that may block, and that the
/// transport does not need for its answers.
#[uniffi::export]
pub fn http_transport_conformance(transport: Arc<dyn HttpTransport>) -> Vec<CaseReport> {
    reports(testing::http_transport_conformance(Arc::new(Foreign(
        transport,
    ))))
}

struct Foreign(Arc<dyn HttpTransport>);

impl testing::TransportUnderTest for Foreign {
    fn open(&self, timeout: Duration) -> Arc<dyn ports::HttpTransport> {
        Arc::new(Unchanged {
            transport: Arc::clone(&self.0),
            timeout: i64::try_from(timeout.as_secs()).unwrap_or(i64::MAX),
        })
    }

    fn start_cancelled(&self, request: Request) -> bool {
        // The completion is unwanted, so an error does not matter.
        let _ = self.0.start((&request).into(), HttpCompletion::unwanted());
        true
    }
}

/// A transport whose answers and errors the test sees unchanged, where a client corrects header
/// names and redacts errors.
struct Unchanged {
    transport: Arc<dyn HttpTransport>,
    timeout: i64,
}

impl ports::HttpTransport for Unchanged {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, ports::TransportError>> {
        Box::pin(async move {
            let request = HttpRequest {
                timeout: self.timeout,
                ..(&request).into()
            };
            let answer = send(Arc::clone(&self.transport), request).await;
            Ok(unchanged(answer?))
        })
    }
}

fn unchanged(response: HttpResponse) -> Response {
    let headers = response.headers.into_iter();
    Response {
        // No case expects the status 0.
        status: u16::try_from(response.status).unwrap_or(0),
        headers: headers.map(|header| (header.name, header.value)).collect(),
        body: response.body,
    }
}
