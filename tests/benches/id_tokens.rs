//! Compares the verification of an ID token with the work that it cannot avoid, in one run: the raw
//! verification by `ring`, and two peers.
//!
//! ```console
//! $ cargo bench -p switchback-tests --bench id_tokens
//! ```
//!
//! Machines are noisy, so compare the ratios. They are medians of rounds in which all candidates run
//! in turn.

#![expect(clippy::print_stdout, reason = "a benchmark reports on the terminal")]

#[path = "side_by_side.rs"]
mod side_by_side;

use std::hint::black_box;
use std::str::FromStr as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{DecodingKey, Validation};
use openidconnect::core::{CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet};
use openidconnect::{ClientId, IssuerUrl, Nonce as TheirNonce};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    UnparsedPublicKey,
};
use rustls_pki_types::SignatureVerificationAlgorithm;
use serde_json::{Value, json};
use switchback_jose::{Algorithm, KeySet, Verifier};
use switchback_protocol::openid::{IdTokenRules, Nonce};

use side_by_side::compare;

const RING: &[&dyn SignatureVerificationAlgorithm] = &[webpki::ring::ECDSA_P256_SHA256];
const ISSUER: &str = "https://id.example";
const CLIENT_ID: &str = "0123456789";
const NOW: i64 = 1_764_547_200;

fn main() {
    let random = SystemRandom::new();
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).expect("a key");
    let point = pair.public_key().as_ref().to_vec();
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let (x, y) = (encode(&point[1..33]), encode(&point[33..]));
    let jwk = json!({"kty": "EC", "crv": "P-256", "use": "sig", "kid": "1", "x": x, "y": y});
    let jwks = json!({ "keys": [jwk] }).to_string();

    // The claims that providers send, and those of a person.
    let claims = json!({
        "iss": ISSUER, "aud": CLIENT_ID, "azp": CLIENT_ID, "nonce": "n".repeat(43),
        "sub": "5f1e8ff0-7c9b-4b0e-9a59-6d7c2d4b9f01", "sid": "8f0a2d6e-11a1-4b8f",
        "iat": NOW, "auth_time": NOW - 4, "exp": NOW + 300, "acr": "urn:example:high",
        "name": "Maja Sjöström", "email": "maja@example.com", "email_verified": true,
    });
    let part = |value: &Value| encode(value.to_string().as_bytes());
    let header = json!({"alg": "ES256", "kid": "1", "typ": "JWT"});
    let message = format!("{}.{}", part(&header), part(&claims));
    let signature = pair.sign(&random, message.as_bytes()).expect("a signature");
    let signature = signature.as_ref().to_vec();
    let token = format!("{message}.{}", encode(&signature));

    let mut floor = || {
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &point);
        let done = key.verify(black_box(message.as_bytes()), &signature);
        done.expect("it is valid");
    };

    let keys = KeySet::read(jwks.as_bytes()).expect("keys");
    let nonce = "n".repeat(43);
    let rules = IdTokenRules {
        verifier: Verifier {
            allowed: &[Algorithm::Es256],
            implementations: RING,
            shortest_rsa: Verifier::SHORTEST_RSA,
        },
        issuer: ISSUER,
        client_id: CLIENT_ID,
        nonce: Nonce::Sent(&nonce),
        max_age: None,
        acr_values: &[],
        access_token: None,
        code: None,
        now: NOW,
        skew: 60,
    };
    let mut switchback = || {
        let verified = rules.verify(black_box(&token), &keys);
        black_box(verified.expect("it is valid"));
    };

    let key = DecodingKey::from_ec_components(&x, &y).expect("a key");
    let mut validation = Validation::new(jsonwebtoken::Algorithm::ES256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[CLIENT_ID]);
    // It takes the time from the system's clock.
    validation.validate_exp = false;
    let mut by_jsonwebtoken = || {
        let read = jsonwebtoken::decode::<Value>(black_box(&token), &key, &validation);
        black_box(read.expect("it is valid"));
    };

    let theirs: CoreJsonWebKeySet = serde_json::from_str(&jwks).expect("keys");
    let verifier = CoreIdTokenVerifier::new_public_client(
        ClientId::new(CLIENT_ID.into()),
        IssuerUrl::new(ISSUER.into()).expect("a URL"),
        theirs,
    )
    .set_allowed_algs([openidconnect::core::CoreJwsSigningAlgorithm::EcdsaP256Sha256])
    .set_time_fn(|| DateTime::<Utc>::from_timestamp(NOW, 0).expect("a time"));
    let their_nonce = TheirNonce::new(nonce.clone());
    let mut by_openidconnect = || {
        let read = CoreIdToken::from_str(black_box(&token)).expect("a token");
        let verified = read.into_claims(&verifier, &their_nonce);
        black_box(verified.expect("it is valid"));
    };

    compare(
        "ES256 ID token with warm keys",
        100,
        &mut [
            ("ring, raw", &mut floor),
            ("switchback", &mut switchback),
            ("jsonwebtoken 12", &mut by_jsonwebtoken),
            ("openidconnect 4", &mut by_openidconnect),
        ],
    );
}
