//! Runs cases, each on its own thread, since the tested object may panic or never return.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::report::{CaseReport, Outcome, Report};

/// A demand, and how it is tested.
pub(super) struct Case<P> {
    pub(super) name: &'static str,
    pub(super) demand: &'static str,
    pub(super) check: fn(&P) -> Verdict,
}

// Not derived, since `derive` would require `P: Copy`.
impl<P> Copy for Case<P> {}

impl<P> Clone for Case<P> {
    fn clone(&self) -> Self {
        *self
    }
}

/// Why a case ends early.
pub(super) enum CaseEnd {
    Failed(String),
    LeftOut(String),
}

pub(super) type Verdict<T = ()> = Result<T, CaseEnd>;

pub(super) fn fail<T>(what: impl Into<String>) -> Verdict<T> {
    Err(CaseEnd::Failed(what.into()))
}

pub(super) fn leave_out<T>(why: impl Into<String>) -> Verdict<T> {
    Err(CaseEnd::LeftOut(why.into()))
}

/// The object that a case works with.
pub(super) trait Probe: Send + 'static {
    /// What is tested, as one word.
    const TRIED: &'static str;
    /// Removes everything that cases have created. Called before and after each case.
    fn clean(&self) {}
    /// Checks the text of a panic for secrets.
    fn inspect(&self, said: &str);
}

pub(super) fn run<P: Probe>(
    cases: &[Case<P>],
    limit: Duration,
    probe: impl Fn(&'static str) -> P,
) -> Report {
    let mut without_end: Option<&str> = None;
    let mut reports = Vec::new();
    for case in cases {
        let outcome = if let Some(earlier) = without_end {
            // The earlier case is still running; its effects could look like a failure of this
            // case.
            Outcome::LeftOut(format!("`{earlier}` has not ended"))
        } else {
            within(limit, probe(case.name), case.check).unwrap_or_else(|| {
                without_end = Some(case.name);
                Outcome::Failed(format!(
                    "no end after {limit:?}: the {} does not answer",
                    P::TRIED
                ))
            })
        };
        reports.push(CaseReport {
            name: case.name,
            demand: case.demand,
            outcome,
        });
    }
    Report { cases: reports }
}

/// `None` if a case does not end in time; its thread stays behind.
fn within<P: Probe>(limit: Duration, probe: P, check: fn(&P) -> Verdict) -> Option<Outcome> {
    let (done, answer) = mpsc::channel();
    let work = move || drop(done.send(judged(&probe, check)));
    if let Err(error) = thread::Builder::new().spawn(work) {
        return Some(Outcome::Failed(format!("no thread for this case: {error}")));
    }
    match answer.recv_timeout(limit) {
        Ok(outcome) => Some(outcome),
        Err(RecvTimeoutError::Timeout) => None,
        Err(RecvTimeoutError::Disconnected) => {
            Some(Outcome::Failed("its thread ended without a result".into()))
        }
    }
}

fn judged<P: Probe>(probe: &P, check: fn(&P) -> Verdict) -> Outcome {
    probe.clean();
    let verdict = catch_unwind(AssertUnwindSafe(|| check(probe)));
    probe.clean();
    match verdict {
        Ok(Ok(())) => Outcome::Passed,
        Ok(Err(CaseEnd::Failed(what))) => Outcome::Failed(what),
        Ok(Err(CaseEnd::LeftOut(why))) => Outcome::LeftOut(why),
        Err(panic) => {
            let said = text_of(&*panic);
            probe.inspect(said);
            Outcome::Failed(format!("the {} panicked: {said}", P::TRIED))
        }
    }
}

fn text_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a text")
}
