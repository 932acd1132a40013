//! What was measured, and whether it will do.

use std::fmt;
use std::time::Duration;

use crate::connection::Failure;
use crate::login::REQUESTS;

/// How many logins there were and how long each took.
#[derive(Default)]
pub(crate) struct Figures {
    /// Whole logins: how long each took, in microseconds.
    took: Vec<u32>,
    refused: u64,
    /// The first refusal, in words.
    first: Option<String>,
    /// How long all of it took.
    elapsed: Duration,
}

impl Figures {
    /// Counts a login, or ends the run where there is no going on.
    pub(crate) fn count(
        &mut self,
        took: Duration,
        outcome: Result<(), Failure>,
    ) -> Result<(), String> {
        match outcome {
            Ok(()) => {
                let micros = u32::try_from(took.as_micros()).unwrap_or(u32::MAX);
                self.took.push(micros);
            }
            Err(Failure::Refused(why)) => {
                self.refused += 1;
                self.first.get_or_insert(why);
            }
            Err(Failure::Lost(why)) => return Err(why),
        }
        Ok(())
    }

    /// Adds what another connection counted.
    pub(crate) fn join(&mut self, other: Figures) {
        self.took.extend(other.took);
        self.refused += other.refused;
        self.first = self.first.take().or(other.first);
    }

    /// The sum is complete, after so long.
    pub(crate) fn finish(&mut self, elapsed: Duration) {
        self.elapsed = elapsed;
        self.took.sort_unstable();
    }

    /// Fails where a request was refused, or where there were fewer logins a second than
    /// there should be.
    pub(crate) fn judge(&self, at_least: Option<u64>) -> Result<(), String> {
        if let Some(first) = &self.first {
            return Err(format!(
                "{} logins were refused, the first so: {first}",
                self.refused
            ));
        }
        let rate = self.rate();
        match at_least {
            Some(least) if rate < to_float(least) => Err(format!(
                "{rate:.0} logins a second; there should be {least} at least"
            )),
            _ => Ok(()),
        }
    }

    /// Whole logins a second.
    fn rate(&self) -> f64 {
        to_float(self.logins()) / self.elapsed.as_secs_f64().max(f64::MIN_POSITIVE)
    }

    fn logins(&self) -> u64 {
        u64::try_from(self.took.len()).unwrap_or(u64::MAX)
    }

    /// How long at most so many of a hundred logins took, in milliseconds.
    fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.took.len() * percent).div_ceil(100);
        let micros = rank.checked_sub(1).and_then(|index| self.took.get(index));
        micros.map_or(f64::NAN, |micros| f64::from(*micros) / 1_000.0)
    }
}

/// Exact up to 2^53, and no run is that long.
#[expect(clippy::cast_precision_loss, reason = "counts here are small")]
fn to_float(count: u64) -> f64 {
    count as f64
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = self.rate();
        let elapsed = self.elapsed.as_secs_f64();
        writeln!(f, "logins             {} in {elapsed:.1} s", self.logins())?;
        writeln!(f, "logins a second    {rate:.0}")?;
        writeln!(f, "requests a second  {:.0}", rate * to_float(REQUESTS))?;
        let (half, most) = (self.percentile(50), self.percentile(99));
        writeln!(f, "one login          p50 {half:.1} ms, p99 {most:.1} ms")?;
        write!(f, "refused logins     {}", self.refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_ranks() {
        let mut figures = Figures::default();
        for millis in (1..=200).rev() {
            figures
                .count(Duration::from_millis(millis), Ok(()))
                .unwrap();
        }
        figures.finish(Duration::from_secs(2));
        assert_eq!(
            (figures.percentile(50), figures.percentile(99)),
            (100.0, 198.0)
        );
        assert!(figures.to_string().contains("logins a second    100\n"));
        assert!(figures.judge(Some(100)).is_ok());
        assert!(figures.judge(Some(101)).unwrap_err().contains("101"));
    }

    #[test]
    fn a_refusal_fails_the_run() {
        let mut figures = Figures::default();
        let refused = Err(Failure::Refused("token: 400".into()));
        figures.count(Duration::ZERO, refused).unwrap();
        let mut sum = Figures::default();
        sum.join(figures);
        sum.finish(Duration::from_secs(1));
        assert!(sum.judge(None).unwrap_err().contains("token: 400"));
        let lost = Err(Failure::Lost("gone".into()));
        assert!(sum.count(Duration::ZERO, lost).is_err());
    }
}
