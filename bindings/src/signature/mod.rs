//! Signing documents, and verifying signatures (JAdES, ETSI TS 119 182-1).
//!
//! The feature `signatures` has the verification and its cryptography. The types and functions are the
//! same without it, since Kotlin declares all of them: then [`SignatureVerifier::new`] throws.

#[cfg_attr(not(feature = "signatures"), path = "absent.rs")]
mod checker;
#[cfg(feature = "signatures")]
mod convert;
mod document;
mod report;
mod verifier;

pub use document::{DocumentDigest, DocumentHasher, SignRequest};
pub use report::{SignatureCheck, SignatureReport, SignatureSummary};
pub use verifier::{ExpectedSignature, SignatureVerifier, VerifiedSignature};
