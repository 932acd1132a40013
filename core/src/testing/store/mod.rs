//! Whether a store keeps its promises: the conformance suite of [`SecureStore`].
//!
//! It is for whoever writes one, over a keychain, a keystore or a keyring, in Rust or in
//! another language: [`secure_store_conformance`] puts, gets, deletes and lists, from one
//! thread and from many, lets a put be killed and the store be locked, and says of each
//! thing that it tried what came of it. `docs/secure-store.md` has the contract as a table,
//! and every case by its name.
//!
//! ```
//! use std::sync::Arc;
//!
//! use switchback::ports::{SecureStore, StoreError};
//! use switchback::store::Memory;
//! use switchback::testing::{StoreUnderTest, secure_store_conformance};
//!
//! /// `Memory` stands for the store that you write.
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
//! // What could not be tried, since `Mine` has neither `lock` nor `killed_in_put`.
//! let left_out: Vec<_> = report.left_out().iter().map(|case| case.name).collect();
//! let locked = ["locked-at-start", "locked-after-opening", "unlocked-later"];
//! assert_eq!(left_out[0], "killed-in-put");
//! assert_eq!(left_out[1..], locked);
//! ```
//!
//! A store that has not answered after two minutes fails that case.
//!
//! It writes under keys that begin with `conformance/`, one of them behind a space, and
//! removes them when it is done; so it does with what a run that was killed has left. What
//! else is in the store it does not touch. Two runs at one store disturb each other.

mod cases;
mod probe;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use super::report::Report;
use super::run;
use crate::ports::{SecureStore, StoreError};

/// The store that is to be tried, and what can be done to it from outside.
///
/// Calls come from several threads. [`lock`](Self::lock) and
/// [`killed_in_put`](Self::killed_in_put) come one at a time, and while nothing else is
/// under way.
pub trait StoreUnderTest: Send + Sync {
    /// Opens the store as a new process would: over the same data as before, and as far as
    /// can be without anything that is in memory. It is called again and again, also while
    /// the store is locked; what was opened earlier stays in use.
    ///
    /// # Errors
    /// [`StoreError::Locked`] is right for a store that is locked and cannot be opened then.
    /// Every other error is a failure of the case.
    fn open(&self) -> Result<Arc<dyn SecureStore>, StoreError>;

    /// Locks or unlocks what the system locks: the protected data of a phone before its
    /// first unlock, a keyring. Not a biometric gate, which answers
    /// [`StoreError::AuthenticationRequired`]. True when it is done; false where it cannot
    /// be done here, and the cases about locked stores are left out.
    ///
    /// Each case begins and ends with `lock(false)`, whatever happens in it.
    fn lock(&self, locked: bool) -> bool {
        let _ = locked;
        false
    }

    /// Lets another process, or something as good, put this value and be killed in the
    /// middle of it; returns when it is dead. True when that was done; false where it
    /// cannot be done here, and the case is left out.
    ///
    /// It is called thirty times, and best kills at another moment each time: before the
    /// put, in it, after it. That process may put the same value more than once.
    fn killed_in_put(&self, key: &str, value: &[u8]) -> bool {
        let _ = (key, value);
        false
    }
}

/// How long a case may take. Thirty processes that are started and killed on a slow phone
/// take half of it.
const LIMIT: Duration = Duration::from_secs(120);

/// Tries whether a store does what [`SecureStore`] demands. It blocks, from a part of a
/// second in memory to minutes in a slow keystore: call it where waiting is fine.
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
