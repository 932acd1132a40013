//! The signature algorithms of programs with the standard library: those of `ring`.
//!
//! `switchback_jades` has no cryptography of its own for signatures: its caller passes the
//! algorithms in. The command line and a service's backend use these.

use rustls_pki_types::SignatureVerificationAlgorithm;
use webpki::ring;

/// The algorithms with which signatures, certificates, revocation lists and timestamps are verified.
/// SHA-1, RSA keys below 2048 bits and the curves of other families are not among them.
pub static SIGNATURE_ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    ring::ECDSA_P256_SHA256,
    ring::ECDSA_P256_SHA384,
    ring::ECDSA_P384_SHA256,
    ring::ECDSA_P384_SHA384,
    ring::ED25519,
    ring::RSA_PKCS1_2048_8192_SHA256,
    ring::RSA_PKCS1_2048_8192_SHA384,
    ring::RSA_PKCS1_2048_8192_SHA512,
    ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    ring::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    ring::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
];
