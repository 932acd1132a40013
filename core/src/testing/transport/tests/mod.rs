//! Our own transport passes, transports with a mistake fail where it is, and the page says what
//! the suite does.

mod flawed;
mod plain;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use super::probe::{Pace, Probe};
use super::{TransportUnderTest, cases, tried};
use crate::testing::run::Case;
use crate::testing::{Outcome, Report};
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
fn names_stay_apart_and_have_one_form() {
    let all = cases::all();
    let names: std::collections::BTreeSet<_> = all.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), all.len());
    for case in all {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        assert!(case.name.bytes().all(plain), "{}", case.name);
        assert!(case.demand.ends_with('.'), "{}", case.demand);
    }
}

const PAGE: &str = include_str!("../../../../../docs/transport.md");

/// Whoever sees a case fail finds it there, with what it demands.
#[test]
fn the_page_explains_every_case() {
    for case in cases::all() {
        let row = format!("| `{}` | {} |", case.name, case.demand);
        assert!(PAGE.contains(&row), "{row}");
    }
}

/// The page shows the example that is compiled and run.
#[test]
fn the_page_has_the_example_of_the_module() {
    let module = include_str!("../mod.rs").lines();
    let docs = module.map_while(|line| line.strip_prefix("//!"));
    let mut blocks = docs.map(|line| line.strip_prefix(' ').unwrap_or(line));
    assert!(blocks.any(|line| line == "```"));
    let example = blocks.take_while(|line| *line != "```");
    let example: Vec<_> = example.filter(|line| !line.starts_with("# ")).collect();
    assert!(example.len() > 10);
    let example = example.join("\n");
    assert!(
        PAGE.contains(&format!("```rust\n{example}\n```")),
        "{example}"
    );
}
