//! The random source, for `state`, `nonce`, the code verifier (RFC 7636 §7.1) and the owners of
//! leases.
//!
//! Before you change this: a source that fails must report an error. A default value in its place
//! would make `state` guessable.

/// The random source.
pub trait Entropy: Send + Sync {
    /// Fills the buffer with unpredictable bytes.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError>;
}

/// The operating system returned no random bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the operating system returned no random bytes: {0}; try again, and restart the device if this persists"
)]
pub struct EntropyError(pub String);

/// The system's random source.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(buffer).map_err(|error| EntropyError(error.to_string()))
    }
}
