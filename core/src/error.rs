//! The public errors, sorted by what the caller should do next. [`switchback_protocol`] decides
//! what the status of an answer means; this module only says what an app does about it.
//!
//! Before you change this: a new variant breaks every app that matches on [`Error`], and no text
//! may contain a token, code, verifier or claim.

use std::sync::Arc;

use switchback_protocol::RegistrationError;
use switchback_protocol::authorization::AuthorizationError;
use switchback_protocol::grant::SessionEnd;
use switchback_protocol::{OAuthError, Rule};

use crate::ports::{EntropyError, StoreError, TransportError};

/// What went wrong, sorted by what the caller should do next. `docs/reference/errors.md` explains each.
///
/// No error holds a token, code, verifier or claim.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The network or the service was not available. Try the same call again, after `retry_after`
    /// seconds if the service said so. The session continues.
    #[error("{what}; try again{}", retry_hint(*retry_after))]
    TryAgain {
        /// What failed.
        what: &'static str,
        /// Seconds to wait, if the service said so (`Retry-After`).
        retry_after: Option<u32>,
        /// The network error, if there was one.
        #[source]
        source: Option<Arc<TransportError>>,
    },
    /// The session has ended: log the person in again.
    #[error("the person must log in again: {reason}{}", said_by_service(said.as_ref()))]
    LoginRequired {
        /// The reason.
        reason: SessionEnd,
        /// The service's error when it ended the session, if it sent one: for a developer, not for
        /// the person.
        said: Option<OAuthError>,
    },
    /// The platform's store cannot be read **yet**: before the first unlock of a phone, or with a
    /// locked keyring. The session continues: wait, and try again.
    #[error("the secure store is locked: unlock the device or keyring, then try again")]
    StoreLocked,
    /// The platform's store failed.
    #[error("the secure store failed: {0}")]
    Store(StoreError),
    /// The configuration is wrong, or this call does not work with it: change it.
    #[error("wrong configuration: {what}")]
    Configuration {
        /// What is wrong, and what to change.
        what: String,
    },
    /// The service broke the protocol: report the rule to the service.
    #[error("{endpoint} broke the protocol: {rule}")]
    Protocol {
        /// The endpoint that answered.
        endpoint: &'static str,
        /// The rule that it broke.
        rule: Rule,
    },
    /// The backend does not begin this signing (mediated mode), and refuses the same request again.
    #[error("the backend does not begin this signing: {0}")]
    SigningUnavailable(SigningUnavailable),
}

/// Why a backend does not begin a signing that the service has prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SigningUnavailable {
    /// The backend has no signing with this id: the id is wrong, or the service deleted the signing.
    #[error(
        "it has no signing with this id: send the id of a prepared signing as `request` in `extra`, \
         unchanged"
    )]
    Unknown,
    /// A person has signed, or the time to begin is over.
    #[error(
        "a person has signed, or the time to sign is over: let the service prepare another signing"
    )]
    Closed,
    /// The signing is for another person than the one who is logged in.
    #[error(
        "it is for another person than the one who is logged in: let that person log in, and begin \
         the signing under that session"
    )]
    OtherPerson,
}

impl SigningUnavailable {
    /// The stable code, which is the backend's: `unknown_signing`, `signing_closed`, `other_person`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown_signing",
            Self::Closed => "signing_closed",
            Self::OtherPerson => "other_person",
        }
    }

    /// The reason with this code.
    pub(crate) fn of(code: &str) -> Option<Self> {
        let all = [Self::Unknown, Self::Closed, Self::OtherPerson];
        all.into_iter().find(|why| why.code() == code)
    }
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

    /// A detached task ended without a result: it panicked, or the runtime is shutting down.
    pub(crate) fn interrupted(what: &'static str) -> Self {
        Self::TryAgain {
            what,
            retry_after: None,
            source: None,
        }
    }

    /// A network error may go away, so the caller may try again. A problem of this machine stays
    /// until the machine's configuration is changed.
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
