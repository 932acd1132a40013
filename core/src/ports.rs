//! The world outside: what this crate needs of a platform, and nothing else.
//!
//! Adapters are in [`store`](crate::store) and [`http`](crate::http); a platform that
//! has its own keychain or its own HTTP brings an implementation of these traits.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use switchback_protocol::http::{Request, Response};

/// A future that a trait object can return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What time it is.
pub trait Clock: Send + Sync {
    /// Seconds since the epoch.
    fn now(&self) -> i64;
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |time| i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
    }
}

/// Where unguessable bytes come from.
pub trait Entropy: Send + Sync {
    /// Fills the buffer with bytes that nobody can predict.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError>;
}

/// The system has no randomness to give.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system's random source failed ({0}): a login cannot be made safe without it")]
pub struct EntropyError(pub String);

/// The system's random source.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(buffer).map_err(|error| EntropyError(error.to_string()))
    }
}

/// Sends a request and brings the answer back.
///
/// An implementation must
/// - never follow a redirect,
/// - send a `Post` **at most once**: no repeat after a broken connection, no reuse of a
///   connection that the server may be closing,
/// - tell apart what never left ([`TransportError::NotSent`]) from what may have arrived
///   ([`TransportError::Lost`]); when in doubt, it may have arrived,
/// - stop reading after [`MAX_BODY`](switchback_protocol::http::MAX_BODY) bytes,
/// - give up after some time of its own (30 seconds is good),
/// - put no part of a request or answer into a log or an error.
pub trait HttpTransport: Send + Sync {
    /// Sends it.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>>;
}

/// Why no answer came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The request certainly never reached the server: no network, no such host,
    /// connection or TLS handshake refused.
    #[error("the server was not reached: {0}")]
    NotSent(String),
    /// The request may have reached the server: the connection broke, or time ran out.
    #[error("no answer came back: {0}")]
    Lost(String),
    /// The answer was longer than
    /// [`MAX_BODY`](switchback_protocol::http::MAX_BODY).
    #[error("the answer was longer than 1 MiB")]
    TooLong,
}

/// Keeps small secrets: a keychain, a keystore, a keyring.
///
/// Calls are synchronous, since keychains and keystores are; they come from a thread
/// where waiting is fine, several at a time, and never from inside another call. Every
/// write is all or nothing, whatever happens in its middle. An absent entry is `None`
/// only where the store is certain: a store that cannot be read yet answers
/// [`StoreError::Locked`], since "not there" logs people out.
pub trait SecureStore: Send + Sync {
    /// The value of a key.
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;
    /// Writes a value, in place of an earlier one.
    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError>;
    /// Removes a key; one that is not there is no error.
    fn delete(&self, key: &str) -> Result<(), StoreError>;
    /// All keys that start with this.
    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError>;
}

/// Why a store did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// It cannot be read yet. Nothing is lost.
    #[error("it is locked: unlock the device or keyring")]
    Locked,
    /// The key that the entries were sealed with is gone for good (a new device, a reset
    /// keystore, a deleted key file): what was stored cannot be read any more.
    #[error(
        "the key of the store is not where it was kept, and nothing can be read without it: {0}"
    )]
    KeyLost(String),
    /// The system does not let this app in.
    #[error("access was denied: {0}")]
    Denied(String),
    /// There is no room.
    #[error("there is no room: {0}")]
    Full(String),
    /// What is there is damaged, or not ours.
    #[error("an entry is damaged or not ours: {0}")]
    Corrupt(String),
    /// There is no such store here, or it does not answer.
    #[error("it is not available: {0}")]
    Unavailable(String),
    /// The person must prove presence first (a biometric gate).
    #[error("the person must be authenticated first")]
    AuthenticationRequired,
    /// The person dismissed the question.
    #[error("the person cancelled")]
    Cancelled,
}

/// The world outside, as one value.
#[derive(Clone)]
#[non_exhaustive]
pub struct Platform {
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Unguessable bytes.
    pub entropy: Arc<dyn Entropy>,
    /// HTTP.
    pub http: Arc<dyn HttpTransport>,
    /// Where secrets are kept.
    pub store: Arc<dyn SecureStore>,
}

impl Platform {
    /// The system's clock and random source, reqwest, and this store.
    #[cfg(feature = "reqwest")]
    pub fn new(store: impl SecureStore + 'static) -> Self {
        Self {
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            http: Arc::new(crate::http::Reqwest::new()),
            store: Arc::new(store),
        }
    }

    /// A platform of the caller's own making.
    pub fn from_parts(
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        http: Arc<dyn HttpTransport>,
        store: Arc<dyn SecureStore>,
    ) -> Self {
        Self {
            clock,
            entropy,
            http,
            store,
        }
    }
}
