//! An attacker can write to the database, but has no key. The service detects each changed row, and
//! the row opens no session.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, Column as _, Connection as _, Executor as _, Row as _};
use sqlx::{PgConnection, SqliteConnection};
use switchback_backend::{Config, Platform, Service};

use super::database::{Address, Database};
use super::support::{BackendFixture, KEY, Node, TOKENS, XHR, attempt_id, path, session_path};

/// The attacker's connection to the database.
enum Writer {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Writer {
    async fn new(address: &Address) -> Self {
        match address {
            Address::Sqlite(path) => {
                let opened = SqliteConnection::connect(&format!("sqlite://{path}")).await;
                Self::Sqlite(opened.unwrap())
            }
            Address::Postgres(address) => {
                Self::Postgres(PgConnection::connect(address).await.unwrap())
            }
        }
    }

    /// Returns the number of changed rows.
    async fn write(&mut self, statement: &str) -> u64 {
        let statement = AssertSqlSafe(statement.to_owned());
        match self {
            Self::Sqlite(to) => to.execute(statement).await.unwrap().rows_affected(),
            Self::Postgres(to) => to.execute(statement).await.unwrap().rows_affected(),
        }
    }

    async fn text(&mut self, query: &str) -> String {
        let query = AssertSqlSafe(query.to_owned());
        match self {
            Self::Sqlite(from) => from.fetch_one(query).await.unwrap().get(0),
            Self::Postgres(from) => from.fetch_one(query).await.unwrap().get(0),
        }
    }

    async fn columns(&mut self, table: &str) -> Vec<String> {
        let query = AssertSqlSafe(format!("SELECT * FROM {table} LIMIT 1"));
        macro_rules! names {
            ($from:expr) => {{
                let row = $from.fetch_one(query).await.unwrap();
                row.columns()
                    .iter()
                    .map(|column| column.name().to_owned())
                    .collect()
            }};
        }
        match self {
            Self::Sqlite(from) => names!(from),
            Self::Postgres(from) => names!(from),
        }
    }

    /// A literal for these bytes in the SQL of this database.
    fn bytes(&self, bytes: &[u8]) -> String {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match self {
            Self::Sqlite(_) => format!("X'{hex}'"),
            Self::Postgres(_) => format!("'\\x{hex}'::bytea"),
        }
    }
}

/// The id of the session row of a credential, by the documented format.
fn row_of(credential: &str) -> String {
    let value = credential
        .rsplit_once('=')
        .map_or(credential, |(_, value)| value);
    let name = &URL_SAFE_NO_PAD.decode(value).unwrap()[..16];
    let second: String = name[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    second + &*URL_SAFE_NO_PAD.encode(&Sha256::digest(name)[..12])
}

/// No session is served from memory.
fn config(fixture: &BackendFixture) -> Config {
    let mut config = fixture.config();
    config.cached_for = 0;
    config
}

struct Scenario {
    /// Deleted with the scenario.
    _fixture: BackendFixture,
    node: Node,
    writer: Writer,
    /// The victim's session, and the attacker's.
    victim: String,
    attacker: String,
}

impl Scenario {
    async fn over(database: Database, function: &str) -> Self {
        let fixture = BackendFixture::over(database).await;
        let node = Node::of(Service::new(config(&fixture), fixture.platform()).unwrap());
        let mut sessions = Vec::new();
        for _ in 0..2 {
            let session = fixture.log_in_for(&node, function).await;
            assert!(node.accepts(&session).await);
            sessions.push(session);
        }
        Self {
            writer: Writer::new(&fixture.database.address).await,
            attacker: sessions.pop().unwrap(),
            victim: sessions.pop().unwrap(),
            _fixture: fixture,
            node,
        }
    }

    /// The status for this cookie after the changes, which are then undone.
    async fn after(&mut self, changes: &[String], cookie: &str) -> u16 {
        const TABLES: [&str; 3] = ["attempts", "grants", "sessions"];
        for table in TABLES {
            let kept = format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}");
            self.writer.write(&kept).await;
        }
        for change in changes {
            assert_ne!(self.writer.write(change).await, 0, "{change}");
        }
        let answer = self.node.get("/truid/session", &[("cookie", cookie)]).await;
        for table in ["sessions", "grants", "attempts"] {
            self.writer.write(&format!("DELETE FROM {table}")).await;
        }
        for table in TABLES {
            let back = format!("INSERT INTO {table} SELECT * FROM kept_{table}");
            self.writer.write(&back).await;
            self.writer.write(&format!("DROP TABLE kept_{table}")).await;
        }
        answer.status.as_u16()
    }
}

/// A change for each column except the id. Add new columns here.
fn changes(table: &str) -> &'static [(&'static str, &'static str)] {
    const OTHERS: &str = "OTHERS";
    const MORE: &str = "MORE";
    match table {
        "sessions" => &[
            ("grant_id", OTHERS),
            ("generation", MORE),
            ("remove_at", MORE),
            ("access_hash", OTHERS),
            ("access_expires_at", MORE),
            ("previous_access_hash", "access_hash"),
            ("previous_access_expires_at", "access_expires_at"),
            ("refresh_hash", "access_hash"),
            ("previous_refresh_hash", "access_hash"),
            ("is_used", "NOT is_used"),
            ("replaces", "grant_id"),
            ("key_name", "'other'"),
            ("mac", OTHERS),
        ],
        _ => &[
            ("purpose", "'onboarding'"),
            ("subject", OTHERS),
            ("generation", MORE),
            ("remove_at", MORE),
            ("key_name", "'other'"),
            ("sealed", OTHERS),
        ],
    }
}

