//! ECDSA with P-256 and SHA-256 (RFC 5758 §3.2), by RustCrypto: for targets without C, such as a web
//! page, and for libraries that must stay small.

use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use x509_cert::der::asn1::UintRef;
use x509_cert::der::{self, Decode as _, Reader as _, SliceReader};

/// ECDSA with P-256 and SHA-256 in pure Rust, for [`Policy::algorithms`](crate::Policy::algorithms).
/// Available with the feature `p256`.
pub const P256_ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[&EcdsaP256Sha256];

/// The length of an uncompressed point: 4, x, y (SEC 1 §2.3.3). Like `ring`, we read no other form.
const UNCOMPRESSED: usize = 65;

#[derive(Debug)]
struct EcdsaP256Sha256;

impl SignatureVerificationAlgorithm for EcdsaP256Sha256 {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let key = public_key.len() == UNCOMPRESSED;
        let key = key.then(|| VerifyingKey::from_sec1_bytes(public_key).ok());
        let (Some(Some(key)), Some(signature)) = (key, read(signature)) else {
            return Err(InvalidSignature);
        };
        key.verify(message, &signature)
            .map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_P256
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_SHA256
    }
}

/// Reads the form of signatures in certificates: a sequence of r and s in DER (RFC 3279 §2.2.3).
fn read(signature: &[u8]) -> Option<Signature> {
    let mut reader = SliceReader::new(signature).ok()?;
    let values = reader.sequence(|values| {
        let (r, s) = (UintRef::decode(values)?, UintRef::decode(values)?);
        Ok::<_, der::Error>((r, s))
    });
    let (r, s) = values.ok()?;
    reader.finish().ok()?;
    Signature::from_scalars(scalar(r)?, scalar(s)?).ok()
}

/// 32 bytes, with zeros before a shorter value.
fn scalar(value: UintRef<'_>) -> Option<[u8; 32]> {
    let mut scalar = [0; 32];
    let start = scalar.len().checked_sub(value.as_bytes().len())?;
    scalar[start..].copy_from_slice(value.as_bytes());
    Some(scalar)
}
