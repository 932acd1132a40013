//! The checks of one verification, in the order in which they are made.

use alloc::string::String;
use alloc::vec::Vec;

use crate::{Check, Indication, Outcome, SubIndication};

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
        let outcome = match why.indication() {
            Indication::TotalFailed => Outcome::Failed,
            _ => Outcome::Undecided,
        };
        self.push(check, outcome, Some(why), text.into());
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
            text,
            section: check.section,
            sub_indication,
        });
    }

    /// The result: a failed check decides before an undecided one, and the first of them gives the
    /// reason.
    pub(crate) fn conclude(&self) -> (Indication, Option<SubIndication>) {
        for indication in [Indication::TotalFailed, Indication::Indeterminate] {
            let mut reasons = self.list.iter().filter_map(|check| check.sub_indication);
            if let Some(why) = reasons.find(|why| why.indication() == indication) {
                return (indication, Some(why));
            }
        }
        (Indication::TotalPassed, None)
    }

    pub(crate) fn into_list(self) -> Vec<Check> {
        self.list
    }
}
