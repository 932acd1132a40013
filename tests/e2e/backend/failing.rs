//! A database that fails at one statement, before or after its execution: the person stays logged
//! in, and no refresh token and no code is sent twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use switchback::ports::BoxFuture;
use switchback_backend::Service;
use switchback_backend::store::StoreError;

use super::statement_hook::{HookedRowStore, StatementHook};
use super::support::{BackendFixture, Node, XHR, path, session_path};

/// Fails at one point. Each statement has two points.
struct FailAtPoint {
    passed: AtomicUsize,
    at: usize,
}

impl StatementHook for FailAtPoint {
    fn on_point(&self, _: &'static str) -> BoxFuture<'_, Result<(), StoreError>> {
        let passed = self.passed.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::ready(match passed == self.at {
            true => Err(StoreError("on purpose".into())),
            false => Ok(()),
        }))
    }
}

fn failing(fixture: &BackendFixture, at: usize) -> (Node, Arc<FailAtPoint>) {
    let hook = Arc::new(FailAtPoint {
        passed: AtomicUsize::new(0),
        at,
    });
    let store = HookedRowStore {
        inner: fixture.store.clone().unwrap(),
        hook: Arc::clone(&hook),
    };
    let platform = fixture.platform_over(Arc::new(store));
    let node = Node::of(Service::new(fixture.config(), platform).unwrap());
    (node, hook)
}

#[tokio::test]
async fn a_rotation_survives_a_failure_at_any_statement() {
    for at in 0.. {
        let fixture = BackendFixture::new().await;
        let session = fixture.log_in(&fixture.node()).await;
        fixture.advance(61);
        let (node, store) = failing(&fixture, at);
        let shown = [("cookie", &*session)];
        let first = node.get("/truid/session", &shown).await;
        assert!(
            [200, 503].contains(&first.status.as_u16()),
            "{at}: {first:?}"
        );
        if store.passed.load(Ordering::SeqCst) <= at {
            assert!(at > 8, "a rotation reads and writes more than that");
            break;
        }
        let second = node.get("/truid/session", &shown).await;
        assert_eq!(second.status, 200, "{at}: {second:?}");
        assert_eq!(fixture.sandbox.counters().refreshes, 1, "{at}");
        assert_eq!(fixture.sandbox.findings(), [], "{at}");
    }
}

#[tokio::test]
async fn a_login_survives_a_failure_at_any_statement() {
    for at in 0.. {
        let fixture = BackendFixture::new().await;
        let begun = fixture.approved_login(&fixture.node()).await;
        let (node, store) = failing(&fixture, at);
        let mut answer = node.complete(&begun.callback, &begun.cookie).await;
        assert!(
            [200, 503].contains(&answer.status.as_u16()),
            "{at}: {answer:?}"
        );
        if store.passed.load(Ordering::SeqCst) <= at {
            assert!(at > 20, "a login reads and writes more than that");
            break;
        }
        if answer.status == 503 {
            answer = node.complete(&begun.callback, &begun.cookie).await;
            assert_eq!(answer.status, 200, "{at}: {answer:?}");
        }
        assert!(node.accepts(&answer.cookie().unwrap()).await, "{at}");
        assert_eq!(fixture.sandbox.counters().code_exchanges, 1, "{at}");
        assert_eq!(fixture.sandbox.findings(), [], "{at}");
    }
}

/// A person with a session begins and completes a login under it, or gets a database error, but
/// never counts as another person.
#[tokio::test]
async fn a_session_survives_a_failing_database() {
    for at in 0.. {
        let fixture = BackendFixture::new().await;
        let session = fixture.log_in(&fixture.node()).await;
        // The subject is known.
        assert!(fixture.node().accepts(&session).await);
        let shown = [XHR, ("cookie", &*session)];
        let (node, store) = failing(&fixture, at);
        let mut started = node.get("/truid/idv", &shown).await;
        assert!([202, 503].contains(&started.status.as_u16()), "{at}");
        if started.status == 503 {
            started = node.get("/truid/idv", &shown).await;
        }
        assert_eq!(started.cookie(), None, "{at}");
        let link = fixture.approve(started.location());
        let mut answer = node.complete(path(&link), &session).await;
        assert!([200, 503].contains(&answer.status.as_u16()), "{at}");
        if store.passed.load(Ordering::SeqCst) <= at {
            assert!(at > 20, "it reads and writes more than that");
            break;
        }
        if answer.status == 503 {
            answer = node.complete(path(&link), &session).await;
        }
        // The subject is possibly still unknown; then the field is null, and not missing.
        let said = &answer.json()["same_person"];
        assert!(answer.body.contains("same_person"), "{at}: {answer:?}");
        assert!(said.is_null() || *said == true, "{at}: {answer:?}");
        let cookie = answer.cookie().unwrap();
        let shown = [("cookie", &*cookie)];
        let who = node.get(session_path("idv"), &shown).await;
        assert_eq!(who.json()["same_person"], true, "{at}: {who:?}");
    }
}
