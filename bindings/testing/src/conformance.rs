//! The conformance suite of secure stores, for stores in Kotlin and Swift.

use std::sync::Arc;

use switchback::{ports, testing};
use switchback_bindings::store::Foreign;
use switchback_bindings::{SecureStore, StoreError};

/// The store that is to be tried, and what can be done to it from outside. Calls come from
/// several threads; `lock` and `killed_in_put` one at a time, and while nothing else is under
/// way.
#[uniffi::export(foreign)]
pub trait StoreUnderTest: Send + Sync {
    /// Opens the store as a new process would: over the same data as before, and as far as can
    /// be without anything that is in memory. Also called while it is locked: `Locked` is
    /// right for a store that cannot be opened then.
    fn open_store(&self) -> Result<Arc<dyn SecureStore>, StoreError>;
    /// Locks or unlocks what the system locks. True when it is done; false where it cannot be
    /// done here, and the cases about locked stores are left out.
    fn lock(&self, locked: bool) -> Result<bool, StoreError>;
    /// Lets another process put this value and be killed in the middle of it. False where it
    /// cannot be done here, and the case is left out.
    fn killed_in_put(&self, key: String, value: Vec<u8>) -> Result<bool, StoreError>;
}

/// What came of one case.
#[derive(Clone, Debug, uniffi::Record)]
pub struct CaseReport {
    /// Its name, as in `docs/secure-store.md` or `docs/transport.md`.
    pub name: String,
    /// What it demands, in a sentence.
    pub demand: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a case.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum Outcome {
    /// The demand was met.
    Passed,
    /// It could not be tried here.
    LeftOut {
        /// Why.
        why: String,
    },
    /// The demand was not met.
    Failed {
        /// What was seen instead.
        how: String,
    },
}

/// Tries whether a store does what a `SecureStore` must. It blocks, from a part of a second in
/// memory to minutes in a slow keystore: call it where waiting is fine. It writes under keys
/// that begin with `conformance/`, and removes them when it is done.
#[uniffi::export]
pub fn secure_store_conformance(store: Arc<dyn StoreUnderTest>) -> Vec<CaseReport> {
    reports(testing::secure_store_conformance(Arc::new(Tried(store))))
}

/// A report as it crosses.
pub(crate) fn reports(report: testing::Report) -> Vec<CaseReport> {
    let cases = report.cases.into_iter();
    cases
        .map(|case| CaseReport {
            name: case.name.into(),
            demand: case.demand.into(),
            outcome: case.outcome.into(),
        })
        .collect()
}

impl From<testing::Outcome> for Outcome {
    fn from(outcome: testing::Outcome) -> Self {
        match outcome {
            testing::Outcome::Passed => Self::Passed,
            testing::Outcome::LeftOut(why) => Self::LeftOut { why },
            testing::Outcome::Failed(how) => Self::Failed { how },
        }
    }
}

/// What the test could not do fails the case, which a panic does.
#[allow(clippy::panic, reason = "the suite catches it, and says it")]
fn told(done: Result<bool, StoreError>, what: &str) -> bool {
    done.unwrap_or_else(|error| panic!("{what} threw: {error}"))
}

struct Tried(Arc<dyn StoreUnderTest>);

impl testing::StoreUnderTest for Tried {
    fn open(&self) -> Result<Arc<dyn ports::SecureStore>, ports::StoreError> {
        Ok(Arc::new(Foreign(self.0.open_store()?)))
    }

    fn lock(&self, locked: bool) -> bool {
        told(self.0.lock(locked), "lock")
    }

    fn killed_in_put(&self, key: &str, value: &[u8]) -> bool {
        told(
            self.0.killed_in_put(key.into(), value.into()),
            "killedInPut",
        )
    }
}
