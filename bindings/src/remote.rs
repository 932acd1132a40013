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
pub use switchback_jades::{
    CertificateAttribute, CertificateSummary, ClaimedTime, Indication, Level, Outcome, ProvenTime,
    SignedDocument, TimeHeader,
};
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

/// The result of the verification of a signature (ETSI EN 319 102-1 §5.1.3).
#[uniffi::remote(Enum)]
pub enum Indication {
    /// Every check passed.
    TotalPassed,
    /// The signature is wrong, or it is not of what was asked.
    TotalFailed,
    /// Nothing shows that the signature is wrong, and what is here does not prove that it is right.
    Indeterminate,
}

/// The outcome of one check of a signature.
#[uniffi::remote(Enum)]
pub enum Outcome {
    /// The check passed.
    Passed,
    /// The check failed: the signature is wrong.
    Failed,
    /// The check could not be decided.
    Undecided,
    /// The check was not made, because an earlier one failed or because nothing asks for it.
    Skipped,
    /// A remark about conformance, which does not change the result.
    Remark,
}

/// The level of a signature (ETSI TS 119 182-1 §6).
#[uniffi::remote(Enum)]
pub enum Level {
    /// Basic.
    BaselineB,
    /// With a timestamp of the signature value.
    BaselineT,
}

/// The header that has the signing time.
#[uniffi::remote(Enum)]
pub enum TimeHeader {
    /// `iat`, since July 2025.
    Iat,
    /// `sigT`, before.
    SigT,
}

/// The signing time that a signature claims. A claim proves nothing.
#[uniffi::remote(Record)]
pub struct ClaimedTime {
    /// Seconds since the epoch.
    pub time: i64,
    /// The header that has it.
    pub header: TimeHeader,
}

/// A time that a timestamp authority proves (RFC 3161).
#[uniffi::remote(Record)]
pub struct ProvenTime {
    /// Seconds since the epoch.
    pub time: i64,
    /// The subject of the authority's certificate.
    pub authority: String,
}

/// The document that a signature names (`sigD`).
#[uniffi::remote(Record)]
pub struct SignedDocument {
    /// The id: a URI.
    pub id: String,
    /// SHA-256, base64url without padding.
    pub digest: String,
    /// The content type, unchanged.
    pub content_type: Option<String>,
}

/// One certificate.
#[uniffi::remote(Record)]
pub struct CertificateSummary {
    /// The subject (RFC 4514).
    pub subject: String,
    /// The issuer (RFC 4514).
    pub issuer: String,
    /// The serial number, hexadecimal.
    pub serial: String,
    /// The beginning of the validity, in seconds since the epoch.
    pub not_before: i64,
    /// The end of the validity, in seconds since the epoch.
    pub not_after: i64,
    /// SHA-256 of the certificate, hexadecimal.
    pub sha256: String,
    /// The parts of the subject, in the order of the certificate.
    pub attributes: Vec<CertificateAttribute>,
}

/// One part of a distinguished name.
#[uniffi::remote(Record)]
pub struct CertificateAttribute {
    /// The short name in upper case (`CN`, `O`, `PSEUDONYM`), or an object identifier in numbers.
    pub name: String,
    /// The value, unchanged: text of the certificate, which can contain any character.
    pub value: String,
}
