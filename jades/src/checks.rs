//! The checks of one verification, in the order in which they are made.

use alloc::string::String;
use alloc::vec::Vec;

use crate::{Check, Outcome, SubIndication};

/// The stable name of a check, and the section that demands it.
pub(crate) struct CheckName {
    pub(crate) name: &'static str,
    pub(crate) section: &'static str,
}

/// The checks so far.
#[derive(Default)]
pub(crate) struct Checks {
    list: Vec<Check>,
}

impl Checks {
    /// The check passed.
    pub(crate) fn passed(&mut self, check: &CheckName, text: impl Into<String>) {
        self.push(check, Outcome::Passed, None, text.into());
    }

    /// The check did not pass. [`SubIndication::indication`] says whether the signature is wrong or
    /// the check is undecided.
    pub(crate) fn not_passed(
        &mut self,
        check: &CheckName,
        why: SubIndication,
        text: impl Into<String>,
    ) {
        self.push(check, why.outcome(), Some(why), text.into());
    }

    /// The check was not made.
    pub(crate) fn skipped(&mut self, check: &CheckName, text: impl Into<String>) {
        self.push(check, Outcome::Skipped, None, text.into());
    }

    /// A remark about conformance.
    pub(crate) fn remark(&mut self, check: &CheckName, text: impl Into<String>) {
        self.push(check, Outcome::Remark, None, text.into());
    }

    fn push(
        &mut self,
        check: &CheckName,
        outcome: Outcome,
        sub_indication: Option<SubIndication>,
        text: String,
    ) {
        self.list.push(Check {
            name: check.name,
            outcome,
            text: sentence(text),
            section: check.section,
            sub_indication,
        });
    }

    /// Whether a check failed: the signature is wrong.
    pub(crate) fn has_failed(&self) -> bool {
        self.list
            .iter()
            .any(|check| check.outcome == Outcome::Failed)
    }

    pub(crate) fn as_list(&self) -> &[Check] {
        &self.list
    }

    /// Adds the checks of `others`.
    pub(crate) fn append(&mut self, others: Self) {
        self.list.extend(others.list);
    }

    pub(crate) fn into_list(self) -> Vec<Check> {
        self.list
    }
}

/// Writes a clause as a sentence: a report has sentences, and a reason that goes into one does not
/// begin with a capital letter.
fn sentence(clause: String) -> String {
    let mut sentence = clause;
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if !sentence.ends_with('.') {
        sentence.push('.');
    }
    sentence
}
