//! Running cases, each on a thread of its own, whatever the store does in it.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::StoreUnderTest;
use super::probe::{Notes, Probe, Stop, Verdict};
use super::report::{CaseReport, Outcome, Report};

/// Something that is demanded of a store, and how it is tried.
#[derive(Clone, Copy)]
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) demand: &'static str,
    pub(super) check: fn(&Probe) -> Verdict,
}

pub(super) fn run(store: &Arc<dyn StoreUnderTest>, cases: &[Case], limit: Duration) -> Report {
    let notes = Arc::<Notes>::default();
    let mut without_end: Option<&str> = None;
    let mut reports = Vec::new();
    for case in cases {
        let outcome = if let Some(earlier) = without_end {
            // What it still does could be taken for a fault in another case.
            Outcome::LeftOut(format!("`{earlier}` has not ended"))
        } else {
            let probe = Probe {
                case: case.name,
                store: Arc::clone(store),
                notes: Arc::clone(&notes),
            };
            within(limit, probe, case.check).unwrap_or_else(|| {
                without_end = Some(case.name);
                Outcome::Failed(format!("no end after {limit:?}: the store does not answer"))
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

/// Nothing where a case does not end in time; its thread is left behind.
fn within(limit: Duration, probe: Probe, check: fn(&Probe) -> Verdict) -> Option<Outcome> {
    let (done, answer) = mpsc::channel();
    let work = move || drop(done.send(judged(&probe, check)));
    if let Err(error) = thread::Builder::new().spawn(work) {
        return Some(Outcome::Failed(format!("it got no thread: {error}")));
    }
    match answer.recv_timeout(limit) {
        Ok(outcome) => Some(outcome),
        Err(RecvTimeoutError::Timeout) => None,
        Err(RecvTimeoutError::Disconnected) => {
            Some(Outcome::Failed("its thread ended without an answer".into()))
        }
    }
}

fn judged(probe: &Probe, check: fn(&Probe) -> Verdict) -> Outcome {
    probe.clean();
    let verdict = catch_unwind(AssertUnwindSafe(|| check(probe)));
    probe.clean();
    match verdict {
        Ok(Ok(())) => Outcome::Passed,
        Ok(Err(Stop::Failed(what))) => Outcome::Failed(what),
        Ok(Err(Stop::LeftOut(why))) => Outcome::LeftOut(why),
        Err(panic) => {
            let said = text_of(&*panic);
            probe.notes.hear(said);
            Outcome::Failed(format!("the store panicked: {said}"))
        }
    }
}

fn text_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a text")
}
