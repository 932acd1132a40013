//! The id of an attempt, and of the session that it leads to.
//!
//! Before you change this: the id is public (logs, support requests, keys of the store) and `state`
//! is not, since `state` proves that a callback belongs to this login (RFC 6749 §10.12). Ids are
//! stored, so another derivation would lose every login and session that exists.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Secret, secret};

/// The id of an attempt, and of the session that it leads to. Logs, timelines, the store and
/// support requests use it. It is the first 128 bits of the SHA-256 of `state`: a callback leads
/// to the id, but the id does not reveal `state`.
///
/// ```
/// use switchback_protocol::attempt::{AttemptId, InvalidId};
/// let id: AttemptId = "0123456789abcdef0123456789abcdef".parse()?;
/// assert_eq!("not-an-id".parse::<AttemptId>(), Err(InvalidId));
/// # Ok::<(), InvalidId>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct AttemptId(String);

impl AttemptId {
    /// The id of the attempt with this `state`.
    pub fn of(state: &Secret) -> Self {
        Self(secret::short_hash(state.expose()))
    }

    /// 32 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for AttemptId {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        let digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        match text.len() == 32 && text.bytes().all(digit) {
            true => Ok(Self(text)),
            false => Err(InvalidId),
        }
    }
}

impl FromStr for AttemptId {
    type Err = InvalidId;

    /// Reads the text of [`as_str`](Self::as_str).
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        String::from(text).try_into()
    }
}

/// A text is not the id of a login or a session. The error does not repeat the text, because it
/// may be a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is not the id of a login or a session: an id is 32 hexadecimal digits, in lower case"
)]
pub struct InvalidId;
