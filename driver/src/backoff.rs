//! Backoff: the pauses between two retries, and between two reads of an entry that another process
//! holds the lease of.
//!
//! Before you change this: these pauses decide when something is tried, and never whether it may be
//! tried. [`sender`](crate::sender) and the lease decide that. `Retry-After` of a server is not
//! waited for here; the caller gets it.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use tokio::time::Instant;

use crate::background::BackgroundTask;

/// Pauses between two reads of an entry whose lease another process holds: 5 ms at first, 250 ms at
/// most.
pub(crate) struct PollBackoff {
    pauses: ExponentialBackoff,
    first: bool,
}

impl Default for PollBackoff {
    fn default() -> Self {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(5))
            .with_max_delay(Duration::from_millis(250))
            .with_jitter()
            .without_max_times();
        Self {
            pauses: pauses.build(),
            first: true,
        }
    }
}

impl PollBackoff {
    /// Whether [`next`](Self::next) was not called yet.
    pub(crate) fn is_first(&self) -> bool {
        self.first
    }

    /// Waits for the next pause, at most `at_most` seconds. Returns false if the system wants this
    /// process to stop.
    pub(crate) async fn next(&mut self, at_most: i64, background: &BackgroundTask) -> bool {
        self.first = false;
        let at_most = Duration::from_secs(u64::try_from(at_most).unwrap_or_default());
        let pause = self.pauses.next().unwrap_or(at_most);
        tokio::select! {
            () = tokio::time::sleep(pause.min(at_most)) => true,
            () = background.expired() => false,
        }
    }
}

/// Limits the retries within one call: at most two, and only in the first five seconds. They help
/// where a phone has just woken up and its network needs a moment.
pub(crate) struct RetryLimit(Instant);

impl RetryLimit {
    /// A failure that takes longer than this is not retried.
    const LIMIT: Duration = Duration::from_secs(5);

    pub(crate) fn begin() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn pauses(&self) -> ExponentialBuilder {
        ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(100))
            .with_factor(3.0)
            .with_jitter()
            .with_max_times(2)
    }

    pub(crate) fn are_left(&self) -> bool {
        self.0.elapsed() < Self::LIMIT
    }
}
