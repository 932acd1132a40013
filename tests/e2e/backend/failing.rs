//! A database that fails at any one statement, before it was done or after: nobody is logged
//! out by it, and no refresh token and no code is sent twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use switchback_backend::Service;
use switchback_backend::store::{
    Answer, AttemptRow, Commit, GrantRow, GrantStore, Removed, SessionRow, StoreError,
};
use switchback_protocol::lease::Owner;
use switchback_protocol::stored::Generation;

use super::support::{Node, Stage};

/// Fails at one point: two for each statement.
struct Failing {
    inner: Arc<dyn GrantStore>,
    passed: AtomicUsize,
    at: usize,
}

impl Failing {
    fn pass(&self) -> Result<(), StoreError> {
        match self.passed.fetch_add(1, Ordering::SeqCst) == self.at {
            true => Err(StoreError("on purpose".into())),
            false => Ok(()),
        }
    }
}

macro_rules! failing {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)*) => {
        $(fn $name(&self, $($argument: $kind),*) -> Answer<'_, $answer> {
            Box::pin(async move {
                self.pass()?;
                let answer = self.inner.$name($($argument),*).await;
                self.pass()?;
                answer
            })
        })*
    };
}

impl GrantStore for Failing {
    fn clock_offset(&self) -> i64 {
        self.inner.clock_offset()
    }
    fn is_gone(&self, owner: &Owner) -> bool {
        self.inner.is_gone(owner)
    }
    failing! {
        ping() -> ();
        measure_clock() -> ();
        add_attempt(attempt: AttemptRow) -> ();
        attempt(id: String) -> Option<AttemptRow>;
        replace_attempt(seen: Generation, attempt: AttemptRow) -> Commit;
        add_grant(grant: GrantRow) -> Commit;
        grant(id: String) -> Option<GrantRow>;
        grants_of(subject: String, function: &'static str) -> Vec<GrantRow>;
        replace_grant(seen: Generation, grant: GrantRow) -> Commit;
        remove_grant(seen: Generation, id: String) -> Commit;
        add_session(session: SessionRow) -> Commit;
        session(id: String) -> Option<(SessionRow, GrantRow)>;
        replace_session(seen: Generation, session: SessionRow) -> Commit;
        was_used(grant_id: String) -> bool;
        remove_session(id: String) -> ();
        clean_up(now: i64) -> Removed;
    }
}

fn failing(stage: &Stage, at: usize) -> (Node, Arc<Failing>) {
    let store = Arc::new(Failing {
        inner: stage.store.clone().unwrap(),
        passed: AtomicUsize::new(0),
        at,
    });
    let world = stage.world_over(store.clone());
    let node = Node::of(Service::new(stage.config(), world).unwrap());
    (node, store)
}

#[tokio::test]
async fn a_rotation_survives_a_database_that_fails_at_any_one_statement() {
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
async fn a_login_survives_a_database_that_fails_at_any_one_statement() {
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
