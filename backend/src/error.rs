//! The errors of the service, with one variant for each action that the caller can take next.

use switchback_protocol::OAuthError;
use switchback_protocol::Rule;
use switchback_protocol::grant::SessionEnd;

use crate::store::StoreError;

/// An error of the service. No error holds a token, code, secret or claim.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no session, or it has ended: log in again.
    #[error("not logged in: {0}")]
    LoginRequired(SessionEnd),
    /// The access token of an app's session has expired: refresh it.
    #[error("the access token has expired: refresh it")]
    TokenExpired,
    /// The provider cannot be reached, or is busy: try again later. The session continues.
    #[error("the provider cannot be reached or is busy{}", after(*.retry_after))]
    TryAgain {
        /// Seconds to wait, if known.
        retry_after: Option<u32>,
    },
    /// This session sent too many requests to the provider: try again later.
    #[error("this session sent too many requests to the provider; try again in {retry_after} s")]
    TooManyRequests {
        /// Seconds to wait.
        retry_after: u32,
    },
    /// The provider refuses the service, or the service is not configured for the request: a
    /// person must change the configuration.
    #[error("wrong configuration: {0}")]
    Configuration(String),
    /// The provider does not release this data to this session: the person did not share it, or
    /// the provider does not know the claim.
    #[error("the provider does not release this data: {0}")]
    Withheld(OAuthError),
    /// The provider broke the protocol.
    #[error("{endpoint} broke the protocol: {rule}")]
    Protocol {
        /// The endpoint, as text.
        endpoint: &'static str,
        /// The broken rule.
        rule: Rule,
    },
    /// There is no signing with this id, or it was removed.
    #[error("there is no signing with this id, or it was removed")]
    UnknownSigning,
    /// A text of the signing has a control character: write it on one line. The name of the text.
    #[error(
        "the {0} of the signing has a control character, such as a line break: write it on one line"
    )]
    ControlCharacter(&'static str),
    /// The signing cannot begin: its time is over, or a person has signed.
    #[error("the signing cannot begin: its time is over, or a person has signed")]
    SigningClosed,
    /// The signing is for another person than the one who is logged in.
    #[error("the signing is for another person than the one who is logged in")]
    OtherPerson,
    /// The person has not signed, or the service does not accept the signature.
    #[error("there is no signature: the person has not signed, or another person has")]
    NotSigned,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A row of the database cannot be opened or verified.
    #[error("the stored row {row} cannot be opened: {why}")]
    UnreadableRow {
        /// Table and id of the row.
        row: String,
        /// The reason.
        why: String,
    },
    /// The operating system returned no random bytes, or the runtime is shutting down.
    #[error("this process cannot continue: {0}; restart it")]
    Process(&'static str),
}

fn after(seconds: Option<u32>) -> String {
    seconds.map_or(String::new(), |s| format!("; try again in {s} s"))
}

/// The stable code of the reason why the session ended, as the HTTP interface returns it.
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
