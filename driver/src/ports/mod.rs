//! The traits that connect the driver to a platform: clock, randomness and HTTP. Tests replace all
//! three, so that no test waits, or depends on the time or on random bytes.
//!
//! Before you change this: apps implement these traits, [`HttpTransport`] also in Kotlin and Swift.
//! A new method needs a default.

mod clock;
mod entropy;
mod http;

pub use clock::{Clock, SystemClock};
pub use entropy::{Entropy, EntropyError, SystemEntropy};
pub use http::{BoxFuture, HttpTransport, TransportError};
