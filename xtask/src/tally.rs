//! Counting tests: the sum of the `test result:` lines of `cargo test`, and what Maven and
//! XCTest say at their ends.

use std::fmt;
use std::ops::AddAssign;

use crate::process::Failure;

/// How many tests ran, and how they ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
}

impl Tally {
    /// Adds up every `test result:` line in what `cargo test` printed: one for
    /// each test binary, and one or more for each crate's doc tests.
    pub(crate) fn of(output: &str) -> Self {
        let mut sum = Self::default();
        for counts in output
            .lines()
            .filter_map(|line| line.split_once("test result:"))
            .flat_map(|(_, counts)| counts.split(';'))
        {
            // "ok. 12 passed": the last two words are the number and its name.
            let mut words = counts.split_whitespace().rev();
            let (Some(name), Some(number)) = (words.next(), words.next()) else {
                continue;
            };
            let Ok(number) = number.parse::<u64>() else {
                continue;
            };
            match name {
                "passed" => sum.passed += number,
                "failed" => sum.failed += number,
                "ignored" => sum.ignored += number,
                _ => {}
            }
        }
        sum
    }

    /// What Maven's surefire sums up, once a module:
    /// `Tests run: 12, Failures: 1, Errors: 0, Skipped: 2`.
    pub(crate) fn of_maven(output: &str) -> Self {
        let mut sum = Self::default();
        for line in output.lines() {
            let Some((_, counts)) = line.split_once("Tests run: ") else {
                continue;
            };
            // Each class has such a line as well, with the time that it took.
            if counts.contains("Time elapsed") {
                continue;
            }
            let numbers: Vec<u64> = numbers(counts).collect();
            if let [run, failures, errors, skipped] = numbers[..] {
                sum += Self {
                    passed: run.saturating_sub(failures + errors + skipped),
                    failed: failures + errors,
                    ignored: skipped,
                };
            }
        }
        sum
    }

    /// What XCTest sums up at its end:
    /// `Executed 12 tests, with 2 tests skipped and 1 failure (0 unexpected) in 0.1 (0.1) seconds`.
    pub(crate) fn of_xctest(output: &str) -> Self {
        let mut lines = output.lines().rev();
        let Some(counts) = lines.find_map(|line| line.split_once("Executed ")) else {
            return Self::default();
        };
        let counts = counts.1.split('(').next().unwrap_or_default();
        let (run, ignored, failed) = match numbers(counts).collect::<Vec<_>>()[..] {
            [run, failed] => (run, 0, failed),
            [run, ignored, failed] => (run, ignored, failed),
            _ => return Self::default(),
        };
        Self {
            passed: run.saturating_sub(failed + ignored),
            failed,
            ignored,
        }
    }

    /// Fails where no test ran to an end: then whatever ran them printed no sum.
    pub(crate) fn some_ran(self) -> Result<(), Failure> {
        match self.passed + self.failed {
            0 => Err(Failure(
                "no test ran: what ran them printed no sum with a test in it".to_owned(),
            )),
            _ => Ok(()),
        }
    }
}

fn numbers(text: &str) -> impl Iterator<Item = u64> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
}

impl AddAssign for Tally {
    fn add_assign(&mut self, more: Self) {
        self.passed += more.passed;
        self.failed += more.failed;
        self.ignored += more.ignored;
    }
}

/// The plain closing line that scripts look for: `12 passed, 0 failed, 1 skipped`.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.ignored
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn all_result_lines_are_added() {
        let output = "\
running 2 tests
test a ... ok
test b ... ok

test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

running 3 tests
test c ... FAILED
test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 4 filtered out; finished in 12.31s

   Doc-tests switchback
test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.31s
";
        let tally = Tally::of(output);
        assert_eq!(
            tally,
            Tally {
                passed: 8,
                failed: 1,
                ignored: 1
            }
        );
        assert!(tally.some_ran().is_ok());
        assert_eq!(tally.to_string(), "8 passed, 1 failed, 1 skipped");
    }

    #[test]
    fn colours_do_not_hide_a_count() {
        let line = "test result: \u{1b}[32mok\u{1b}(B\u{1b}[m. 7 passed; 0 failed; 0 ignored";
        assert_eq!(Tally::of(line).passed, 7);
    }

    #[test]
    fn maven_counts_each_class_and_then_all() {
        let output = "\
[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in switchback.A
[ERROR] Tests run: 2, Failures: 1, Errors: 0, Skipped: 1, Time elapsed: 0.1 s -- in switchback.B
[INFO] Results:
[ERROR] Tests run: 5, Failures: 1, Errors: 0, Skipped: 1
";
        assert_eq!(
            Tally::of_maven(output).to_string(),
            "3 passed, 1 failed, 1 skipped"
        );
    }

    #[test]
    fn xctest_counts_each_suite_and_then_all() {
        let output = "\
Test Suite 'A' passed at 2026-11-25 19:19:13.615
\t Executed 2 tests, with 0 failures (0 unexpected) in 0.121 (0.121) seconds
Test Suite 'All tests' passed at 2026-11-25 19:19:13.615
\t Executed 7 tests, with 2 tests skipped and 1 failure (0 unexpected) in 0.121 (0.121) seconds
";
        assert_eq!(
            Tally::of_xctest(output).to_string(),
            "4 passed, 1 failed, 2 skipped"
        );
        let line = "\t Executed 1 test, with 0 failures (0 unexpected) in 0.1 (0.1) seconds";
        assert_eq!(
            Tally::of_xctest(line).to_string(),
            "1 passed, 0 failed, 0 skipped"
        );
    }

    #[test]
    fn nothing_counts_as_nothing() {
        assert!(Tally::of_maven("").some_ran().is_err());
        assert!(Tally::of_xctest("Executed nothing").some_ran().is_err());
        assert!(
            Tally::of("test result: ok. 0 passed; 0 failed; 7 ignored")
                .some_ran()
                .is_err()
        );
        assert!(Tally::of("").some_ran().is_err());
        assert!(
            Tally::of("test result: who knows; 3 of passed")
                .some_ran()
                .is_err()
        );
        assert!(Tally::of("9 passed; 9 failed").some_ran().is_err());
    }
}
