//! Rows of a service after a long time: live sessions, expired sessions, and abandoned logins. SQL
//! writes them, so that a million rows take seconds. Their sealed values are random bytes, which no
//! request reads.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _};
use sqlx::{PgConnection, SqliteConnection, postgres::PgConnectOptions, sqlite};

/// The number of rows in one statement.
const AT_ONCE: u64 = 100_000;

/// The default lifetimes of the service, in seconds: of a session, and of a login until its
/// removal.
const SESSION: i64 = 30 * 24 * 3600;
const LOGIN: i64 = 1200;

/// Which database.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Place {
    /// An SQLite file
    #[arg(long)]
    sqlite: Option<PathBuf>,
    /// The variable with the address of a PostgreSQL database
    #[arg(long)]
    postgres_env: Option<String>,
}

/// The numbers of rows to add.
#[derive(Args)]
pub(crate) struct Fill {
    #[command(flatten)]
    place: Place,
    /// Sessions that live
    #[arg(long, default_value_t = 0)]
    sessions: u64,
    /// Sessions that have expired
    #[arg(long, default_value_t = 0)]
    expired: u64,
    /// Logins that were begun evenly over the last twenty minutes, and expire as evenly
    #[arg(long, default_value_t = 0)]
    begun: u64,
}

enum Database {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// The SQL of each database.
struct Dialect {
    /// The numbers from `{from}` to `{to}`, as `n`.
    series: &'static str,
    hex: &'static str,
    bytes_32: &'static str,
    bytes_500: &'static str,
    /// The second `{at}` in hexadecimal.
    second: &'static str,
}

const SQLITE: Dialect = Dialect {
    series: "(WITH RECURSIVE s(n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM s WHERE n < {to}) \
             SELECT n FROM s)",
    hex: "lower(hex(randomblob(12)))",
    bytes_32: "randomblob(32)",
    bytes_500: "randomblob(500)",
    second: "printf('%08x', {at})",
};

const POSTGRES: Dialect = Dialect {
    series: "generate_series({from}::BIGINT, {to}) AS s(n)",
    hex: "substr(md5(random()::text), 1, 24)",
    bytes_32: "sha256(random()::text::bytea)",
    bytes_500: "decode(repeat(md5(random()::text), 31), 'hex')",
    second: "lpad(to_hex({at}), 8, '0')",
};

impl Place {
    async fn open(&self) -> Result<Database, String> {
        if let Some(file) = &self.sqlite {
            let options = sqlite::SqliteConnectOptions::new().filename(file);
            let opened = options.connect().await.map_err(failed)?;
            return Ok(Database::Sqlite(opened));
        }
        let name = self.postgres_env.as_deref().unwrap_or_default();
        let address = std::env::var(name).map_err(|_| format!("{name} is not set"))?;
        let options: PgConnectOptions = address.parse().map_err(failed)?;
        Ok(Database::Postgres(options.connect().await.map_err(failed)?))
    }

