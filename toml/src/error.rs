//! What is wrong with a file, where, and what to do about it.

use std::fmt;
use std::path::{Path, PathBuf};

/// How the reason begins where a key is not known.
pub(crate) const NO_SUCH_KEY: &str = "there is no such key here";

/// Everything that is wrong with a configuration, in the order of the file. No value is
/// ever repeated: one of them may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    pub(crate) file: Option<PathBuf>,
    pub(crate) problems: Vec<Problem>,
}

impl ConfigError {
    /// What is wrong with something that came from no file.
    pub fn without_file(found: Found) -> Option<Self> {
        let problem = |(place, reason): (Place, String)| Problem {
            key: place.to_string(),
            position: None,
            reason,
        };
        let problems: Vec<Problem> = found.0.into_iter().map(problem).collect();
        (!problems.is_empty()).then_some(Self {
            file: None,
            problems,
        })
    }

    /// Says this of a key that is not known, where it is there.
    pub fn of_unknown(mut self, key: &str, reason: &str) -> Self {
        for problem in &mut self.problems {
            if problem.key == key && problem.reason.starts_with(NO_SUCH_KEY) {
                problem.reason = reason.into();
            }
        }
        self
    }

    /// Says this of a key that is not known, where it is there, since it is called `new`. That
    /// `new` is missing is no mistake of its own then.
    pub fn of_renamed(mut self, old: &str, new: &str, reason: &str) -> Self {
        let is_old = |problem: &Problem| problem.key == old;
        if self.problems.iter().any(is_old) {
            self.problems
                .retain(|problem| problem.key != new || problem.position.is_some());
        }
        self.of_unknown(old, reason)
    }

    /// Says `to` in place of `from` where it is said of one of these keys: what only the owner of the
    /// file knows, such as a port of its own ([`PORT`](crate::PORT)).
    pub fn of_keys(mut self, is: impl Fn(&str) -> bool, from: &str, to: &str) -> Self {
        for problem in &mut self.problems {
            if is(&problem.key) {
                problem.reason = problem.reason.replace(from, to);
            }
        }
        self
    }

    /// The file, where it came from one.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// What is wrong; at least one.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for ConfigError {
    /// A line for each problem, as `file:line:column: key: what is wrong`.
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
    /// Which key, as in `client[0].redirect_uris[1]`. Empty where the file as a whole is
    /// meant.
    pub key: String,
    /// Line and column, each from 1, where it was read from TOML.
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

/// A place in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place(pub(crate) Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

impl Place {
    /// A key within it.
    pub fn key(&self, key: &str) -> Place {
        self.step(Step::Key(key.into()))
    }

    /// An element of it.
    pub fn index(&self, index: usize) -> Place {
        self.step(Step::Index(index))
    }

    fn step(&self, step: Step) -> Place {
        let mut steps = self.0.clone();
        steps.push(step);
        Place(steps)
    }

    /// Whether `other` is this place, or within it.
    pub fn holds(&self, other: &Place) -> bool {
        other.0.starts_with(&self.0)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if index == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Collects what is wrong, and where.
#[derive(Debug, Default)]
pub struct Found(pub(crate) Vec<(Place, String)>);

impl Found {
    /// Notes a mistake, in words that say what to write and repeat no value.
    pub fn add(&mut self, place: Place, reason: impl Into<String>) {
        self.0.push((place, reason.into()));
    }
}
