//! The HTTP transport: one method that sends one request, and the ways in which it fails.
//! `docs/how-to/transport.md` is the guide for its implementers.
//!
//! Before you change this: every variant of [`TransportError`] says whether the request may have
//! arrived. The machines decide by it whether a code or a refresh token is sent again.

use std::future::Future;
use std::pin::Pin;

use switchback_protocol::http::{Request, Response};

/// A boxed future, which a trait object can return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends a request and returns the answer.
///
/// An implementation must
/// - never follow a redirect and never answer a challenge (401, 407): every status is an answer,
///   after which nothing is sent again,
/// - never answer from a cache,
/// - add no cookies and store none. The cookies of a backend are part of the request. Each
///   `set-cookie` header of the answer must stay a separate header; some platforms join them with
///   commas,
/// - send a request that is [`once`](switchback_protocol::http::Request::once) **at most once**: no
///   retry after a broken connection, and no reuse of a connection that the server may be closing.
///   Every `Post` is `once`, and so is the `Get` that forwards a callback to a backend; many HTTP
///   clients repeat a `Get` automatically,
/// - distinguish a request that was certainly not sent ([`TransportError::NotSent`], or
///   [`TransportError::Local`] if a retry is useless) from a request that may have arrived
///   ([`TransportError::Lost`]). If in doubt, it may have arrived,
/// - decode the content codings that it accepts, and apply the limit of the next point to the
///   decoded bytes. A transport that cannot decode sends `Accept-Encoding: identity`, and leaves
///   the header `content-encoding` in place if a server compresses anyway,
/// - stop reading after [`MAX_BODY`](switchback_protocol::http::MAX_BODY) bytes,
/// - stop after its own timeout, counted to the end of the answer (30 seconds is a good value),
/// - leave no connection and no thread behind,
/// - put no part of a request or answer into a log or an error.
///
/// `docs/how-to/transport.md` explains how to write a transport, and the suite
/// `switchback::testing::http_transport_conformance` (feature `testing`) tests one.
pub trait HttpTransport: Send + Sync {
    /// Sends a request.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>>;

    /// Sends a request with a body that is not text; [`Request::body`] is then `None`. Only
    /// [`timestamp`](crate::timestamp) needs it, so a transport of an app need not implement it.
    fn send_bytes(
        &self,
        request: Request,
        body: Vec<u8>,
    ) -> BoxFuture<'_, Result<Response, TransportError>> {
        drop((request, body));
        Box::pin(std::future::ready(Err(TransportError::Local(
            "this transport sends text only".into(),
        ))))
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The request certainly did not reach the server: no network, unknown host, or the connection
    /// or the TLS handshake was refused.
    #[error("the server was not reached: {0}")]
    NotSent(String),
    /// The request was not sent, and a retry fails as long as nothing on this machine is changed:
    /// there are no trusted certificates, the proxy cannot be used, or the server's certificate is
    /// not trusted here.
    #[error("this machine cannot connect: {0}")]
    Local(String),
    /// The request may have reached the server: the connection broke, or the timeout passed.
    #[error("no answer came back: {0}")]
    Lost(String),
    /// The answer was longer than
    /// [`MAX_BODY`](switchback_protocol::http::MAX_BODY).
    #[error("the answer was longer than 1 MiB")]
    TooLong,
}

impl TransportError {
    /// Whether the same request can succeed later, with nothing changed on this machine.
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::NotSent(_) | Self::Lost(_))
    }

    /// Whether the request certainly did not reach the server.
    pub const fn is_not_sent(&self) -> bool {
        matches!(self, Self::NotSent(_) | Self::Local(_))
    }
}
