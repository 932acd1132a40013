//! A file, for a service that is one process.

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
use super::{AttemptRow, CleanUpBatch, Commit, GrantRow, RowStore, SessionRow, StoreFuture, Table};
use crate::sealing::Mac;
use switchback_driver::owner;

/// So often what was committed is moved from the log to the file.
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(1);

/// And by whoever commits only where the log has so many pages: 64 MB.
const MAX_WAL_PAGES: &str = "16384";

/// Kilobytes of pages that are kept by the connection that writes: one turn of the clean-up
/// fits in.
const CACHE_SIZE: &str = "-8192";

/// An SQLite file. It is created when it is not there, and belongs to one process: another
/// one that opens it, by whatever name, is refused.
pub struct Sqlite {
    read: SqlitePool,
    /// SQLite writes one thing at a time: waiting for a turn here is fairer than there.
    write: SqlitePool,
    attempts: Batches,
    /// Ends with this.
    _checkpoints: JoinSet<()>,
    /// Held for as long as this lives.
    locked_file: LockedFile,
}

/// Why a file was not opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SqliteError {
    /// Another process has it.
    #[error(
        "the database {} is in use by another process: stop that one, or use PostgreSQL, which \
         several nodes can share",
        .0.display()
    )]
    InUse(PathBuf),
    /// Its file, or the one beside it by which one process knows that it is locked_file, cannot be
    /// used.
    #[error("the file {} cannot be used: {source}", .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database itself.
    #[error("the database {} cannot be used: {source}", .path.display())]
    Database {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: sqlx::Error,
    },
}

impl Sqlite {
    /// Opens the file, creates what is missing, and brings its tables up to date.
    ///
    /// # Errors
    /// Where another process has it, or it cannot be used.
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
            // What is committed is there after a power cut as well: a mark that got lost would
            // let a refresh token be used twice.
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

/// Moves what was committed from the log to the file, now and then. It holds up nobody who
/// writes, as it would where one of them did it.
async fn checkpoint(mut connection: SqliteConnection) {
    let mut ticks = tokio::time::interval(CHECKPOINT_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // Where it cannot be done, whoever writes does it, and fails.
        let _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").await;
    }
}

/// In the order in which rows stand in the file, which is the one in which they were added.
fn remove_expired(table: Table) -> &'static str {
    remove_expired!(table, "rowid IN (SELECT rowid FROM ", ")")
}

impl RowStore for Sqlite {
    fn clock_offset(&self) -> i64 {
        0
    }

    /// It is this machine's.
    fn measure_clock(&self) -> StoreFuture<'_, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// This process is locked_file: whoever held a lease in another one is no more.
    fn is_gone(&self, owner: &Owner) -> bool {
        !owner::is_here(owner)
    }

    /// A file that was removed still answers, and is gone when this process ends.
    fn ping(&self) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            self.locked_file.check_in_place()?;
            sqlx::query("SELECT 1").execute(&self.write).await?;
            Ok(())
        })
    }

    statements!();
}
