//! Which keys and algorithms are strong enough in a certificate (ETSI EN 319 102-1 §5.2.8, with the
//! recommendations of ETSI TS 119 312), and which algorithm verifies a signature.

use alloc::format;
use alloc::string::String;

use rustls_pki_types::SignatureVerificationAlgorithm;
use x509_cert::der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, UintRef};
use x509_cert::der::{self, Decode, Reader, SliceReader};
use x509_cert::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ELLIPTIC_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

const CURVES: [ObjectIdentifier; 3] = [
    ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"), // P-256
    ObjectIdentifier::new_unwrap("1.3.132.0.34"),        // P-384
    ObjectIdentifier::new_unwrap("1.3.132.0.35"),        // P-521
];

const STRONG: [ObjectIdentifier; 8] = [
    ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"), // ECDSA with SHA-256
    ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3"),
    ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10"), // RSASSA-PSS
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11"), // RSA PKCS#1 with SHA-256
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13"),
    ED25519,
];

/// Names for the sentence of a refusal.
const WEAK: [(ObjectIdentifier, &str); 5] = [
    (
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.4"),
        "MD5 with RSA",
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5"),
        "SHA-1 with RSA",
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.10045.4.1"),
        "SHA-1 with ECDSA",
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.10040.4.3"),
        "SHA-1 with DSA",
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.1"),
        "SHA-224 with ECDSA",
    ),
];

const RSA_BITS: usize = 2048;

/// Whether a key (SubjectPublicKeyInfo, DER) is strong enough; else the reason, for a sentence that
/// begins with the name of a certificate.
pub(crate) fn of_key(key: &[u8]) -> Result<(), String> {
    let unreadable = |_| String::from("has a key that cannot be read");
    let key = SubjectPublicKeyInfoRef::from_der(key).map_err(unreadable)?;
    match key.algorithm.oid {
        ED25519 => Ok(()),
        ELLIPTIC_CURVE => match key.algorithm.parameters_oid() {
            Ok(curve) if CURVES.contains(&curve) => Ok(()),
            Ok(curve) => Err(format!(
                "has a key on the elliptic curve {curve}; P-256, P-384 and P-521 are permitted"
            )),
            Err(_) => Err("has an elliptic curve key without a named curve".into()),
        },
        RSA => match rsa_bits(key.subject_public_key.raw_bytes()).map_err(unreadable)? {
            bits if bits < RSA_BITS => Err(format!(
                "has an RSA key of {bits} bits; at least {RSA_BITS} are needed"
            )),
            _ => Ok(()),
        },
        other => Err(format!(
            "has a key of the type {other}; RSA, ECDSA and Ed25519 are permitted"
        )),
    }
}

fn rsa_bits(key: &[u8]) -> der::Result<usize> {
    SliceReader::new(key)?.sequence(|key| {
        let modulus = UintRef::decode(key)?;
        UintRef::decode(key)?;
        let bytes = modulus.as_bytes();
        let zeros = bytes.first().map_or(0, |byte| byte.leading_zeros());
        Ok((bytes.len() * 8).saturating_sub(zeros as usize))
    })
}

/// Whether the algorithm of a certificate's signature is strong enough; else the reason, as for
/// [`of_key`].
pub(crate) fn of_signature(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<(), String> {
    if STRONG.contains(&algorithm.oid) {
        return Ok(());
    }
    match WEAK.iter().find(|(weak, _)| *weak == algorithm.oid) {
        Some((_, name)) => Err(format!("was signed with {name}, which is too weak")),
        None => Err(format!(
            "was signed with the algorithm {}, which is not permitted",
            algorithm.oid
        )),
    }
}

/// A structure of the form that certificates and revocation lists share: what was signed, the
/// algorithm, the signature (RFC 5280 §4.1.1).
pub(crate) struct Signed<'a> {
    pub(crate) message: &'a [u8],
    /// The value of the AlgorithmIdentifier, without tag and length.
    pub(crate) algorithm: &'a [u8],
    pub(crate) signature: &'a [u8],
}

/// Why a signature was not accepted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SignatureError {
    /// The policy has no such algorithm for this type of key.
    Unsupported,
    /// Another key signed, or the content was changed.
    Wrong,
}

