//! The database of a service, with logins, grants and sessions: SQLite or PostgreSQL, with the
//! same schema and the same statements.
//!
//! Each change of a row is one statement that compares and sets the row's generation. No
//! transaction stays open while the service waits for the provider.

mod batch;
mod locked_file;
mod postgres;
mod sql;
mod sqlite;
mod transport;

use std::time::Duration;

use switchback_driver::ports::BoxFuture;
use switchback_protocol::lease::Owner;
use switchback_protocol::stored::Generation;

use crate::sealing::{Mac, Sealed};

pub use postgres::Postgres;
pub use sqlite::{Sqlite, SqliteError};
pub use switchback_driver::Commit;

/// A login that was begun.
#[derive(Clone, Debug)]
pub struct AttemptRow {
    /// The attempt's id.
    pub id: String,
    /// The browser or app that began the login.
    pub initiator: String,
    /// The number of the change, for compare and set.
    pub generation: Generation,
    /// When the row may be removed, in seconds since the epoch.
    pub remove_at: i64,
    /// The sealed attempt.
    pub sealed: Sealed,
}

/// A grant: the provider's tokens.
#[derive(Clone, Debug)]
pub struct GrantRow {
    /// The id of the attempt that the grant came from.
    pub id: String,
    /// The purpose: [`Purpose::as_str`](switchback_protocol::Purpose::as_str).
    pub purpose: String,
    /// A keyed hash of the subject of an onboarded person, once the subject is known.
    pub subject: Option<String>,
    /// The number of the change, for compare and set.
    pub generation: Generation,
    /// When the row may be removed, in seconds since the epoch.
    pub remove_at: i64,
    /// The sealed grant.
    pub sealed: Sealed,
}

/// A session, which opens a grant.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// The session's id.
    pub id: String,
    /// The id of its grant.
    pub grant_id: String,
    /// The number of the change, for compare and set.
    pub generation: Generation,
    /// When the row may be removed, in seconds since the epoch.
    pub remove_at: i64,
    /// The hash of the cookie or access token.
    pub access_hash: Vec<u8>,
    /// When the cookie or access token expires, in seconds since the epoch.
    pub access_expires_at: i64,
    /// The hash of the previous access token, which is valid until it expires.
    pub previous_access_hash: Option<Vec<u8>>,
    /// When the previous access token expires, in seconds since the epoch.
    pub previous_access_expires_at: Option<i64>,
    /// The hash of the app's refresh token. `None` for a cookie.
    pub refresh_hash: Option<Vec<u8>>,
    /// The hash of the previous refresh token, and counts of how often such tokens were sent
    /// again.
    pub previous_refresh_hash: Option<Vec<u8>>,
    /// Whether the current cookie or tokens were used.
    pub is_used: bool,
    /// The grant of an older login that ends when this session is used for the first time.
    pub replaces: Option<String>,
}

/// A document that a person signs: the request, and the signature once it was made.
#[derive(Clone, Debug)]
pub struct SignatureRow {
    /// The id: a hash of the id by which the service's own code knows the request.
    pub id: String,
    /// The number of the change, for compare and set.
    pub generation: Generation,
    /// When the row may be removed, in seconds since the epoch.
    pub remove_at: i64,
    /// When the service continues with an unfinished signature, in seconds since the epoch.
    pub retry_at: Option<i64>,
    /// The sealed request and signature.
    pub sealed: Sealed,
}

/// The client that a database belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientRow {
    /// The provider's id.
    pub provider: String,
    /// The provider's base URL.
    pub base_url: String,
    /// The client id.
    pub client_id: String,
}

/// A table whose rows expire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Table {
    /// Logins that were begun.
    Attempts,
    /// Sessions, of browsers and apps.
    Sessions,
    /// Grants.
    Grants,
    /// Documents that people sign.
    Signatures,
}

/// The result of one batch of the clean-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CleanUpBatch {
    /// The number of removed rows.
    pub removed: u64,
    /// How long the batch held the connection that writes.
    pub took: Duration,
}

/// The numbers of rows that a clean-up removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Expired logins.
    pub attempts: u64,
    /// Grants that have ended or expired.
    pub grants: u64,
    /// Expired sessions.
    pub sessions: u64,
    /// Expired signatures and requests for signatures.
    pub signatures: u64,
}

