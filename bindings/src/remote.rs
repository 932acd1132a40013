//! Types of the core that Kotlin and Swift see unchanged.
//!
//! uniffi generates a converter from each declaration here. A declaration that lacks a field or a
//! variant of the type does not compile. The comments are for readers of Kotlin and Swift, who
//! have no links to Rust.
//!
//! A type of the core can be here if its fields and variants are public and named. A type that has
//! other fields, or methods or its own text form in Kotlin and Swift, is a type of this crate.

pub use switchback::ports::AfterReinstall;
pub use switchback::{Links, Purpose, Revocation, SessionEnd};
pub use switchback_protocol::OAuthError;
pub use switchback_protocol::attempt::TimelineEntry;
pub use switchback_protocol::callback::MalformedLink;

/// What a login is for.
#[uniffi::remote(Enum)]
pub enum Purpose {
    /// The person becomes a user of the service.
    Onboarding,
    /// The person logs in.
    Login,
    /// The person proves who they are, once.
    IdentityVerification,
    /// The person signs a document.
    Signing,
}

/// One line of a login's timeline: for the app to show, or to send to support.
#[uniffi::remote(Record)]
pub struct TimelineEntry {
    /// Seconds since the epoch.
    pub at: i64,
    /// A stable name, `callback.received` for example: see `docs/reference/diagnostics.md`.
    pub event: String,
    /// Details, for people.
    pub note: Option<String>,
}

/// What a login opens, and where it comes back to.
#[uniffi::remote(Record)]
pub struct Links {
    /// Whether it opens an identity app or a page.
    pub login: crate::Login,
    /// The authorization endpoint.
    pub authorization_url: String,
    /// The redirect URI.
    pub redirect_uri: String,
}

/// What is wrong with a link.
#[uniffi::remote(Enum)]
pub enum MalformedLink {
    /// The link is longer than 16 KiB.
    TooLong,
    /// The percent-encoding is invalid.
    Encoding,
    /// A parameter is not UTF-8.
    NotUtf8,
    /// The link has a parameter twice (RFC 6749 §3.1 forbids it).
    Twice,
    /// The link has both `code` and `error`.
    CodeAndError,
    /// The link has neither `code` nor `error`.
    NoAnswer,
    /// The link has no `state`.
    NoState,
    /// The parameters are in the fragment, after a `#`.
    Fragment,
}

/// An OAuth error (RFC 6749 §4.1.2.1 and §5.2): a code, and the server's description.
#[uniffi::remote(Record)]
pub struct OAuthError {
    /// The code, `invalid_scope` for example.
    pub code: String,
    /// The server's description, for a developer and not for the person.
    pub description: Option<String>,
}

/// Why a session has ended.
#[uniffi::remote(Enum)]
pub enum SessionEnd {
    /// The person logged out in this app.
    LoggedOut,
    /// The service ended it: the person logged out there, or was idle for too long.
    Revoked,
    /// The access token has expired, and there is no refresh token.
    Expired,
    /// The service refused a refresh token whose first answer was lost: the app was
    /// killed, or the connection broke, between sending and storing.
    RotationInterrupted,
    /// The service answered a refresh with the tokens of another person, which were
    /// dropped.
    OtherPerson,
    /// The service's backend no longer accepts the session.
    EndedByBackend,
    /// The stored session is damaged. The store keeps the damaged entry under another key.
    Damaged,
    /// This store has no such session.
    NoSession,
}

/// Whether the service ended a session at a log-out.
#[uniffi::remote(Enum)]
pub enum Revocation {
    /// The service offers no revocation: the session ends there when it is no longer refreshed.
    NotOffered,
    /// There was nothing to revoke: the session had already ended.
    NotNeeded,
    /// The service has ended the session.
    Done,
    /// The service was not reached, or failed.
    Failed,
}

/// What happens to sessions of an earlier installation.
#[uniffi::remote(Enum)]
pub enum AfterReinstall {
    /// They are kept: the person who has the device is still logged in.
    Keep,
    /// They are removed: a new installation begins without a session.
    Wipe,
}
