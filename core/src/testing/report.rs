//! The report of a run, as plain data.

use std::fmt;

/// The report of a run: the result of every case, in a stable order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// One report per case.
    pub cases: Vec<CaseReport>,
}

/// The result of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CaseReport {
    /// A stable name, in lower case letters with hyphens.
    pub name: &'static str,
    /// The demand, one sentence.
    pub demand: &'static str,
    /// The outcome.
    pub outcome: Outcome,
}

/// The outcome of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The demand was met.
    Passed,
    /// The demand was not met: the text says what happened instead.
    Failed(String),
    /// The case could not be tried: the text says why.
    LeftOut(String),
}

impl Report {
    /// The cases that failed.
    pub fn failures(&self) -> Vec<&CaseReport> {
        self.with(|outcome| matches!(outcome, Outcome::Failed(_)))
    }

    /// The cases that could not be tried.
    pub fn left_out(&self) -> Vec<&CaseReport> {
        self.with(|outcome| matches!(outcome, Outcome::LeftOut(_)))
    }

    fn with(&self, wanted: fn(&Outcome) -> bool) -> Vec<&CaseReport> {
        let cases = self.cases.iter();
        cases.filter(|case| wanted(&case.outcome)).collect()
    }
}

/// For a person: a line per case, details of failed cases, and the totals.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for case in &self.cases {
            writeln!(f, "{case}")?;
        }
        let (failed, left_out) = (self.failures().len(), self.left_out().len());
        let passed = self.cases.len() - failed - left_out;
        write!(f, "{passed} passed, {failed} failed, {left_out} left out")
    }
}

impl fmt::Display for CaseReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, demand, .. } = self;
        match &self.outcome {
            Outcome::Passed => write!(f, "passed    {name}"),
            Outcome::LeftOut(why) => write!(f, "left out  {name}: {why}"),
            Outcome::Failed(what) => {
                writeln!(f, "FAILED    {name}")?;
                writeln!(f, "          demanded: {demand}")?;
                write!(f, "          seen:     {what}")
            }
        }
    }
}
