//! Functions for tests in Kotlin and Swift, which the phone library must not have. This library
//! contains the phone library: an app links only one of them.
//!
//! - [`secure_store_conformance`]: tests a store.
//! - [`http_transport_conformance`]: tests a transport.
//! - [`client_for_tests`]: a client with the test's clock and random source; [`TestClock`] is such
//!   a clock.
//! - [`panics`], [`panics_later`]: a panic in Rust, on purpose.
//! - [`bytes_held`]: the memory that Rust holds.
//! - [`nothing`], [`text`], [`record`]: calls whose cost can be measured.

mod client;
mod conformance;
mod memory;
mod transport;

use switchback_bindings::{SwitchbackError, runtime};

pub use client::{Clock, Entropy, Now, TestClock, WorldError, client_for_tests};
pub use conformance::{CaseReport, Outcome, StoreUnderTest, secure_store_conformance};
pub use memory::bytes_held;
pub use transport::http_transport_conformance;

uniffi::setup_scaffolding!("switchback_testing");

/// Panics.
#[uniffi::export]
#[allow(clippy::panic, reason = "the purpose of this function")]
pub fn panics() -> Result<(), SwitchbackError> {
    panic!("on purpose")
}

/// Panics in a task of the runtime.
#[uniffi::export]
pub async fn panics_later() -> Result<(), SwitchbackError> {
    runtime::run(async { panics() }).await
}

/// Does nothing.
#[uniffi::export]
pub fn nothing() {}

/// Returns the text.
#[uniffi::export]
pub fn text(given: String) -> String {
    given
}

/// A record with one field of each kind.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Sample {
    /// A number.
    pub number: i64,
    /// A text.
    pub text: String,
    /// Texts.
    pub texts: Vec<String>,
    /// A text that may be absent.
    pub maybe: Option<String>,
}

/// Returns the record.
#[uniffi::export]
pub fn record(given: Sample) -> Sample {
    given
}
