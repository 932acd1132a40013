//! A database that fails at any one statement, before it was done or after: nobody is logged
//! out by it, and no refresh token and no code is sent twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use switchback::ports::BoxFuture;
use switchback_backend::Service;
use switchback_backend::store::StoreError;

use super::around::{Around, Surrounded};
use super::support::{Node, Stage, XHR, path};

/// Fails at one point: two for each statement.
struct Failing {
    passed: AtomicUsize,
    at: usize,
}

impl Around for Failing {
    fn pass(&self, _: &'static str) -> BoxFuture<'_, Result<(), StoreError>> {
        let passed = self.passed.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::ready(match passed == self.at {
            true => Err(StoreError("on purpose".into())),
            false => Ok(()),
        }))
    }
}

fn failing(stage: &Stage, at: usize) -> (Node, Arc<Failing>) {
    let around = Arc::new(Failing {
        passed: AtomicUsize::new(0),
        at,
    });
    let store = Surrounded {
        inner: stage.store.clone().unwrap(),
        around: Arc::clone(&around),
    };
    let world = stage.world_over(Arc::new(store));
    let node = Node::of(Service::new(stage.config(), world).unwrap());
    (node, around)
}

#[tokio::test]
async fn a_rotation_survives_a_failure_at_any_statement() {
    for at in 0.. {
        let stage = Stage::new().await;
        let session = stage.log_in(&stage.node()).await;
        stage.advance(61);
        let (node, store) = failing(&stage, at);
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
        assert_eq!(stage.sandbox.counters().refreshes, 1, "{at}");
        assert_eq!(stage.sandbox.findings(), [], "{at}");
    }
}

#[tokio::test]
async fn a_login_survives_a_failure_at_any_statement() {
    for at in 0.. {
        let stage = Stage::new().await;
        let begun = stage.begun(&stage.node()).await;
        let (node, store) = failing(&stage, at);
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
        assert!(node.knows(&answer.cookie().unwrap()).await, "{at}");
        assert_eq!(stage.sandbox.counters().code_exchanges, 1, "{at}");
        assert_eq!(stage.sandbox.findings(), [], "{at}");
    }
}

/// Whoever has a session begins under it and completes with it, or is told that the database
/// fails: never that they are somebody else.
#[tokio::test]
async fn a_session_survives_a_failing_database() {
    for at in 0.. {
        let stage = Stage::new().await;
        let session = stage.log_in(&stage.node()).await;
        // Who it is has been read.
        assert!(stage.node().knows(&session).await);
        let shown = [XHR, ("cookie", &*session)];
        let (node, store) = failing(&stage, at);
        let mut started = node.get("/truid/idv", &shown).await;
        assert!([202, 503].contains(&started.status.as_u16()), "{at}");
        if started.status == 503 {
            started = node.get("/truid/idv", &shown).await;
        }
        assert_eq!(started.cookie(), None, "{at}");
        let link = stage.approve(started.location());
        let mut answer = node.complete(path(&link), &session).await;
        assert!([200, 503].contains(&answer.status.as_u16()), "{at}");
        if store.passed.load(Ordering::SeqCst) <= at {
            assert!(at > 20, "it reads and writes more than that");
            break;
        }
        if answer.status == 503 {
            answer = node.complete(path(&link), &session).await;
        }
        // Who it is may be unread still, and is not left out.
        let said = &answer.json()["same_person"];
        assert!(answer.body.contains("same_person"), "{at}: {answer:?}");
        assert!(said.is_null() || *said == true, "{at}: {answer:?}");
        let cookie = answer.cookie().unwrap();
        let shown = [("cookie", &*cookie)];
        let who = node.get("/truid/session", &shown).await;
        assert_eq!(who.json()["same_person"], true, "{at}: {who:?}");
    }
}
