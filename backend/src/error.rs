//! What went wrong, by what the caller does next.

use switchback_protocol::OAuthError;
use switchback_protocol::Rule;
use switchback_protocol::grant::SessionEnd;

use crate::store::StoreError;

/// What went wrong in the service. No error holds a token, code, secret or claim.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nobody is logged in, or not any more: log in again.
    #[error("not logged in: {0}")]
    LoginRequired(SessionEnd),
    /// The access token of an app's session is over: refresh it.
    #[error("the access token is over: refresh it")]
    TokenExpired,
    /// The provider cannot be reached, or is busy: try again, in so many seconds where that
    /// is known. Nobody is logged out.
    #[error("the provider cannot be reached now{}", after(*.retry_after))]
    TryAgain {
        /// Seconds.
        retry_after: Option<u32>,
    },
    /// This session asks the provider too often: try again in so many seconds.
    #[error("this session asks the provider too often; try again in {retry_after} s")]
    TooManyRequests {
        /// Seconds.
        retry_after: u32,
    },
    /// The provider refuses the service, or the service is not set up for this: a person
    /// must change the configuration.
    #[error("wrong configuration: {0}")]
    Configuration(String),
    /// The provider does not give this data to this session: it was not shared, or the
    /// provider does not know the claim.
    #[error("the provider does not give this: {0}")]
    Withheld(OAuthError),
    /// The provider broke the protocol.
    #[error("{endpoint} broke the protocol: {rule}")]
    Protocol {
        /// Which endpoint.
        endpoint: &'static str,
        /// Which rule.
        rule: Rule,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is stored cannot be opened.
    #[error("what is stored as {row} cannot be opened: {why}")]
    UnreadableRow {
        /// Where.
        row: String,
        /// Why.
        why: String,
    },
    /// The system has no random bytes, or the runtime is going down.
    #[error("this process cannot go on: {0}")]
    Process(&'static str),
}

fn after(seconds: Option<u32>) -> String {
    seconds.map_or(String::new(), |s| format!("; try again in {s} s"))
}

/// The stable word for why nobody is logged in.
pub fn reason(ended: SessionEnd) -> &'static str {
    match ended {
        SessionEnd::LoggedOut => "logged_out",
        SessionEnd::Revoked => "revoked",
        SessionEnd::Expired => "expired",
        SessionEnd::RotationInterrupted => "rotation_interrupted",
        SessionEnd::OtherPerson => "other_person",
        SessionEnd::Damaged => "damaged",
        _ => "no_session",
    }
}
