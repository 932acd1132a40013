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

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use rcgen::{KeyPair, PublicKeyData as _, SigningKey as _};
    use serde_json::Value;
    use webpki::ring::ECDSA_P256_SHA256;

    use super::*;
    use crate::{Anchors, Crl, Expected, Policy, ecdsa, verify};

    /// Runs both implementations, which must agree.
    #[derive(Debug)]
    struct Both;

    impl SignatureVerificationAlgorithm for Both {
        fn verify_signature(
            &self,
            key: &[u8],
            message: &[u8],
            signature: &[u8],
        ) -> Result<(), InvalidSignature> {
            let ours = EcdsaP256Sha256.verify_signature(key, message, signature);
            let ring = ECDSA_P256_SHA256.verify_signature(key, message, signature);
            assert_eq!(ours.is_ok(), ring.is_ok(), "{key:x?} {signature:x?}");
            ours
        }

        fn public_key_alg_id(&self) -> AlgorithmIdentifier {
            ECDSA_P256_SHA256.public_key_alg_id()
        }

        fn signature_alg_id(&self) -> AlgorithmIdentifier {
            ECDSA_P256_SHA256.signature_alg_id()
        }
    }

    /// A number without leading zeros in 32 bytes.
    fn number(bytes: &[u8]) -> [u8; 32] {
        let mut number = [0; 32];
        number[32 - bytes.len()..].copy_from_slice(bytes);
        number
    }

    /// `a - b`.
    fn minus(a: [u8; 32], b: [u8; 32]) -> [u8; 32] {
        let (mut difference, mut borrow) = ([0; 32], false);
        for index in (0..32).rev() {
            let (byte, first) = a[index].overflowing_sub(b[index]);
            let (byte, second) = byte.overflowing_sub(u8::from(borrow));
            (difference[index], borrow) = (byte, first || second);
        }
        difference
    }

    const MESSAGE: &[u8] = b"a message";

    /// A key, and the r and s of a signature.
    fn signed() -> (Vec<u8>, [u8; 32], [u8; 32]) {
        let key = KeyPair::generate().unwrap();
        let der = key.sign(MESSAGE).unwrap();
        let (r, s) = read(&der).unwrap().split_bytes();
        (key.der_bytes().to_vec(), r.into(), s.into())
    }

    fn der(r: &[u8; 32], s: &[u8; 32]) -> Vec<u8> {
        let value = [&r[..], &s[..]].concat();
        let value = switchback_jose::Algorithm::Es256.value_of_x509(&value);
        value.unwrap().into_owned()
    }

    fn accepted(key: &[u8], signature: &[u8]) -> bool {
        Both.verify_signature(key, MESSAGE, signature).is_ok()
    }

    #[test]
    fn ring_agrees_about_every_r_and_s() {
        let n = ecdsa::ORDER;
        for _ in 0..3 {
            let (key, r, s) = signed();
            assert!(accepted(&key, &der(&r, &s)));
            // Neither demands the lower of the two values.
            assert!(accepted(&key, &der(&r, &minus(n, s))));
            let one = number(&[1]);
            let edges = [
                [0; 32],
                one,
                minus(n, one),
                n,
                minus(n, minus([0; 32], one)),
                [0xff; 32],
                minus(n, r),
            ];
            for edge in edges {
                assert!(!accepted(&key, &der(&edge, &s)), "r {edge:x?}");
                assert!(!accepted(&key, &der(&r, &edge)) || edge == minus(n, s));
                for other in edges {
                    assert!(!accepted(&key, &der(&edge, &other)));
                }
            }
        }
    }

    #[test]
    fn ring_agrees_about_the_form_of_a_signature() {
        let (key, r, s) = signed();
        let right = der(&r, &s);
        for length in 0..right.len() {
            assert!(!accepted(&key, &right[..length]));
        }
        let mut wrong = vec![[&right[..], &[0]].concat(), [r, s].concat(), Vec::new()];
        // Each byte changed: tags, lengths, signs, numbers.
        for at in 0..right.len() {
            for bit in 0..8 {
                let mut changed = right.clone();
                changed[at] ^= 1 << bit;
                wrong.push(changed);
            }
        }
        // The long form of a length, and a needless zero.
        let numbers = &right[2..];
        let length = numbers.len() as u8;
        wrong.push([&[0x30, 0x81, length], numbers].concat());
        wrong.push([&[0x30, 0x80], numbers, &[0, 0]].concat());
        let (first, second) = numbers.split_at(2 + usize::from(numbers[1]));
        let zero = [&[2, first[1] + 1, 0], &first[2..]].concat();
        wrong.push([&[0x30, length + 1], &zero[..], second].concat());
        wrong.push([&[0x30, first.len() as u8], first].concat());
        wrong.push([&[0x30, length + 3], numbers, &[2, 1, 1]].concat());
        for signature in wrong {
            assert!(!accepted(&key, &signature), "{signature:x?}");
        }
    }

    #[test]
    fn ring_agrees_about_the_form_of_a_key() {
        let (key, r, s) = signed();
        let signature = der(&r, &s);
        let (x, y) = key[1..].split_at(32);
        let prime = number(
            &[
                &[0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1][..],
                &[0; 12],
                &[0xff; 12],
            ]
            .concat(),
        );
        let point = |tag: u8, x: &[u8], y: &[u8]| [&[tag], x, y].concat();
        let mut wrong = vec![
            Vec::new(),
            vec![0],
            vec![0; 65],
            point(4, &[0; 32], &[0; 32]),
            point(4, x, &[0; 32]),
            point(4, y, x),
            point(4, x, &minus(prime, y.try_into().unwrap())),
            point(4, &prime, y),
            point(4, x, &prime),
            point(4, &[0xff; 32], y),
            point(2 + (y[31] & 1), x, &[]),
            point(6 + (y[31] & 1), x, y),
            point(0, x, y),
            key[1..].to_vec(),
            [&key[..], &[0]].concat(),
        ];
        wrong.extend((0..key.len()).map(|length| key[..length].to_vec()));
        wrong.extend((0..key.len()).map(|at| {
            let mut changed = key.clone();
            changed[at] ^= 1;
            changed
        }));
        for key in wrong {
            assert!(!accepted(&key, &signature), "{key:x?}");
        }
    }

    #[test]
    fn ring_agrees_about_the_signatures_of_all_test_vectors() {
        let files = [
            include_str!("../../tests/vectors/jades/made.json"),
            include_str!("../../tests/vectors/jades/sample.json"),
        ];
        let mut count = 0;
        for file in files {
            let file: Value = serde_json::from_str(file).unwrap();
            for case in file["cases"].as_array().unwrap() {
                let texts = |name: &str| -> Vec<&[u8]> {
                    let list = case[name].as_array().into_iter().flatten();
                    list.map(|text| text.as_str().unwrap().as_bytes()).collect()
                };
                let mut anchors = Anchors::new();
                for anchor in texts("anchors") {
                    anchors.add(anchor).unwrap();
                }
                let crls = texts("crls")
                    .into_iter()
                    .filter_map(|crl| Crl::read(crl).ok());
                let crls: Vec<Crl> = crls.collect();
                let signature = case["signature"].as_str().unwrap().as_bytes();
                let time = case["time"].as_i64().unwrap();
                let report = |algorithm: &dyn SignatureVerificationAlgorithm| {
                    let algorithms = [algorithm];
                    let policy = Policy {
                        crls: &crls,
                        ..Policy::new(&anchors, &algorithms, time)
                    };
                    let report = verify(signature, &Expected::default(), &policy);
                    serde_json::to_string(&report).unwrap()
                };
                assert_eq!(report(&Both), report(ECDSA_P256_SHA256));
                count += 1;
            }
        }
        assert!(count >= 170, "{count}");
    }
}
