//! Expired rows are removed in batches, and logins are served between the batches.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};
use switchback::ports::BoxFuture;
use switchback_backend::Sealed;
use switchback_backend::store::{AttemptRow, RowStore, StoreError, Table};

use super::database::{Address, Database};
use super::statement_hook::{HookedRowStore, StatementHook};
use super::support::{BackendFixture, Node, XHR};

/// More rows than one batch removes.
const COUNT: u64 = 11_111;

fn attempt(id: u64, remove_at: i64) -> AttemptRow {
    AttemptRow {
        id: format!("{remove_at:08x}{id}"),
        initiator: "nobody".into(),
        generation: 1,
        remove_at,
        sealed: Sealed::default(),
    }
}

async fn add(store: &Arc<dyn RowStore>, rows: impl Iterator<Item = AttemptRow>) {
    let adds = rows.map(|row| {
        let store = Arc::clone(store);
        tokio::spawn(async move { store.add_attempt(row).await })
    });
    for add in adds.collect::<Vec<_>>() {
        add.await.unwrap().unwrap();
    }
}

/// Counts batches, and begins a login before the third batch.
#[derive(Default)]
struct Batches {
    begun: AtomicU32,
    /// The node of the login, and how many batches had begun when the login was served.
    meanwhile: Mutex<Option<(Node, Arc<AtomicU32>)>>,
}

impl StatementHook for Batches {
    fn on_point(&self, point: &'static str) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            if point == "remove_expired: before" {
                let batch = self.begun.fetch_add(1, Ordering::SeqCst);
                let waiting = self.meanwhile.lock().unwrap().take_if(|_| batch == 2);
                if let Some((node, served)) = waiting {
                    let started = node.get("/truid/login-session", &[XHR]).await;
                    assert_eq!(started.status, 202);
                    served.store(self.begun.load(Ordering::SeqCst), Ordering::SeqCst);
                }
            }
            Ok(())
        })
    }
}

async fn cleans_up_in_batches(database: Database) {
    let mut fixture = BackendFixture::over(database).await;
    let plain = fixture.store.take().unwrap();
    let hook = Arc::new(Batches::default());
    fixture.store = Some(Arc::new(HookedRowStore {
        inner: Arc::clone(&plain),
        hook: Arc::clone(&hook),
    }));
    add(&plain, (0..COUNT).map(|id| attempt(id, 17))).await;
    let node = fixture.node();
    let served = Arc::new(AtomicU32::new(0));
    *hook.meanwhile.lock().unwrap() = Some((node.clone(), Arc::clone(&served)));
    assert_eq!(node.service.clean_up().await.unwrap().attempts, COUNT);
    // A login is served between two batches: no lock is held from batch to batch.
    assert_eq!(served.load(Ordering::SeqCst), 3);
    let batches = hook.begun.load(Ordering::SeqCst);
    assert!(
        batches > 8,
        "{batches} batches are too few for {COUNT} rows"
    );
    assert_eq!(node.service.clean_up().await.unwrap().attempts, 0);
}

/// A batch removes the earliest rows first, at most the requested number, and no row before its
/// time.
async fn removes_up_to_the_limit(database: Database) {
    let store = database.open().await;
    add(
        &store,
        (0..20).map(|id| attempt(id, 100 + i64::try_from(id).unwrap())),
    )
    .await;
    let is_there = async |id: u64| {
        let id = attempt(id, 100 + i64::try_from(id).unwrap()).id;
        store.attempt(id).await.unwrap().is_some()
    };
    let remove = async |at_most| {
        let batch = store.remove_expired(Table::Attempts, 109, at_most).await;
        batch.unwrap().removed
    };
    assert_eq!(remove(4).await, 4);
    assert!(!is_there(3).await && is_there(4).await);
    assert_eq!(remove(100).await, 6);
    assert!(!is_there(9).await && is_there(10).await);
    assert_eq!(remove(100).await, 0);
    for table in [Table::Sessions, Table::Grants] {
        let batch = store.remove_expired(table, i64::MAX, 9).await.unwrap();
        assert_eq!(batch.removed, 0);
    }
}

/// Several nodes clean up concurrently: one of them removes each row, and none fails.
async fn nodes_share_the_work(database: Database) {
    let one = database.open().await;
    add(&one, (0..COUNT).map(|id| attempt(id, 17))).await;
    let removed = Arc::new(AtomicU64::new(0));
    let nodes = (0..3).map(|_| {
        let (store, removed) = (Arc::clone(&one), Arc::clone(&removed));
        tokio::spawn(async move {
            for _ in 0..COUNT {
                let batch = store
                    .remove_expired(Table::Attempts, 17, 500)
                    .await
                    .unwrap();
                if removed.fetch_add(batch.removed, Ordering::SeqCst) + batch.removed >= COUNT {
                    return;
                }
            }
        })
    });
    for node in nodes.collect::<Vec<_>>() {
        node.await.unwrap();
    }
    assert_eq!(removed.load(Ordering::SeqCst), COUNT);
}

/// Later rows have later ids in the table and its index, so that inserts and removals touch few
/// pages.
#[tokio::test]
async fn rows_are_ordered_by_their_begin() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    for _ in 0..8 {
        fixture.log_in(&node).await;
        fixture.advance(1);
    }
    let Address::Sqlite(path) = &fixture.database.address else {
        panic!("it is an SQLite file")
    };
    let file = format!("sqlite://{path}");
    let mut connection = SqliteConnection::connect(&file).await.unwrap();
    for table in ["attempts", "grants", "sessions"] {
        let query = AssertSqlSafe(format!("SELECT id FROM {table} ORDER BY rowid"));
        let ids = sqlx::query_scalar(query).fetch_all(&mut connection).await;
        let ids: Vec<String> = ids.unwrap();
        assert_eq!(ids.len(), 8);
        assert!(ids.is_sorted(), "{table}: {ids:?}");
    }
}

#[tokio::test]
async fn a_login_is_served_between_clean_up_batches() {
    cleans_up_in_batches(Database::sqlite()).await;
}

#[tokio::test]
async fn a_login_is_served_between_clean_up_batches_of_postgresql() {
    if let Some(database) = Database::postgres().await {
        cleans_up_in_batches(database).await;
    }
}

#[tokio::test]
async fn a_batch_removes_the_earliest_up_to_its_limit() {
    removes_up_to_the_limit(Database::sqlite()).await;
    if let Some(database) = Database::postgres().await {
        removes_up_to_the_limit(database).await;
    }
}

#[tokio::test]
async fn concurrent_clean_up_by_nodes_does_not_fail() {
    nodes_share_the_work(Database::sqlite()).await;
    if let Some(database) = Database::postgres().await {
        nodes_share_the_work(database).await;
    }
}
