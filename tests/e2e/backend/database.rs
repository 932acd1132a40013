//! A database for one test: an SQLite file, or a database in the PostgreSQL server of the test run.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use switchback_backend::store::{Postgres, RowStore, Sqlite};
use tempfile::TempDir;

/// `cargo xtask test` sets this to the address of its PostgreSQL.
const POSTGRES: &str = "SWITCHBACK_TEST_POSTGRES";

pub(crate) struct Database {
    pub(crate) address: Address,
    /// Deleted at the end of the test.
    _folder: Option<TempDir>,
}

/// The address of the database, also for another process.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Address {
    Sqlite(String),
    Postgres(String),
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("service.db");
        Self {
            address: Address::Sqlite(path.display().to_string()),
            _folder: Some(folder),
        }
    }

    /// A new database, if there is a PostgreSQL (`cargo xtask test` reports if there is none). It
    /// is deleted with the server.
    pub(crate) async fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var(POSTGRES) else {
            assert!(
                std::env::var_os("CI").is_none(),
                "{POSTGRES} is not set: run the tests by `cargo xtask test`"
            );
            return None;
        };
        let mut name = [0; 8];
        getrandom::fill(&mut name).unwrap();
        let name = name.map(|byte| format!("{byte:02x}")).concat();
        let mut admin = PgConnection::connect(&server).await.unwrap();
        let statement = format!("CREATE DATABASE test_{name}");
        admin.execute(AssertSqlSafe(statement)).await.unwrap();
        let (host, _) = server.rsplit_once('/').unwrap();
        Some(Self {
            address: Address::Postgres(format!("{host}/test_{name}")),
            _folder: None,
        })
    }

    pub(crate) async fn open(&self) -> Arc<dyn RowStore> {
        self.address.open().await
    }
}

impl Address {
    pub(crate) async fn open(&self) -> Arc<dyn RowStore> {
        match self {
            Self::Sqlite(path) => Arc::new(Sqlite::open(path).await.unwrap()),
            Self::Postgres(address) => Arc::new(Postgres::connect(address, 8).await.unwrap()),
        }
    }
}
