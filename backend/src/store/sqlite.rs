//! SQLite, for a service with one process.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Executor as _};
use switchback_protocol::lease::Owner;
use switchback_protocol::stored::Generation;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use super::batch::Batches;
use super::locked_file::LockedFile;
use super::sql::{commit, insert, migrations, not_migrated, number, remove_expired, statements};
use super::{
    AttemptRow, CleanUpBatch, ClientRow, Commit, GrantRow, RowStore, SessionRow, SignatureRow,
    StoreFuture, Table,
};
use crate::sealing::Mac;
use switchback_driver::owner;

/// How often the checkpoint task moves committed pages from the log to the file.
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(1);

/// The size of the log at which a commit runs the checkpoint itself, in pages: 64 MB.
const MAX_WAL_PAGES: &str = "16384";

/// The page cache of the connection that writes, in kilobytes (negative by SQLite's convention).
/// One batch of the clean-up fits into it.
const CACHE_SIZE: &str = "-8192";

/// An SQLite file, created if it does not exist. It belongs to one process: a second process that
/// opens it, by any name, gets an error.
pub struct Sqlite {
    read: SqlitePool,
    /// One connection: SQLite has one writer at a time, and the pool's queue is fairer than
    /// SQLite's retries.
    write: SqlitePool,
    attempts: Batches,
    /// The checkpoint task, which ends when this value is dropped.
    _checkpoints: JoinSet<()>,
    /// The lock, which is held as long as this value lives.
    locked_file: LockedFile,
}

/// Why an SQLite file cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SqliteError {
    /// Another process has the file.
    #[error(
        "the database {} is in use by another process: stop that process, or use PostgreSQL, which \
         several nodes can share",
        .0.display()
    )]
    InUse(PathBuf),
    /// The file, or the lock file beside it, cannot be used.
    #[error("the file {} cannot be used: {source}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// SQLite cannot use the file.
    #[error("the database {} cannot be used: {source}", .path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: sqlx::Error,
    },
}

impl Sqlite {
    /// Opens the file, creates it if it is missing, and migrates its tables.
    ///
    /// # Errors
    /// If another process has the file, or it cannot be used.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, SqliteError> {
        let path = path.as_ref();
        let locked_file = LockedFile::with(path)?;
        let failed = |source| SqliteError::Database {
            path: path.into(),
            source,
        };
        let options = SqliteConnectOptions::new()
            .filename(locked_file.file())
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A committed row survives a power cut. If the mark of a sent refresh token were lost,
            // the service would send the token twice.
            .synchronous(SqliteSynchronous::Full)
            .optimize_on_close(true, None);
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .min_connections(1)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
        };
        let writing = options
            .clone()
            .pragma("wal_autocheckpoint", MAX_WAL_PAGES)
            .pragma("cache_size", CACHE_SIZE);
        let write = pool(1).connect_with(writing).await.map_err(failed)?;
        migrations()
            .run(&write)
            .await
            .map_err(|error| failed(not_migrated(error)))?;
        let read = pool(2).connect_with(options.clone());
        let read = read.await.map_err(failed)?;
        let mut checkpoints = JoinSet::new();
        checkpoints.spawn(checkpoint(options.connect().await.map_err(failed)?));
        let pool = write.clone();
        let attempts = Batches::new(move |rows| {
            let pool = pool.clone();
            Box::pin(async move {
                insert::<sqlx::Sqlite>(rows).build().execute(&pool).await?;
                Ok(())
            })
        });
        Ok(Self {
            read,
            write,
            attempts,
            _checkpoints: checkpoints,
            locked_file,
        })
    }
}

/// Moves committed pages from the log to the file at intervals. A separate connection does it, so
/// that no writer waits for the checkpoint.
async fn checkpoint(mut connection: SqliteConnection) {
    let mut ticks = tokio::time::interval(CHECKPOINT_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // If this fails, a later commit runs the checkpoint, and reports the error.
        let _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").await;
    }
}

/// In the order of `rowid`, in which the rows were added.
fn remove_expired(table: Table) -> &'static str {
    remove_expired!(table, "rowid IN (SELECT rowid FROM ", ")")
}

impl RowStore for Sqlite {
    fn clock_offset(&self) -> i64 {
        0
    }

    /// The database uses this machine's clock.
    fn measure_clock(&self) -> StoreFuture<'_, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// The file has one process: a lease of another process is over.
    fn is_gone(&self, owner: &Owner) -> bool {
        !owner::is_of_this_process(owner)
    }

    /// A removed file still answers statements, and its rows are lost when this process ends.
    fn ping(&self) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            self.locked_file.check_in_place()?;
            sqlx::query("SELECT 1").execute(&self.write).await?;
            Ok(())
        })
    }

    statements!();
}
