//! Who does what must be done once, and for how long nobody else may.
//!
//! A lease is stored before anything is sent, by compare and set, so that of several
//! processes (an app and its extension, two commands, the nodes of a backend) one sends and
//! the others wait. A holder that is gone lets go; one of which nobody knows lets go when
//! the lease has run out. What was under way then may or may not have arrived.

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::time::Time;

/// Names one running client among all that share a store.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Owner(String);

impl Owner {
    /// An owner of this name, which no other running client may have: 128 random bits will
    /// do. Letters, digits and hyphens only, since it may become the name of a file.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who is asking, and what they know of the holder of the lease that is stored.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who is asking.
    pub owner: Owner,
    /// Whether the holder, where it is somebody else, is known to run no more.
    pub holder_has_ended: bool,
}

/// The right to send, held by one for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Who holds it.
    pub by: Owner,
    /// Since when.
    pub since: Time,
}

impl Lease {
    /// How long it holds, in seconds: longer than a transport waits for an answer.
    pub const HOLDS_FOR_SECONDS: i64 = 60;

    /// Nothing is sent in its last seconds, so that an answer comes while it holds.
    pub const NO_SENDING_IN_LAST_SECONDS: i64 = 30;

    pub(crate) fn new(by: &Owner, since: Time) -> Self {
        Self {
            by: by.clone(),
            since,
        }
    }

    /// Seconds for which it holds yet: 0 where the clock tells nothing.
    fn seconds_left(&self, now: &Time) -> i64 {
        let passed = now.since(&self.since).unwrap_or(Self::HOLDS_FOR_SECONDS);
        Self::HOLDS_FOR_SECONDS.saturating_sub(passed).max(0)
    }

    /// Whether it holds yet.
    pub fn holds(&self, now: &Time) -> bool {
        self.seconds_left(now) > 0
    }

    /// Whether something may be sent under it now: not when its holder slept meanwhile.
    pub fn may_send(&self, now: &Time) -> bool {
        self.seconds_left(now) > Self::NO_SENDING_IN_LAST_SECONDS
    }

    /// Seconds to wait at most for its holder. `None` where there is nobody to wait for:
    /// it has run out, its holder is gone, or it is the caller's own from an earlier run
    /// (a caller does one thing at a time).
    pub(crate) fn seconds_to_wait(&self, caller: &Caller, now: &Time) -> Option<i64> {
        let left = self.seconds_left(now);
        (left > 0 && !caller.holder_has_ended && self.by != caller.owner).then_some(left)
    }
}
