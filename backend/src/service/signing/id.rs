//! The id by which the service's own code knows a signing.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::time_ordered;

/// The second of the request, and 160 random bits.
const LENGTH: usize = 24;

/// The id of a signing. Until a person has signed, any person who knows the id can begin the
/// signing (unless [`SigningOptions::subject`](super::SigningOptions::subject) names one), so it has
/// 160 random bits: do not log it. It opens nothing else: over HTTP, all that reads or deletes a
/// signing needs an API key.
///
/// The database has a hash of it in clear.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SigningId([u8; LENGTH]);

/// The text is not the id of a signing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a signing: it has 32 characters of base64url")]
pub struct NotASigningId;

impl SigningId {
    /// An id from new random bytes.
    pub(super) fn new(mut random: [u8; LENGTH], second: i64) -> Self {
        time_ordered::stamp(&mut random, second);
        Self(random)
    }

    /// The id of the row: the second, and a hash.
    pub(super) fn row(self) -> String {
        let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(self.0)[..12]);
        time_ordered::id(&self.0, &hash)
    }
}

impl FromStr for SigningId {
    type Err = NotASigningId;

    fn from_str(text: &str) -> Result<Self, NotASigningId> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotASigningId)?;
        bytes.try_into().map(Self).map_err(|_| NotASigningId)
    }
}

impl TryFrom<String> for SigningId {
    type Error = NotASigningId;

    fn try_from(text: String) -> Result<Self, NotASigningId> {
        text.parse()
    }
}

impl From<SigningId> for String {
    fn from(id: SigningId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for SigningId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for SigningId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningId([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_well_formed_ids_are_read() {
        let id = SigningId::new([7; LENGTH], 1_800_000_000);
        let text = id.to_string();
        assert_eq!((text.len(), text.parse()), (32, Ok(id)));
        assert_eq!((&id.row()[..8], id.row().len()), ("6b49d200", 24));
        assert!(!format!("{id:?}").contains(&text));
        for other in ["", "x", &text[..31], &format!("{text}A"), &"=".repeat(32)] {
            assert_eq!(other.parse::<SigningId>(), Err(NotASigningId), "{other}");
        }
    }
}
