//! The signature value (RFC 7515 §5.2, RFC 7518 §3.4): made with the key of the signing certificate,
//! over the protected header.

use alloc::format;

use rustls_pki_types::alg_id;
use switchback_jose::Algorithm;
use webpki::EndEntityCert;

use crate::checks::{CheckName, Checks};
use crate::format::Signature;
use crate::{Policy, SubIndication, ecdsa};

const FORM: CheckName = CheckName {
    name: "signature-form",
    section: "RFC 7518 §3.4",
};
const VALUE: CheckName = CheckName {
    name: "signature-value",
    section: "ETSI EN 319 102-1 §5.2.7, RFC 7515 §5.2",
};

/// Checks the form of an ES256 value, and returns it.
pub(crate) fn check_form(signature: &Signature, checks: &mut Checks) -> Option<[u8; 64]> {
    let value = signature.value.as_slice().try_into().ok();
    match value {
        Some(_) => checks.passed(&FORM, "The signature value has 64 bytes, r and s."),
        None => checks.not_passed(
            &FORM,
            SubIndication::FormatFailure,
            format!(
                "The signature value has {} bytes; ES256 has 64, r and s without ASN.1.",
                signature.value.len()
            ),
        ),
    }
    value
}

/// Checks an ES256 value with the key of the signing certificate.
pub(crate) fn check(
    signature: &Signature,
    value: &[u8; 64],
    signer: &EndEntityCert<'_>,
    policy: &Policy<'_>,
    checks: &mut Checks,
) {
    if !ecdsa::in_range(value) {
        let text = "The signature value is wrong: r or s is not between 1 and n - 1.";
        checks.not_passed(&VALUE, SubIndication::SigCryptoFailure, text);
        return;
    }
    let Some(algorithm) = policy.algorithms.iter().find(|algorithm| {
        algorithm.public_key_alg_id() == alg_id::ECDSA_P256
            && algorithm.signature_alg_id() == alg_id::ECDSA_SHA256
    }) else {
        let text = "The policy has no algorithm for P-256 with SHA-256; add one to `algorithms`.";
        checks.not_passed(&VALUE, SubIndication::Generic, text);
        return;
    };
    let input = signature.signing_input();
    let value_of_x509 = Algorithm::Es256.value_of_x509(value).unwrap_or_default();
    let verified = signer.verify_signature(*algorithm, &input, &value_of_x509);
    match verified {
        Ok(()) => checks.passed(
            &VALUE,
            "The signature value was made with the key of the signing certificate.",
        ),
        Err(webpki::Error::InvalidSignatureForPublicKey) => checks.not_passed(
            &VALUE,
            SubIndication::SigCryptoFailure,
            "The signature value was not made with the key of the signing certificate, or the \
             header was changed afterwards.",
        ),
        // The other error of webpki: the algorithm does not fit the key.
        Err(_) => checks.not_passed(
            &VALUE,
            SubIndication::SigCryptoFailure,
            "The signature value is wrong: ES256 needs a P-256 key, and the signing certificate \
             has another one.",
        ),
    }
}
