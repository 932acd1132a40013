//! Our own transport passes, transports with a mistake fail where it is, and the page says what
//! the suite does.

mod flawed;
mod plain;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use super::probe::{Pace, Probe};
use super::{TransportUnderTest, cases, tried};
use crate::testing::run::Case;
use crate::testing::{Outcome, Report, page};
use plain::{Flaw, Opens};

/// Timeouts are short here, and nobody waits long for what does not come.
const PACE: Pace = Pace {
    timeout: Duration::from_millis(200),
    limit: Duration::from_secs(2),
    grace: Duration::from_millis(20),
};

/// Threads are counted in the whole process: whoever counts is alone.
static THREADS: RwLock<()> = RwLock::new(());

fn report_of(transport: impl TransportUnderTest + 'static, cases: &[Case<Probe>]) -> Report {
    let transport: Arc<dyn TransportUnderTest> = Arc::new(transport);
    tried(&transport, cases, PACE)
}

fn failed(report: &Report) -> Vec<&'static str> {
    report.failures().iter().map(|case| case.name).collect()
}

fn left_out(report: &Report) -> Vec<&'static str> {
    report.left_out().iter().map(|case| case.name).collect()
}

#[test]
fn a_transport_without_a_mistake_passes() {
    let _alone = THREADS.write().unwrap_or_else(PoisonError::into_inner);
    let report = report_of(Opens(Flaw::None), &cases::all());
    assert!(report.failures().is_empty(), "{report}");
    // It allows no coding.
    assert_eq!(left_out(&report), ["decoded-bytes-count"]);
}

#[test]
fn a_transport_that_panics_fails_in_every_case_and_stops_none() {
    let report = report_of(Opens(Flaw::Panics), &cases::all());
    for case in report.failures() {
        let Outcome::Failed(what) = &case.outcome else {
            panic!("{case}")
        };
        assert!(what.contains("the transport panicked"), "{case}");
    }
    // One is about what is not sent, and one about what was said.
    assert!(
        report.failures().len() + 2 >= report.cases.len(),
        "{report}"
    );
}

#[cfg(feature = "reqwest")]
#[test]
fn our_own_transport_keeps_every_promise() {
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
fn the_page_explains_every_case_and_shows_the_example() {
    let page = include_str!("../../../../../docs/transport.md");
    page::explains_every_case(page, &cases::all());
    page::shows_the_example(page, include_str!("../mod.rs"));
}
