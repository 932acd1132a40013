//! The hash functions that a timestamp may use: SHA-256, SHA-384 and SHA-512. SHA-1 is none of them,
//! since two texts with the same SHA-1 digest can be made.

use alloc::vec::Vec;

use sha2::{Digest as _, Sha256, Sha384, Sha512};
use x509_cert::der::Tag;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::spki::AlgorithmIdentifierRef;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

pub(super) const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

impl Hash {
    /// `None`: another algorithm.
    pub(super) fn from_algorithm(algorithm: &AlgorithmIdentifierRef<'_>) -> Option<Self> {
        if !without_parameters(algorithm) {
            return None;
        }
        match algorithm.oid {
            SHA_256 => Some(Self::Sha256),
            SHA_384 => Some(Self::Sha384),
            SHA_512 => Some(Self::Sha512),
            _ => None,
        }
    }

    pub(super) fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }
}

/// Whether the parameters are absent, or NULL: both are in use (RFC 5754 §2).
pub(super) fn without_parameters(algorithm: &AlgorithmIdentifierRef<'_>) -> bool {
    use x509_cert::der::Tagged as _;
    algorithm
        .parameters
        .is_none_or(|parameters| parameters.tag() == Tag::Null)
}
