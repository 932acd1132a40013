//! A file, for a service that is one process.

use std::fs::File;
use std::path::{Path, PathBuf};

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use switchback_protocol::lease::Owner;
use switchback_protocol::stored::Generation;

use super::batch::Batches;
use super::sql::{commit, insert, migrations, not_migrated, number, statements};
use super::{Answer, AttemptRow, Commit, GrantRow, RowStore, SessionRow, Table, Turn};
use crate::sealing::Mac;
use switchback_driver::owner;

/// An SQLite file. It is created when it is not there, and belongs to one process: another
/// one that opens it is refused.
pub struct Sqlite {
    read: SqlitePool,
    /// SQLite writes one thing at a time: waiting for a turn here is fairer than there.
    write: SqlitePool,
    attempts: Batches,
    /// Held for as long as this lives.
    _alone: File,
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
    /// The file beside it, by which one process knows that it is alone, cannot be used.
    #[error("the file {} cannot be used: {source}", .path.display())]
    Lock {
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
        let alone = lock(path)?;
        let failed = |source| SqliteError::Database {
            path: path.into(),
            source,
        };
        make(path).map_err(|error| failed(error.into()))?;
        let options = SqliteConnectOptions::new()
            .filename(path)
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
        let write = pool(1)
            .connect_with(options.clone())
            .await
            .map_err(failed)?;
        migrations()
            .run(&write)
            .await
            .map_err(|error| failed(not_migrated(error)))?;
        let read = pool(2).connect_with(options).await.map_err(failed)?;
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
            _alone: alone,
        })
    }
}

/// An empty file, for its owner only, where there is none. What SQLite puts beside it has the
/// same mode.
fn make(path: &Path) -> std::io::Result<()> {
    owners().open(path).map(drop)
}

fn owners() -> std::fs::OpenOptions {
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// The file beside the database, held by whoever uses it.
fn lock(path: &Path) -> Result<File, SqliteError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".lock");
    let beside = PathBuf::from(beside);
    let unusable = |source| SqliteError::Lock {
        path: beside.clone(),
        source,
    };
    let file = owners().open(&beside).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(SqliteError::InUse(path.into())),
        Err(std::fs::TryLockError::Error(source)) => Err(unusable(source)),
    }
}

/// In the order in which rows stand in the file, which is the one in which they were added.
fn remove_expired(table: Table) -> &'static str {
    macro_rules! from {
        ($table:literal) => {
            concat!(
                "DELETE FROM ",
                $table,
                " WHERE rowid IN (SELECT rowid FROM ",
                $table,
                " WHERE remove_at <= $1 ORDER BY remove_at LIMIT $2)"
            )
        };
    }
    match table {
        Table::Attempts => from!("attempts"),
        Table::Sessions => from!("sessions"),
        Table::Grants => from!("grants"),
    }
}

impl RowStore for Sqlite {
    fn clock_offset(&self) -> i64 {
        0
    }

    /// It is this machine's.
    fn measure_clock(&self) -> Answer<'_, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// This process is alone: whoever held a lease in another one is no more.
    fn is_gone(&self, owner: &Owner) -> bool {
        !owner::is_here(owner)
    }

    statements!();
}
