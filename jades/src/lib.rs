//! Verification of JAdES signatures (ETSI TS 119 182-1), with a report of each check in the words of
//! ETSI EN 319 102-1.
//!
//! A JAdES signature is a JWS (RFC 7515) that also says when and what a person signed, and with which
//! certificate. This crate verifies detached signatures: the document is not in the signature, and
//! its digest is (`sigD`).
//!
//! The crate is `no_std` and pure. The caller passes in the time, the trust anchors, the revocation
//! lists and the signature algorithms.
//!
//! ```
//! use rustls_pki_types::SignatureVerificationAlgorithm;
//! use switchback_jades::{Anchors, AnchorsError, DocumentDigest, Expected, Policy, verify};
//!
//! /// The algorithms of `ring`. Those of RustCrypto, or of a platform, fit as well.
//! static ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] =
//!     &[webpki::ring::ECDSA_P256_SHA256, webpki::ring::ECDSA_P384_SHA384];
//!
//! /// Why the signature is not good, or `None`.
//! fn problem(
//!     signature: &[u8],
//!     document: &[u8],
//!     roots: &[u8],
//!     now: i64,
//! ) -> Result<Option<String>, AnchorsError> {
//!     let roots = Anchors::read(roots)?;
//!     let expected = Expected {
//!         document: Some(DocumentDigest::of(document)),
//!         ..Expected::default()
//!     };
//!     let report = verify(signature, &expected, &Policy::new(&roots, ALGORITHMS, now));
//!     let reason = report.checks.iter().find(|check| check.sub_indication.is_some());
//!     Ok(reason.map(|check| format!("{}: {}", report.indication, check.text)))
//! }
//!
//! # let root = include_bytes!("../tests/chains/truid-test-root.der");
//! let problem = problem(b"not a signature", b"a contract", root, 1_700_747_100)?;
//! assert!(problem.is_some_and(|problem| problem.starts_with("TOTAL-FAILED: The form: ")));
//! # Ok::<(), AnchorsError>(())
//! ```
//!
//! # The order of a verification
//!
//! | module | what it checks |
//! |---|---|
//! | `serialization`, `format` | the form: JWS, base64url, JSON |
//! | `jose` | algorithm, `crit`, types |
//! | `signing_time` | `iat` or `sigT`: form, clock, validity of the certificate |
//! | `sigd` | the reference to the document, and the document |
//! | `signature_value`, `ecdsa` | the signature value |
//! | `path` | the certificates up to an anchor |
//! | `timestamp` | timestamps, which prove a time |
//! | `revocation` | the revocation lists |
//!
//! `verify` joins them. A wrong form ends the verification; after that every check is made that can
//! be made.
#![no_std]

extern crate alloc;

mod anchors;
mod certificate;
mod checks;
mod crl;
mod document;
mod ecdsa;
mod format;
mod header;
mod instant;
mod jose;
mod name;
mod path;
mod policy;
mod report;
mod revocation;
mod serialization;
mod sigd;
mod signature_value;
mod signing_time;
mod strength;
#[cfg(test)]
mod test_chain;
mod timestamp;
mod verify;

#[cfg(feature = "p256")]
mod p256;

pub use anchors::{Anchors, AnchorsError};
pub use crl::{Crl, CrlError};
pub use document::{DigestInput, DocumentDigest, DocumentHasher, Expected};
pub use policy::{AnchorValidity, LeafRevocation, Policy};
pub use report::{
    CertificateAttribute, CertificateSummary, Check, ClaimedTime, Indication, Level, Outcome,
    ProvenTime, Report, SignedDocument, SubIndication, Summary, TimeHeader,
};
pub use revocation::DistributionPoint;
pub use serialization::{MAX_SIGNATURE, Serialization, SerializationError, Unsigned};
pub use timestamp::{
    TimestampError, TimestampRequest, timestamp_distribution_points, verify_timestamp,
};
pub use verify::{digest_input, distribution_points, verify};

#[cfg(feature = "p256")]
pub use p256::P256_ALGORITHMS;

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
