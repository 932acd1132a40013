//! Verifies a token: a JSON Web Signature in its compact form, whose payload is a JSON object (RFC
//! 7515 §5.2, RFC 7519 §7.2).
//!
//! Before you change this: the token never decides how it is verified (RFC 8725 §3.1). Its header
//! only selects among what the [`Verifier`] allows and the [`KeySet`] has; keys and addresses in the
//! header are not read.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use rustls_pki_types::SignatureVerificationAlgorithm;
use serde_json::{Map, Value};

use crate::{Algorithm, Key, KeySet, base64url, json};

/// How long a token may be, in bytes.
const MAX_TOKEN: usize = 256 * 1024;

/// How long a header may be, in bytes of base64url.
const MAX_HEADER: usize = 16 * 1024;

/// How many keys are tried. Providers that give several keys one id have two.
const MAX_CANDIDATES: usize = 4;

/// What is accepted.
#[derive(Clone, Copy)]
pub struct Verifier<'a> {
    /// The algorithms that the client has registered for.
    pub allowed: &'a [Algorithm],
    /// The implementations of these algorithms, for keys of each accepted length. The first one of an
    /// algorithm counts.
    pub implementations: &'a [&'static dyn SignatureVerificationAlgorithm],
    /// The shortest accepted RSA key, in bits: [`SHORTEST_RSA`](Self::SHORTEST_RSA) in production.
    pub shortest_rsa: usize,
}

/// A token whose signature is right. Its claims are not checked. `Debug` does not show them.
#[derive(Clone, PartialEq)]
pub struct Verified {
    /// The header.
    pub header: Header,
    /// The claims.
    pub claims: Map<String, Value>,
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}

/// The header of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The id of the key.
    pub key_id: Option<String>,
    /// The type of the token (RFC 7515 §4.1.9, RFC 8725 §3.11).
    pub typ: Option<String>,
}

/// Why a token is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The token is longer than is read.
    #[error("the token is longer than {MAX_TOKEN} bytes, or its header than {MAX_HEADER}")]
    Long,
    /// The token is encrypted: it has five parts.
    #[error(
        "the token is encrypted (JWE); register the client for signed tokens without encryption"
    )]
    Encrypted,
    /// The token does not have three parts.
    #[error("a signed token has three parts with a dot between them, and this text has {0}")]
    Parts(usize),
    /// A part is not strict base64url.
    #[error("the {part} of the token is {error}")]
    Base64Url {
        /// Which part.
        part: &'static str,
        /// Where.
        error: base64url::NotBase64Url,
    },
    /// Header or payload is not a strict JSON object.
    #[error("the {part} of the token {error}")]
    Json {
        /// Which part.
        part: &'static str,
        /// Why.
        error: json::JsonError,
    },
    /// A member of the header has the wrong type, or `alg` is missing.
    #[error("the header `{0}` of the token is missing or has the wrong type")]
    Header(&'static str),
    /// The token's algorithm is not one of the allowed ones.
    #[error(
        "the token is signed with {0:?}, which is not allowed; allow it if the provider has \
         registered the client for it"
    )]
    Algorithm(String),
    /// The header demands something that this crate does not do (RFC 7515 §4.1.11).
    #[error("the token has critical headers, and none is understood here")]
    Critical,
    /// No implementation of the algorithm is there.
    #[error("{0} is allowed, but the program has no implementation of it")]
    NoImplementation(Algorithm),
    /// The set has no such key. The provider may have added one meanwhile: fetch the set again.
    #[error(
        "the provider has no key with the id {id:?} for {algorithm}; {passed_over} keys of its set \
         cannot be used"
    )]
    UnknownKey {
        /// The id that the token names.
        id: Option<String>,
        /// The algorithm.
        algorithm: Algorithm,
        /// How many keys of the set cannot be used.
        passed_over: usize,
    },
    /// The token names no key, and several keys are possible (OpenID Connect Core §10.1).
    #[error("the token names no key, and the provider has several keys for {0}")]
    SeveralKeys(Algorithm),
    /// The key is an RSA key with too few bits.
    #[error("the provider's RSA key has {bits} bits; at least {shortest} are demanded")]
    ShortKey {
        /// Its length in bits.
        bits: usize,
        /// The least length in bits.
        shortest: usize,
    },
    /// The signature was not made with the key, or the token was changed.
    #[error("the signature of the token was not made with the provider's key")]
    Signature,
}

