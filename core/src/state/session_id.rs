//! The names of sessions.

use std::fmt;
use std::str::FromStr;

use switchback_protocol::attempt::{AttemptId, InvalidId};

/// Names a session. It is the id of the attempt that it came from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(AttemptId);

impl SessionId {
    /// 32 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The attempt that it came from.
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

    /// Reads an id that an app kept.
    fn from_str(id: &str) -> Result<Self, InvalidId> {
        id.parse().map(Self)
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
