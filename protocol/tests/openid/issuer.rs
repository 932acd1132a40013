//! A provider that signs whatever a test asks for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use rustls_pki_types::SignatureVerificationAlgorithm;
use serde_json::{Value, json};
use switchback_jose::{Algorithm, KeySet, Verifier};
use switchback_protocol::openid::{IdTokenError, IdTokenRules, Nonce, VerifiedIdToken};

pub(crate) const ISSUER: &str = "https://id.example";
pub(crate) const NOW: i64 = 1_764_547_200;

static RING: &[&dyn SignatureVerificationAlgorithm] = &[webpki::ring::ECDSA_P256_SHA256];

pub(crate) struct Issuer {
    key: SigningKey,
    id: &'static str,
}

impl Issuer {
    pub(crate) fn new(id: &'static str, seed: u8) -> Self {
        let key = SigningKey::from_slice(&[seed; 32]).unwrap();
        Self { key, id }
    }

    /// The public key, with its id or without.
    pub(crate) fn jwk(&self, with_id: bool) -> Value {
        let point = self.key.verifying_key().to_sec1_point(false);
        let encode = |number: &[u8]| URL_SAFE_NO_PAD.encode(number);
        let (x, y) = (encode(point.x().unwrap()), encode(point.y().unwrap()));
        let mut jwk = json!({"kty": "EC", "crv": "P-256", "use": "sig", "x": x, "y": y});
        if with_id {
            jwk["kid"] = self.id.into();
        }
        jwk
    }

    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature: Signature = self.key.sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }
}

pub(crate) fn keys(keys: &[Value]) -> KeySet {
    KeySet::read(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
}

/// The claims of a right ID token.
pub(crate) fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": "app", "sub": "me", "nonce": "n1",
        "iat": NOW - 5, "exp": NOW + 300,
    })
}

pub(crate) fn rules() -> IdTokenRules<'static> {
    IdTokenRules {
        verifier: Verifier {
            allowed: &[Algorithm::Es256],
            implementations: RING,
            shortest_rsa: Verifier::SHORTEST_RSA,
        },
        issuer: ISSUER,
        client_id: "app",
        nonce: Nonce::Sent("n1"),
        max_age: None,
        acr_values: &[],
        access_token: None,
        code: None,
        now: NOW,
        skew: 60,
    }
}

/// Verifies a token with these claims by the rules.
pub(crate) fn verify(
    rules: &IdTokenRules<'_>,
    claims: &Value,
) -> Result<VerifiedIdToken, IdTokenError> {
    let issuer = Issuer::new("1", 7);
    let token = issuer.sign(&json!({"alg": "ES256", "kid": "1"}), claims);
    rules.verify(&token, &keys(&[issuer.jwk(true)]))
}

/// Verifies the right claims with one of them replaced, or removed if it is `null`.
pub(crate) fn with(name: &str, value: Value) -> Result<VerifiedIdToken, IdTokenError> {
    verify(&rules(), &changed(name, value))
}

/// The right claims with one of them replaced, or removed if it is `null`.
pub(crate) fn changed(name: &str, value: Value) -> Value {
    let mut claims = claims();
    match value {
        Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
        value => claims[name] = value,
    }
    claims
}
