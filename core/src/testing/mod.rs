//! Conformance suites for the parts that an app can implement itself, in Rust or in another
//! language.
//!
//! - [`secure_store_conformance`] tests a [`SecureStore`](crate::ports::SecureStore) over a
//!   keychain, a keystore or a keyring.
//! - [`http_transport_conformance`] tests an [`HttpTransport`](crate::ports::HttpTransport) over
//!   the platform's HTTP client.
//!
//! Both can be called from other languages: each function takes one object, blocks, returns plain
//! data and does not panic. If the tested object panics, the case fails. If a case does not end,
//! its thread stays behind and all later cases are left out.

mod canary;
#[cfg(test)]
mod page;
mod report;
mod run;
pub mod store;
pub mod transport;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use report::{CaseReport, Outcome, Report};
pub use store::{StoreUnderTest, secure_store_conformance};
pub use transport::{TransportUnderTest, http_transport_conformance};

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
