//! The conformance suite of [`HttpTransport`].
//!
//! [`http_transport_conformance`] has its own server on loopback, which answers byte by byte as
//! each case needs it: it breaks off, does not answer, redirects or never ends, and it counts the
//! requests that arrive. `docs/how-to/transport.md` has the contract, and every case by its name.
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
//! /// `Reqwest` takes the place of your own transport.
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
//! It takes some seconds, two of them for timeouts. A transport that does not answer has five
//! seconds in each case.

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

/// The transport under test.
pub trait TransportUnderTest: Send + Sync {
    /// Opens a transport as an app does when it starts. The transport stops after `timeout`,
    /// counted to the end of the answer. Called twice: with a long timeout and with one second.
    fn open(&self, timeout: Duration) -> Arc<dyn HttpTransport>;

    /// Starts a request and cancels it before it is sent. Returns true if that was done; false if
    /// it cannot be done here, and the case is left out.
    ///
    /// The default creates the future of [`HttpTransport::send`] and drops it before it is polled.
    fn start_cancelled(&self, request: Request) -> bool {
        let transport = self.open(Timing::DEFAULT.limit);
        drop(transport.send(request));
        true
    }
}

/// The time limit of a case, for a transport that blocks its thread.
const LIMIT: Duration = Duration::from_secs(60);

/// Tests whether a transport does what [`HttpTransport`] demands. It blocks for some seconds, so do
/// not call it from `async` code.
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
            let why = format!("the suite could not start its threads: {error}");
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
    // A request that is still running must not delay the report.
    runtime.shutdown_background();
    report
}
