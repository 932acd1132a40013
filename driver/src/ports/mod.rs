//! The world outside: what the driver needs of a platform, whether a phone or a server.

mod clock;
mod entropy;
mod http;

pub use clock::{Clock, SystemClock};
pub use entropy::{Entropy, EntropyError, SystemEntropy};
pub use http::{BoxFuture, HttpTransport, TransportError};
