//! Counting tests: the sum of the `test result:` lines of `cargo test`.

use std::fmt;

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

    /// How many tests ran to an end.
    pub(crate) fn ran(self) -> u64 {
        self.passed + self.failed
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
        assert_eq!(tally.ran(), 9);
        assert_eq!(tally.to_string(), "8 passed, 1 failed, 1 skipped");
    }

    #[test]
    fn colours_do_not_hide_a_count() {
        let line = "test result: \u{1b}[32mok\u{1b}(B\u{1b}[m. 7 passed; 0 failed; 0 ignored";
        assert_eq!(Tally::of(line).passed, 7);
    }

    #[test]
    fn nothing_counts_as_nothing() {
        assert_eq!(Tally::of("").ran(), 0);
        assert_eq!(Tally::of("test result: who knows; 3 of passed").ran(), 0);
        assert_eq!(Tally::of("9 passed; 9 failed").ran(), 0);
    }
}
