//! Removes what nobody will ask for any more. It shares the one connection that writes with
//! logins, and so it goes in batches: each is short, and a rest follows it, in which whoever waits
//! is served.

use std::time::Duration;

use super::Service;
use crate::error::Error;
use crate::store::{CleanUpBatch, Removed, Table};

/// A batch should take no longer.
const TARGET: Duration = Duration::from_millis(4);

/// A rest is so many times as long as the batch before it: of the connection's time, clean-up
/// has a quarter at most.
const REST_FACTOR: u32 = 3;

/// A batch removes so many rows: at first, and at least.
const MIN_ROWS: u32 = 16;
/// And at most, however fast it is.
const MAX_ROWS: u32 = 2048;

impl Service {
    /// Removes what nobody will ask for any more: from memory, whether or not the database
    /// answers, and from the database, whose clock is looked at. Call it now and then: once a
    /// minute is good. Logins and requests go on meanwhile.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn clean_up(&self) -> Result<Removed, Error> {
        self.inner.reads.remove_old(self.inner.now().wall);
        let store = &self.inner.platform.store;
        store.measure_clock().await?;
        let now = self.inner.now().wall;
        let mut removed = Removed::default();
        for (table, count) in [
            (Table::Attempts, &mut removed.attempts),
            // Before their grants, which take what is left with them.
            (Table::Sessions, &mut removed.sessions),
            (Table::Grants, &mut removed.grants),
        ] {
            let mut batch_size = BatchSize::default();
            loop {
                let batch = store.remove_expired(table, now, batch_size.rows).await?;
                *count += batch.removed;
                match batch_size.rest_after(&batch) {
                    Some(rest) => tokio::time::sleep(rest).await,
                    None => break,
                }
            }
        }
        Ok(removed)
    }
}

/// How much is removed in a batch.
struct BatchSize {
    rows: u32,
}

impl Default for BatchSize {
    fn default() -> Self {
        Self { rows: MIN_ROWS }
    }
}

impl BatchSize {
    /// For how long nothing is removed after this batch. `None`: there is nothing more.
    fn rest_after(&mut self, batch: &CleanUpBatch) -> Option<Duration> {
        if batch.removed < u64::from(self.rows) {
            return None;
        }
        if batch.took > TARGET {
            // In proportion: one that took far too long is not followed by another such.
            let fitting = u128::from(self.rows) * TARGET.as_micros() / batch.took.as_micros();
            self.rows = u32::try_from(fitting).unwrap_or(MAX_ROWS).max(MIN_ROWS);
        } else if batch.took < TARGET / 2 {
            self.rows = self.rows.saturating_mul(2).min(MAX_ROWS);
        }
        Some(batch.took.saturating_mul(REST_FACTOR))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes batches at a database where a row takes so long, and gives how long each took.
    fn batches(batch_size: &mut BatchSize, expired: &mut u64, row: Duration) -> Vec<Duration> {
        let mut all = Vec::new();
        loop {
            let removed = u64::from(batch_size.rows).min(*expired);
            *expired -= removed;
            let took = row * u32::try_from(removed).unwrap();
            all.push(took);
            let Some(rest) = batch_size.rest_after(&CleanUpBatch { removed, took }) else {
                return all;
            };
            assert_eq!(rest, took * REST_FACTOR);
        }
    }

    #[test]
    fn batches_stay_below_the_target_time() {
        for micros in [0, 1, 3, 10, 100, 249] {
            let mut expired = 1_000_000;
            let all = batches(
                &mut BatchSize::default(),
                &mut expired,
                Duration::from_micros(micros),
            );
            assert_eq!(expired, 0);
            assert!(all.iter().all(|took| *took <= TARGET), "{micros}: {all:?}");
            // And none is much shorter than it may be, but for the first ones and the last.
            let short = all.iter().filter(|took| **took < TARGET / 4).count();
            let most = MAX_ROWS * u32::try_from(micros).unwrap();
            let is_fast = Duration::from_micros(most.into()) < TARGET / 4;
            assert!(is_fast || short <= 10, "{micros}: {short} of {}", all.len());
        }
    }

    #[test]
    fn one_slow_batch_is_followed_by_short_ones() {
        let mut batch_size = BatchSize::default();
        batches(&mut batch_size, &mut 100_000, Duration::from_micros(1));
        assert_eq!(batch_size.rows, MAX_ROWS);
        // The disk is a hundred times slower from now on.
        let long = batches(&mut batch_size, &mut 10_000, Duration::from_micros(100));
        let too_long = long.iter().filter(|took| **took > TARGET).count();
        assert_eq!(too_long, 1, "{long:?}");
    }

    #[test]
    fn the_minimum_batch_is_removed_from_a_slow_database() {
        let mut batch_size = BatchSize::default();
        let slow = batches(&mut batch_size, &mut 100, Duration::from_secs(1));
        assert_eq!((batch_size.rows, slow.len()), (MIN_ROWS, 7));
    }
}
