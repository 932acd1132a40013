//! One public key (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2).

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::algorithm::{Algorithm, KeyType};
use crate::{base64url, der, json};

/// The longest modulus of RSA that is used, in bits. A longer one costs the reader more time than
/// any provider needs.
const LONGEST_RSA: usize = 8192;

/// The members of private and of symmetric keys (RFC 7518 §6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A public key that verifies signatures.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    id: Option<String>,
    /// The only algorithm that the key is for, if the key names one.
    algorithm: Option<Algorithm>,
    key_type: KeyType,
    /// The form of X.509: the contents of `subjectPublicKey`.
    x509: Vec<u8>,
    /// The length of the modulus of RSA, in bits.
    rsa_bits: usize,
    /// The members that identify the key, in the order of RFC 7638 §3.2.
    thumbprint_input: String,
}

/// Why a key of a set is not used. The other keys of the set are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text is not one object without doubled members.
    #[error("it {0}")]
    Json(#[from] json::JsonError),
    /// A member has the wrong type or value.
    #[error("its member `{0}` is missing or has the wrong form")]
    Member(&'static str),
    /// The key is of a kind that is not supported here.
    #[error("its kind is not supported")]
    KeyType,
    /// The key is for encryption, or for something else that is no verification.
    #[error("it is not for signatures")]
    Use,
    /// The key is for an algorithm that is not supported here, or not for keys of its kind.
    #[error("its algorithm is not supported or does not fit its kind")]
    Algorithm,
    /// The set has a private or symmetric key, so any program could have made the signature.
    #[error("its private part is published, so any program could have made the signature")]
    Private,
    /// The RSA key is longer than 8192 bits.
    #[error("it has {0} bits; RSA keys with up to {LONGEST_RSA} bits are used")]
    Long(usize),
}

impl Key {
    /// Reads one key.
    ///
    /// # Errors
    /// It cannot verify signatures.
    pub fn read(json: &[u8]) -> Result<Self, KeyError> {
        let members = json::read_object(json)?;
        let text = |name: &'static str| match members.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(KeyError::Member(name)),
        };
        if PRIVATE.iter().any(|name| members.contains_key(*name)) {
            return Err(KeyError::Private);
        }
        let is_for_signatures = text("use")?.is_none_or(|name| name == "sig")
            && match members.get("key_ops") {
                None => true,
                Some(Value::Array(operations)) => operations.iter().any(|name| name == "verify"),
                Some(_) => return Err(KeyError::Member("key_ops")),
            };
        if !is_for_signatures {
            return Err(KeyError::Use);
        }
        let id = text("kid")?.map(str::to_owned);
        let kind = text("kty")?.ok_or(KeyError::Member("kty"))?;
        let curve = text("crv")?;
        let (key_type, x509, rsa_bits) = match (kind, curve) {
            ("RSA", _) => rsa(&members)?,
            ("EC", Some("P-256")) => (KeyType::P256, point(&members, 32)?, 0),
            ("EC", Some("P-384")) => (KeyType::P384, point(&members, 48)?, 0),
            ("OKP", Some("Ed25519")) => (KeyType::Ed25519, number(&members, "x", Some(32))?, 0),
            _ => return Err(KeyError::KeyType),
        };
        let fits = |algorithm: &Algorithm| algorithm.key_type() == key_type;
        let algorithm = match text("alg")? {
            None => None,
            Some(name) => {
                // RFC 9864 §2.2 names the curve, too.
                let name = if name == "Ed25519" { "EdDSA" } else { name };
                let named = Algorithm::named(name).filter(fits);
                Some(named.ok_or(KeyError::Algorithm)?)
            }
        };
        Ok(Self {
            id,
            algorithm,
            key_type,
            x509,
            rsa_bits,
            thumbprint_input: thumbprint_input(&members, kind),
        })
    }

    /// The key's id, `kid` (RFC 7517 §4.5).
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The SHA-256 thumbprint (RFC 7638).
    pub fn thumbprint(&self) -> [u8; 32] {
        Sha256::digest(&self.thumbprint_input).into()
    }

    /// Whether signatures with this algorithm can be of this key.
    pub fn is_for(&self, algorithm: Algorithm) -> bool {
        self.key_type == algorithm.key_type() && self.algorithm.is_none_or(|only| only == algorithm)
    }

    /// The length of an RSA key, in bits. `None`: it is no RSA key.
    pub fn rsa_bits(&self) -> Option<usize> {
        (self.key_type == KeyType::Rsa).then_some(self.rsa_bits)
    }

    pub(crate) fn x509(&self) -> &[u8] {
        &self.x509
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("id", &self.id)
            .field("key_type", &self.key_type)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// A number in base64url, with a fixed number of bytes if the standard demands it.
fn number(
    members: &Map<String, Value>,
    name: &'static str,
    length: Option<usize>,
) -> Result<Vec<u8>, KeyError> {
    let text = members.get(name).and_then(Value::as_str);
    let bytes = text.and_then(|text| base64url::decode(text).ok());
    bytes
        .filter(|bytes| length.is_none_or(|length| bytes.len() == length))
        .ok_or(KeyError::Member(name))
}

/// The modulus and the exponent (RFC 7518 §6.3.1). Some providers write a zero byte before the
/// modulus, which the standard forbids and which changes nothing.
fn rsa(members: &Map<String, Value>) -> Result<(KeyType, Vec<u8>, usize), KeyError> {
    let modulus = number(members, "n", None)?;
    let modulus = der::without_zeros(&modulus);
    let exponent = number(members, "e", None)?;
    let exponent = der::without_zeros(&exponent);
    let first = modulus.first().ok_or(KeyError::Member("n"))?;
    let bits = modulus.len() * 8 - first.leading_zeros() as usize;
    if bits > LONGEST_RSA {
        return Err(KeyError::Long(bits));
    }
    // Longer exponents make a verification slow; 65537 has three bytes.
    let is_odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    if !is_odd(exponent) || exponent == [1] || exponent.len() > 4 {
        return Err(KeyError::Member("e"));
    }
    Ok((KeyType::Rsa, der::sequence_of_two(modulus, exponent), bits))
}

/// An uncompressed point (SEC 1 §2.3.3). The implementation checks that it is on the curve.
fn point(members: &Map<String, Value>, length: usize) -> Result<Vec<u8>, KeyError> {
    let x = number(members, "x", Some(length))?;
    let y = number(members, "y", Some(length))?;
    Ok([&[0x04][..], &x, &y].concat())
}

/// The required members in the order of their names, without spaces (RFC 7638 §3). The values are
/// base64url and names of curves, so none has a character to escape.
fn thumbprint_input(members: &Map<String, Value>, kind: &str) -> String {
    let names: &[&str] = match kind {
        "RSA" => &["e", "kty", "n"],
        "EC" => &["crv", "kty", "x", "y"],
        _ => &["crv", "kty", "x"],
    };
    let pairs = names.iter().map(|name| {
        let value = members.get(*name).and_then(Value::as_str);
        let value = value.unwrap_or_default();
        match (kind, base64url::decode(value)) {
            // RFC 7518 §6.3.1.1: a number of RSA has no zero before it.
            ("RSA", Ok(number)) if *name != "kty" => {
                let number = base64url::encode(der::without_zeros(&number));
                format!("\"{name}\":\"{number}\"")
            }
            _ => format!("\"{name}\":\"{value}\""),
        }
    });
    format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7638 §3.1.
    const RSA: &str = r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#;

    fn read(json: &str) -> Result<Key, KeyError> {
        Key::read(json.as_bytes())
    }

    fn p256(more: &str) -> Result<Key, KeyError> {
        let zeros = "A".repeat(43);
        read(&format!(
            r#"{{"kty":"EC","crv":"P-256","x":"{zeros}","y":"{zeros}"{more}}}"#
        ))
    }

    #[test]
    fn the_thumbprint_is_that_of_the_standard() {
        let key = read(RSA).unwrap();
        let thumbprint = base64url::encode(&key.thumbprint());
        assert_eq!(thumbprint, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        assert_eq!(key.rsa_bits(), Some(2048));
        assert_eq!(key.id(), Some("2011-04-29"));
    }

    #[test]
    fn a_key_is_for_the_algorithms_of_its_kind_or_for_the_named_one() {
        let key = read(RSA).unwrap();
        assert!(key.is_for(Algorithm::Rs256));
        assert!(!key.is_for(Algorithm::Rs384) && !key.is_for(Algorithm::Es256));
        let key = read(&RSA.replace(r#""alg":"RS256","#, "")).unwrap();
        assert!(key.is_for(Algorithm::Rs384) && key.is_for(Algorithm::Ps256));
        assert!(!key.is_for(Algorithm::EdDsa));
    }

    #[test]
    fn a_key_that_cannot_verify_signatures_is_refused() {
        assert!(p256("").is_ok() && p256(r#","use":"sig","key_ops":["verify"]"#).is_ok());
        for (more, error) in [
            (r#","use":"enc""#, KeyError::Use),
            (r#","key_ops":["sign"]"#, KeyError::Use),
            (r#","key_ops":"verify""#, KeyError::Member("key_ops")),
            (r#","alg":"RS256""#, KeyError::Algorithm),
            (r#","alg":"none""#, KeyError::Algorithm),
            (r#","d":"AA""#, KeyError::Private),
            (r#","kid":7"#, KeyError::Member("kid")),
        ] {
            assert_eq!(p256(more), Err(error), "{more}");
        }
        for (json, error) in [
            (r#"{"kty":"oct","k":"AA"}"#, KeyError::Private),
            (
                r#"{"kty":"RSA","n":"_w","e":"AQAB","q":"AA"}"#,
                KeyError::Private,
            ),
            (r#"{"kty":"EC","crv":"secp256k1"}"#, KeyError::KeyType),
            (r#"{"kty":"EC","crv":"P-256"}"#, KeyError::Member("x")),
            (
                r#"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#,
                KeyError::Member("x"),
            ),
            (
                r#"{"kty":"RSA","n":"AA","e":"AQAB"}"#,
                KeyError::Member("n"),
            ),
            (r#"{"kty":"RSA","n":"_w","e":"AQ"}"#, KeyError::Member("e")),
            (r#"{"kty":"RSA","n":"_w","e":"Ag"}"#, KeyError::Member("e")),
            (r#"{"n":"_w"}"#, KeyError::Member("kty")),
        ] {
            assert_eq!(read(json), Err(error), "{json}");
        }
        assert!(matches!(
            read(r#"{"kty":"EC","kty":"RSA"}"#),
            Err(KeyError::Json(_))
        ));
        let long = "_".repeat((LONGEST_RSA / 8).div_ceil(3) * 4);
        let long = format!(r#"{{"kty":"RSA","n":"{long}","e":"AQAB"}}"#);
        assert!(matches!(read(&long), Err(KeyError::Long(_))));
    }
}
