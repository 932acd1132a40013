//! A clock that can be moved: nobody waits for a token to expire.

use std::sync::atomic::{AtomicI64, Ordering};

use switchback::ports::{Clock, SystemClock, Time};

/// The system's clocks, and as many seconds more as they were moved.
#[derive(Debug, Default)]
pub(crate) struct MovableClock(AtomicI64);

impl MovableClock {
    /// By how many seconds it was moved.
    pub(crate) fn moved(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Moves it forward, in seconds.
    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Time {
        let moved = self.moved();
        let mut now = SystemClock.now();
        now.wall += moved;
        if let Some(uptime) = &mut now.uptime {
            uptime.seconds += moved;
        }
        now
    }
}
