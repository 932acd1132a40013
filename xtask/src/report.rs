//! The steps of a task, with their times and a table at the end. A failed step does not stop the
//! others, so that one run shows all failures.

use std::time::{Duration, Instant};

use crate::process::{Failure, processor_time};

/// Whether a step without its tool is skipped, or is a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// A step without its tool is a failure.
    Strict,
    /// A step without its tool is skipped, with a message.
    Lenient,
}

impl Strictness {
    /// Strict if `CI` is set to a value other than empty, `0` or `false`.
    pub(crate) fn from_ci(value: Option<&str>) -> Self {
        match value {
            None | Some("" | "0" | "false") => Self::Lenient,
            Some(_) => Self::Strict,
        }
    }
}

/// Whether a tool is installed; otherwise the reason, and what to do.
pub(crate) type Availability = Result<(), String>;

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    Skipped(String),
    Failed(String),
}

impl Outcome {
    fn without(why: &str, strictness: Strictness) -> Self {
        match strictness {
            Strictness::Lenient => Self::Skipped(why.to_owned()),
            Strictness::Strict => {
                Self::Failed(format!("{why} (CI is set, so a skipped step is a failure)"))
            }
        }
    }
}

struct Row {
    step: &'static str,
    time: Option<Duration>,
    /// The processor time.
    work: Option<Duration>,
    outcome: Outcome,
}

/// The steps so far.
pub(crate) struct Report {
    strictness: Strictness,
    rows: Vec<Row>,
}

impl Report {
    pub(crate) fn new(strictness: Strictness) -> Self {
        Self {
            strictness,
            rows: Vec::new(),
        }
    }

    /// Does a step. `doing` describes it in a few words.
    pub(crate) fn step<T>(
        &mut self,
        step: &'static str,
        doing: &str,
        work: impl FnOnce() -> Result<T, Failure>,
    ) -> Option<T> {
        println!("\n==> {step}: {doing}");
        let (started, before) = (Instant::now(), processor_time());
        let done = work();
        let time = started.elapsed();
        let work = processor_time().zip(before);
        let (value, outcome) = match done {
            Ok(value) => (Some(value), Outcome::Done),
            Err(failure) => (None, Outcome::Failed(failure.0)),
        };
        println!("<== {step}: {}, {}", seconds(time), verdict(&outcome));
        self.rows.push(Row {
            step,
            time: Some(time),
            work: work.map(|(after, before)| after.saturating_sub(before)),
            outcome,
        });
        value
    }

    /// Does a step if its tool is available, and skips it otherwise.
    pub(crate) fn step_with(
        &mut self,
        needed: &Availability,
        step: &'static str,
        doing: &str,
        work: impl FnOnce() -> Result<(), Failure>,
    ) {
        match needed {
            Ok(()) => {
                self.step(step, doing, work);
            }
            Err(why) => self.leave_out(step, why),
        }
    }

    /// Records and prints that a step is skipped.
    pub(crate) fn leave_out(&mut self, step: &'static str, why: &str) {
        let outcome = Outcome::without(why, self.strictness);
        println!("\n==> {step}: {}", verdict(&outcome));
        self.rows.push(Row {
            step,
            time: None,
            work: None,
            outcome,
        });
    }

    /// All steps, one on each line, with their time and processor time.
    pub(crate) fn table(&self) -> String {
        let steps = self.rows.iter().map(|row| row.step.len());
        let wide = steps.max().unwrap_or_default().max("in all".len());
        let line = |step: &str, time: Option<Duration>, work: Option<Duration>, outcome: &str| {
            let [time, work] = [time, work].map(|time| time.map_or("-".to_owned(), seconds));
            format!("  {step:wide$}  {time:>10}  {work:>10}  {outcome}\n")
        };
        let mut table = format!("  {:wide$}  {:>10}  {:>10}\n", "", "time", "processors");
        for row in &self.rows {
            table += &line(row.step, row.time, row.work, &verdict(&row.outcome));
        }
        let sum = |of: fn(&Row) -> Option<Duration>| self.rows.iter().filter_map(of).sum();
        table += &line(
            "in all",
            Some(sum(|row| row.time)),
            Some(sum(|row| row.work)),
            "",
        );
        table
    }

    /// Fails if a step failed.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let failed: Vec<_> = self
            .rows
            .iter()
            .filter(|row| matches!(row.outcome, Outcome::Failed(_)))
            .map(|row| row.step)
            .collect();
        if failed.is_empty() {
            return Ok(());
        }
        Err(Failure(format!(
            "{} of {} steps failed: {}. The reason is in each step's output, between its ==> and \
             its <==.",
            failed.len(),
            self.rows.len(),
            failed.join(", ")
        )))
    }
}

fn verdict(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done => "ok".to_owned(),
        Outcome::Skipped(why) => format!("skipped: {why}"),
        Outcome::Failed(why) => format!("FAILED: {why}"),
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ci_makes_a_report_strict() {
        for lenient in [None, Some(""), Some("0"), Some("false")] {
            assert_eq!(Strictness::from_ci(lenient), Strictness::Lenient);
        }
        for strict in ["true", "1", "yes"] {
            assert_eq!(Strictness::from_ci(Some(strict)), Strictness::Strict);
        }
    }

    #[test]
    fn a_missing_tool_is_skipped_or_a_failure() {
        let why = "no rustup";
        assert_eq!(
            Outcome::without(why, Strictness::Lenient),
            Outcome::Skipped("no rustup".to_owned())
        );
        assert!(matches!(
            Outcome::without(why, Strictness::Strict),
            Outcome::Failed(said) if said.starts_with("no rustup")
        ));
    }

    fn report(strictness: Strictness) -> Report {
        let mut report = Report::new(strictness);
        report.step("wasm", "build", || Ok(()));
        report.step_with(&Err("no toolchain".to_owned()), "msrv", "check", || {
            panic!("a step without its tool must not start")
        });
        report
    }

    #[test]
    fn a_lenient_run_succeeds_and_lists_its_skips() {
        let report = report(Strictness::Lenient);
        let table = report.table();
        let lines: Vec<Vec<_>> = table
            .lines()
            .map(|line| line.split_whitespace().collect())
            .collect();
        assert_eq!(lines[1][..3], ["wasm", "0.0", "s"], "{table}");
        assert_eq!(lines[2], ["msrv", "-", "-", "skipped:", "no", "toolchain"]);
        assert_eq!(lines[3][..2], ["in", "all"], "{table}");
        assert!(report.finish().is_ok());
    }

    #[test]
    fn a_strict_run_fails_for_a_missing_tool() {
        let failure = report(Strictness::Strict)
            .finish()
            .expect_err("msrv was not done");
        assert!(
            failure.0.starts_with("1 of 2 steps failed: msrv."),
            "{failure}"
        );
    }

    #[test]
    fn a_failed_step_does_not_stop_the_next() {
        let mut report = Report::new(Strictness::Lenient);
        let nothing: Option<()> = report.step("docs", "doc", || Err(Failure("broken".to_owned())));
        assert_eq!(nothing, None);
        assert_eq!(report.step("tests", "test", || Ok(3)), Some(3));
        assert!(report.table().contains("FAILED: broken"));
        assert!(report.finish().is_err());
    }
}