async fn each_column_is_authenticated(database: Database) {
    let mut scenario = Scenario::over(database, "login-session").await;
    let (mine, theirs) = (row_of(&scenario.attacker), row_of(&scenario.victim));
    for table in ["sessions", "grants"] {
        let changes = changes(table);
        let names: Vec<_> = changes.iter().map(|(column, _)| *column).collect();
        assert_eq!(scenario.writer.columns(table).await[1..], names);
        let id = |session: &str| match table {
            "sessions" => format!("'{session}'"),
            _ => format!("(SELECT grant_id FROM sessions WHERE id = '{session}')"),
        };
        for (column, to) in changes {
            let to = match *to {
                "OTHERS" if *column == "subject" => "'another'".to_owned(),
                "OTHERS" => format!("(SELECT {column} FROM {table} WHERE id = {})", id(&theirs)),
                "MORE" => format!("{column} + 1"),
                to => to.to_owned(),
            };
            let change = format!(
                "UPDATE {table} SET {column} = {to} WHERE id = {}",
                id(&mine)
            );
            let cookie = scenario.attacker.clone();
            let status = scenario.after(std::slice::from_ref(&change), &cookie).await;
            assert_eq!(status, 500, "{change}");
            // That change caused the error, and it is undone.
            assert!(scenario.node.accepts(&cookie).await, "{change}");
        }
    }
}

