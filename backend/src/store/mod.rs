//! Where a service keeps logins, grants and sessions: SQLite or PostgreSQL, by one schema
//! and the same statements.
//!
//! Every change of a row is one statement that compares and sets its generation. There is
//! no transaction that stays open while something is sent.

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
    /// Whose callback completes it.
    pub initiator: String,
    /// Which state of it this is.
    pub generation: Generation,
    /// When it may be removed, in seconds since the epoch.
    pub remove_at: i64,
    /// The attempt.
    pub sealed: Sealed,
}

/// A grant.
#[derive(Clone, Debug)]
pub struct GrantRow {
    /// The id of the attempt that it came from.
    pub id: String,
    /// What for: [`Purpose::as_str`](switchback_protocol::Purpose::as_str).
    pub purpose: String,
    /// A keyed hash of who was onboarded, once that is known.
    pub subject: Option<String>,
    /// Which state of it this is.
    pub generation: Generation,
    /// When it may be removed, in seconds since the epoch.
    pub remove_at: i64,
    /// The grant.
    pub sealed: Sealed,
}

/// What opens a grant.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Names it.
    pub id: String,
    /// Which grant.
    pub grant_id: String,
    /// Which state of it this is.
    pub generation: Generation,
    /// When it may be removed, in seconds since the epoch.
    pub remove_at: i64,
    /// The hash of the cookie or access token.
    pub access_hash: Vec<u8>,
    /// When the cookie or access token expires, in seconds since the epoch.
    pub access_expires_at: i64,
    /// The hash of the access token before it, which is good until it expires.
    pub previous_access_hash: Option<Vec<u8>>,
    /// When the access token before it expires.
    pub previous_access_expires_at: Option<i64>,
    /// The hash of the refresh token, where there is one.
    pub refresh_hash: Option<Vec<u8>>,
    /// The hash of the refresh token before it, and how often such a one came again.
    pub previous_refresh_hash: Option<Vec<u8>>,
    /// Whether what opens it now was used.
    pub is_used: bool,
    /// The grant of the login that this one takes the place of, once it was used.
    pub replaces: Option<String>,
}

/// What expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Table {
    /// Logins that were begun.
    Attempts,
    /// What opens a grant.
    Sessions,
    /// Grants.
    Grants,
}

/// What one turn of the clean-up did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CleanUpBatch {
    /// So many rows were removed.
    pub removed: u64,
    /// For so long nobody else could write, or as good as.
    pub took: Duration,
}

/// How many rows were removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Logins that nobody came back to.
    pub attempts: u64,
    /// Grants that are over, or that nobody used for long.
    pub grants: u64,
    /// Sessions that expired.
    pub sessions: u64,
}

/// Why the database did not do it. It holds nothing that is stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the database failed: {0}")]
pub struct StoreError(pub String);

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self(error.to_string())
    }
}

/// What a database answers with.
pub type StoreFuture<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// The database, as the service uses it. [`Sqlite`] and [`Postgres`] implement it; a test
/// puts something around one of them.
pub trait RowStore: Send + Sync + 'static {
    /// By how many seconds the database's clock is ahead of this machine's, as far as is
    /// known: leases are measured by a clock that all nodes share.
    fn clock_offset(&self) -> i64;

    /// Looks at the database's clock again.
    fn measure_clock(&self) -> StoreFuture<'_, ()>;

    /// Whether the holder of a lease is known to run no more. Where nobody can tell, it is
    /// waited for until its lease runs out.
    fn is_gone(&self, owner: &Owner) -> bool;

    /// Whether it answers.
    fn ping(&self) -> StoreFuture<'_, ()>;

    /// Adds a login.
    fn add_attempt(&self, attempt: AttemptRow) -> StoreFuture<'_, ()>;
    /// Finds a login.
    fn attempt(&self, id: String) -> StoreFuture<'_, Option<AttemptRow>>;
    /// Changes a login, where it is still the one that was seen.
    fn replace_attempt(&self, seen: Generation, attempt: AttemptRow) -> StoreFuture<'_, Commit>;

    /// Adds a grant: [`Lost`](Commit::Lost) where there is one of this id.
    fn add_grant(&self, grant: GrantRow) -> StoreFuture<'_, Commit>;
    /// Finds a grant.
    fn grant(&self, id: String) -> StoreFuture<'_, Option<GrantRow>>;
    /// All grants of a person for a purpose.
    fn grants_of(&self, subject: String, purpose: &'static str) -> StoreFuture<'_, Vec<GrantRow>>;
    /// Changes a grant, where it is still the one that was seen.
    fn replace_grant(&self, seen: Generation, grant: GrantRow) -> StoreFuture<'_, Commit>;
    /// Removes a grant, and what opens it, where it is still the one that was seen.
    fn remove_grant(&self, seen: Generation, id: String) -> StoreFuture<'_, Commit>;

    /// Adds a session of a grant: [`Lost`](Commit::Lost) where that is gone.
    fn add_session(&self, session: SessionRow, mac: Mac) -> StoreFuture<'_, Commit>;
    /// Finds a session and its grant.
    fn session(&self, id: String) -> StoreFuture<'_, Option<(SessionRow, Mac, GrantRow)>>;
    /// Changes a session, where it is still the one that was seen.
    fn replace_session(
        &self,
        seen: Generation,
        session: SessionRow,
        mac: Mac,
    ) -> StoreFuture<'_, Commit>;
    /// Whether one of a grant's sessions was used.
    fn was_used(&self, grant_id: String) -> StoreFuture<'_, bool>;
    /// Removes a session, and leaves its grant.
    fn remove_session(&self, id: String) -> StoreFuture<'_, ()>;

    /// Removes up to so many rows of a table that may be removed by now, the earliest first.
    /// Nothing is held afterwards: whoever waits to write is served before the next turn.
    fn remove_expired(&self, table: Table, now: i64, at_most: u32)
    -> StoreFuture<'_, CleanUpBatch>;
}
