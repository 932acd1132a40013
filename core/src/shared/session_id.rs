//! The names of sessions.

use std::fmt;

use switchback_protocol::attempt::AttemptId;

/// Names a session. It is the id of the attempt that it came from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(AttemptId);

impl SessionId {
    /// An id that an app kept. Any text will do: one that names nothing opens nothing.
    pub fn from_text(id: &str) -> Self {
        Self(AttemptId::from_text(id))
    }

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

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
