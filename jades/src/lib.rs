//! Verification of JAdES signatures (ETSI TS 119 182-1), with a report of each check in the words of
//! ETSI EN 319 102-1.
//!
//! A JAdES signature is a JWS (RFC 7515) that also says when and what a person signed, and with which
//! certificate. This crate verifies detached signatures: the document is not in the signature, and
//! its digest is (`sigD`).
//!
//! The crate is `no_std` and pure. The caller passes in the time, the trust anchors, the revocation
//! lists and the signature algorithms.
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
mod json;
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
pub use verify::{digest_input, distribution_points, verify};
