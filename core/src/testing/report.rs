//! What came of a run, as plain data.

use std::fmt;

/// What came of a run: of every case there is, in a stable order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// One a case.
    pub cases: Vec<CaseReport>,
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CaseReport {
    /// A name that stays, in small letters with hyphens.
    pub name: &'static str,
    /// What it demands, in a sentence.
    pub demand: &'static str,
    /// What came of it.
    pub outcome: Outcome,
}

/// Whether a demand was met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It did.
    Passed,
    /// It did not: what was seen instead.
    Failed(String),
    /// That could not be tried: why.
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

/// For a person: a line a case, what failed with all that is known about it, and the sum.
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
