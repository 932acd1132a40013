//! The public vectors of Wycheproof for the algorithms of JOSE: edge cases of signature values that
//! other implementations accepted by mistake.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod ring_algorithms;

use ring_algorithms::verifier;
use switchback_jose::{Algorithm, Key, base64url};
use wycheproof::{TestResult, ecdsa, eddsa, rsa_pkcs1_verify, rsa_pss_verify};

/// How many values were to be accepted, and how many refused.
#[derive(Default)]
struct Counts {
    accepted: usize,
    refused: usize,
}

impl Counts {
    fn check(
        &mut self,
        key: &Key,
        algorithm: Algorithm,
        id: usize,
        test: (&[u8], &[u8]),
        expected: TestResult,
    ) {
        let (message, value) = test;
        let verified = verifier(Algorithm::ALL).verify_value(key, algorithm, message, value);
        match expected {
            TestResult::Valid => assert!(verified.is_ok(), "{algorithm}, {id}: {verified:?}"),
            TestResult::Invalid => assert!(verified.is_err(), "{algorithm}, {id}"),
            TestResult::Acceptable => return,
        }
        match expected {
            TestResult::Valid => self.accepted += 1,
            _ => self.refused += 1,
        }
    }
}

fn key(json: &str) -> Key {
    Key::read(json.as_bytes()).unwrap()
}

fn ecdsa(name: ecdsa::TestName, algorithm: Algorithm, curve: &str) -> Counts {
    let mut counts = Counts::default();
    for group in ecdsa::TestSet::load(name).unwrap().test_groups {
        let (x, y) = group.key.key[1..].split_at((group.key.key.len() - 1) / 2);
        let (x, y) = (base64url::encode(x), base64url::encode(y));
        let key = key(&format!(
            r#"{{"kty":"EC","crv":"{curve}","x":"{x}","y":"{y}"}}"#
        ));
        for test in &group.tests {
            counts.check(
                &key,
                algorithm,
                test.tc_id,
                (&test.msg, &test.sig),
                test.result,
            );
        }
    }
    counts
}

#[test]
fn ecdsa_in_the_fixed_form() {
    let p256 = ecdsa(
        ecdsa::TestName::EcdsaSecp256r1Sha256P1363,
        Algorithm::Es256,
        "P-256",
    );
    let p384 = ecdsa(
        ecdsa::TestName::EcdsaSecp384r1Sha384P1363,
        Algorithm::Es384,
        "P-384",
    );
    assert_eq!((p256.accepted, p256.refused), (173, 89));
    assert_eq!((p384.accepted, p384.refused), (193, 87));
}

#[test]
fn ed25519() {
    let mut counts = Counts::default();
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    for group in set.test_groups {
        let x = base64url::encode(&group.key.pk);
        let key = key(&format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}"#));
        for test in &group.tests {
            let values = (&test.msg[..], &test.sig[..]);
            counts.check(&key, Algorithm::EdDsa, test.tc_id, values, test.result);
        }
    }
    assert_eq!((counts.accepted, counts.refused), (88, 63));
}

/// The key in the form of JOSE, from its DER: a SEQUENCE of two INTEGERs.
fn rsa_key(der: &[u8]) -> Key {
    let (sequence, rest) = take(der);
    assert!(rest.is_empty());
    let (modulus, rest) = take(sequence);
    let (exponent, rest) = take(rest);
    assert!(rest.is_empty());
    let (n, e) = (base64url::encode(modulus), base64url::encode(exponent));
    key(&format!(r#"{{"kty":"RSA","n":"{n}","e":"{e}"}}"#))
}

/// The contents of the first element, and what is after it.
fn take(der: &[u8]) -> (&[u8], &[u8]) {
    let (length, head) = match der[1] {
        short @ ..=0x7f => (usize::from(short), 2),
        0x81 => (usize::from(der[2]), 3),
        _ => (usize::from(der[2]) << 8 | usize::from(der[3]), 4),
    };
    der[head..].split_at(length)
}

#[test]
fn rsa_with_pkcs1_padding() {
    use rsa_pkcs1_verify::TestName;
    let mut counts = Counts::default();
    for (name, algorithm) in [
        (TestName::Rsa2048Sha256, Algorithm::Rs256),
        (TestName::Rsa3072Sha256, Algorithm::Rs256),
        (TestName::Rsa4096Sha256, Algorithm::Rs256),
        (TestName::Rsa8192Sha256, Algorithm::Rs256),
        (TestName::Rsa2048Sha384, Algorithm::Rs384),
        (TestName::Rsa4096Sha384, Algorithm::Rs384),
        (TestName::Rsa2048Sha512, Algorithm::Rs512),
        (TestName::Rsa4096Sha512, Algorithm::Rs512),
    ] {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let key = rsa_key(&group.asn_key);
            assert_eq!(key.rsa_bits(), Some(group.key_size));
            for test in &group.tests {
                counts.check(
                    &key,
                    algorithm,
                    test.tc_id,
                    (&test.msg, &test.sig),
                    test.result,
                );
            }
        }
    }
    assert_eq!((counts.accepted, counts.refused), (60, 2001));
}

#[test]
fn rsa_with_pss_padding() {
    use rsa_pss_verify::TestName;
    let mut counts = Counts::default();
    for name in [
        TestName::RsaPss2048Sha256Mgf1SaltLen32,
        TestName::RsaPss3072Sha256Mgf1SaltLen32,
        TestName::RsaPss4096Sha256Mgf1SaltLen32,
    ] {
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            let key = rsa_key(&group.asn_key);
            for test in &group.tests {
                let values = (&test.msg[..], &test.sig[..]);
                counts.check(&key, Algorithm::Ps256, test.tc_id, values, test.result);
            }
        }
    }
    // The salt has the length of the hash (RFC 7518 §3.5), so a value that is valid without salt is
    // refused.
    let set = rsa_pss_verify::TestSet::load(TestName::RsaPss2048Sha256Mgf1SaltLen0).unwrap();
    for group in set.test_groups {
        let key = rsa_key(&group.asn_key);
        let valid = group.tests.iter();
        for test in valid.filter(|test| test.result == TestResult::Valid) {
            let values = (&test.msg[..], &test.sig[..]);
            counts.check(
                &key,
                Algorithm::Ps256,
                test.tc_id,
                values,
                TestResult::Invalid,
            );
        }
    }
    assert_eq!((counts.accepted, counts.refused), (189, 196));
}
