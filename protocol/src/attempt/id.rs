//! The id of an attempt, and of the session that comes of it.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Secret, secret};

/// Names an attempt, and the session that may come of it, everywhere it can be seen:
/// logs, timelines, the store, a support call. Derived from `state` by SHA-256 and cut to
/// 128 bits, so that the callback leads to it and it leads back to nothing.
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
    /// The attempt that a `state` belongs to.
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

    /// Reads an id that was shown or stored before.
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        String::from(text).try_into()
    }
}

/// A text cannot be the id of a login or a session. The text itself is not repeated, since it
/// may be anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is not the id of a login or a session: an id is 32 hexadecimal digits, in lower case"
)]
pub struct InvalidId;
