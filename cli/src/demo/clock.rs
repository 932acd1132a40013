//! A clock that can be advanced, so that the demo need not wait until a token expires.

use std::sync::atomic::{AtomicI64, Ordering};

use switchback::ports::{Clock, SystemClock, Time};

/// The system's clocks, advanced by a number of seconds.
#[derive(Debug, Default)]
pub(crate) struct MovableClock(AtomicI64);

impl MovableClock {
    /// How far the clock is advanced, in seconds.
    pub(crate) fn moved(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Advances the clock, in seconds.
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
