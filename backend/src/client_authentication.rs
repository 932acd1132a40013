//! Client authentication of a confidential client (RFC 6749 section 2.3, RFC 7523 section 2.2,
//! OpenID Connect Core section 9).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject as _;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use std::sync::Arc;
use switchback_protocol::http::Request;
use switchback_protocol::{Secret, form};

/// The lifetime of an assertion in seconds. It is sent immediately.
const ASSERTION_LIFETIME: i64 = 60;

/// How the service authenticates to the provider.
#[derive(Clone)]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// The client secret in the body (`client_secret_post`).
    SecretPost(SecretString),
    /// The client secret in the `Authorization` header (`client_secret_basic`).
    SecretBasic(SecretString),
    /// A JWT that the client's private key signs (`private_key_jwt`); no secret is sent.
    PrivateKey(Arc<SigningKey>),
}

/// The client's private key.
pub struct SigningKey {
    key: Kind,
    id: Option<String>,
}

enum Kind {
    Es256(Box<EcdsaKeyPair>),
    Rs256(Box<RsaKeyPair>),
}

/// Why a private key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SigningKeyError {
    /// The text is not PEM, or not PKCS #8.
    #[error(
        "the private key is not PKCS #8 in PEM (-----BEGIN PRIVATE KEY-----): make one with \
         `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`"
    )]
    NotPem,
    /// The key is of another kind.
    #[error(
        "the private key is neither a P-256 key (ES256) nor an RSA key of at least 2,048 bits \
         (RS256): use one of these"
    )]
    Kind,
}

impl SigningKey {
    /// Reads a P-256 or RSA key, PKCS #8 in PEM. `id` is the `kid` by which the provider knows the
    /// key.
    ///
    /// # Errors
    /// [`SigningKeyError`], without a part of the key.
    pub fn from_pem(pem: &str, id: Option<String>) -> Result<Self, SigningKeyError> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes());
        let der = der.map_err(|_| SigningKeyError::NotPem)?;
        let der = der.secret_pkcs8_der();
        let (curve, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let key = match EcdsaKeyPair::from_pkcs8(curve, der, &random) {
            Ok(key) => Kind::Es256(Box::new(key)),
            Err(_) => {
                let key = RsaKeyPair::from_pkcs8(der).map_err(|_| SigningKeyError::Kind)?;
                Kind::Rs256(Box::new(key))
            }
        };
        Ok(Self { key, id })
    }

    /// A compact JWS (RFC 7515 section 7.1) over these claims.
    fn sign(&self, claims: &serde_json::Value) -> Option<Secret> {
        let alg = match self.key {
            Kind::Es256(_) => "ES256",
            Kind::Rs256(_) => "RS256",
        };
        let mut header = json!({ "alg": alg, "typ": "JWT" });
        if let Some(id) = &self.id {
            header["kid"] = id.as_str().into();
        }
        let part = |json: &serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let mut jws = format!("{}.{}", part(&header), part(claims));
        let random = SystemRandom::new();
        let signature = match &self.key {
            Kind::Es256(key) => key.sign(&random, jws.as_bytes()).ok()?.as_ref().to_vec(),
            Kind::Rs256(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, jws.as_bytes(), &mut signature)
                    .ok()?;
                signature
            }
        };
        jws.push('.');
        jws.push_str(&URL_SAFE_NO_PAD.encode(signature));
        Some(jws.into())
    }
}

/// A unique id for an assertion (RFC 7519 section 4.1.7), from new random bytes.
pub(crate) fn jti(random: &[u8]) -> String {
    random.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl ClientAuthentication {
    /// The secret to redact from the provider's error texts. An assertion is valid only once and
    /// needs no redaction.
    pub(crate) fn secret(&self) -> Option<Secret> {
        match self {
            Self::SecretPost(secret) | Self::SecretBasic(secret) => {
                Some(secret.expose_secret().into())
            }
            Self::PrivateKey(_) => None,
        }
    }

    /// Adds the client authentication to a request whose form has the client id. `audience` is the
    /// token endpoint; `jti` must be unique.
    pub(crate) fn prove(
        &self,
        request: &mut Request,
        client_id: &str,
        audience: &str,
        now: i64,
        jti: &str,
    ) {
        match self {
            Self::SecretPost(secret) => {
                add(request, &[("client_secret", secret.expose_secret())]);
            }
            Self::SecretBasic(secret) => {
                // Both halves are form-encoded first (RFC 6749 section 2.3.1).
                let [id, secret] = [client_id, secret.expose_secret()].map(form::encoded);
                let both = STANDARD.encode(format!("{id}:{secret}"));
                let header = Secret::from(format!("Basic {both}"));
                request.headers.push(("authorization", header));
            }
            Self::PrivateKey(key) => {
                let claims = json!({
                    "iss": client_id,
                    "sub": client_id,
                    "aud": audience,
                    "jti": jti,
                    "iat": now,
                    "exp": now + ASSERTION_LIFETIME,
                });
                if let Some(assertion) = key.sign(&claims) {
                    add(
                        request,
                        &[
                            (
                                "client_assertion_type",
                                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                            ),
                            ("client_assertion", assertion.expose()),
                        ],
                    );
                }
            }
        }
    }
}

fn add(request: &mut Request, pairs: &[(&str, &str)]) {
    let mut body = request.body.as_ref().map_or("", Secret::expose).to_owned();
    for (name, value) in pairs {
        form::push(&mut body, "&", name, value);
    }
    request.body = Some(body.into());
}

impl std::fmt::Debug for ClientAuthentication {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::SecretPost(_) => "client_secret_post",
            Self::SecretBasic(_) => "client_secret_basic",
            Self::PrivateKey(_) => "private_key_jwt",
        })
    }
}
