//! A clock that can be moved: nobody waits for a token to expire.

use std::sync::atomic::{AtomicI64, Ordering};

use switchback::ports::{Clock, SystemClock};

/// The system's clock, and as many seconds more as it was moved.
#[derive(Debug, Default)]
pub(crate) struct MovableClock(AtomicI64);

impl MovableClock {
    /// Moves it forward, in seconds.
    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for MovableClock {
    fn now(&self) -> i64 {
        SystemClock.now() + self.0.load(Ordering::Relaxed)
    }
}