async fn a_made_up_row_is_no_login(database: Database) {
    let mut scenario = Scenario::over(database, "login-session").await;
    let (mine, theirs) = (row_of(&scenario.attacker), row_of(&scenario.victim));
    // A credential that the service never issued.
    let made = URL_SAFE_NO_PAD.encode([7; 48]);
    let cookie = format!("__Host-switchback={made}");
    let hash = scenario.writer.bytes(&Sha256::digest([7; 32]));
    let columns = scenario.writer.columns("sessions").await[3..].join(", ");
    let copied = |of: &str| columns.replace("access_hash,", of);
    let made_up = format!(
        "INSERT INTO sessions (id, grant_id, generation, {columns}) \
         SELECT '{}', grant_id, 1, {} FROM sessions WHERE id = '{theirs}'",
        row_of(&made),
        copied(&format!("{hash},")).replace(&format!("previous_{hash}"), "NULL"),
    );
    assert_eq!(scenario.after(&[made_up], &cookie).await, 500);

    // The victim's row under the attacker's id, and both ids swapped.
    let me = scenario.attacker.clone();
    let all = scenario.writer.columns("sessions").await[1..].to_vec();
    let set = |all: &[String]| {
        let from = |column: &String| {
            format!("{column} = (SELECT {column} FROM sessions WHERE id = '{theirs}')")
        };
        let set: Vec<_> = all.iter().map(from).collect();
        format!("UPDATE sessions SET {} WHERE id = '{mine}'", set.join(", "))
    };
    assert_eq!(scenario.after(&[set(&all)], &me).await, 500);
    let swapped = [
        format!("UPDATE sessions SET id = 'x' WHERE id = '{mine}'"),
        format!("UPDATE sessions SET id = '{mine}' WHERE id = '{theirs}'"),
        format!("UPDATE sessions SET id = '{theirs}' WHERE id = 'x'"),
    ];
    assert_eq!(scenario.after(&swapped, &me).await, 500);
    // The victim's cookie with the attacker's hash.
    let planted = format!(
        "UPDATE sessions SET access_hash = \
         (SELECT access_hash FROM sessions WHERE id = '{mine}') WHERE id = '{theirs}'"
    );
    assert_eq!(
        scenario.after(&[planted], &scenario.victim.clone()).await,
        500
    );
    // The victim's grant under the attacker's id.
    let grant = async |writer: &mut Writer, session: &str| {
        writer
            .text(&format!(
                "SELECT grant_id FROM sessions WHERE id = '{session}'"
            ))
            .await
    };
    let my_grant = grant(&mut scenario.writer, &mine).await;
    let their_grant = grant(&mut scenario.writer, &theirs).await;
    let columns = [
        "purpose",
        "subject",
        "generation",
        "remove_at",
        "key_name",
        "sealed",
    ];
    let set = columns.map(|column| {
        format!("{column} = (SELECT {column} FROM grants WHERE id = '{their_grant}')")
    });
    let moved = format!(
        "UPDATE grants SET {} WHERE id = '{my_grant}'",
        set.join(", ")
    );
    assert_eq!(scenario.after(&[moved], &me).await, 500);
    assert!(
        scenario.node.accepts(&me).await && scenario.node.accepts(&scenario.victim.clone()).await
    );
}

