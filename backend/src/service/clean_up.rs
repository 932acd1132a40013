//! The clean-up: removes expired rows. It shares the one connection that writes with logins, so it
//! works in short batches, each followed by a rest in which waiting writers run.

use std::time::Duration;

use super::Service;
use crate::error::Error;
use crate::store::{CleanUpBatch, Removed, Table};

/// The longest time that a batch should take.
const TARGET: Duration = Duration::from_millis(4);

/// A rest is this many times as long as the batch before it: the clean-up gets at most a quarter
/// of the connection's time.
const REST_FACTOR: u32 = 3;

/// The number of rows in the first batch, and the minimum.
const MIN_ROWS: u32 = 16;
/// The maximum number of rows in a batch.
const MAX_ROWS: u32 = 2048;

impl Service {
    /// Removes expired entries from memory and expired rows from the database, and measures the
    /// database's clock. Memory is cleaned even if the database does not answer. Call it about
    /// once a minute; logins and requests continue meanwhile.
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
            // Before grants: removing a grant removes its remaining sessions too.
            (Table::Sessions, &mut removed.sessions),
            (Table::Grants, &mut removed.grants),
            (Table::Signatures, &mut removed.signatures),
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

/// The number of rows to remove in the next batch.
struct BatchSize {
    rows: u32,
}

impl Default for BatchSize {
    fn default() -> Self {
        Self { rows: MIN_ROWS }
    }
}

impl BatchSize {
    /// How long to rest after this batch. `None`: no more rows have expired.
    fn rest_after(&mut self, batch: &CleanUpBatch) -> Option<Duration> {
        if batch.removed < u64::from(self.rows) {
            return None;
        }
        if batch.took > TARGET {
            // In proportion, so that one much too long batch is not followed by another.
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

    /// Removes rows in batches from a database that takes this long for a row, and returns the
    /// durations of the batches.
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
            // Only the first batches and the last one are much shorter than the target.
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
        // From here on the disk is a hundred times slower.
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
