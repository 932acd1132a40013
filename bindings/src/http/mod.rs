//! HTTP by the platform: its proxies, its certificates, its pinning.

mod foreign;

use std::sync::{Arc, Mutex};

use switchback::ports;
use tokio::sync::oneshot;

use crate::lock::unpoisoned;
use crate::shows::shows;
use crate::undeclared::undeclared;
pub(crate) use foreign::Foreign;
pub use foreign::send;

/// Sends requests: over `URLSession` on iOS, over `HttpURLConnection` or OkHttp on Android.
///
/// An implementation must
/// - return from `start` at once, and tell the completion from whatever thread it likes,
/// - never follow a redirect,
/// - answer nothing from a cache, and no challenge (401, 407); every status is an answer, for
///   which nothing is sent again,
/// - add no cookies of its own and keep none; each `set-cookie` of the answer is a header of its
///   own (`URLSession` joins them: part them at each comma that a name and `=` follow),
/// - send a request that is `once` **at most once**: no repeat after a broken connection, no
///   reuse of a connection that the server may be closing. Many a client repeats a `GET`, and
///   some a `POST`, by itself,
/// - tell apart what never left ([`TransportError::NotSent`]) from what may have arrived
///   ([`TransportError::Lost`]); when in doubt, it may have arrived,
/// - decode the content codings that it asks for: `URLSession` and OkHttp do so by themselves,
///   and so does `HttpURLConnection` where nobody sets `Accept-Encoding`,
/// - stop reading after 1 MiB, counted decoded,
/// - give up after `timeout` seconds, counted to the end of the answer, and never keep a request
///   for when the network is back (`waitsForConnectivity`): nobody waits for it then, and what is
///   `once` may be sent by somebody else meanwhile,
/// - leave no connection and no thread behind,
/// - put no part of a request or answer into a log or an error.
///
/// **Threads.** `start` comes from threads where waiting is fine, several at a time. What it
/// throws besides [`TransportError`] becomes `Lost`. What a transport gets and gives is memory
/// of two languages, and cannot be wiped: keep none of it.
///
/// `docs/transport.md` is for those who write one, and there is a suite that tries whether it
/// keeps to this (`http_transport_conformance`, in the library for tests).
#[uniffi::export(foreign)]
pub trait HttpTransport: Send + Sync {
    /// Sends it, and tells the completion what came of it.
    fn start(
        &self,
        request: HttpRequest,
        completion: Arc<HttpCompletion>,
    ) -> Result<(), TransportError>;
}

/// A request that is ready to be sent. Printed, it shows its method, and its URL without the query.
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
    /// Seconds after which nobody waits for the answer any more.
    pub timeout: i64,
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
    pub status: i32,
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

/// One header of a request or an answer. Printed, it shows its name.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Header {
    /// In lower case.
    pub name: String,
    /// Often a secret.
    pub value: String,
}

shows!(Header, |this| format!("{}: [redacted]", this.name));

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

    /// Whether somebody still waits for the answer. Where nobody does, a request that was not
    /// sent yet is not to be sent.
    pub fn is_wanted(&self) -> bool {
        let waiting = unpoisoned(&self.0);
        waiting.as_ref().is_some_and(|waiting| !waiting.is_closed())
    }
}

impl HttpCompletion {
    /// One whose answer nobody waits for any more.
    pub fn unwanted() -> Arc<Self> {
        Arc::new(Self(Mutex::new(None)))
    }

    fn tell(&self, answer: Answer) {
        let waiting = unpoisoned(&self.0).take();
        if let Some(waiting) = waiting {
            // Nobody may be waiting any more.
            let _ = waiting.send(answer);
        }
    }
}
