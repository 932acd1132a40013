//! Verifies a timestamp token (RFC 3161 §2.4.2, RFC 5652 §5.6, ETSI EN 319 102-1 §5.4).

use alloc::vec::Vec;

use rustls_pki_types::{AlgorithmIdentifier, CertificateDer, alg_id};
use webpki::EndEntityCert;
use x509_cert::der::asn1::ObjectIdentifier;

use super::TimestampError;
use super::hash::Hash;
use super::token::{Signer, Token};
use crate::certificate::Certificate;
use crate::{DistributionPoint, Policy, ProvenTime, Serialization, SubIndication, Unsigned};

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const ECDSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");

/// Verifies a timestamp token of a signature, and returns the time that it proves.
///
/// The certificates of the token and of the signature serve to build a path; only
/// [`Policy::timestamp_anchors`] are trusted. The signature itself is not verified here.
///
/// # Errors
/// [`TimestampError`]: the timestamp proves nothing.
pub fn verify_timestamp(
    token: &[u8],
    signature: &Serialization,
    policy: &Policy<'_>,
) -> Result<ProvenTime, TimestampError> {
    let text = signature.signature_text();
    verify(token, text, signature.unsigned(), policy)
}

/// Where the certificates of a timestamp's authority say that their revocation lists are. A caller
/// fetches the lists and adds them to the signature, or to [`Policy::crls`].
///
/// The token itself is not verified. Empty if no path leads to [`Policy::timestamp_anchors`].
pub fn timestamp_distribution_points(
    token: &[u8],
    signature: &Serialization,
    policy: &Policy<'_>,
) -> Vec<DistributionPoint> {
    distribution_points(token, signature.unsigned(), policy)
}

pub(super) fn distribution_points(
    token: &[u8],
    unsigned: &Unsigned,
    policy: &Policy<'_>,
) -> Vec<DistributionPoint> {
    let read = || {
        let token = Token::read(token).ok()?;
        let signer = CertificateDer::from(find_signer(&token, unsigned).ok()?);
        let points = super::chain::distribution_points(&token, &signer, unsigned, policy);
        Some(points)
    };
    read().unwrap_or_default()
}

/// `signature` is the text of the signature value.
pub(super) fn verify(
    token: &[u8],
    signature: &str,
    unsigned: &Unsigned,
    policy: &Policy<'_>,
) -> Result<ProvenTime, TimestampError> {
    let token = Token::read(token)?;
    let info = &token.info;
    if info.hash.digest(signature.as_bytes()) != info.imprint {
        return Err(TimestampError::Imprint);
    }
    let signer = CertificateDer::from(find_signer(&token, unsigned)?);
    verify_signature(&token, &signer, policy)?;
    let certificate = Certificate::read(&signer).map_err(|_| unreadable())?;
    // RFC 5652 §5.3: the identifier of the signer names the same certificate.
    if let Some(named) = token.signer.issuer_and_serial
        && named != (certificate.issuer, certificate.serial)
    {
        return Err(TimestampError::NoCertificate);
    }
    if info.time - info.accuracy > (policy.time.saturating_add(policy.skew)).saturating_mul(1000) {
        return Err(TimestampError::Future);
    }
    super::chain::check(&token, &signer, unsigned, policy)?;
    Ok(ProvenTime {
        time: (info.time + info.accuracy + 999).div_euclid(1000),
        authority: certificate.subject_text(),
    })
}

fn unreadable() -> TimestampError {
    TimestampError::Chain {
        why: SubIndication::CertificateChainGeneralFailure,
        text: "it cannot be read".into(),
    }
}

/// The certificate that the signed attributes name by its digest.
fn find_signer<'a>(token: &Token<'a>, unsigned: &'a Unsigned) -> Result<&'a [u8], TimestampError> {
    let (hash, digest) = token.signer.certificate;
    let beside = unsigned.certificates.iter().map(Vec::as_slice);
    let mut all = token.certificates.iter().copied().chain(beside);
    all.find(|certificate| hash.digest(certificate) == digest)
        .ok_or(TimestampError::NoCertificate)
}

fn verify_signature(
    token: &Token<'_>,
    signer: &CertificateDer<'_>,
    policy: &Policy<'_>,
) -> Result<(), TimestampError> {
    let Signer {
        hash,
        message_digest,
        algorithm,
        signed,
        signature,
        ..
    } = &token.signer;
    if hash.digest(token.content) != *message_digest {
        return Err(TimestampError::Signature);
    }
    const NOT_ACCEPTED: TimestampError =
        TimestampError::Algorithm("the algorithm of its signature, with the key of its authority");
    let wanted = signature_algorithm(algorithm.oid, *hash).ok_or(NOT_ACCEPTED)?;
    let certificate = EndEntityCert::try_from(signer).map_err(|_| unreadable())?;
    let known = policy.algorithms.iter();
    for algorithm in known.filter(|known| known.signature_alg_id() == wanted) {
        match certificate.verify_signature(*algorithm, signed, signature) {
            Ok(()) => return Ok(()),
            Err(webpki::Error::InvalidSignatureForPublicKey) => {
                return Err(TimestampError::Signature);
            }
            // The algorithm is for another kind of key.
            Err(_) => {}
        }
    }
    Err(NOT_ACCEPTED)
}

/// The algorithm of a signature. CMS may name RSA without its hash function, which is then that of the
/// content (RFC 3370 §3.2).
fn signature_algorithm(id: ObjectIdentifier, hash: Hash) -> Option<AlgorithmIdentifier> {
    match (id, hash) {
        (RSA, Hash::Sha256) | (RSA_SHA_256, _) => Some(alg_id::RSA_PKCS1_SHA256),
        (RSA, Hash::Sha384) | (RSA_SHA_384, _) => Some(alg_id::RSA_PKCS1_SHA384),
        (RSA, Hash::Sha512) | (RSA_SHA_512, _) => Some(alg_id::RSA_PKCS1_SHA512),
        (ECDSA_SHA_256, _) => Some(alg_id::ECDSA_SHA256),
        (ECDSA_SHA_384, _) => Some(alg_id::ECDSA_SHA384),
        (ECDSA_SHA_512, _) => Some(alg_id::ECDSA_SHA512),
        _ => None,
    }
}
