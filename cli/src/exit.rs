//! How a command ends: an exit code for scripts, and a message for people.
//!
//! Before you change this: scripts depend on the codes and on `error.kind`. `docs/reference/cli.md`
//! lists them.

use std::borrow::Cow;
use std::error::Error as _;
use std::process::ExitCode;

use serde::{Deserialize, Serialize};
use switchback::Error;
use switchback::ports::StoreError;

/// The exit codes. `--help` and `docs/reference/cli.md` contain the same table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Exit {
    /// Something else failed.
    Failed = 1,
    /// The command line was not understood.
    Usage = 2,
    /// The person declined, or the provider or the backend refused.
    Declined = 3,
    /// The person must log in again.
    LoginAgain = 4,
    /// The provider or the backend was not reached: try again.
    TryAgain = 5,
    /// The store is locked, or failed.
    Store = 6,
    /// The configuration is wrong.
    Configuration = 7,
    /// The provider or the backend broke the protocol.
    Protocol = 8,
    /// A signature is wrong: TOTAL-FAILED (ETSI EN 319 102-1).
    SignatureFailed = 9,
    /// A signature is not proven: INDETERMINATE.
    SignatureIndeterminate = 10,
    /// Ctrl-C, or SIGTERM.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error for the person: what happened, where, and what to do next.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// A stable name for scripts.
    pub(crate) kind: Cow<'static, str>,
    pub(crate) message: String,
    pub(crate) place: Option<String>,
    pub(crate) next: Option<String>,
    /// The command already printed this failure.
    #[serde(skip)]
    pub(crate) reported: bool,
}

impl Failure {
    pub(crate) fn new(exit: Exit, kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            exit,
            kind: kind.into(),
            message: message.into(),
            place: None,
            next: None,
            reported: false,
        }
    }

    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::new(Exit::Failed, "failed", message)
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, "usage", message)
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(Exit::Configuration, "configuration", message)
    }

    pub(crate) fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// Sets the place of the failure, unless it already has one.
    pub(crate) fn at(mut self, place: impl Into<String>) -> Self {
        self.place.get_or_insert_with(|| place.into());
        self
    }
}

/// The variants of the core's error differ by what to do next, as the exit codes do.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = match error.source() {
            Some(source) => format!("{error} ({source})"),
            None => error.to_string(),
        };
        let (exit, kind, next) = match &error {
            Error::TryAgain { .. } => (
                Exit::TryAgain,
                "try-again",
                "check the network and the base URL, then run the same command again",
            ),
            Error::LoginRequired { .. } => (Exit::LoginAgain, "login-required", "switchback login"),
            Error::StoreLocked => (
                Exit::Store,
                "store-locked",
                "unlock the system's keyring; nothing is lost",
            ),
            Error::Store(StoreError::KeyLost(_)) => (
                Exit::Store,
                "store",
                "start the keyring that has the key, or restore the key file from a backup; \
                 nothing was deleted",
            ),
            Error::Store(StoreError::Newer(_)) => (
                Exit::Store,
                "store",
                "use a newer switchback, or another folder with --home",
            ),
            Error::Store(_) => (
                Exit::Store,
                "store",
                "repair the store, or use another folder with --home; nothing was deleted",
            ),
            // The message itself says what to change.
            Error::Configuration { .. } => (Exit::Configuration, "configuration", ""),
            Error::SigningUnavailable(_) => (Exit::Declined, "signing-unavailable", ""),
            Error::Protocol { .. } => (
                Exit::Protocol,
                "protocol",
                "report this message to the operator of the provider or backend, which made the mistake",
            ),
        };
        let failure = Self::new(exit, kind, message);
        if next.is_empty() {
            failure
        } else {
            failure.next(next)
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Error::from(error).into()
    }
}
