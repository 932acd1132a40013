//! A lease: the right of one process to send a request that must be sent once.
//!
//! Several processes can share a store: an app and its extension, two commands, the nodes of a
//! backend. Before one of them sends a code or a refresh token, it stores a lease by compare and
//! set. The others wait.
//!
//! | event | what the other processes do |
//! |---|---|
//! | the holder stores the answer | read it |
//! | the holder is known to have ended | take over at once |
//! | [`Lease::HOLDS_FOR_SECONDS`] have passed | take over |
//!
//! Before you change it: a lease does not stop a suspended process. Its request may still arrive
//! after another process has taken over. Therefore the process that takes over marks its request
//! with `again`, and a late answer is stored by compare and set only. Nothing is sent in the last
//! [`Lease::NO_SENDING_IN_LAST_SECONDS`], so that the answer arrives while the lease holds.

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::time::Time;

/// The name of one running client. No other client of the same store has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Owner(String);

impl Owner {
    /// An owner with this unique name, for example 128 random bits. Use letters, digits and hyphens
    /// only, because the name may become a file name.
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

/// The process that needs the lease.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Its name.
    pub owner: Owner,
    /// Whether the holder of the stored lease, if it is another process, is known to have ended.
    pub holder_has_ended: bool,
}

/// The right to send, for [`HOLDS_FOR_SECONDS`](Self::HOLDS_FOR_SECONDS).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The holder.
    pub by: Owner,
    /// When it was taken.
    pub since: Time,
}

impl Lease {
    /// How long a lease holds, in seconds. This is longer than a transport waits for an answer.
    pub const HOLDS_FOR_SECONDS: i64 = 60;

    /// In these last seconds of a lease its holder sends nothing, so that the answer arrives
    /// while the lease holds.
    pub const NO_SENDING_IN_LAST_SECONDS: i64 = 30;

    pub(crate) fn new(by: &Owner, since: Time) -> Self {
        Self {
            by: by.clone(),
            since,
        }
    }

    /// Seconds for which it still holds. 0 if the clocks cannot say how much time has passed.
    fn seconds_left(&self, now: &Time) -> i64 {
        let passed = now.since(&self.since).unwrap_or(Self::HOLDS_FOR_SECONDS);
        Self::HOLDS_FOR_SECONDS.saturating_sub(passed).max(0)
    }

    /// Whether it still holds.
    pub fn holds(&self, now: &Time) -> bool {
        self.seconds_left(now) > 0
    }

    /// Whether its holder may send now. Check it right before sending: the process may have been
    /// suspended since it took the lease.
    pub fn may_send(&self, now: &Time) -> bool {
        self.seconds_left(now) > Self::NO_SENDING_IN_LAST_SECONDS
    }

    /// Seconds to wait for its holder at most. `None` if there is no need to wait: the lease has
    /// expired, its holder has ended, or the caller itself holds it from an earlier run (a caller
    /// does one thing at a time).
    pub(crate) fn seconds_to_wait(&self, caller: &Caller, now: &Time) -> Option<i64> {
        let left = self.seconds_left(now);
        (left > 0 && !caller.holder_has_ended && self.by != caller.owner).then_some(left)
    }
}