impl<'a> Signed<'a> {
    pub(crate) fn read(der: &'a [u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(der)?;
        let signed = reader.sequence(|outer| {
            let message = outer.tlv_bytes()?;
            let algorithm = AnyRef::decode(outer)?.value();
            let signature = BitStringRef::decode(outer)?;
            Ok::<_, der::Error>(Self {
                message,
                algorithm,
                signature: signature.raw_bytes(),
            })
        })?;
        reader.finish()?;
        Ok(signed)
    }

    /// The algorithm that fits the signature and a key (SubjectPublicKeyInfo, DER), and the value of
    /// the key that it takes.
    pub(crate) fn algorithm<'k, 'p>(
        &self,
        key: &'k [u8],
        algorithms: &[&'p dyn SignatureVerificationAlgorithm],
    ) -> Result<(&'p dyn SignatureVerificationAlgorithm, &'k [u8]), SignatureError> {
        let parts = SliceReader::new(key).and_then(|mut reader| {
            reader.sequence(|key| {
                let algorithm = AnyRef::decode(key)?.value();
                Ok((algorithm, BitStringRef::decode(key)?.raw_bytes()))
            })
        });
        let (key_algorithm, key) = parts.map_err(|_: der::Error| SignatureError::Unsupported)?;
        let fits = |algorithm: &&&dyn SignatureVerificationAlgorithm| {
            algorithm.signature_alg_id().as_ref() == self.algorithm
                && algorithm.public_key_alg_id().as_ref() == key_algorithm
        };
        let algorithm = algorithms.iter().find(fits);
        algorithm
            .map(|algorithm| (*algorithm, key))
            .ok_or(SignatureError::Unsupported)
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use x509_cert::der::asn1::{Any, BitString, Null};
    use x509_cert::der::{Encode as _, Tag};
    use x509_cert::spki::{AlgorithmIdentifier, SubjectPublicKeyInfo};

    use super::*;

    fn rsa(bits: usize) -> Vec<u8> {
        let mut modulus = vec![0xff; bits.div_ceil(8)];
        modulus[0] >>= modulus.len() * 8 - bits;
        let modulus = UintRef::new(&modulus).unwrap().to_der().unwrap();
        let exponent = UintRef::new(&[1, 0, 1]).unwrap().to_der().unwrap();
        let numbers = [modulus, exponent].concat();
        let key = Any::new(Tag::Sequence, numbers).unwrap().to_der().unwrap();
        let algorithm = AlgorithmIdentifier {
            oid: RSA,
            parameters: Some(Null),
        };
        let subject_public_key = BitString::from_bytes(&key).unwrap();
        let key = SubjectPublicKeyInfo {
            algorithm,
            subject_public_key,
        };
        key.to_der().unwrap()
    }

    #[test]
    fn an_rsa_key_needs_2048_bits() {
        for (bits, permitted) in [(1024, false), (2047, false), (2048, true), (4096, true)] {
            let result = of_key(&rsa(bits));
            assert_eq!(result.is_ok(), permitted, "{bits}: {result:?}");
            if let Err(why) = result {
                assert!(why.contains(&format!("RSA key of {bits} bits")), "{why}");
            }
        }
    }

    #[test]
    fn old_algorithms_are_refused_by_name() {
        let refusal = |oid: &str| {
            let oid = ObjectIdentifier::new_unwrap(oid);
            of_signature(&AlgorithmIdentifierRef {
                oid,
                parameters: None,
            })
            .err()
        };
        for (oid, name) in [
            ("1.2.840.113549.1.1.4", "MD5"),
            ("1.2.840.113549.1.1.5", "SHA-1 with RSA"),
            ("1.2.840.10045.4.1", "SHA-1 with ECDSA"),
            ("1.2.3", "1.2.3"),
        ] {
            assert!(refusal(oid).unwrap().contains(name), "{oid}");
        }
        assert_eq!(refusal("1.2.840.10045.4.3.2"), None);
        assert_eq!(refusal("1.2.840.113549.1.1.11"), None);
    }
}
