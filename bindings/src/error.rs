//! The error of every call, sorted by what the app does next.

use std::error::Error as _;

use crate::remote::SessionEnd;
use crate::store::StoreError;

/// Why a call failed, sorted by what the app does next. No error holds a token, code, verifier or
/// claim.
#[derive(Clone, Debug, thiserror::Error, uniffi::Error)]
pub enum SwitchbackError {
    /// The network or the service was not available: make the same call again, after
    /// `retry_after` seconds if the service said so. The person stays logged in.
    #[error("{}", try_again(what, *retry_after, reason.as_deref()))]
    TryAgain {
        /// What failed.
        what: String,
        /// Seconds to wait, if the service said so.
        retry_after: Option<i64>,
        /// The network's error.
        reason: Option<String>,
    },
    /// The session has ended: log the person in again.
    #[error("the person must log in again: {reason}{}", service_said(said.as_deref()))]
    LoginRequired {
        /// Why the session ended.
        reason: SessionEnd,
        /// What the service said if it ended the session: for a developer, not for the person.
        said: Option<String>,
    },
    /// The store cannot be read **yet** (before the first unlock of a phone). The person stays
    /// logged in: wait, and make the same call again.
    #[error("the secure store is locked: unlock the device, then try again")]
    StoreLocked,
    /// The store does not work.
    #[error("the secure store failed: {reason}")]
    Store {
        /// The store's error.
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
        /// The endpoint that answered.
        endpoint: String,
        /// The rule that it broke, by its name in `docs/reference/errors.md`.
        rule: String,
        /// The rule as a sentence.
        what: String,
    },
    /// The backend does not begin this signing (mediated mode), and refuses the same request again.
    #[error("{what}")]
    SigningUnavailable {
        /// The backend's code: `unknown_signing`, `signing_closed`, `other_person`.
        why: String,
        /// What happened, and what to do.
        what: String,
    },
    /// A bug in Switchback: please report it. No stored data is lost.
    #[error("Switchback has a bug, please report it: {what}")]
    Internal {
        /// What is known about the bug.
        what: String,
    },
}

fn service_said(said: Option<&str>) -> String {
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
            Error::SigningUnavailable(why) => Self::SigningUnavailable {
                why: why.code().into(),
                what: error.to_string(),
            },
            Error::Protocol { endpoint, rule } => Self::Protocol {
                endpoint: endpoint.into(),
                rule: rule.name().into(),
                what: rule.to_string(),
            },
        }
    }
}
