//! The conformance suite of secure stores, for stores in Kotlin and Swift.

use std::sync::Arc;

use switchback::{ports, testing};
use switchback_bindings::{SecureStore, StoreError, store};

/// The store under test, and how the test can lock it or kill a process that writes. Calls come
/// from several threads; `lock` and `killed_in_put` one at a time, while no other call runs.
#[uniffi::export(foreign)]
pub trait StoreUnderTest: Send + Sync {
    /// Opens the store as a new process does: on the same data as before, without state in memory
    /// as far as possible. Also called while the store is locked: a store that cannot be opened
    /// then throws `Locked`.
    fn open_store(&self) -> Result<Arc<dyn SecureStore>, StoreError>;
    /// Locks or unlocks the data. Returns true when it is done. If it returns false, because the
    /// test cannot do it here, the suite skips the cases about locked stores.
    fn lock(&self, locked: bool) -> Result<bool, StoreError>;
    /// Lets another process put this value, and kills the process during the write. If it returns
    /// false, because the test cannot do it here, the suite skips the case.
    fn killed_in_put(&self, key: String, value: Vec<u8>) -> Result<bool, StoreError>;
}

/// The result of one case, with its name.
#[derive(Clone, Debug, uniffi::Record)]
pub struct CaseReport {
    /// The name of the case, as in `docs/how-to/secure-store.md` or `docs/how-to/transport.md`.
    pub name: String,
    /// The demand as a sentence.
    pub demand: String,
    /// The result.
    pub outcome: Outcome,
}

/// The result of a case.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum Outcome {
    /// The demand was met.
    Passed,
    /// The suite could not test it here.
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

/// Tests whether a store does what a `SecureStore` must do. It blocks, from less than a second in
/// memory to minutes in a slow keystore: call it from a thread that may block. It writes under keys
/// that begin with `conformance/`, and removes them at its end.
#[uniffi::export]
pub fn secure_store_conformance(store: Arc<dyn StoreUnderTest>) -> Vec<CaseReport> {
    reports(testing::secure_store_conformance(Arc::new(Foreign(store))))
}

/// Converts a report for Kotlin and Swift.
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

/// If the test itself failed, the case fails, by a panic.
#[allow(clippy::panic, reason = "the suite catches it and reports it")]
fn or_panic(done: Result<bool, StoreError>, what: &str) -> bool {
    done.unwrap_or_else(|error| panic!("{what} threw: {error}"))
}

struct Foreign(Arc<dyn StoreUnderTest>);

impl testing::StoreUnderTest for Foreign {
    fn open(&self) -> Result<Arc<dyn ports::SecureStore>, ports::StoreError> {
        Ok(Arc::new(store::Foreign(self.0.open_store()?)))
    }

    fn lock(&self, locked: bool) -> bool {
        or_panic(self.0.lock(locked), "lock")
    }

    fn killed_in_put(&self, key: &str, value: &[u8]) -> bool {
        or_panic(
            self.0.killed_in_put(key.into(), value.into()),
            "killedInPut",
        )
    }
}
