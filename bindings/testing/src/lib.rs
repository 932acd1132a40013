//! For tests of apps in Kotlin and Swift, and for our own: what the phone library must not
//! have. Whoever links this library has the phone library in it, and needs no other.
//!
//! - [`secure_store_conformance`]: whether a store keeps its promises.
//! - [`http_transport_conformance`]: whether a transport keeps its promises.
//! - [`client_for_tests`]: a client whose clock and chance are the test's own; [`TestClock`] is
//!   such a clock.
//! - [`panics`], [`panics_later`]: a mistake in Rust, made on purpose.
//! - [`bytes_held`]: whether something is left behind.
//! - [`nothing`], [`text`], [`record`]: calls whose cost can be measured.

mod conformance;
mod held;
mod transport;
mod world;

use switchback_bindings::{SwitchbackError, runtime};

pub use conformance::{CaseReport, Outcome, StoreUnderTest, secure_store_conformance};
pub use held::bytes_held;
pub use transport::http_transport_conformance;
pub use world::{Clock, Entropy, Now, TestClock, WorldError, client_for_tests};

uniffi::setup_scaffolding!("switchback_testing");

/// Makes a mistake.
#[uniffi::export]
#[allow(clippy::panic, reason = "it is what this is for")]
pub fn panics() -> Result<(), SwitchbackError> {
    panic!("on purpose")
}

/// Makes a mistake in a task, as everything that waits would.
#[uniffi::export]
pub async fn panics_later() -> Result<(), SwitchbackError> {
    runtime::run(async { panics() }).await
}

/// Does nothing.
#[uniffi::export]
pub fn nothing() {}

/// Gives a text back.
#[uniffi::export]
pub fn text(given: String) -> String {
    given
}

/// Some of everything.
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

/// Gives a record back.
#[uniffi::export]
pub fn record(given: Sample) -> Sample {
    given
}
