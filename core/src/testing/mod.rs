//! Whether what an app hands in keeps its promises: two conformance suites, for whoever
//! writes a part of their own, in Rust or in another language.
//!
//! - [`secure_store_conformance`] tries a [`SecureStore`](crate::ports::SecureStore), over a
//!   keychain, a keystore or a keyring.
//! - [`http_transport_conformance`] tries an [`HttpTransport`](crate::ports::HttpTransport),
//!   over the platform's HTTP client.
//!
//! Both are made to be called from other languages: they take one object, block, give plain
//! data back, and do not panic. What they try panics at its own cost: the case fails in which
//! it did. Where a case does not end, its thread is left behind and nothing more is tried.

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
