//! The report: what is wrong with a file, where, and what to do about it.

use std::fmt;
use std::path::{Path, PathBuf};

/// The reason for an unknown key begins like this.
pub(crate) const NO_SUCH_KEY: &str = "there is no such key here";

/// Everything that is wrong with a configuration, in the order of the file. It never repeats a
/// value, because the value may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    pub(crate) file: Option<PathBuf>,
    pub(crate) problems: Vec<Problem>,
}

impl ConfigError {
    /// The problems of a configuration that was not read from a file. `None` if there are none.
    pub fn from_problems(found: Problems) -> Option<Self> {
        let problem = |(path, reason): (KeyPath, String)| Problem {
            key: path.to_string(),
            position: None,
            reason,
        };
        let problems: Vec<Problem> = found.0.into_iter().map(problem).collect();
        (!problems.is_empty()).then_some(Self {
            file: None,
            problems,
        })
    }

    /// If the file has this unknown key, replaces the reason of its problem.
    pub fn explain_unknown_key(mut self, key: &str, reason: &str) -> Self {
        for problem in &mut self.problems {
            if problem.key == key && problem.reason.starts_with(NO_SUCH_KEY) {
                problem.reason = reason.into();
            }
        }
        self
    }

    /// If the file has the unknown key `old`, which was renamed to `new`, replaces the reason of
    /// its problem, and drops the problem that `new` is missing.
    pub fn explain_renamed_key(mut self, old: &str, new: &str, reason: &str) -> Self {
        let is_old = |problem: &Problem| problem.key == old;
        if self.problems.iter().any(is_old) {
            self.problems
                .retain(|problem| problem.key != new || problem.position.is_some());
        }
        self.explain_unknown_key(old, reason)
    }

    /// In the problems of the keys that `is_meant` selects, replaces `from` by `to`. For what only
    /// the owner of the file knows, such as its default port ([`PORT`](crate::PORT)).
    pub fn replace_in_reasons(
        mut self,
        is_meant: impl Fn(&str) -> bool,
        from: &str,
        to: &str,
    ) -> Self {
        for problem in &mut self.problems {
            if is_meant(&problem.key) {
                problem.reason = problem.reason.replace(from, to);
            }
        }
        self
    }

    /// The file that the configuration was read from, if any.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// At least one problem.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for ConfigError {
    /// One line for each problem: `file:line:column: key: reason`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            if let Some(file) = &self.file {
                write!(f, "{}:", file.display())?;
            }
            if let Some((line, column)) = problem.position {
                write!(f, "{line}:{column}:")?;
            }
            if self.file.is_some() || problem.position.is_some() {
                write!(f, " ")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key, such as `client[0].redirect_uris[1]`. Empty if the whole file is meant.
    pub key: String,
    /// Line and column, each counted from 1. `None` if the value did not come from a TOML text.
    pub position: Option<(usize, usize)>,
    /// What is wrong, and what to do.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.reason)
    }
}

/// The path to a value in a file: keys of tables and indices of lists. Empty for the whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyPath(pub(crate) Vec<PathStep>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PathStep {
    Key(String),
    Index(usize),
}

impl KeyPath {
    /// The path to a key of the table at this path.
    pub fn key(&self, key: &str) -> KeyPath {
        self.step(PathStep::Key(key.into()))
    }

    /// The path to an element of the list at this path, counted from 0.
    pub fn index(&self, index: usize) -> KeyPath {
        self.step(PathStep::Index(index))
    }

    fn step(&self, step: PathStep) -> KeyPath {
        let mut steps = self.0.clone();
        steps.push(step);
        KeyPath(steps)
    }

    /// Whether `other` is this path or a path below it.
    pub fn holds(&self, other: &KeyPath) -> bool {
        other.0.starts_with(&self.0)
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                PathStep::Key(key) if index == 0 => f.write_str(key)?,
                PathStep::Key(key) => write!(f, ".{key}")?,
                PathStep::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Collects problems while a configuration is checked.
#[derive(Debug, Default)]
pub struct Problems(pub(crate) Vec<(KeyPath, String)>);

impl Problems {
    /// Adds a problem. The reason says what to write, and does not repeat a value of the file.
    pub fn add(&mut self, path: KeyPath, reason: impl Into<String>) {
        self.0.push((path, reason.into()));
    }
}
