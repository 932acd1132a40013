//! HTTP transports: implementations of [`HttpTransport`](crate::ports::HttpTransport). An app on a
//! phone can bring its platform's own instead, and then needs no feature `reqwest`.

#[cfg(feature = "reqwest")]
mod content_coding;
#[cfg(feature = "reqwest")]
mod reqwest;

#[cfg(feature = "reqwest")]
pub use self::reqwest::{Reqwest, install_default_crypto_provider};
