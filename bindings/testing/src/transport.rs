//! The conformance suite of transports, for transports in Kotlin and Swift.

use std::sync::Arc;
use std::time::Duration;

use switchback::ports::{self, BoxFuture};
use switchback::testing;
use switchback_bindings::http::{HttpCompletion, HttpRequest, HttpResponse, HttpTransport, send};
use switchback_protocol::http::{Request, Response};

use crate::conformance::{CaseReport, reports};

/// Tries whether a transport does what an `HttpTransport` must, against a server of its own on
/// 127.0.0.1. It blocks for some seconds: call it where waiting is fine, and not from a thread
/// that the transport needs to give its answers.
#[uniffi::export]
pub fn http_transport_conformance(transport: Arc<dyn HttpTransport>) -> Vec<CaseReport> {
    reports(testing::http_transport_conformance(Arc::new(Tried(
        transport,
    ))))
}

struct Tried(Arc<dyn HttpTransport>);

impl testing::TransportUnderTest for Tried {
    fn open(&self, timeout: Duration) -> Arc<dyn ports::HttpTransport> {
        Arc::new(AsItIs {
            transport: Arc::clone(&self.0),
            timeout: i64::try_from(timeout.as_secs()).unwrap_or(i64::MAX),
        })
    }

    fn start_cancelled(&self, request: Request) -> bool {
        // What it says about it is for nobody.
        let _ = self.0.start((&request).into(), HttpCompletion::unwanted());
        true
    }
}

/// A transport without what a client mends of its answers and blacks out in its errors.
struct AsItIs {
    transport: Arc<dyn HttpTransport>,
    timeout: i64,
}

impl ports::HttpTransport for AsItIs {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, ports::TransportError>> {
        Box::pin(async move {
            let request = HttpRequest {
                timeout: self.timeout,
                ..(&request).into()
            };
            let answer = send(Arc::clone(&self.transport), request).await;
            Ok(as_it_is(answer?))
        })
    }
}

fn as_it_is(response: HttpResponse) -> Response {
    let headers = response.headers.into_iter();
    Response {
        // What is no status is none that a case asks for.
        status: u16::try_from(response.status).unwrap_or(0),
        headers: headers.map(|header| (header.name, header.value)).collect(),
        body: response.body,
    }
}