/// A failure of the database. The text holds no stored value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the database failed: {0}")]
pub struct StoreError(pub String);

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self(error.to_string())
    }
}

/// The future that a database operation returns.
pub type StoreFuture<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// The database of a service. [`Sqlite`] and [`Postgres`] implement the trait; a test can wrap
/// either.
pub trait RowStore: Send + Sync + 'static {
    /// The difference of the database's clock to this machine's clock, in seconds, at the last
    /// measurement. All nodes measure leases with the database's clock.
    fn clock_offset(&self) -> i64;

    /// Measures the difference of the clocks.
    fn measure_clock(&self) -> StoreFuture<'_, ()>;

    /// Whether the process that holds a lease is known to have ended. If the store cannot know, it
    /// returns `false`, and the service waits until the lease expires.
    fn is_gone(&self, owner: &Owner) -> bool;

    /// Checks that the database answers.
    fn ping(&self) -> StoreFuture<'_, ()>;

    /// Stores this client if there is none yet. Returns the stored client.
    fn claim(&self, client: ClientRow) -> StoreFuture<'_, ClientRow>;

    /// Adds a login.
    fn add_attempt(&self, attempt: AttemptRow) -> StoreFuture<'_, ()>;
    /// Reads a login.
    fn attempt(&self, id: String) -> StoreFuture<'_, Option<AttemptRow>>;
    /// Replaces a login if its generation is still `seen`.
    fn replace_attempt(&self, seen: Generation, attempt: AttemptRow) -> StoreFuture<'_, Commit>;

    /// Adds a grant: [`Conflict`](Commit::Conflict) if a grant with this id exists.
    fn add_grant(&self, grant: GrantRow) -> StoreFuture<'_, Commit>;
    /// Reads a grant.
    fn grant(&self, id: String) -> StoreFuture<'_, Option<GrantRow>>;
    /// All grants of a person for a purpose.
    fn grants_of(&self, subject: String, purpose: &'static str) -> StoreFuture<'_, Vec<GrantRow>>;
    /// Replaces a grant if its generation is still `seen`.
    fn replace_grant(&self, seen: Generation, grant: GrantRow) -> StoreFuture<'_, Commit>;
    /// Removes a grant and its sessions if its generation is still `seen`.
    fn remove_grant(&self, seen: Generation, id: String) -> StoreFuture<'_, Commit>;

    /// Adds a session of a grant: [`Conflict`](Commit::Conflict) if the grant does not exist.
    fn add_session(&self, session: SessionRow, mac: Mac) -> StoreFuture<'_, Commit>;
    /// Reads a session and its grant.
    fn session(&self, id: String) -> StoreFuture<'_, Option<(SessionRow, Mac, GrantRow)>>;
    /// Replaces a session if its generation is still `seen`.
    fn replace_session(
        &self,
        seen: Generation,
        session: SessionRow,
        mac: Mac,
    ) -> StoreFuture<'_, Commit>;
    /// Whether any session of a grant was used.
    fn was_used(&self, grant_id: String) -> StoreFuture<'_, bool>;
    /// Removes a session, but not its grant.
    fn remove_session(&self, id: String) -> StoreFuture<'_, ()>;

    /// Adds the request for a signature.
    fn add_signature(&self, signature: SignatureRow) -> StoreFuture<'_, ()>;
    /// Reads a signature.
    fn signature(&self, id: String) -> StoreFuture<'_, Option<SignatureRow>>;
    /// At most `at_most` unfinished signatures with which the service continues now, by `retry_at`
    /// and id: those after this row, or the first.
    fn unfinished_signatures(
        &self,
        now: i64,
        after: Option<(i64, String)>,
        at_most: u32,
    ) -> StoreFuture<'_, Vec<SignatureRow>>;
    /// Replaces a signature if its generation is still `seen`.
    fn replace_signature(
        &self,
        seen: Generation,
        signature: SignatureRow,
    ) -> StoreFuture<'_, Commit>;
    /// Removes a signature.
    fn remove_signature(&self, id: String) -> StoreFuture<'_, ()>;

    /// Removes at most `at_most` expired rows of a table, the oldest first. It releases the
    /// connection afterwards, so that other writers run before the next batch.
    fn remove_expired(&self, table: Table, now: i64, at_most: u32)
    -> StoreFuture<'_, CleanUpBatch>;
}
