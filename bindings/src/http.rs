//! HTTP by the platform: its proxies, its certificates, its pinning.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use switchback::ports::{self, BoxFuture};
use switchback_protocol::http::{MAX_BODY, Method, Request, Response};
use tokio::sync::oneshot;
use tokio::{task, time};

use crate::error::undeclared;
use crate::session::Header;
use crate::shows::shows;

/// Whoever has not answered by then is not waited for. Platforms give up before.
const LIMIT: Duration = Duration::from_secs(30);

/// Sends requests: over `URLSession` on iOS, over `HttpURLConnection` or OkHttp on Android.
///
/// An implementation must
/// - return from `start` at once, and tell the completion from whatever thread it likes,
/// - never follow a redirect,
/// - add no cookies of its own and keep none; each `set-cookie` of the answer is a header of its
///   own,
/// - send a request that is `once` **at most once**: no repeat after a broken connection, no
///   reuse of a connection that the server may be closing. Many a client repeats a `GET`, and
///   some a `POST`, by itself,
/// - tell apart what never left ([`TransportError::NotSent`]) from what may have arrived
///   ([`TransportError::Lost`]); when in doubt, it may have arrived,
/// - stop reading after 1 MiB,
/// - give up after some time of its own, of less than 30 seconds,
/// - put no part of a request or answer into a log or an error.
///
/// **Threads.** `start` comes from threads where waiting is fine, several at a time. What it
/// throws besides [`TransportError`] becomes `Lost`.
#[uniffi::export(foreign)]
pub trait HttpTransport: Send + Sync {
    /// Sends it, and tells the completion what came of it.
    fn start(
        &self,
        request: HttpRequest,
        completion: Arc<HttpCompletion>,
    ) -> Result<(), TransportError>;
}

/// A request that is ready to be sent. Printed, it shows method and origin only.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct HttpRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// An absolute https URL, or http on loopback. Redirects are never followed.
    pub url: String,
    /// Names in lower case.
    pub headers: Vec<Header>,
    /// The body of a `POST`: a form.
    pub body: Option<String>,
    /// It must reach the server at most once.
    pub once: bool,
}

shows!(HttpRequest, |this| {
    let end = this.url.find(['?', '#']).unwrap_or(this.url.len());
    format!("{} {}", this.method, &this.url[..end])
});

/// What came back. Printed, it shows the status only.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// In the order in which they came, each `set-cookie` by itself.
    pub headers: Vec<Header>,
    /// At most 1 MiB.
    pub body: Vec<u8>,
}

shows!(HttpResponse, |this| format!(
    "status {}, {} bytes",
    this.status,
    this.body.len()
));

/// Why no answer came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum TransportError {
    /// The request certainly never reached the server: no network, no such host, connection or
    /// TLS handshake refused.
    #[error("the server was not reached: {reason}")]
    NotSent {
        /// Why, without any part of the request.
        reason: String,
    },
    /// The request may have reached the server: the connection broke, or time ran out.
    #[error("no answer came back: {reason}")]
    Lost {
        /// Why, without any part of the request.
        reason: String,
    },
    /// The answer was longer than 1 MiB.
    #[error("the answer was longer than 1 MiB")]
    TooLong,
}

#[uniffi::export]
impl TransportError {
    /// What happened, in English, for a developer and a log.
    pub fn describe(&self) -> String {
        self.to_string()
    }
}

impl From<TransportError> for ports::TransportError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::NotSent { reason } => Self::NotSent(reason),
            TransportError::Lost { reason } => Self::Lost(reason),
            TransportError::TooLong => Self::TooLong,
        }
    }
}

impl From<uniffi::UnexpectedUniFFICallbackError> for TransportError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Lost {
            reason: undeclared(&error),
        }
    }
}

/// Where the answer of one request goes, once: what is told later is not heard. One that is let
/// go of without an answer tells that the answer was lost.
#[derive(uniffi::Object)]
pub struct HttpCompletion(Mutex<Option<oneshot::Sender<Answer>>>);

type Answer = Result<HttpResponse, TransportError>;

#[uniffi::export]
impl HttpCompletion {
    /// An answer came, whatever its status.
    pub fn succeed(&self, response: HttpResponse) {
        self.tell(Ok(response));
    }

    /// None came.
    pub fn fail(&self, error: TransportError) {
        self.tell(Err(error));
    }
}

impl HttpCompletion {
    fn tell(&self, answer: Answer) {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(waiting) = waiting {
            // Nobody may be waiting any more.
            let _ = waiting.send(answer);
        }
    }
}

/// One of Kotlin's or Swift's, as the core knows it.
pub(crate) struct Foreign(pub(crate) Arc<dyn HttpTransport>);

impl ports::HttpTransport for Foreign {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, ports::TransportError>> {
        let transport = Arc::clone(&self.0);
        Box::pin(async move {
            match time::timeout(LIMIT, send(transport, request.into())).await {
                Ok(Ok(response)) if response.body.len() > MAX_BODY => {
                    Err(ports::TransportError::TooLong)
                }
                Ok(answer) => Ok(answer?.into()),
                Err(_) => Err(lost("the transport did not answer within 30 s").into()),
            }
        })
    }
}

async fn send(transport: Arc<dyn HttpTransport>, request: HttpRequest) -> Answer {
    let (sender, answer) = oneshot::channel();
    let completion = Arc::new(HttpCompletion(Mutex::new(Some(sender))));
    // Until `start` has returned: what it throws says more than that it let go of the request.
    let held = Arc::clone(&completion);
    let start = task::spawn_blocking(move || transport.start(request, completion));
    // It may answer before it returns, and never return.
    tokio::select! {
        biased;
        answer = answer => match answer {
            Ok(answer) => answer,
            Err(_) => Err(lost("the transport let go of the request without an answer")),
        },
        failed = failed(start, held) => Err(failed),
    }
}

/// Waits for ever where it started well: the answer comes by itself.
async fn failed(
    start: task::JoinHandle<Result<(), TransportError>>,
    held: Arc<HttpCompletion>,
) -> TransportError {
    let started = start.await;
    drop(held);
    match started {
        Ok(Ok(())) => std::future::pending().await,
        Ok(Err(error)) => error,
        Err(_) => lost("the transport panicked"),
    }
}

fn lost(reason: &str) -> TransportError {
    TransportError::Lost {
        reason: reason.into(),
    }
}

impl From<Request> for HttpRequest {
    fn from(request: Request) -> Self {
        let headers = request.headers.iter();
        Self {
            method: match request.method {
                Method::Get => "GET",
                Method::Post => "POST",
            }
            .into(),
            url: request.url,
            headers: headers
                .map(|(name, value)| Header {
                    name: (*name).into(),
                    value: value.expose().into(),
                })
                .collect(),
            body: request.body.map(|body| body.expose().into()),
            once: request.once,
        }
    }
}

impl From<HttpResponse> for Response {
    fn from(response: HttpResponse) -> Self {
        let headers = response.headers.into_iter();
        Self {
            status: response.status,
            headers: headers
                .map(|header| (header.name.to_ascii_lowercase(), header.value))
                .collect(),
            body: response.body,
        }
    }
}
