//! The implementations of `ring`.

use rustls_pki_types::SignatureVerificationAlgorithm;
use switchback_jose::{Algorithm, Verifier};
use webpki::ring;

static ALL: &[&dyn SignatureVerificationAlgorithm] = &[
    ring::ECDSA_P256_SHA256,
    ring::ECDSA_P384_SHA384,
    ring::ED25519,
    ring::RSA_PKCS1_2048_8192_SHA256,
    ring::RSA_PKCS1_2048_8192_SHA384,
    ring::RSA_PKCS1_2048_8192_SHA512,
    ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
];

/// A verifier that allows these algorithms.
pub(crate) fn verifier(allowed: &[Algorithm]) -> Verifier<'_> {
    Verifier {
        allowed,
        implementations: ALL,
        shortest_rsa: Verifier::SHORTEST_RSA,
    }
}
