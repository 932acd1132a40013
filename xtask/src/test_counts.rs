//! Counts tests in the output of `cargo test`, Maven and XCTest. Other formats need unstable options
//! (`cargo test`), or files that an earlier run possibly left (Maven).

use std::fmt;
use std::ops::AddAssign;

use regex_lite::{Captures, Regex};

use crate::process::Failure;

/// How many tests ran, and how they ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct TestCounts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
}

impl TestCounts {
    /// `cargo test` prints one line for each test binary, and one for each crate's doc tests.
    pub(crate) fn of(output: &str) -> Self {
        let lines = r"test result: .* (\d+) passed; (\d+) failed; (\d+) ignored";
        sum(output, lines, |[passed, failed, ignored]| Self {
            passed,
            failed,
            ignored,
        })
    }

    /// Maven prints a line for each class, which ends with its time, and a line with the sum.
    pub(crate) fn of_maven(output: &str) -> Self {
        let sums = r"(?m)Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+)\s*$";
        sum(output, sums, |[run, failures, errors, ignored]| Self {
            passed: run.saturating_sub(failures + errors + ignored),
            failed: failures + errors,
            ignored,
        })
    }

    /// XCTest prints a line for each suite. The last line is the sum.
    pub(crate) fn of_xctest(output: &str) -> Self {
        let last = output.rfind("Executed ").map_or("", |at| &output[at..]);
        let line = r"\AExecuted (\d+) tests?, with (?:(\d+) tests? skipped and )?(\d+) failure";
        sum(last, line, |[run, ignored, failed]| Self {
            passed: run.saturating_sub(failed + ignored),
            failed,
            ignored,
        })
    }

    /// Fails if the output counts no passed and no failed test.
    pub(crate) fn some_ran(self) -> Result<(), Failure> {
        match self.passed + self.failed {
            0 => Err(Failure(
                "no test ran: the output of the test program counts no test".to_owned(),
            )),
            _ => Ok(()),
        }
    }
}

/// Adds the counts of all matches. A group without a match counts as 0.
fn sum<const N: usize>(
    output: &str,
    pattern: &str,
    counts: fn([u64; N]) -> TestCounts,
) -> TestCounts {
    let pattern = Regex::new(pattern).expect("a regular expression");
    let mut sum = TestCounts::default();
    for found in pattern.captures_iter(output) {
        sum += counts(std::array::from_fn(|group| number(&found, group + 1)));
    }
    sum
}

fn number(found: &Captures<'_>, group: usize) -> u64 {
    let digits = found.get(group).map(|digits| digits.as_str());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

impl AddAssign for TestCounts {
    fn add_assign(&mut self, more: Self) {
        self.passed += more.passed;
        self.failed += more.failed;
        self.ignored += more.ignored;
    }
}

/// The last line, which scripts read: `12 passed, 0 failed, 1 skipped`.
impl fmt::Display for TestCounts {
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
    use super::TestCounts;

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
        let counts = TestCounts::of(output);
        assert_eq!(
            counts,
            TestCounts {
                passed: 8,
                failed: 1,
                ignored: 1
            }
        );
        assert!(counts.some_ran().is_ok());
        assert_eq!(counts.to_string(), "8 passed, 1 failed, 1 skipped");
    }

    #[test]
    fn colours_do_not_hide_a_count() {
        let line = "test result: \u{1b}[32mok\u{1b}(B\u{1b}[m. 7 passed; 0 failed; 0 ignored";
        assert_eq!(TestCounts::of(line).passed, 7);
    }

    #[test]
    fn maven_prints_each_class_and_a_sum() {
        let output = "\
[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in switchback.A
[ERROR] Tests run: 2, Failures: 1, Errors: 0, Skipped: 1, Time elapsed: 0.1 s -- in switchback.B
[INFO] Results:
[ERROR] Tests run: 5, Failures: 1, Errors: 0, Skipped: 1
";
        assert_eq!(
            TestCounts::of_maven(output).to_string(),
            "3 passed, 1 failed, 1 skipped"
        );
    }

    #[test]
    fn xctest_prints_each_suite_and_a_sum() {
        let output = "\
Test Suite 'A' passed at 2026-11-25 19:19:13.615
\t Executed 2 tests, with 0 failures (0 unexpected) in 0.121 (0.121) seconds
Test Suite 'All tests' passed at 2026-11-25 19:19:13.615
\t Executed 7 tests, with 2 tests skipped and 1 failure (0 unexpected) in 0.121 (0.121) seconds
";
        assert_eq!(
            TestCounts::of_xctest(output).to_string(),
            "4 passed, 1 failed, 2 skipped"
        );
        let line = "\t Executed 1 test, with 0 failures (0 unexpected) in 0.1 (0.1) seconds";
        assert_eq!(
            TestCounts::of_xctest(line).to_string(),
            "1 passed, 0 failed, 0 skipped"
        );
    }

    #[test]
    fn output_without_a_test_is_a_failure() {
        assert!(TestCounts::of_maven("").some_ran().is_err());
        assert!(
            TestCounts::of_xctest("Executed nothing")
                .some_ran()
                .is_err()
        );
        assert!(
            TestCounts::of("test result: ok. 0 passed; 0 failed; 7 ignored")
                .some_ran()
                .is_err()
        );
        assert!(TestCounts::of("").some_ran().is_err());
        assert!(
            TestCounts::of("test result: who knows; 3 of passed")
                .some_ran()
                .is_err()
        );
        assert!(TestCounts::of("9 passed; 9 failed").some_ran().is_err());
    }
}
