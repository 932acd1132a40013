//! HTTP by the platform, with its proxies, certificates and pinning.

mod foreign;

use std::sync::{Arc, Mutex};

use switchback::ports;
use tokio::sync::{oneshot, watch};

use crate::lock::unpoisoned;
use crate::shows::shows;
use crate::undeclared::undeclared;
pub(crate) use foreign::Foreign;
pub use foreign::send;

/// Sends requests: by `URLSession` on iOS, by `HttpURLConnection` or OkHttp on Android.
///
/// An implementation must
/// - return from `start` at once, and call the completion from any thread,
/// - never follow a redirect and never answer a challenge (401, 407): every status is an answer,
///   after which nothing is sent again,
/// - never answer from a cache,
/// - add no cookies and store none. Each `set-cookie` header of the answer must stay a separate
///   header (`URLSession` joins them: split at each comma that a name and `=` follow),
/// - send a request that is `once` **at most once**: no retry after a broken connection, and no
///   reuse of a connection that the server may be closing. Many clients repeat a `GET`
///   automatically, some also a `POST`,
/// - distinguish a request that was certainly not sent ([`TransportError::NotSent`]) from a request
///   that may have arrived ([`TransportError::Lost`]). If in doubt, it may have arrived,
/// - decode the content codings that it accepts: `URLSession` and OkHttp do so automatically, and
///   so does `HttpURLConnection` if the transport does not set `Accept-Encoding`,
/// - stop reading after 1 MiB of decoded bytes,
/// - stop after `timeout` seconds, counted to the end of the answer, and never hold a request until
///   the network is back (`waitsForConnectivity`): by then another process may have sent a request
///   that is `once`,
/// - leave no connection and no thread behind,
/// - put no part of a request or answer into a log or an error.
///
/// **Threads.** `start` comes from threads that may block, several at a time. An error other than
/// [`TransportError`] becomes `Lost`. Rust cannot wipe the strings of Kotlin and Swift: do not keep
/// a request or an answer.
///
/// `docs/how-to/transport.md` explains how to write a transport, and the suite
/// `http_transport_conformance`, in the library for tests, tests one.
#[uniffi::export(foreign)]
pub trait HttpTransport: Send + Sync {
    /// Sends the request, and reports the answer or the error to the completion.
    fn start(
        &self,
        request: HttpRequest,
        completion: Arc<HttpCompletion>,
    ) -> Result<(), TransportError>;
}

/// A request to send. Its text form shows the method, and the URL without the query.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct HttpRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// An absolute https URL, or http on loopback. Redirects are never followed.
    pub url: String,
    /// The headers, with names in lower case.
    pub headers: Vec<Header>,
    /// The body of a `POST`: a form.
    pub body: Option<String>,
    /// Whether the request must reach the server at most once.
    pub once: bool,
    /// The seconds after which the transport must give up.
    pub timeout: i64,
}

shows!(HttpRequest, |this| {
    let end = this.url.find(['?', '#']).unwrap_or(this.url.len());
    format!("{} {}", this.method, &this.url[..end])
});

/// The answer. Its text form shows the status and the length of the body.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct HttpResponse {
    /// The status code.
    pub status: i32,
    /// The headers in the order of the answer, each `set-cookie` as a separate header.
    pub headers: Vec<Header>,
    /// The decoded body: at most 1 MiB.
    pub body: Vec<u8>,
}

shows!(HttpResponse, |this| format!(
    "status {}, {} bytes",
    this.status,
    this.body.len()
));

/// One header of a request or an answer. Its text form shows its name.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Header {
    /// The name, in lower case.
    pub name: String,
    /// The value, often a secret.
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
    /// The request was not sent, and a retry fails as long as nothing on this machine is changed:
    /// the transport cannot be used as it is, or the server's certificate is not trusted here.
    #[error("this machine cannot connect: {reason}")]
    Local {
        /// What to change, without any part of the request.
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
            TransportError::Local { reason } => Self::Local(reason),
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

/// Receives the answer of one request. Only the first call of `succeed` or `fail` counts. If it is
/// released without a call, the answer counts as lost.
#[derive(uniffi::Object)]
pub struct HttpCompletion {
    waiting: Mutex<Option<oneshot::Sender<Answer>>>,
    /// Closed when the caller does not wait any more.
    wanted: watch::Receiver<()>,
}

type Answer = Result<HttpResponse, TransportError>;

#[uniffi::export]
impl HttpCompletion {
    /// Reports an answer, whatever its status.
    pub fn succeed(&self, response: HttpResponse) {
        self.complete(Ok(response));
    }

    /// Reports that no answer came.
    pub fn fail(&self, error: TransportError) {
        self.complete(Err(error));
    }

    /// Whether the caller still waits for the answer. If not, do not send a request that was not
    /// sent yet.
    pub fn is_wanted(&self) -> bool {
        let waiting = unpoisoned(&self.waiting);
        waiting.as_ref().is_some_and(|waiting| !waiting.is_closed())
    }

    /// Returns when the caller does not wait any more: it has the answer, or has given up. In that
    /// case, cancel the request.
    pub async fn until_unwanted(&self) {
        // Fails as soon as the sender is dropped, and succeeds never.
        let _ = self.wanted.clone().changed().await;
    }
}

/// Waits for the answer. Dropping it gives up.
struct Waiting {
    answer: oneshot::Receiver<Answer>,
    _wanted: watch::Sender<()>,
}

impl HttpCompletion {
    fn new() -> (Arc<Self>, Waiting) {
        let (sender, answer) = oneshot::channel();
        let (still, wanted) = watch::channel(());
        let completion = Self {
            waiting: Mutex::new(Some(sender)),
            wanted,
        };
        let waiting = Waiting {
            answer,
            _wanted: still,
        };
        (Arc::new(completion), waiting)
    }

    /// A completion whose caller has given up.
    pub fn unwanted() -> Arc<Self> {
        Self::new().0
    }

    fn complete(&self, answer: Answer) {
        let waiting = unpoisoned(&self.waiting).take();
        if let Some(waiting) = waiting {
            // The caller may have given up.
            let _ = waiting.send(answer);
        }
    }
}
