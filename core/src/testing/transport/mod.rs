//! The conformance suite of [`HttpTransport`].
//!
//! [`http_transport_conformance`] has a server of its own on loopback, which answers each
//! request byte by byte as a case has it: it breaks off, stays silent, redirects, sends for
//! ever, and counts what arrives. `docs/transport.md` has the contract, and every case by its
//! name.
//!
//! ```
//! # #[cfg(feature = "reqwest")] {
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! use switchback::http::Reqwest;
//! use switchback::ports::HttpTransport;
//! use switchback::testing::{TransportUnderTest, http_transport_conformance};
//!
//! /// `Reqwest` stands for the transport that you write.
//! struct Mine;
//!
//! impl TransportUnderTest for Mine {
//!     fn open(&self, timeout: Duration) -> Arc<dyn HttpTransport> {
//!         Arc::new(Reqwest::with_timeout(timeout))
//!     }
//! }
//!
//! let report = http_transport_conformance(Arc::new(Mine));
//! assert!(report.failures().is_empty(), "{report}");
//! # }
//! ```
//!
//! It takes some seconds, two of which are for a timeout that runs out. A transport that does
//! not answer is given up after five seconds in each case.

mod cases;
mod coding;
mod probe;
mod server;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use switchback_protocol::http::Request;

use super::report::{CaseReport, Outcome, Report};
use super::run;
use crate::ports::HttpTransport;
use probe::{Probe, Timing};

/// The transport that is to be tried.
pub trait TransportUnderTest: Send + Sync {
    /// Opens one as an app does when it starts: one that gives up after `timeout`, counted to
    /// the end of the answer. It is called twice, with a long time and with one second.
    fn open(&self, timeout: Duration) -> Arc<dyn HttpTransport>;

    /// Hands a request over whose answer nobody wants any more. True when that was done;
    /// false where it cannot be done here, and the case is left out.
    ///
    /// Without a method of your own, the future of [`HttpTransport::send`] is made, and is
    /// dropped before anybody polls it.
    fn unwanted(&self, request: Request) -> bool {
        let transport = self.open(Timing::DEFAULT.limit);
        drop(transport.send(request));
        true
    }
}

/// How long a case may take, where a transport does not even give its thread back.
const LIMIT: Duration = Duration::from_secs(60);

/// Tries whether a transport does what [`HttpTransport`] demands. It blocks, for some seconds:
/// call it where waiting is fine, and not from `async` code.
pub fn http_transport_conformance(transport: Arc<dyn TransportUnderTest>) -> Report {
    tried(&transport, &cases::all(), Timing::DEFAULT)
}

fn tried(
    transport: &Arc<dyn TransportUnderTest>,
    cases: &[run::Case<Probe>],
    timing: Timing,
) -> Report {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            let why = format!("the suite got no threads: {error}");
            let left_out = |case: &run::Case<Probe>| CaseReport {
                name: case.name,
                demand: case.demand,
                outcome: Outcome::LeftOut(why.clone()),
            };
            return Report {
                cases: cases.iter().map(left_out).collect(),
            };
        }
    };
    let log = Arc::default();
    let opened = Arc::default();
    let report = run::run(cases, LIMIT, |_| Probe {
        under_test: Arc::clone(transport),
        opened: Arc::clone(&opened),
        runtime: runtime.handle().clone(),
        log: Arc::clone(&log),
        timing,
    });
    // What a transport still does must not hold up whoever waits for the report.
    runtime.shutdown_background();
    report
}