/// A changed visitor does not give a login to the attacker.
async fn a_visitor_cannot_be_changed(database: Database) {
    let fixture = BackendFixture::over(database).await;
    let node = fixture.node();
    let (theirs, mine) = (
        fixture.approved_login(&node).await,
        fixture.approved_login(&node).await,
    );
    let mut writer = Writer::new(&fixture.database.address).await;
    let visitor = writer
        .text(&format!(
            "SELECT initiator FROM attempts WHERE id = '{}'",
            attempt_id(&mine.state)
        ))
        .await;
    let change = format!(
        "UPDATE attempts SET initiator = '{visitor}' WHERE id = '{}'",
        attempt_id(&theirs.state)
    );
    assert_eq!(writer.write(&change).await, 1);
    let answer = node.complete(&theirs.callback, &mine.cookie).await;
    assert_eq!(answer.status, 500, "{answer:?}");
    node.complete(&mine.callback, &mine.cookie)
        .await
        .is(200, r#"{"purpose":"login"}"#);
}

/// The login that an identity verification began under cannot be changed, either.
async fn a_verification_keeps_its_login(database: Database) {
    let fixture = BackendFixture::over(database).await;
    let node = fixture.node();
    let login = fixture.log_in(&node).await;
    let shown = [XHR, ("cookie", &*login)];
    let started = node.get("/truid/idv", &shown).await;
    let link = fixture.approve(started.location());
    let cookie = node.get(path(&link), &shown).await.cookie().unwrap();
    let session = async || node.get(session_path("idv"), &[("cookie", &*cookie)]).await;
    assert_eq!(session().await.json()["same_person"], true);
    let mut writer = Writer::new(&fixture.database.address).await;
    let change = "UPDATE attempts SET initiator = initiator || 'x'";
    assert_eq!(writer.write(change).await, 2);
    // The comparison is in memory until then.
    fixture.clock.advance(fixture.config().cached_for);
    assert_eq!(session().await.status, 500);
}

/// The attacker's grant with another subject returns no data of that subject.
async fn a_subject_is_keyed(database: Database) {
    let fixture = BackendFixture::over(database).await;
    let node = Node::of(Service::new(config(&fixture), fixture.platform()).unwrap());
    let session = fixture.log_in_for(&node, "confirm-signup").await;
    let shown = [("cookie", &*session)];
    let info = node
        .get("/truid/user-info?purpose=onboarding", &shown)
        .await;
    let subject = info.json()["sub"].as_str().unwrap().to_owned();
    let user = node.service.user(&*subject);
    assert_eq!(user.user_info().await.unwrap().sub, subject);
    let mut writer = Writer::new(&fixture.database.address).await;
    let stored = writer.text("SELECT subject FROM grants").await;
    let plain = URL_SAFE_NO_PAD.encode(Sha256::digest(&subject));
    assert!(stored != plain && stored != subject, "{stored}");
    // The user is found while the key is configured, in any position. A grant that is refreshed
    // with a new first key is found by the new key.
    let new = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    let both = format!("{new}\n{KEY}");
    for (keys, is_found) in [(new, false), (&both, true), (new, true)] {
        let platform = Platform {
            keys: switchback_backend::Keys::read(keys).unwrap(),
            ..fixture.platform()
        };
        let service = Service::new(config(&fixture), platform).unwrap();
        let user = service.user(&*subject);
        let presented = user.presentation(&["truid.app/claim/email/v1"]).await;
        assert_eq!(presented.is_ok(), is_found);
    }
    writer.write("UPDATE grants SET subject = 'another'").await;
    let answer = node.get(session_path("confirm-signup"), &shown).await;
    assert_eq!(answer.status, 500);
}

/// A restored row is not recognized as old, but opens nothing after its own expiry.
#[tokio::test]
async fn a_restored_row_lives_no_longer() {
    let fixture = BackendFixture::new().await;
    let node = Node::of(Service::new(config(&fixture), fixture.platform()).unwrap());
    let shown = [XHR, TOKENS];
    let started = node.get("/truid/login-session", &shown).await;
    let token = started.json()["login_token"].as_str().unwrap().to_owned();
    let link = fixture.approve(started.location());
    let authorization = format!("Bearer {token}");
    let shown = [XHR, TOKENS, ("authorization", &*authorization)];
    let tokens = node.get(path(&link), &shown).await.json();
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let shown = [("authorization", &*bearer)];
    assert_eq!(node.get("/truid/session", &shown).await.status, 200);

    let mut writer = Writer::new(&fixture.database.address).await;
    writer
        .write("CREATE TABLE kept AS SELECT * FROM sessions")
        .await;
    writer
        .write("CREATE TABLE kept_grants AS SELECT * FROM grants")
        .await;
    node.post("/truid/log-out", &shown, "").await.is(204, "");
    assert_eq!(node.get("/truid/session", &shown).await.status, 401);
    writer
        .write("INSERT INTO grants SELECT * FROM kept_grants")
        .await;
    writer
        .write("INSERT INTO sessions SELECT * FROM kept")
        .await;
    fixture.advance(901);
    let late = node.get("/truid/session", &shown).await;
    assert_eq!(late.status, 401, "{late:?}");
    let more = "UPDATE sessions SET access_expires_at = access_expires_at + 9999";
    assert_eq!(writer.write(more).await, 1);
    assert_eq!(node.get("/truid/session", &shown).await.status, 500);
}

macro_rules! over_both {
    ($($name:ident, $postgres:ident => $what:ident;)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                $what(Database::sqlite()).await;
            }

            #[tokio::test]
            async fn $postgres() {
                if let Some(database) = Database::postgres().await {
                    $what(database).await;
                }
            }
        )*
    };
}

over_both! {
    each_column_is_authenticated_in_sqlite, each_column_is_authenticated_in_postgresql
        => each_column_is_authenticated;
    a_made_up_row_is_no_login_in_sqlite, a_made_up_row_is_no_login_in_postgresql
        => a_made_up_row_is_no_login;
    a_visitor_cannot_be_changed_in_sqlite, a_visitor_cannot_be_changed_in_postgresql
        => a_visitor_cannot_be_changed;
    a_verification_keeps_its_login_in_sqlite, a_verification_keeps_its_login_in_postgresql
        => a_verification_keeps_its_login;
    a_subject_is_keyed_in_sqlite, a_subject_is_keyed_in_postgresql
        => a_subject_is_keyed;
}
