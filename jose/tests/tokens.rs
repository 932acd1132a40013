//! Whole tokens, signed by `ring`, with each of the things that can be wrong.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod ring_algorithms;

use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512, RSA_PSS_SHA256, RsaKeyPair,
};
use ring_algorithms::verifier;
use switchback_jose::{Algorithm, KeySet, Verifier, VerifyError, base64url};

/// A private key, and its public form without an id.
enum Signer {
    Ecdsa(EcdsaKeyPair, &'static str),
    Ed25519(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

impl Signer {
    fn ecdsa(algorithm: &'static EcdsaSigningAlgorithm, curve: &'static str) -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap();
        Self::Ecdsa(pair, curve)
    }

    fn p256() -> Self {
        Self::ecdsa(&ECDSA_P256_SHA256_FIXED_SIGNING, "P-256")
    }

    /// A key that can sign with this algorithm.
    fn of(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Es256 => Self::p256(),
            Algorithm::Es384 => Self::ecdsa(&ECDSA_P384_SHA384_FIXED_SIGNING, "P-384"),
            Algorithm::EdDsa => {
                let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
                Self::Ed25519(Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap())
            }
            _ => Self::Rsa(RsaKeyPair::from_pkcs8(include_bytes!("keys/rsa-2048.pk8")).unwrap()),
        }
    }

    /// The public key with these further members.
    fn public(&self, more: &str) -> String {
        match self {
            Self::Ecdsa(pair, curve) => {
                let point = &pair.public_key().as_ref()[1..];
                let (x, y) = point.split_at(point.len() / 2);
                let (x, y) = (base64url::encode(x), base64url::encode(y));
                format!(r#"{{"kty":"EC","crv":"{curve}","x":"{x}","y":"{y}"{more}}}"#)
            }
            Self::Ed25519(pair) => {
                let x = base64url::encode(pair.public_key().as_ref());
                format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"{more}}}"#)
            }
            Self::Rsa(pair) => {
                let parts: ring::rsa::PublicKeyComponents<Vec<u8>> = pair.public().into();
                let (n, e) = (base64url::encode(&parts.n), base64url::encode(&parts.e));
                format!(r#"{{"kty":"RSA","n":"{n}","e":"{e}"{more}}}"#)
            }
        }
    }

    fn value(&self, algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Ecdsa(pair, _) => pair.sign(&random, message).unwrap().as_ref().into(),
            Self::Ed25519(pair) => pair.sign(message).as_ref().into(),
            Self::Rsa(pair) => {
                let padding: &dyn ring::signature::RsaEncoding = match algorithm {
                    Algorithm::Rs256 => &RSA_PKCS1_SHA256,
                    Algorithm::Rs384 => &RSA_PKCS1_SHA384,
                    Algorithm::Rs512 => &RSA_PKCS1_SHA512,
                    _ => &RSA_PSS_SHA256,
                };
                let mut value = vec![0; pair.public().modulus_len()];
                pair.sign(padding, &random, message, &mut value).unwrap();
                value
            }
        }
    }

    /// A token with this header and payload.
    fn token(&self, algorithm: Algorithm, header: &str, payload: &str) -> String {
        let (header, payload) = (base64url::encode(header.as_bytes()), payload.as_bytes());
        let signed = format!("{header}.{}", base64url::encode(payload));
        let value = self.value(algorithm, signed.as_bytes());
        format!("{signed}.{}", base64url::encode(&value))
    }
}

fn set(keys: &[String]) -> KeySet {
    KeySet::read(format!(r#"{{"keys":[{}]}}"#, keys.join(",")).as_bytes()).unwrap()
}

/// A key set with one key, and a function that makes an ES256 token with a header.
fn es256() -> (KeySet, impl Fn(&str) -> String) {
    let signer = Signer::p256();
    let keys = set(&[signer.public(r#","kid":"1""#)]);
    let token = move |header: &str| signer.token(Algorithm::Es256, header, r#"{"sub":"me"}"#);
    (keys, token)
}

#[test]
fn a_token_of_each_algorithm_is_verified_and_no_changed_one() {
    for algorithm in Algorithm::ALL.iter().copied() {
        let signer = Signer::of(algorithm);
        let keys = set(&[signer.public(r#","kid":"1","use":"sig""#)]);
        let header = format!(r#"{{"alg":"{algorithm}","kid":"1","typ":"JWT"}}"#);
        let token = signer.token(algorithm, &header, r#"{"sub":"me"}"#);
        let allowed = [algorithm];
        let verifier = verifier(&allowed);
        let verified = verifier.verify(&token, &keys).unwrap();
        assert_eq!(verified.header.algorithm, algorithm);
        assert_eq!(verified.header.key_id.as_deref(), Some("1"));
        assert_eq!(verified.header.typ.as_deref(), Some("JWT"));
        assert_eq!(verified.claims["sub"], "me");
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(verifier.verify(&changed, &keys).is_err(), "{at}: {changed}");
        }
    }
}

#[test]
fn the_token_does_not_choose_its_algorithm() {
    let (keys, token) = es256();
    let verifier = verifier(&[Algorithm::Es256, Algorithm::Rs256]);
    for name in ["none", "None", "HS256", "ES384", "RS512", "es256"] {
        let token = token(&format!(r#"{{"alg":"{name}","kid":"1"}}"#));
        let error = verifier.verify(&token, &keys);
        assert_eq!(error, Err(VerifyError::Algorithm(name.into())));
    }
    // An allowed algorithm that does not fit the key.
    let error = verifier.verify(&token(r#"{"alg":"RS256","kid":"1"}"#), &keys);
    assert!(matches!(error, Err(VerifyError::UnknownKey { .. })));
    let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9.";
    assert!(matches!(
        verifier.verify(unsigned, &keys),
        Err(VerifyError::Algorithm(_))
    ));
}

#[test]
fn the_key_is_the_one_that_the_token_names() {
    let (first, second) = (Signer::p256(), Signer::p256());
    let verifier = verifier(&[Algorithm::Es256]);
    let token = |header: &str| first.token(Algorithm::Es256, header, "{}");
    let (named, unnamed) = (
        token(r#"{"alg":"ES256","kid":"1"}"#),
        token(r#"{"alg":"ES256"}"#),
    );
    let one = set(&[first.public(r#","kid":"1""#)]);
    assert!(verifier.verify(&named, &one).is_ok());
    assert!(verifier.verify(&unnamed, &one).is_ok());
    // A key of another kind does not make the choice unclear.
    let rsa = Signer::of(Algorithm::Rs256).public("");
    assert!(
        verifier
            .verify(&unnamed, &set(&[rsa, first.public("")]))
            .is_ok()
    );
    let two = set(&[
        second.public(r#","kid":"2""#),
        first.public(r#","kid":"1""#),
    ]);
    assert!(verifier.verify(&named, &two).is_ok());
    let several = Err(VerifyError::SeveralKeys(Algorithm::Es256));
    assert_eq!(verifier.verify(&unnamed, &two), several);
    // Two keys with one id: each is tried.
    let doubled = set(&[
        second.public(r#","kid":"1""#),
        first.public(r#","kid":"1""#),
    ]);
    assert!(verifier.verify(&named, &doubled).is_ok());
    let other = set(&[second.public(r#","kid":"1""#)]);
    assert_eq!(verifier.verify(&named, &other), Err(VerifyError::Signature));
    let none = set(&[first.public(r#","kid":"2""#), r#"{"kty":"oct"}"#.into()]);
    let error = verifier.verify(&named, &none).unwrap_err();
    assert!(matches!(
        error,
        VerifyError::UnknownKey { passed_over: 1, .. }
    ));
    assert!(error.to_string().contains(r#"Some("1") for ES256"#));
}

#[test]
fn a_short_rsa_key_is_refused_unless_a_test_allows_it() {
    let signer = Signer::of(Algorithm::Rs256);
    let keys = set(&[signer.public("")]);
    let token = signer.token(Algorithm::Rs256, r#"{"alg":"RS256"}"#, "{}");
    let verify = |shortest_rsa| {
        let verifier = Verifier {
            shortest_rsa,
            ..verifier(&[Algorithm::Rs256])
        };
        verifier.verify(&token, &keys)
    };
    assert!(verify(Verifier::SHORTEST_RSA).is_ok());
    let error = VerifyError::ShortKey {
        bits: 2048,
        shortest: 3072,
    };
    assert_eq!(verify(3072), Err(error));
}

#[test]
fn a_header_that_demands_more_is_refused() {
    let (keys, token) = es256();
    let verifier = verifier(&[Algorithm::Es256]);
    let verify = |header: &str| verifier.verify(&token(header), &keys);
    // Keys and addresses in the header change nothing.
    assert!(verify(r#"{"alg":"ES256","jwk":{"kty":"oct"},"jku":"https://evil.example"}"#).is_ok());
    let critical = r#"{"alg":"ES256","kid":"1","crit":["exp"],"exp":1}"#;
    assert_eq!(verify(critical), Err(VerifyError::Critical));
    assert_eq!(
        verify(r#"{"alg":"ES256","crit":["b64"],"b64":false}"#),
        Err(VerifyError::Critical)
    );
    for (header, name) in [
        (r#"{"kid":"1"}"#, "alg"),
        (r#"{"alg":["ES256"]}"#, "alg"),
        (r#"{"alg":"ES256","kid":1}"#, "kid"),
        (r#"{"alg":"ES256","typ":1}"#, "typ"),
    ] {
        assert_eq!(verify(header), Err(VerifyError::Header(name)), "{header}");
    }
    let doubled = r#"{"alg":"ES256","alg":"ES256"}"#;
    assert!(matches!(
        verify(doubled),
        Err(VerifyError::Json { part: "header", .. })
    ));
}

#[test]
fn only_three_strict_parts_are_a_token() {
    let (keys, token) = es256();
    let verifier = verifier(&[Algorithm::Es256]);
    let verify = |token: &str| verifier.verify(token, &keys);
    let token = token(r#"{"alg":"ES256","kid":"1"}"#);
    assert!(verify(&token).is_ok());
    assert_eq!(verify(""), Err(VerifyError::Parts(1)));
    assert_eq!(verify("a.b"), Err(VerifyError::Parts(2)));
    assert_eq!(verify("a.b.c.d"), Err(VerifyError::Parts(4)));
    assert_eq!(verify("a.b.c.d.e"), Err(VerifyError::Encrypted));
    for changed in [
        format!("{token}="),
        format!("{token}\n"),
        format!(" {token}"),
        token.replacen('.', "=.", 1),
    ] {
        assert!(
            matches!(verify(&changed), Err(VerifyError::Base64Url { .. })),
            "{changed}"
        );
    }
    assert_eq!(verify(&"a".repeat(300_000)), Err(VerifyError::Long));
    let long = format!("{}.e30.AA", "a".repeat(20_000));
    assert_eq!(verify(&long), Err(VerifyError::Long));
    let signer = Signer::p256();
    let keys = set(&[signer.public("")]);
    for payload in ["[]", "", r#"{"a":1,"a":2}"#, "text"] {
        let token = signer.token(Algorithm::Es256, r#"{"alg":"ES256"}"#, payload);
        let error = verifier.verify(&token, &keys);
        assert!(
            matches!(
                error,
                Err(VerifyError::Json {
                    part: "payload",
                    ..
                })
            ),
            "{payload}"
        );
    }
}
