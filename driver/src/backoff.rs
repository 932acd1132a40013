//! How long is waited between two looks, or two tries.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use tokio::time::Instant;

use crate::background::BackgroundTask;

/// PollBackoff between two looks at what another process does: short at first.
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
    /// Whether there was no pause yet.
    pub(crate) fn is_first(&self) -> bool {
        self.first
    }

    /// Waits, and not for longer than so many seconds. False where the system wants this
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

/// What certainly may be tried again is tried again within one call: the network of a phone
/// that just woke up is there a moment later.
pub(crate) struct RetryLimit(Instant);

impl RetryLimit {
    /// Nobody waits for a network that is slow to say that it is not there.
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
