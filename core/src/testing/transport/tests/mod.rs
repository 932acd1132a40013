//! Tests of the suite: correct transports pass, flawed transports fail in the right cases, and the
//! documentation page is complete.

mod flawed;
mod flawed_client;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use super::probe::{Probe, Timing};
use super::{TransportUnderTest, cases, tried};
use crate::testing::run::Case;
use crate::testing::{Outcome, Report, page};
use flawed_client::{Flaw, FlawedTransport};

/// Short, so that the tests are fast.
const TIMING: Timing = Timing {
    timeout: Duration::from_millis(200),
    limit: Duration::from_secs(2),
    grace: Duration::from_millis(20),
};

/// The case about threads counts all threads of the process, so it must run alone.
static THREADS: RwLock<()> = RwLock::new(());

fn report_of(transport: impl TransportUnderTest + 'static, cases: &[Case<Probe>]) -> Report {
    let transport: Arc<dyn TransportUnderTest> = Arc::new(transport);
    tried(&transport, cases, TIMING)
}

fn failed(report: &Report) -> Vec<&'static str> {
    report.failures().iter().map(|case| case.name).collect()
}

fn left_out(report: &Report) -> Vec<&'static str> {
    report.left_out().iter().map(|case| case.name).collect()
}

#[test]
fn correct_transport_passes() {
    let _alone = THREADS.write().unwrap_or_else(PoisonError::into_inner);
    let report = report_of(FlawedTransport(Flaw::None), &cases::all());
    assert!(report.failures().is_empty(), "{report}");
    // The client allows no content coding.
    assert_eq!(left_out(&report), ["decoded-bytes-count"]);
}

#[test]
fn panicking_transport_does_not_stop_the_suite() {
    let report = report_of(FlawedTransport(Flaw::Panics), &cases::all());
    for case in report.failures() {
        let Outcome::Failed(what) = &case.outcome else {
            panic!("{case}")
        };
        assert!(what.contains("the transport panicked"), "{case}");
    }
    // Two cases do not call the transport in a way that panics: one cancels its request, the other
    // checks earlier errors.
    assert!(
        report.failures().len() + 2 >= report.cases.len(),
        "{report}"
    );
}

#[cfg(feature = "reqwest")]
#[test]
fn reqwest_passes_every_case() {
    use crate::http::Reqwest;
    use crate::ports::HttpTransport;

    struct Ours;
    impl TransportUnderTest for Ours {
        fn open(&self, timeout: Duration) -> Arc<dyn HttpTransport> {
            Arc::new(Reqwest::with_timeout(timeout))
        }
    }
    let _alone = THREADS.write().unwrap_or_else(PoisonError::into_inner);
    let report = report_of(Ours, &cases::all());
    assert!(report.failures().is_empty(), "{report}");
    assert!(report.left_out().is_empty(), "{report}");
}

#[test]
fn page_lists_every_case_and_the_example() {
    let page = include_str!("../../../../../docs/how-to/transport.md");
    page::explains_every_case(page, &cases::all());
    page::shows_the_example(page, include_str!("../mod.rs"));
}
