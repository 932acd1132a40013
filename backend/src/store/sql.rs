//! The SQL statements, which are the same for both databases.
//!
//! They are macros: generic functions over sqlx's `Database` would need bounds that are longer
//! than the statements.

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{Database, Encode, FromRow, QueryBuilder, Row, SqlSafeStr as _, Type};

use super::{AttemptRow, ClientRow, GrantRow, SessionRow, SignatureRow};
use crate::sealing::{Mac, Sealed};

/// The schema, as numbered migrations.
pub(super) fn migrations() -> Migrator {
    let step = |version, description: &'static str, sql: &'static str| {
        let kind = MigrationType::Simple;
        Migration::new(version, description.into(), kind, sql.into_sql_str(), false)
    };
    let first = include_str!("../../migrations/0001_tables.sql");
    let second = include_str!("../../migrations/0002_client.sql");
    let third = include_str!("../../migrations/0003_signatures.sql");
    Migrator::with_migrations(vec![
        step(1, "tables", first),
        step(2, "client", second),
        step(3, "signatures", third),
    ])
}

/// Explains why the tables cannot be migrated.
pub(super) fn not_migrated(error: MigrateError) -> sqlx::Error {
    match error {
        MigrateError::VersionMismatch(_) | MigrateError::VersionMissing(_) => {
            sqlx::Error::InvalidArgument(
                "another version of Switchback created its tables: start that version, or \
                 use an empty database"
                    .into(),
            )
        }
        error => error.into(),
    }
}

/// Generations count from 1, so that they fit into `i64`.
pub(super) fn number(generation: u64) -> i64 {
    i64::try_from(generation).unwrap_or(i64::MAX)
}

fn generation(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

macro_rules! rows {
    ($row:ty) => {
        impl FromRow<'_, $row> for ClientRow {
            fn from_row(row: &$row) -> sqlx::Result<Self> {
                Ok(Self {
                    provider: row.try_get("provider")?,
                    base_url: row.try_get("base_url")?,
                    client_id: row.try_get("client_id")?,
                })
            }
        }

        impl FromRow<'_, $row> for AttemptRow {
            fn from_row(row: &$row) -> sqlx::Result<Self> {
                Ok(Self {
                    id: row.try_get("id")?,
                    initiator: row.try_get("initiator")?,
                    generation: generation(row.try_get("generation")?),
                    remove_at: row.try_get("remove_at")?,
                    sealed: Sealed {
                        key: row.try_get("key_name")?,
                        bytes: row.try_get("sealed")?,
                    },
                })
            }
        }

        impl FromRow<'_, $row> for GrantRow {
            fn from_row(row: &$row) -> sqlx::Result<Self> {
                Ok(Self {
                    id: row.try_get("id")?,
                    purpose: row.try_get("purpose")?,
                    subject: row.try_get("subject")?,
                    generation: generation(row.try_get("generation")?),
                    remove_at: row.try_get("remove_at")?,
                    sealed: Sealed {
                        key: row.try_get("key_name")?,
                        bytes: row.try_get("sealed")?,
                    },
                })
            }
        }

        impl FromRow<'_, $row> for SignatureRow {
            fn from_row(row: &$row) -> sqlx::Result<Self> {
                Ok(Self {
                    id: row.try_get("id")?,
                    generation: generation(row.try_get("generation")?),
                    remove_at: row.try_get("remove_at")?,
                    retry_at: row.try_get("retry_at")?,
                    sealed: Sealed {
                        key: row.try_get("key_name")?,
                        bytes: row.try_get("sealed")?,
                    },
                })
            }
        }

        impl FromRow<'_, $row> for Mac {
            fn from_row(row: &$row) -> sqlx::Result<Self> {
                Ok(Self {
                    key: row.try_get("session_key_name")?,
                    bytes: row.try_get("mac")?,
                })
            }
        }

        impl FromRow<'_, $row> for SessionRow {
            fn from_row(row: &$row) -> sqlx::Result<Self> {
                Ok(Self {
                    id: row.try_get("session_id")?,
                    grant_id: row.try_get("grant_id")?,
                    generation: generation(row.try_get("session_generation")?),
                    remove_at: row.try_get("session_remove_at")?,
                    access_hash: row.try_get("access_hash")?,
                    access_expires_at: row.try_get("access_expires_at")?,
                    previous_access_hash: row.try_get("previous_access_hash")?,
                    previous_access_expires_at: row.try_get("previous_access_expires_at")?,
                    refresh_hash: row.try_get("refresh_hash")?,
                    previous_refresh_hash: row.try_get("previous_refresh_hash")?,
                    is_used: row.try_get("is_used")?,
                    replaces: row.try_get("replaces")?,
                })
            }
        }
    };
}

