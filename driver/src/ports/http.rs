//! HTTP, as far as this crate needs it.

use std::future::Future;
use std::pin::Pin;

use switchback_protocol::http::{Request, Response};

/// A future that a trait object can return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends a request and brings the answer back.
///
/// An implementation must
/// - never follow a redirect, and answer no challenge (401, 407): every status is an answer, for
///   which nothing is sent again,
/// - answer nothing from a cache,
/// - add no cookies of its own and keep none: those of a backend are part of the request, and
///   each `set-cookie` of the answer is a header of its own, also where a platform would join
///   them with commas,
/// - send a request that is [`once`](switchback_protocol::http::Request::once) **at most
///   once**: no repeat after a broken connection, no reuse of a connection that the server
///   may be closing. Every `Post` is, and so is the `Get` that forwards a callback to a
///   backend: many a client repeats a `Get` by itself,
/// - tell apart what never left ([`TransportError::NotSent`], or [`TransportError::Local`]
///   where trying again is no use) from what may have arrived ([`TransportError::Lost`]); when
///   in doubt, it may have arrived,
/// - decode the content codings that it asks for, and stop after so many bytes of what is
///   decoded as well; one that cannot decode asks for none (`Accept-Encoding: identity`), and
///   leaves the header `content-encoding` where a server compresses all the same,
/// - stop reading after [`MAX_BODY`](switchback_protocol::http::MAX_BODY) bytes,
/// - give up after some time of its own, counted to the end of the answer (30 seconds is good),
/// - leave no connection and no thread behind,
/// - put no part of a request or answer into a log or an error.
///
/// `docs/transport.md` is for those who write one, and there is a suite that tries whether it
/// keeps to this: `switchback::testing::http_transport_conformance` (feature `testing`).
pub trait HttpTransport: Send + Sync {
    /// Sends it.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>>;
}

/// Why no answer came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The request certainly never reached the server: no network, no such host,
    /// connection or TLS handshake refused.
    #[error("the server was not reached: {0}")]
    NotSent(String),
    /// The request never left, and will not until something on this machine is changed: no
    /// certificates to trust, a proxy that cannot be used, a server whose certificate is not
    /// trusted here.
    #[error("this machine cannot connect: {0}")]
    Local(String),
    /// The request may have reached the server: the connection broke, or time ran out.
    #[error("no answer came back: {0}")]
    Lost(String),
    /// The answer was longer than
    /// [`MAX_BODY`](switchback_protocol::http::MAX_BODY).
    #[error("the answer was longer than 1 MiB")]
    TooLong,
}

impl TransportError {
    /// Whether the request certainly never reached the server.
    pub const fn is_not_sent(&self) -> bool {
        matches!(self, Self::NotSent(_) | Self::Local(_))
    }
}