    /// Rows that have expired, by table.
    pub(crate) async fn count(&self) -> Result<String, String> {
        let mut database = self.open().await?;
        let now = now();
        let mut counts = Vec::new();
        for table in ["attempts", "sessions", "grants"] {
            let expired = database
                .number(&format!(
                    "SELECT count(*) FROM {table} WHERE remove_at <= {now}"
                ))
                .await?;
            counts.push(format!("{expired} {table}"));
        }
        Ok(counts.join(", "))
    }
}

impl Fill {
    pub(crate) async fn run(&self) -> Result<(), String> {
        let mut database = self.place.open().await?;
        let dialect = match &database {
            Database::Sqlite(_) => &SQLITE,
            Database::Postgres(_) => &POSTGRES,
        };
        database.prepare().await?;
        let now = now();
        // Live sessions began evenly over the lifetime of a session, without its last tenth;
        // expired sessions began before.
        let live = SESSION / 10 * 9;
        sessions(
            &mut database,
            dialect,
            now - SESSION - 3600,
            3600,
            self.expired,
        )
        .await?;
        sessions(&mut database, dialect, now - live, live, self.sessions).await?;
        attempts(&mut database, dialect, now - LOGIN, self.begun).await?;
        database.finish().await
    }
}

/// Grants and their sessions, which began evenly over this number of seconds.
async fn sessions(
    database: &mut Database,
    dialect: &Dialect,
    from: i64,
    seconds: i64,
    count: u64,
) -> Result<(), String> {
    let Dialect {
        hex,
        bytes_32,
        bytes_500,
        ..
    } = dialect;
    let at = format!("({from} + n * {seconds} / {count})");
    for series in dialect.all(count) {
        // Each grant has a session whose credential was used.
        let second = dialect.second.replace("{at}", &at);
        database
            .execute(format!(
                "INSERT INTO grants (id, purpose, subject, generation, remove_at, key_name, sealed) \
                 SELECT {second} || {hex}, 'login', NULL, 2, {at} + {SESSION}, \
                 'AAAAAAAA', {bytes_500} FROM {series}"
            ))
            .await?;
    }
    let second = dialect
        .second
        .replace("{at}", &format!("(remove_at - {SESSION})"));
    let until = from + seconds + SESSION;
    database
        .execute(format!(
            "INSERT INTO sessions (id, grant_id, generation, remove_at, access_hash, \
             access_expires_at, is_used, key_name, mac) \
             SELECT {second} || substr({hex}, 1, 16), id, 2, remove_at, {bytes_32}, remove_at, \
             TRUE, 'AAAAAAAA', {bytes_32} FROM grants \
             WHERE key_name = 'AAAAAAAA' AND remove_at >= {from} + {SESSION} AND remove_at < {until}"
        ))
        .await
}

/// Logins that began evenly over this number of seconds.
async fn attempts(
    database: &mut Database,
    dialect: &Dialect,
    from: i64,
    count: u64,
) -> Result<(), String> {
    let Dialect { hex, bytes_500, .. } = dialect;
    let at = format!("({from} + n * {LOGIN} / {count})");
    let second = dialect.second.replace("{at}", &at);
    for series in dialect.all(count) {
        database
            .execute(format!(
                "INSERT INTO attempts (id, initiator, generation, remove_at, key_name, sealed) \
                 SELECT {second} || {hex}, 'initiator/' || {hex} || {hex} || {hex}, 1, \
                 {at} + {LOGIN}, 'AAAAAAAA', {bytes_500} FROM {series}"
            ))
            .await?;
    }
    Ok(())
}

impl Dialect {
    /// The numbers below `count`, in parts.
    fn all(&self, count: u64) -> impl Iterator<Item = String> + use<'_> {
        let parts = (0..count).step_by(usize::try_from(AT_ONCE).unwrap_or(usize::MAX));
        parts.map(move |from| {
            let last = (from + AT_ONCE).min(count) - 1;
            let series = self.series.replace("{from}", &from.to_string());
            series.replace("{to}", &last.to_string())
        })
    }
}

impl Database {
    /// No other process uses the database, and its loss in a crash does not matter.
    async fn prepare(&mut self) -> Result<(), String> {
        if let Self::Sqlite(_) = self {
            for pragma in [
                "journal_mode = OFF",
                "synchronous = OFF",
                "cache_size = -2000000",
                "locking_mode = EXCLUSIVE",
                "foreign_keys = OFF",
            ] {
                self.execute(format!("PRAGMA {pragma}")).await?;
            }
        }
        Ok(())
    }

    async fn finish(mut self) -> Result<(), String> {
        match self {
            Self::Sqlite(connection) => connection.close().await.map_err(failed),
            Self::Postgres(_) => self.execute("VACUUM ANALYZE".into()).await,
        }
    }

    async fn execute(&mut self, statement: String) -> Result<(), String> {
        let statement = AssertSqlSafe(statement);
        match self {
            Self::Sqlite(to) => to.execute(statement).await.map(drop),
            Self::Postgres(to) => to.execute(statement).await.map(drop),
        }
        .map_err(failed)
    }

    async fn number(&mut self, statement: &str) -> Result<i64, String> {
        let query = sqlx::query_scalar(AssertSqlSafe(statement.to_owned()));
        let query_postgres = sqlx::query_scalar(AssertSqlSafe(statement.to_owned()));
        match self {
            Self::Sqlite(from) => query.fetch_one(from).await,
            Self::Postgres(from) => query_postgres.fetch_one(from).await,
        }
        .map_err(failed)
    }
}

#[allow(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn failed(error: sqlx::Error) -> String {
    format!("the database failed: {error}")
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}
