//! What went wrong, by what to do next.

use std::error::Error as _;

use crate::remote::SessionEnd;
use crate::store::StoreError;

/// What went wrong, by what to do next. No error holds a token, code, verifier or claim.
#[derive(Clone, Debug, thiserror::Error, uniffi::Error)]
pub enum SwitchbackError {
    /// The network or the service was not there: make the same call again, after
    /// `retry_after` seconds where the service said so. Nobody is logged out by it.
    #[error("{}", try_again(what, *retry_after, reason.as_deref()))]
    TryAgain {
        /// What was tried.
        what: String,
        /// Seconds to wait.
        retry_after: Option<i64>,
        /// What the network said.
        reason: Option<String>,
    },
    /// The session is over: log the person in again.
    #[error("the person must log in again: {reason}{}", words(said.as_deref()))]
    LoginRequired {
        /// Why.
        reason: SessionEnd,
        /// What the service said when it ended the session, where it did: for a developer, and
        /// not for the person.
        said: Option<String>,
    },
    /// The store cannot be read **yet** (before the first unlock of a phone). Nobody is
    /// logged out: wait, and make the same call again.
    #[error("the secure store is locked: unlock the device, then try again")]
    StoreLocked,
    /// The store does not work.
    #[error("the secure store failed: {reason}")]
    Store {
        /// What it said.
        reason: StoreError,
    },
    /// The configuration is wrong, or this call cannot work with it: change it.
    #[error("wrong configuration: {what}")]
    Configuration {
        /// What is wrong, and what to change.
        what: String,
    },
    /// The service broke the protocol: report it to the service.
    #[error("{endpoint} broke the protocol: {what}")]
    Protocol {
        /// Which endpoint answered.
        endpoint: String,
        /// Which rule it broke, by the name that it has in `docs/errors.md`.
        rule: String,
        /// What that means.
        what: String,
    },
    /// A mistake in Switchback itself: please report it. Nothing that was stored is lost.
    #[error("Switchback made a mistake, please report it: {what}")]
    Internal {
        /// What is known of it.
        what: String,
    },
}

fn words(said: Option<&str>) -> String {
    said.map_or(String::new(), |said| format!("; the service said: {said}"))
}

fn try_again(what: &str, retry_after: Option<i64>, reason: Option<&str>) -> String {
    let after = retry_after.map_or(String::new(), |seconds| format!(" in {seconds} s"));
    let reason = reason.map_or(String::new(), |reason| format!(" ({reason})"));
    format!("{what}; try again{after}{reason}")
}

#[uniffi::export]
impl SwitchbackError {
    /// What happened and what to do, in English, for a developer and a log.
    pub fn describe(&self) -> String {
        self.to_string()
    }
}

impl SwitchbackError {
    pub(crate) fn panicked() -> Self {
        Self::Internal {
            what: "a task panicked; the log says where".into(),
        }
    }
}

impl From<switchback::InvalidId> for SwitchbackError {
    fn from(error: switchback::InvalidId) -> Self {
        let what = error.to_string();
        Self::Configuration { what }
    }
}

impl From<switchback::Error> for SwitchbackError {
    fn from(error: switchback::Error) -> Self {
        use switchback::Error;

        let reason = error.source().map(ToString::to_string);
        match error {
            Error::TryAgain {
                what, retry_after, ..
            } => Self::TryAgain {
                what: what.into(),
                retry_after: retry_after.map(Into::into),
                reason,
            },
            Error::LoginRequired { reason, said } => Self::LoginRequired {
                reason,
                said: said.map(|error| error.to_string()),
            },
            Error::StoreLocked => Self::StoreLocked,
            Error::Store(error) => Self::Store {
                reason: error.into(),
            },
            Error::Configuration { what } => Self::Configuration { what },
            Error::Protocol { endpoint, rule } => Self::Protocol {
                endpoint: endpoint.into(),
                rule: rule.name().into(),
                what: rule.to_string(),
            },
        }
    }
}
