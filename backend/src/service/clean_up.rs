//! Removes what nobody will ask for any more. It shares the one connection that writes with
//! logins, and so it goes in turns: each is short, and a rest follows it, in which whoever waits
//! is served.

use std::time::Duration;

use super::Service;
use crate::error::Error;
use crate::store::{Removed, Table, Turn};

/// A turn should take no longer.
const LONGEST: Duration = Duration::from_millis(4);

/// A rest is so many times as long as the turn before it: of the connection's time, clean-up
/// has a quarter at most.
const REST: u32 = 3;

/// A turn removes so many rows: at first, and at least.
const FEWEST: u32 = 16;
/// And at most, however fast it is.
const MOST: u32 = 2048;

impl Service {
    /// Removes what nobody will ask for any more: from memory, whether or not the database
    /// answers, and from the database, whose clock is looked at. Call it now and then: once a
    /// minute is good. Logins and requests go on meanwhile.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn clean_up(&self) -> Result<Removed, Error> {
        self.inner.reads.forget_old(self.inner.now().wall);
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
            let mut pace = Pace::default();
            loop {
                let turn = store.remove_expired(table, now, pace.rows).await?;
                *count += turn.removed;
                match pace.rest_after(&turn) {
                    Some(rest) => tokio::time::sleep(rest).await,
                    None => break,
                }
            }
        }
        Ok(removed)
    }
}

/// How much is removed in a turn.
struct Pace {
    rows: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { rows: FEWEST }
    }
}

impl Pace {
    /// For how long nothing is removed after this turn. `None`: there is nothing more.
    fn rest_after(&mut self, turn: &Turn) -> Option<Duration> {
        if turn.removed < u64::from(self.rows) {
            return None;
        }
        if turn.took > LONGEST {
            // In proportion: one that took far too long is not followed by another such.
            let fitting = u128::from(self.rows) * LONGEST.as_micros() / turn.took.as_micros();
            self.rows = u32::try_from(fitting).unwrap_or(MOST).max(FEWEST);
        } else if turn.took < LONGEST / 2 {
            self.rows = self.rows.saturating_mul(2).min(MOST);
        }
        Some(turn.took.saturating_mul(REST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes turns at a database where a row takes so long, and gives how long each took.
    fn turns(pace: &mut Pace, expired: &mut u64, row: Duration) -> Vec<Duration> {
        let mut all = Vec::new();
        loop {
            let removed = u64::from(pace.rows).min(*expired);
            *expired -= removed;
            let took = row * u32::try_from(removed).unwrap();
            all.push(took);
            let Some(rest) = pace.rest_after(&Turn { removed, took }) else {
                return all;
            };
            assert_eq!(rest, took * REST);
        }
    }

    #[test]
    fn a_turn_is_bounded_by_time_however_long_a_row_takes() {
        for micros in [0, 1, 3, 10, 100, 249] {
            let mut expired = 1_000_000;
            let all = turns(
                &mut Pace::default(),
                &mut expired,
                Duration::from_micros(micros),
            );
            assert_eq!(expired, 0);
            assert!(all.iter().all(|took| *took <= LONGEST), "{micros}: {all:?}");
            // And none is much shorter than it may be, but for the first ones and the last.
            let short = all.iter().filter(|took| **took < LONGEST / 4).count();
            let most = MOST * u32::try_from(micros).unwrap();
            let is_fast = Duration::from_micros(most.into()) < LONGEST / 4;
            assert!(is_fast || short <= 10, "{micros}: {short} of {}", all.len());
        }
    }

    #[test]
    fn one_turn_that_takes_long_is_followed_by_short_ones() {
        let mut pace = Pace::default();
        turns(&mut pace, &mut 100_000, Duration::from_micros(1));
        assert_eq!(pace.rows, MOST);
        // The disk is a hundred times slower from now on.
        let long = turns(&mut pace, &mut 10_000, Duration::from_micros(100));
        let too_long = long.iter().filter(|took| **took > LONGEST).count();
        assert_eq!(too_long, 1, "{long:?}");
    }

    #[test]
    fn the_fewest_rows_are_removed_however_slow_it_is() {
        let mut pace = Pace::default();
        let slow = turns(&mut pace, &mut 100, Duration::from_secs(1));
        assert_eq!((pace.rows, slow.len()), (FEWEST, 7));
    }
}
