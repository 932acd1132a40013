//! A database that the first version wrote is opened by this one.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqlSafeStr as _};
use switchback_backend::Service;

use super::database::{Address, Database};
use super::support::{Node, Stage, TOKENS, XHR, path};

/// The tables of the first version.
fn first() -> Migrator {
    let sql = include_str!("../../../backend/migrations/0001_tables.sql").into_sql_str();
    let kind = MigrationType::Simple;
    Migrator::with_migrations(vec![Migration::new(1, "tables".into(), kind, sql, false)])
}

type GrantRow = (String, String, Option<String>, i64, i64, String, Vec<u8>);
type SessionRow = (
    String,
    String,
    i64,
    i64,
    Vec<u8>,
    i64,
    Option<Vec<u8>>,
    Option<i64>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    bool,
    Option<String>,
);

/// What this version wrote.
async fn rows(of: &Database) -> (Vec<GrantRow>, Vec<SessionRow>) {
    let Address::Sqlite(path) = &of.address else {
        panic!("it is an SQLite file")
    };
    let options = SqliteConnectOptions::new().filename(path);
    let mut connection = options.connect().await.unwrap();
    let grants = sqlx::query_as(
        "SELECT id, purpose, subject, generation, remove_at, key_name, sealed FROM grants",
    );
    let sessions = sqlx::query_as(
        "SELECT id, grant_id, generation, remove_at, access_hash, access_expires_at, \
         previous_access_hash, previous_access_expires_at, refresh_hash, \
         previous_refresh_hash, is_used, replaces FROM sessions",
    );
    (
        grants.fetch_all(&mut connection).await.unwrap(),
        sessions.fetch_all(&mut connection).await.unwrap(),
    )
}

/// The same as the first version wrote it.
macro_rules! write_as_first {
    ($connection:expr, $rows:expr) => {{
        let (grants, sessions) = $rows;
        let mut connection = $connection;
        first().run(&mut connection).await.unwrap();
        for row in grants {
            let function = match &*row.1 {
                "onboarding" => "confirm-signup",
                "login" => "login-session",
                "identity-verification" => "idv",
                other => panic!("{other}"),
            };
            sqlx::query(
                "INSERT INTO grants (id, function, subject, generation, remove_at, key_name, \
                 sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(row.0)
            .bind(function)
            .bind(row.2)
            .bind(row.3)
            .bind(row.4)
            .bind(row.5)
            .bind(row.6)
            .execute(&mut connection)
            .await
            .unwrap();
        }
        for row in sessions {
            sqlx::query(
                "INSERT INTO sessions (id, grant_id, generation, remove_at, opens, opens_until, \
                 opened, opened_until, refreshes, refreshed, is_used, replaces) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            )
            .bind(row.0)
            .bind(row.1)
            .bind(row.2)
            .bind(row.3)
            .bind(row.4)
            .bind(row.5)
            .bind(row.6)
            .bind(row.7)
            .bind(row.8)
            .bind(row.9)
            .bind(row.10)
            .bind(row.11)
            .execute(&mut connection)
            .await
            .unwrap();
        }
    }};
}

async fn finds_everything_again(old: Database) {
    let stage = Stage::new().await;
    let node = stage.node();
    let mut sessions = Vec::new();
    for function in ["confirm-signup", "login-session", "idv"] {
        sessions.push((function, stage.log_in_for(&node, function).await));
    }
    let subject = {
        let shown = [("cookie", &*sessions[0].1)];
        let info = node.get("/truid/user-info", &shown).await.json();
        info["sub"].as_str().unwrap().to_owned()
    };
    let refresh_token = app_tokens(&stage, &node).await;

    let rows = rows(&stage.database).await;
    assert_eq!((rows.0.len(), rows.1.len()), (4, 4));
    match &old.address {
        Address::Sqlite(path) => {
            let options = SqliteConnectOptions::new().filename(path);
            let options = options.create_if_missing(true);
            write_as_first!(options.connect().await.unwrap(), rows);
        }
        Address::Postgres(address) => {
            let options: PgConnectOptions = address.parse().unwrap();
            write_as_first!(options.connect().await.unwrap(), rows);
        }
    }

    let world = stage.world_over(old.open().await);
    let service = Service::new(stage.config(), world).unwrap();
    let node = Node::of(service.clone());
    for (function, session) in sessions {
        let who = node.get("/truid/session", &[("cookie", &session)]).await;
        assert_eq!(who.status, 200, "{function}: {who:?}");
        assert_eq!(who.json()["function"], function);
    }
    // Grants are found by person and purpose.
    let user = service.user(&*subject).user_info().await.unwrap();
    assert_eq!(user.sub, subject);
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let body = format!("grant_type=refresh_token&refresh_token={refresh_token}");
    let refreshed = node.post("/truid/token", &form, &body).await;
    assert_eq!(refreshed.status, 200, "{refreshed:?}");
}

/// Somebody logs in with an app without cookies.
async fn app_tokens(stage: &Stage, node: &Node) -> String {
    let shown = [XHR, TOKENS];
    let started = node.get("/truid/login-session", &shown).await;
    let token = started.json()["login_token"].as_str().unwrap().to_owned();
    let token = format!("Bearer {token}");
    let link = stage.approve(started.location());
    let shown = [XHR, TOKENS, ("authorization", &*token)];
    let completed = node.get(path(&link), &shown).await.json();
    completed["refresh_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_sqlite_file_of_the_first_version_is_read() {
    finds_everything_again(Database::sqlite()).await;
}

#[tokio::test]
async fn a_postgresql_database_of_the_first_version_is_read() {
    if let Some(database) = Database::postgres().await {
        finds_everything_again(database).await;
    }
}
