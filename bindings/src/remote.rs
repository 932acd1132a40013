//! Types that are the core's own, and cross to Kotlin and Swift as they are.
//!
//! uniffi makes a converter of each list here, and the compiler holds the list to the type: one
//! that lacks a field or a variant does not compile. The words are for readers of Kotlin and
//! Swift, who have no links to Rust.
//!
//! A type of the core can be here where its fields and variants are public and named. What is
//! not, or has methods or a text of its own in Kotlin and Swift, is a type of this crate's.

pub use switchback::ports::AfterReinstall;
pub use switchback::{Purpose, Revocation, SessionEnd};
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
}

/// One line of a login's timeline: for the app to show, or to send to support.
#[uniffi::remote(Record)]
pub struct TimelineEntry {
    /// Seconds since the epoch.
    pub at: i64,
    /// A stable name, `callback.received` for example: see `docs/diagnostics.md`.
    pub event: String,
    /// More about it, for people.
    pub note: Option<String>,
}

/// What is wrong with a link.
#[uniffi::remote(Enum)]
pub enum MalformedLink {
    /// It is longer than 16 KiB.
    TooLong,
    /// Its percent-encoding is broken.
    Encoding,
    /// A parameter is not UTF-8.
    NotUtf8,
    /// A parameter stands there twice (RFC 6749 §3.1 forbids it).
    Twice,
    /// It has `code` and `error` together.
    CodeAndError,
    /// It has neither `code` nor `error`.
    NoAnswer,
    /// It has no `state`.
    NoState,
    /// Its parameters are behind a `#`.
    Fragment,
}

/// An OAuth error (RFC 6749 §4.1.2.1 and §5.2): a code, and what the server says about it.
#[uniffi::remote(Record)]
pub struct OAuthError {
    /// The code, `invalid_scope` for example.
    pub code: String,
    /// The server's own words, for a developer and not for the person.
    pub description: Option<String>,
}

/// Why a session is over.
#[uniffi::remote(Enum)]
pub enum SessionEnd {
    /// Somebody logged out here.
    LoggedOut,
    /// The service ended it: the person logged out there, or was idle for too long.
    Revoked,
    /// The access token is over, and there is no refresh token.
    Expired,
    /// The service refused a refresh token whose first answer was lost: the app was
    /// killed, or the connection broke, between sending and storing.
    RotationInterrupted,
    /// The service answered a refresh with the tokens of another person, which were
    /// dropped.
    OtherPerson,
    /// The service's backend does not accept the session any more.
    EndedByBackend,
    /// What was stored of it is damaged. It was set aside in the store.
    Damaged,
    /// There is no such session in this store.
    NoSession,
}

/// Whether the service was told that a session is not needed any more.
#[uniffi::remote(Enum)]
pub enum Revocation {
    /// It has no way to be told: there the session ends when nobody refreshes it.
    NotOffered,
    /// There was nothing to revoke: the session was over before.
    NotNeeded,
    /// It has ended the session.
    Done,
    /// It was not reached, or did not do it.
    Failed,
}

/// What is done with the sessions that an earlier installation has left.
#[uniffi::remote(Enum)]
pub enum AfterReinstall {
    /// They are kept: whoever has the device is still logged in.
    Keep,
    /// They are removed: a new installation begins without a session.
    Wipe,
}
