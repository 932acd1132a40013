//! Verifies signatures in the compact form of JSON Web Signatures, with the public keys of a
//! provider: ID tokens, signed user info, logout tokens, proofs.
//!
//! | module | what it is | standard |
//! |---|---|---|
//! | [`Verifier`] | which signatures are accepted | RFC 7515 §5.2, RFC 8725 |
//! | [`KeySet`], [`Key`] | the public keys of a provider | RFC 7517, RFC 7518 §6, RFC 7638, RFC 8037 |
//! | [`Algorithm`] | the signature algorithms | RFC 7518 §3, RFC 8037 |
//! | [`json`], [`base64url`] | strict reading, so that no text has two meanings | RFC 8259, RFC 4648 |
//!
//! This crate is `no_std`, and computes no signature itself: its caller passes the
//! implementations, as `rustls-pki-types` describes them. It knows no clock and no claim; who
//! reads a token checks the claims.
//!
//! ```
//! use switchback_jose::{Algorithm, KeySet, Verifier, VerifyError};
//!
//! let verifier = Verifier {
//!     allowed: &[Algorithm::Es256],
//!     implementations: &[webpki::ring::ECDSA_P256_SHA256],
//!     shortest_rsa: Verifier::SHORTEST_RSA,
//! };
//! let keys = KeySet::read(br#"{"keys":[]}"#)?;
//! let error = verifier.verify("eyJhbGciOiJub25lIn0.e30.", &keys).unwrap_err();
//! assert!(matches!(error, VerifyError::Algorithm(name) if name == "none"));
//! # Ok::<(), switchback_jose::KeySetError>(())
//! ```
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod algorithm;
pub mod base64url;
mod der;
pub mod json;
mod key;
mod key_set;
mod verify;

pub use algorithm::Algorithm;
pub use key::{Key, KeyError};
pub use key_set::{KeySet, KeySetError};
pub use verify::{Header, Verified, Verifier, VerifyError};
