//! The public keys of a provider (RFC 7517 §5).
//!
//! A provider adds keys that this crate does not know, and a key that is not ours must not lose the
//! others. So a key that cannot be used is passed over, with its reason.

use alloc::vec::Vec;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::algorithm::Algorithm;
use crate::key::{Key, KeyError};

/// How many keys are read. Providers have two to ten.
const MAX_KEYS: usize = 100;

/// How long the text of a set may be, in bytes.
const MAX_LENGTH: usize = 512 * 1024;

/// A set of public keys, a JWK Set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySet {
    keys: Vec<Key>,
    passed_over: Vec<KeyError>,
}

/// A text is not a set of keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// The text is not a JSON object with an array `keys` of objects.
    #[error("it is not a JSON object with an array `keys` (line {line}, column {column})")]
    Json {
        /// The line at which the reader stopped.
        line: usize,
        /// The column.
        column: usize,
    },
    /// There are too many keys, or the text is too long.
    #[error("it is longer than {MAX_LENGTH} bytes, or has more than {MAX_KEYS} keys")]
    Large,
}

#[derive(Deserialize)]
struct Set<'a> {
    #[serde(borrow)]
    keys: Vec<&'a RawValue>,
}

impl KeySet {
    /// Reads a set.
    ///
    /// # Errors
    /// The text is not a set. A set without a usable key is no error here.
    pub fn read(json: &[u8]) -> Result<Self, KeySetError> {
        if json.len() > MAX_LENGTH {
            return Err(KeySetError::Large);
        }
        if !json.trim_ascii_start().starts_with(b"{") {
            return Err(KeySetError::Json { line: 1, column: 1 });
        }
        // The text of serde_json can repeat a value of any length.
        let error = |error: serde_json::Error| KeySetError::Json {
            line: error.line(),
            column: error.column(),
        };
        let set: Set<'_> = serde_json::from_slice(json).map_err(error)?;
        if set.keys.len() > MAX_KEYS {
            return Err(KeySetError::Large);
        }
        let mut read = Self::default();
        for key in set.keys {
            match Key::read(key.get().as_bytes()) {
                Ok(key) => read.keys.push(key),
                Err(error) => read.passed_over.push(error),
            }
        }
        Ok(read)
    }

    /// The keys that can be used.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Why each of the other keys is not used.
    pub fn passed_over(&self) -> &[KeyError] {
        &self.passed_over
    }

    /// The keys of which one may have made a signature with this header.
    pub(crate) fn candidates<'a>(
        &'a self,
        id: Option<&'a str>,
        algorithm: Algorithm,
    ) -> impl Iterator<Item = &'a Key> + Clone {
        self.keys
            .iter()
            .filter(move |key| key.is_for(algorithm) && id.is_none_or(|id| key.id() == Some(id)))
    }
}

impl FromIterator<Key> for KeySet {
    fn from_iter<I: IntoIterator<Item = Key>>(keys: I) -> Self {
        Self {
            keys: keys.into_iter().collect(),
            passed_over: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    const EC: &str = r#"{"kty":"EC","crv":"P-256","kid":"1","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;

    #[test]
    fn a_key_that_cannot_be_used_does_not_lose_the_others() {
        let unknown = r#"{"kty":"AKP","alg":"ML-DSA-44","pub":"AA"}"#;
        let doubled = r#"{"kty":"EC","kty":"EC"}"#;
        let json = format!("{{\"keys\":[{unknown},{EC},{doubled},7],\"more\":1}}");
        let set = KeySet::read(json.as_bytes()).unwrap();
        assert_eq!(set.keys().len(), 1);
        assert_eq!(set.keys()[0].id(), Some("1"));
        assert_eq!(set.passed_over().len(), 3);
        assert_eq!(set.passed_over()[0], KeyError::KeyType);
    }

    #[test]
    fn another_text_is_no_set() {
        for json in [
            "",
            "[]",
            "[[]]",
            "{}",
            r#"{"keys":{}}"#,
            r#"{"keys":[]} x"#,
            r#"{"keys":[],"keys":[]}"#,
        ] {
            assert!(
                matches!(KeySet::read(json.as_bytes()), Err(KeySetError::Json { .. })),
                "{json}"
            );
        }
        assert!(KeySet::read(br#"{"keys":[]}"#).unwrap().keys().is_empty());
        let many = |n: usize| format!("{{\"keys\":[{}]}}", alloc::vec!["1"; n].join(","));
        assert!(KeySet::read(many(MAX_KEYS).as_bytes()).is_ok());
        let many = many(MAX_KEYS + 1);
        assert_eq!(KeySet::read(many.as_bytes()), Err(KeySetError::Large));
        let long = alloc::vec![b' '; MAX_LENGTH + 1];
        assert_eq!(KeySet::read(&long), Err(KeySetError::Large));
    }
}