rows!(sqlx::sqlite::SqliteRow);
rows!(sqlx::postgres::PgRow);

/// One statement that adds all these attempts.
pub(super) fn insert<'a, D: Database>(rows: Vec<AttemptRow>) -> QueryBuilder<D>
where
    String: Encode<'a, D> + Type<D>,
    i64: Encode<'a, D> + Type<D>,
    Vec<u8>: Encode<'a, D> + Type<D>,
{
    let mut insert = QueryBuilder::new(
        "INSERT INTO attempts (id, initiator, generation, remove_at, key_name, sealed) ",
    );
    insert.push_values(rows, |mut values, row| {
        values
            .push_bind(row.id)
            .push_bind(row.initiator)
            .push_bind(number(row.generation))
            .push_bind(row.remove_at)
            .push_bind(row.sealed.key)
            .push_bind(row.sealed.bytes);
    });
    insert
}

/// The methods of [`RowStore`](super::RowStore) that run statements, for a type with the pools
/// `read` and `write`, and `attempts`.
macro_rules! statements {
    () => {
        fn claim(&self, row: ClientRow) -> StoreFuture<'_, ClientRow> {
            Box::pin(async move {
                // Of two nodes that start at the same time, the later one waits for the row of the
                // earlier one, adds none, and reads that row.
                let added = sqlx::query(
                    "INSERT INTO client (id, provider, base_url, client_id) \
                     VALUES (1, $1, $2, $3) ON CONFLICT DO NOTHING",
                )
                .bind(row.provider)
                .bind(row.base_url)
                .bind(row.client_id);
                added.execute(&self.write).await?;
                let stored = sqlx::query_as("SELECT * FROM client");
                Ok(stored.fetch_one(&self.write).await?)
            })
        }

        fn add_attempt(&self, row: AttemptRow) -> StoreFuture<'_, ()> {
            Box::pin(self.attempts.add(row))
        }

        fn attempt(&self, id: String) -> StoreFuture<'_, Option<AttemptRow>> {
            Box::pin(async move {
                let found = sqlx::query_as("SELECT * FROM attempts WHERE id = $1").bind(id);
                Ok(found.fetch_optional(&self.read).await?)
            })
        }

        fn replace_attempt(&self, seen: Generation, row: AttemptRow) -> StoreFuture<'_, Commit> {
            Box::pin(async move {
                let changed = sqlx::query(
                    "UPDATE attempts SET generation = $1, remove_at = $2, key_name = $3, \
                     sealed = $4 WHERE id = $5 AND generation = $6",
                )
                .bind(number(row.generation))
                .bind(row.remove_at)
                .bind(row.sealed.key)
                .bind(row.sealed.bytes)
                .bind(row.id)
                .bind(number(seen));
                Ok(commit(changed.execute(&self.write).await?.rows_affected()))
            })
        }

        fn add_grant(&self, row: GrantRow) -> StoreFuture<'_, Commit> {
            Box::pin(async move {
                let added = sqlx::query(
                    "INSERT INTO grants \
                     (id, purpose, subject, generation, remove_at, key_name, sealed) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                )
                .bind(row.id)
                .bind(row.purpose)
                .bind(row.subject)
                .bind(number(row.generation))
                .bind(row.remove_at)
                .bind(row.sealed.key)
                .bind(row.sealed.bytes);
                Ok(commit(added.execute(&self.write).await?.rows_affected()))
            })
        }

        fn grant(&self, id: String) -> StoreFuture<'_, Option<GrantRow>> {
            Box::pin(async move {
                let found = sqlx::query_as("SELECT * FROM grants WHERE id = $1").bind(id);
                Ok(found.fetch_optional(&self.read).await?)
            })
        }

        fn grants_of(&self, subject: String, purpose: &'static str) -> StoreFuture<'_, Vec<GrantRow>> {
            Box::pin(async move {
                let found =
                    sqlx::query_as("SELECT * FROM grants WHERE subject = $1 AND purpose = $2")
                        .bind(subject)
                        .bind(purpose);
                Ok(found.fetch_all(&self.read).await?)
            })
        }

        fn replace_grant(&self, seen: Generation, row: GrantRow) -> StoreFuture<'_, Commit> {
            Box::pin(async move {
                let changed = sqlx::query(
                    "UPDATE grants SET generation = $1, remove_at = $2, key_name = $3, \
                     sealed = $4, subject = $5 WHERE id = $6 AND generation = $7",
                )
                .bind(number(row.generation))
                .bind(row.remove_at)
                .bind(row.sealed.key)
                .bind(row.sealed.bytes)
                .bind(row.subject)
                .bind(row.id)
                .bind(number(seen));
                Ok(commit(changed.execute(&self.write).await?.rows_affected()))
            })
        }

        fn remove_grant(&self, seen: Generation, id: String) -> StoreFuture<'_, Commit> {
            Box::pin(async move {
                let removed = sqlx::query("DELETE FROM grants WHERE id = $1 AND generation = $2")
                    .bind(id)
                    .bind(number(seen));
                Ok(commit(removed.execute(&self.write).await?.rows_affected()))
            })
        }

        fn add_session(&self, row: SessionRow, mac: Mac) -> StoreFuture<'_, Commit> {
            Box::pin(async move {
                let added = sqlx::query(
                    "INSERT INTO sessions \
                     (id, grant_id, generation, remove_at, access_hash, access_expires_at, \
                     refresh_hash, is_used, replaces, key_name, mac) \
                     SELECT $1, id, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM grants WHERE id = $2",
                )
                .bind(row.id)
                .bind(row.grant_id)
                .bind(number(row.generation))
                .bind(row.remove_at)
                .bind(row.access_hash)
                .bind(row.access_expires_at)
                .bind(row.refresh_hash)
                .bind(row.is_used)
                .bind(row.replaces)
                .bind(mac.key)
                .bind(mac.bytes);
                Ok(commit(added.execute(&self.write).await?.rows_affected()))
            })
        }

        fn session(&self, id: String) -> StoreFuture<'_, Option<(SessionRow, Mac, GrantRow)>> {
            Box::pin(async move {
                let found = sqlx::query(
                    "SELECT s.id AS session_id, s.grant_id, s.generation AS session_generation, \
                     s.remove_at AS session_remove_at, s.access_hash, s.access_expires_at, \
                     s.previous_access_hash, s.previous_access_expires_at, s.refresh_hash, \
                     s.previous_refresh_hash, s.is_used, s.replaces, \
                     s.key_name AS session_key_name, s.mac, g.* \
                     FROM sessions s JOIN grants g ON g.id = s.grant_id WHERE s.id = $1",
                )
                .bind(id);
                let Some(row) = found.fetch_optional(&self.read).await? else {
                    return Ok(None);
                };
                Ok(Some((
                    sqlx::FromRow::from_row(&row)?,
                    sqlx::FromRow::from_row(&row)?,
                    sqlx::FromRow::from_row(&row)?,
                )))
            })
        }

        fn replace_session(
            &self,
            seen: Generation,
            row: SessionRow,
            mac: Mac,
        ) -> StoreFuture<'_, Commit> {
            Box::pin(async move {
                let changed = sqlx::query(
                    "UPDATE sessions SET generation = $1, remove_at = $2, access_hash = $3, \
                     access_expires_at = $4, previous_access_hash = $5, \
                     previous_access_expires_at = $6, refresh_hash = $7, \
                     previous_refresh_hash = $8, is_used = $9, replaces = $10, \
                     key_name = $11, mac = $12 WHERE id = $13 AND generation = $14",
                )
                .bind(number(row.generation))
                .bind(row.remove_at)
                .bind(row.access_hash)
                .bind(row.access_expires_at)
                .bind(row.previous_access_hash)
                .bind(row.previous_access_expires_at)
                .bind(row.refresh_hash)
                .bind(row.previous_refresh_hash)
                .bind(row.is_used)
                .bind(row.replaces)
                .bind(mac.key)
                .bind(mac.bytes)
                .bind(row.id)
                .bind(number(seen));
                Ok(commit(changed.execute(&self.write).await?.rows_affected()))
            })
        }

        fn was_used(&self, grant_id: String) -> StoreFuture<'_, bool> {
            Box::pin(async move {
                let used = sqlx::query("SELECT 1 FROM sessions WHERE grant_id = $1 AND is_used")
                    .bind(grant_id);
                Ok(used.fetch_optional(&self.read).await?.is_some())
            })
        }

        fn remove_session(&self, id: String) -> StoreFuture<'_, ()> {
            Box::pin(async move {
                let removed = sqlx::query("DELETE FROM sessions WHERE id = $1").bind(id);
                removed.execute(&self.write).await?;
                Ok(())
            })
        }

        fn add_signature(&self, row: SignatureRow) -> StoreFuture<'_, ()> {
            Box::pin(async move {
                let added = sqlx::query(
                    "INSERT INTO signatures \
                     (id, generation, remove_at, retry_at, key_name, sealed) \
                     VALUES ($1, $2, $3, $4, $5, $6)",
                )
                .bind(row.id)
                .bind(number(row.generation))
                .bind(row.remove_at)
                .bind(row.retry_at)
                .bind(row.sealed.key)
                .bind(row.sealed.bytes);
                added.execute(&self.write).await?;
                Ok(())
            })
        }

        fn signature(&self, id: String) -> StoreFuture<'_, Option<SignatureRow>> {
            Box::pin(async move {
                let found = sqlx::query_as("SELECT * FROM signatures WHERE id = $1").bind(id);
                Ok(found.fetch_optional(&self.read).await?)
            })
        }

        fn unfinished_signatures(
            &self,
            now: i64,
            after: Option<(i64, String)>,
            at_most: u32,
        ) -> StoreFuture<'_, Vec<SignatureRow>> {
            Box::pin(async move {
                let (retry_at, id) = after.unwrap_or((i64::MIN, String::new()));
                let found = sqlx::query_as(
                    "SELECT * FROM signatures WHERE retry_at <= $1 AND (retry_at, id) > ($2, $3) \
                     ORDER BY retry_at, id LIMIT $4",
                )
                .bind(now)
                .bind(retry_at)
                .bind(id)
                .bind(i64::from(at_most));
                Ok(found.fetch_all(&self.read).await?)
            })
        }

        fn replace_signature(
            &self,
            seen: Generation,
            row: SignatureRow,
        ) -> StoreFuture<'_, Commit> {
            Box::pin(async move {
                let changed = sqlx::query(
                    "UPDATE signatures SET generation = $1, remove_at = $2, retry_at = $3, \
                     key_name = $4, sealed = $5 WHERE id = $6 AND generation = $7",
                )
                .bind(number(row.generation))
                .bind(row.remove_at)
                .bind(row.retry_at)
                .bind(row.sealed.key)
                .bind(row.sealed.bytes)
                .bind(row.id)
                .bind(number(seen));
                Ok(commit(changed.execute(&self.write).await?.rows_affected()))
            })
        }

        fn remove_signature(&self, id: String) -> StoreFuture<'_, ()> {
            Box::pin(async move {
                let removed = sqlx::query("DELETE FROM signatures WHERE id = $1").bind(id);
                removed.execute(&self.write).await?;
                Ok(())
            })
        }

        fn remove_expired(&self, table: Table, now: i64, at_most: u32) -> StoreFuture<'_, CleanUpBatch> {
            Box::pin(async move {
                let statement = self::remove_expired(table);
                let removing = sqlx::query(statement).bind(now).bind(i64::from(at_most));
                let mut connection = self.write.acquire().await?;
                // The time to wait for the connection does not count: it delays no other writer.
                let began = tokio::time::Instant::now();
                let removed = removing.execute(&mut *connection).await?.rows_affected();
                let took = began.elapsed();
                Ok(CleanUpBatch { removed, took })
            })
        }
    };
}

/// The statement that removes the expired rows of each table, the oldest first. `$rows` selects
/// the rows of the subquery behind it, and `$end` closes the subquery.
macro_rules! remove_expired {
    (@ $name:literal, $rows:literal, $end:literal) => {
        concat!(
            "DELETE FROM ",
            $name,
            " WHERE ",
            $rows,
            $name,
            " WHERE remove_at <= $1 ORDER BY remove_at LIMIT $2",
            $end
        )
    };
    ($table:expr, $rows:literal, $end:literal) => {
        match $table {
            Table::Attempts => remove_expired!(@ "attempts", $rows, $end),
            Table::Sessions => remove_expired!(@ "sessions", $rows, $end),
            Table::Grants => remove_expired!(@ "grants", $rows, $end),
            Table::Signatures => remove_expired!(@ "signatures", $rows, $end),
        }
    };
}

pub(super) use {remove_expired, statements};

use super::Commit;

pub(super) fn commit(rows: u64) -> Commit {
    match rows {
        0 => Commit::Conflict,
        _ => Commit::Committed,
    }
}
