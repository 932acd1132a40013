//! A client that signs instead of sending a secret. It uses none of the sandbox's code, so that the
//! same mistake cannot be in both.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rcgen::PublicKeyData as _;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};
use switchback_sandbox::{Config, RegisteredClient};
use x509_cert::der::pem::{LineEnding, encode_string};

pub(crate) const NOW: i64 = 1_800_000_000;
pub(crate) const SIGNER: &str = "my-signer";
pub(crate) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

pub(crate) struct Signer {
    key: EcdsaKeyPair,
    pem: String,
}

impl Signer {
    pub(crate) fn new() -> Signer {
        let pair = rcgen::KeyPair::generate().unwrap();
        let (algorithm, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let key = EcdsaKeyPair::from_pkcs8(algorithm, &pair.serialize_der(), &random);
        let public = pair.subject_public_key_info();
        Signer {
            key: key.unwrap(),
            pem: encode_string("PUBLIC KEY", LineEnding::LF, &public).unwrap(),
        }
    }

    /// The default clients and a client with this key, with a fixed clock.
    pub(crate) fn config(&self) -> Config {
        let mut config = Config {
            now: Some(NOW),
            ..Config::default()
        };
        let uri = "https://service.example/truid/complete";
        config
            .clients
            .push(RegisteredClient::with_key(SIGNER, &self.pem, uri));
        config
    }

    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = self.key.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.unwrap());
        format!("{signed}.{signature}")
    }

    /// An assertion with another value for one of its claims, or without the claim (null).
    pub(crate) fn with(&self, mut claims: Value, name: &str, value: Value) -> String {
        let members = claims.as_object_mut().unwrap();
        match value {
            Value::Null => members.remove(name),
            value => members.insert(name.into(), value),
        };
        self.sign(&header(), &claims)
    }

    /// A valid assertion with this `jti` for the sandbox at the base URL `url`.
    pub(crate) fn assertion(&self, url: &str, jti: &str) -> String {
        self.sign(&header(), &claims(url, jti))
    }
}

pub(crate) fn header() -> Value {
    json!({ "alg": "ES256", "typ": "JWT", "kid": "1" })
}

pub(crate) fn claims(url: &str, jti: &str) -> Value {
    json!({
        "iss": SIGNER,
        "sub": SIGNER,
        "aud": format!("{url}/oauth2/v1/token"),
        "exp": NOW + 60,
        "iat": NOW,
        "jti": jti,
    })
}
