//! The measurements, and whether they are sufficient.

use std::fmt;
use std::time::Duration;

use crate::connection::Failure;
use crate::login::REQUESTS;

/// The number of logins and their durations.
#[derive(Default)]
pub(crate) struct Figures {
    /// The durations of complete logins, in microseconds.
    took: Vec<u32>,
    refused: u64,
    /// The text of the first refusal.
    first: Option<String>,
    /// The duration of the run.
    elapsed: Duration,
}

impl Figures {
    /// Counts a login, or ends the run if the sandbox is not reachable.
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

    /// Adds the counts of another connection.
    pub(crate) fn join(&mut self, other: Figures) {
        self.took.extend(other.took);
        self.refused += other.refused;
        self.first = self.first.take().or(other.first);
    }

    /// Sets the duration of the run.
    pub(crate) fn finish(&mut self, elapsed: Duration) {
        self.elapsed = elapsed;
        self.took.sort_unstable();
    }

    /// Fails if a request was refused, or if there were fewer logins a second than required.
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

    /// Complete logins a second.
    fn rate(&self) -> f64 {
        to_float(self.logins()) / self.elapsed.as_secs_f64().max(f64::MIN_POSITIVE)
    }

    fn logins(&self) -> u64 {
        u64::try_from(self.took.len()).unwrap_or(u64::MAX)
    }

    /// The duration within which this percentage of logins completed, in milliseconds.
    fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.took.len() * percent).div_ceil(100);
        let micros = rank.checked_sub(1).and_then(|index| self.took.get(index));
        micros.map_or(f64::NAN, |micros| f64::from(*micros) / 1_000.0)
    }
}

/// Exact up to 2^53, which is longer than any run.
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
