//! Secret texts, random values and hashes.
//!
//! Before you change this: every token, code, verifier and cookie is a [`Secret`] from the moment
//! it is read, so that no log, error or panic shows it. A test sends marked secrets through every
//! path and looks for them in all output.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer, Serializer};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// A text that is never printed: a token, a code, a verifier, a cookie.
///
/// `Debug` shows `[redacted]`, and there is no `Display`. The memory is overwritten when the last
/// clone is dropped. A clone does not allocate. `Secret` does not implement `Serialize`: a stored
/// field needs `#[serde(with = "…")]`, so that no secret gets into a file by accident. Two secrets
/// are compared in constant time.
///
/// ```
/// use switchback_protocol::Secret;
/// let token = Secret::from("s3cr3t");
/// assert_eq!(format!("{token:?}"), "[redacted]");
/// assert_eq!(token.expose(), "s3cr3t");
/// ```
#[derive(Clone)]
pub struct Secret(Arc<SecretString>);

impl Secret {
    /// The text. Check each call in a review.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Compares with a text in constant time. The time may reveal the length.
    pub fn is(&self, other: &str) -> bool {
        self.expose().as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(Arc::new(SecretString::from(text)))
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Arc::new(SecretString::from(text)))
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.is(other.expose())
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// 256 random bits as 43 characters of base64url: a `state`, a PKCE `code_verifier` (RFC 7636
/// §4.1), a `nonce`. The memory is overwritten on drop.
pub struct Random(Zeroizing<[u8; 43]>);

impl Random {
    /// Encodes 32 random bytes. They must come from the random source of the operating system,
    /// which this crate cannot access.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(Zeroizing::new(encode(bytes)))
    }

    /// The 43 characters.
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }
}

impl From<&Random> for Secret {
    fn from(random: &Random) -> Self {
        Self::from(random.as_str())
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The SHA-256 of a text as 43 characters of base64url without padding: the PKCE `code_challenge`
/// of a verifier (RFC 7636 §4.2).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint([u8; 43]);

impl Fingerprint {
    pub(crate) fn of(text: &str) -> Self {
        Self(encode(&Sha256::digest(text.as_bytes()).into()))
    }

    pub(crate) fn as_str(&self) -> &str {
        text(&self.0)
    }
}

/// The first 128 bits of the SHA-256 of a text, in hexadecimal: an id that does not reveal the
/// text, never looks like a command-line option, and is easy to read aloud.
pub(crate) fn short_hash(text: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let digits = digest[..16].iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

fn encode(bytes: &[u8; 32]) -> [u8; 43] {
    let mut out = [b'A'; 43];
    // 32 bytes always give 43 characters, so the slice is long enough.
    let written = URL_SAFE_NO_PAD.encode_slice(bytes, &mut out);
    debug_assert_eq!(written, Ok(43));
    out
}

fn text(ascii: &[u8; 43]) -> &str {
    core::str::from_utf8(ascii).unwrap_or_default()
}

/// For `#[serde(with = "…")]` on a secret that is stored in the platform's secure store.
pub(crate) mod stored {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(secret.expose())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
        String::deserialize(from).map(Secret::from)
    }
}

/// The same for an optional secret.
pub(crate) mod stored_option {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(
        secret: &Option<Secret>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match secret {
            Some(secret) => to.serialize_some(secret.expose()),
            None => to.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Secret>, D::Error> {
        Ok(Option::<String>::deserialize(from)?.map(Secret::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn the_challenge_matches_rfc_7636_appendix_b() {
        let challenge = Fingerprint::of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(
            challenge.as_str(),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn random_encodes_all_256_bits() {
        assert_eq!(
            Random::new(&[0; 32]).as_str(),
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        );
        assert_eq!(
            Random::new(&[255; 32]).as_str(),
            "__________________________________________8"
        );
    }

    #[test]
    fn debug_shows_no_secret() {
        let secret = Secret::from("hunter2");
        assert_eq!(
            format!("{secret:?} {:?}", Random::new(&[7; 32])),
            "[redacted] [redacted]"
        );
    }

    #[test]
    fn secrets_compare_by_text() {
        assert_eq!(Secret::from("a"), Secret::from("a"));
        assert_ne!(Secret::from("a"), Secret::from("b"));
        assert_ne!(Secret::from("a"), Secret::from("aa"));
    }
}
