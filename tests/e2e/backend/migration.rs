//! A database of an earlier version is migrated. A database of another version is not opened and not
//! changed.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqlSafeStr as _};
use switchback_backend::store::{ClientRow, Postgres, Sqlite};

use super::database::{Address, Database};

const FIRST: &str = include_str!("../../../backend/migrations/0001_tables.sql");

fn step(version: i64, sql: &'static str) -> Migration {
    let kind = MigrationType::Simple;
    Migration::new(version, "tables".into(), kind, sql.into_sql_str(), false)
}

/// Tables of other versions: with the same number but other content, and with a later number.
fn other_versions() -> [Migrator; 2] {
    let current = FIRST;
    let (other, later) = ("CREATE TABLE one (a TEXT)", "CREATE TABLE two (a TEXT)");
    [
        Migrator::with_migrations(vec![step(1, other)]),
        Migrator::with_migrations(vec![step(1, current), step(99, later)]),
    ]
}

#[track_caller]
fn says_what_to_do(error: &str) {
    for word in ["another version of Switchback", "empty database"] {
        assert!(error.contains(word), "{error}");
    }
}

/// The tables of the first version get the later ones, and keep their rows.
async fn an_earlier_version_is_migrated(database: Database) {
    let first = Migrator::with_migrations(vec![step(1, FIRST)]);
    const ROW: &str = "INSERT INTO attempts VALUES ('a', 'b', 1, 9, 'key', 'sealed')";
    match &database.address {
        Address::Sqlite(path) => {
            let options = SqliteConnectOptions::new().filename(path);
            let mut connection = options.create_if_missing(true).connect().await.unwrap();
            first.run(&mut connection).await.unwrap();
            sqlx::query(ROW).execute(&mut connection).await.unwrap();
        }
        Address::Postgres(address) => {
            let options: PgConnectOptions = address.parse().unwrap();
            let mut connection = options.connect().await.unwrap();
            first.run(&mut connection).await.unwrap();
            sqlx::query(ROW).execute(&mut connection).await.unwrap();
        }
    }
    let store = database.open().await;
    assert!(store.attempt("a".into()).await.unwrap().is_some());
    let client = |client_id: &str| ClientRow {
        provider: "truid".into(),
        base_url: "https://id.example".into(),
        client_id: client_id.into(),
    };
    for client_id in ["ours", "theirs"] {
        let stored = store.claim(client(client_id)).await.unwrap();
        assert_eq!(stored, client("ours"));
    }
}

#[tokio::test]
async fn an_earlier_sqlite_file_is_migrated() {
    an_earlier_version_is_migrated(Database::sqlite()).await;
}

#[tokio::test]
async fn an_earlier_postgresql_database_is_migrated() {
    if let Some(database) = Database::postgres().await {
        an_earlier_version_is_migrated(database).await;
    }
}

#[tokio::test]
async fn an_sqlite_file_of_another_version_is_refused() {
    for version in other_versions() {
        let database = Database::sqlite();
        let Address::Sqlite(path) = &database.address else {
            panic!("it is an SQLite file")
        };
        let options = SqliteConnectOptions::new().filename(path);
        let mut connection = options.create_if_missing(true).connect().await.unwrap();
        version.run(&mut connection).await.unwrap();
        let opened = Sqlite::open(path).await;
        says_what_to_do(&opened.err().unwrap().to_string());
    }
}

#[tokio::test]
async fn a_postgresql_database_of_another_version_is_refused() {
    for version in other_versions() {
        let Some(database) = Database::postgres().await else {
            return;
        };
        let Address::Postgres(address) = &database.address else {
            panic!("it is in PostgreSQL")
        };
        let options: PgConnectOptions = address.parse().unwrap();
        let mut connection = options.connect().await.unwrap();
        version.run(&mut connection).await.unwrap();
        let opened = Postgres::connect(address, 2).await;
        says_what_to_do(&opened.err().unwrap().to_string());
    }
}
