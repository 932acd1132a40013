//! Session ids.

use std::fmt;
use std::str::FromStr;

use switchback_protocol::attempt::{AttemptId, InvalidId};

/// The id of a session. It equals the id of the attempt that began the session.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(AttemptId);

impl SessionId {
    /// 32 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The attempt that began the session.
    pub fn attempt(&self) -> &AttemptId {
        &self.0
    }
}

impl From<AttemptId> for SessionId {
    fn from(attempt: AttemptId) -> Self {
        Self(attempt)
    }
}

impl FromStr for SessionId {
    type Err = InvalidId;

    /// Parses an id that the app has stored.
    fn from_str(id: &str) -> Result<Self, InvalidId> {
        id.parse().map(Self)
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
