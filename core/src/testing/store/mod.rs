//! The conformance suite of [`SecureStore`].
//!
//! It is for implementers of a store over a keychain, a keystore or a keyring, in Rust or in
//! another language. [`secure_store_conformance`] puts, gets, deletes and lists, from one thread
//! and from many, lets a put be killed and the store be locked, and reports the result of each
//! case. `docs/how-to/secure-store.md` has the contract as a table, and every case by its name.
//!
//! ```
//! use std::sync::Arc;
//!
//! use switchback::ports::{SecureStore, StoreError};
//! use switchback::store::Memory;
//! use switchback::testing::{StoreUnderTest, secure_store_conformance};
//!
//! /// `Memory` takes the place of your own store.
//! struct Mine(Arc<Memory>);
//!
//! impl StoreUnderTest for Mine {
//!     fn open(&self) -> Result<Arc<dyn SecureStore>, StoreError> {
//!         Ok(self.0.clone())
//!     }
//! }
//!
//! let report = secure_store_conformance(Arc::new(Mine(Arc::default())));
//! assert!(report.failures().is_empty(), "{report}");
//!
//! // The cases that were left out, since `Mine` has neither `lock` nor `killed_in_put`.
//! let left_out: Vec<_> = report.left_out().iter().map(|case| case.name).collect();
//! let locked = ["locked-at-start", "locked-after-opening", "unlocked-later"];
//! assert_eq!(left_out[0], "killed-in-put");
//! assert_eq!(left_out[1..], locked);
//! ```
//!
//! If a store does not answer within two minutes, the case fails.
//!
//! The suite writes keys that begin with `conformance/` (one of them after a space) and removes
//! them, also those of an earlier run that was killed. It touches no other keys. Two runs on one
//! store at the same time disturb each other.

mod cases;
mod probe;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use super::report::Report;
use super::run;
use crate::ports::{SecureStore, StoreError};

/// The store under test, and what the test can do to it from outside.
///
/// Calls come from several threads. [`lock`](Self::lock) and [`killed_in_put`](Self::killed_in_put)
/// are called one at a time, and while no other call is in progress.
pub trait StoreUnderTest: Send + Sync {
    /// Opens the store as a new process would: over the same data, as far as possible without data
    /// in memory. It is called often, also while the store is locked; stores that were opened
    /// earlier stay in use.
    ///
    /// # Errors
    /// [`StoreError::Locked`] is correct for a store that cannot be opened while it is locked.
    /// Every other error is a failure of the case.
    fn open(&self) -> Result<Arc<dyn SecureStore>, StoreError>;

    /// Locks or unlocks the store as the system does: the protected data of a phone before its
    /// first unlock, or a keyring. It does not mean biometric authentication, for which a store
    /// returns [`StoreError::AuthenticationRequired`]. Returns true if that was done; false if it
    /// cannot be done here, and the cases about locked stores are left out.
    ///
    /// Each case begins and ends with `lock(false)`.
    fn lock(&self, locked: bool) -> bool {
        let _ = locked;
        false
    }

    /// Starts another process (or an equivalent) that puts this value, kills it in the middle, and
    /// returns when it has ended. Returns true if that was done; false if it cannot be done here,
    /// and the case is left out.
    ///
    /// It is called 30 times and should kill at a different moment each time: before the put,
    /// during it, after it. The process may put the same value more than once.
    fn killed_in_put(&self, key: &str, value: &[u8]) -> bool {
        let _ = (key, value);
        false
    }
}

/// The time limit of a case. Starting and killing 30 processes on a slow phone takes half of it.
const LIMIT: Duration = Duration::from_secs(120);

/// Tests whether a store does what [`SecureStore`] demands. It blocks: for less than a second for a
/// store in memory, up to minutes for a slow keystore.
pub fn secure_store_conformance(store: Arc<dyn StoreUnderTest>) -> Report {
    tried(&store, &cases::all(), LIMIT)
}

fn tried(
    store: &Arc<dyn StoreUnderTest>,
    cases: &[run::Case<probe::Probe>],
    limit: Duration,
) -> Report {
    let log = Arc::default();
    run::run(cases, limit, |case| probe::Probe {
        case,
        store: Arc::clone(store),
        log: Arc::clone(&log),
    })
}
