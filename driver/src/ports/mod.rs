//! The traits that connect the driver to a platform: clock, randomness and HTTP.

mod clock;
mod entropy;
mod http;

pub use clock::{Clock, SystemClock};
pub use entropy::{Entropy, EntropyError, SystemEntropy};
pub use http::{BoxFuture, HttpTransport, TransportError};