impl Verifier<'_> {
    /// The shortest RSA key that the standard accepts, in bits (RFC 7518 §3.3).
    pub const SHORTEST_RSA: usize = 2048;

    /// Verifies a token.
    ///
    /// # Errors
    /// Why the token is refused. After [`VerifyError::UnknownKey`], fetch the provider's keys again:
    /// it may have added one.
    pub fn verify(&self, token: &str, keys: &KeySet) -> Result<Verified, VerifyError> {
        let parts = Parts::read(token)?;
        let header = parts.header(self.allowed)?;
        let value = decode("signature", parts.signature)?;
        let message = parts.signed.as_bytes();
        let mut verified = Err(VerifyError::Signature);
        for key in candidates(&header, keys)? {
            verified = self.verify_value(key, header.algorithm, message, &value);
            if verified.is_ok() {
                break;
            }
        }
        verified?;
        let claims = object("payload", parts.payload)?;
        Ok(Verified { header, claims })
    }

    /// Verifies a signature value with one key. The value has the form of JOSE (RFC 7518 §3).
    ///
    /// # Errors
    /// The algorithm is not allowed or does not fit the key, the key is too short, or it did not
    /// make the value.
    pub fn verify_value(
        &self,
        key: &Key,
        algorithm: Algorithm,
        message: &[u8],
        value: &[u8],
    ) -> Result<(), VerifyError> {
        if !self.allowed.contains(&algorithm) || !key.is_for(algorithm) {
            return Err(VerifyError::Algorithm(algorithm.as_str().into()));
        }
        let shortest = self.shortest_rsa;
        if let Some(bits) = key.rsa_bits().filter(|bits| *bits < shortest) {
            return Err(VerifyError::ShortKey { bits, shortest });
        }
        let implementation = algorithm
            .implementation(self.implementations)
            .ok_or(VerifyError::NoImplementation(algorithm))?;
        let value = algorithm.value_of_x509(value);
        let value = value.ok_or(VerifyError::Signature)?;
        implementation
            .verify_signature(key.x509(), message, &value)
            .map_err(|_| VerifyError::Signature)
    }
}

/// The keys to try: one, or the few that have the same id.
fn candidates<'a>(
    header: &'a Header,
    keys: &'a KeySet,
) -> Result<impl Iterator<Item = &'a Key> + use<'a>, VerifyError> {
    let (id, algorithm) = (header.key_id.as_deref(), header.algorithm);
    let candidates = keys.candidates(id, algorithm).take(MAX_CANDIDATES);
    match candidates.clone().count() {
        0 => Err(VerifyError::UnknownKey {
            id: id.map(json::shown),
            algorithm,
            passed_over: keys.passed_over().len(),
        }),
        2.. if id.is_none() => Err(VerifyError::SeveralKeys(algorithm)),
        _ => Ok(candidates),
    }
}

/// The parts of a token.
struct Parts<'a> {
    /// Header and payload with the dot between them: what the signature is over.
    signed: &'a str,
    header: &'a str,
    payload: &'a str,
    signature: &'a str,
}

impl<'a> Parts<'a> {
    fn read(token: &'a str) -> Result<Self, VerifyError> {
        if token.len() > MAX_TOKEN {
            return Err(VerifyError::Long);
        }
        let parts = || {
            let (signed, signature) = token.rsplit_once('.')?;
            let (header, payload) = signed.split_once('.')?;
            (!payload.contains('.')).then_some((signed, header, payload, signature))
        };
        match parts() {
            Some((_, header, ..)) if header.len() > MAX_HEADER => Err(VerifyError::Long),
            Some((signed, header, payload, signature)) => Ok(Self {
                signed,
                header,
                payload,
                signature,
            }),
            None => Err(match token.split('.').count() {
                5 => VerifyError::Encrypted,
                count => VerifyError::Parts(count),
            }),
        }
    }

    /// The header, if its algorithm is allowed.
    fn header(&self, allowed: &[Algorithm]) -> Result<Header, VerifyError> {
        let members = object("header", self.header)?;
        let text = |name: &'static str| match members.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(VerifyError::Header(name)),
        };
        let name = text("alg")?.ok_or(VerifyError::Header("alg"))?;
        let algorithm = Algorithm::named(name).filter(|named| allowed.contains(named));
        let Some(algorithm) = algorithm else {
            return Err(VerifyError::Algorithm(json::shown(name)));
        };
        if members.contains_key("crit") {
            return Err(VerifyError::Critical);
        }
        Ok(Header {
            algorithm,
            key_id: text("kid")?.map(str::to_owned),
            typ: text("typ")?.map(str::to_owned),
        })
    }
}

fn decode(part: &'static str, text: &str) -> Result<Vec<u8>, VerifyError> {
    base64url::decode(text).map_err(|error| VerifyError::Base64Url { part, error })
}

fn object(part: &'static str, text: &str) -> Result<Map<String, Value>, VerifyError> {
    json::read_object(&decode(part, text)?).map_err(|error| VerifyError::Json { part, error })
}
