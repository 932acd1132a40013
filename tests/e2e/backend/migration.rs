//! A database of another version is not opened and not changed.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqlSafeStr as _};
use switchback_backend::store::{Postgres, Sqlite};

use super::database::{Address, Database};

/// Tables of other versions: with the same number but other content, and with a later number.
fn other_versions() -> [Migrator; 2] {
    let step = |version, sql: &'static str| {
        let kind = MigrationType::Simple;
        Migration::new(version, "tables".into(), kind, sql.into_sql_str(), false)
    };
    let current = include_str!("../../../backend/migrations/0001_tables.sql");
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
