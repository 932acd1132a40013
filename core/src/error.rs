//! What went wrong, by what to do next.

use std::sync::Arc;

use switchback_protocol::RegistrationError;
use switchback_protocol::authorization::AuthorizationError;
use switchback_protocol::grant::SessionEnd;
use switchback_protocol::{OAuthError, Rule};

use crate::ports::{EntropyError, StoreError, TransportError};

/// What went wrong, by what to do next. `docs/errors.md` says more about each.
///
/// No error holds a token, code, verifier or claim.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The network or the service was not there: try the same call again, after
    /// `retry_after` seconds where the service said so. Nobody is logged out by it.
    #[error("{what}; try again{}", retry_hint(*retry_after))]
    TryAgain {
        /// What was tried.
        what: &'static str,
        /// Seconds to wait.
        retry_after: Option<u32>,
        /// What the network said.
        #[source]
        source: Option<Arc<TransportError>>,
    },
    /// The session is over: log the person in again.
    #[error("the person must log in again: {reason}{}", said_by_service(said.as_ref()))]
    LoginRequired {
        /// Why.
        reason: SessionEnd,
        /// What the service said when it ended the session, where it did: for a developer, and
        /// not for the person.
        said: Option<OAuthError>,
    },
    /// The platform's store cannot be read **yet** (before the first unlock of a phone, a
    /// locked keyring). Nobody is logged out: wait, and try again.
    #[error("the secure store is locked: unlock the device or keyring, then try again")]
    StoreLocked,
    /// The platform's store does not work.
    #[error("the secure store failed: {0}")]
    Store(StoreError),
    /// The configuration is wrong, or this call cannot work with it: change it.
    #[error("wrong configuration: {what}")]
    Configuration {
        /// What is wrong, and what to change.
        what: String,
    },
    /// The service broke the protocol: report it to the service.
    #[error("{endpoint} broke the protocol: {rule}")]
    Protocol {
        /// Which endpoint answered.
        endpoint: &'static str,
        /// Which rule it broke.
        rule: Rule,
    },
}

fn said_by_service(said: Option<&OAuthError>) -> String {
    said.map_or(String::new(), |error| {
        format!("; the service said: {error}")
    })
}

fn retry_hint(seconds: Option<u32>) -> String {
    seconds.map_or(String::new(), |s| format!(" in {s} s"))
}

impl Error {
    pub(crate) fn configuration(what: impl ToString) -> Self {
        Self::Configuration {
            what: what.to_string(),
        }
    }

    /// A task of ours ended without an answer: it panicked, or the runtime is going down.
    pub(crate) fn interrupted(what: &'static str) -> Self {
        Self::TryAgain {
            what,
            retry_after: None,
            source: None,
        }
    }

    /// What a network says may be of another mind the next time; what this machine lacks is
    /// not.
    pub(crate) fn try_again(
        what: &'static str,
        retry_after: Option<u32>,
        source: Option<Arc<TransportError>>,
    ) -> Self {
        match source.as_deref() {
            Some(local @ TransportError::Local(_)) => {
                Self::configuration(format_args!("{what}: {local}"))
            }
            _ => Self::TryAgain {
                what,
                retry_after,
                source,
            },
        }
    }

    pub(crate) fn network(what: &'static str, error: TransportError) -> Self {
        Self::try_again(what, None, Some(Arc::new(error)))
    }
}

impl From<RegistrationError> for Error {
    fn from(error: RegistrationError) -> Self {
        Self::configuration(error)
    }
}

impl From<AuthorizationError> for Error {
    fn from(error: AuthorizationError) -> Self {
        Self::configuration(error)
    }
}

impl From<EntropyError> for Error {
    fn from(error: EntropyError) -> Self {
        Self::configuration(error)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Locked => Self::StoreLocked,
            other => Self::Store(other),
        }
    }
}
