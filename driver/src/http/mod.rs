//! HTTP transports.

#[cfg(feature = "reqwest")]
mod content_coding;
#[cfg(feature = "reqwest")]
mod reqwest;

#[cfg(feature = "reqwest")]
pub use self::reqwest::{Reqwest, install_default_crypto_provider};
