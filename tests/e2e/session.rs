//! Sessions in direct mode: refresh, log-out, and a locked store.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use switchback::ports::{Clock as _, SecureStore, StoreError};
use switchback::provider::truid::ClaimType;
use switchback::{Error, Revocation, SessionEnd, store};

use crate::support::{Fixture, session_end};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_callers_share_one_refresh() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let before = session.access_token().await.unwrap();
    fixture.advance(60);
    let callers: Vec<_> = (0..1000)
        .map(|_| {
            let session = session.clone();
            tokio::spawn(async move { session.access_token().await.unwrap() })
        })
        .collect();
    let mut tokens = Vec::new();
    for caller in callers {
        tokens.push(caller.await.unwrap());
    }
    assert!(tokens.iter().all(|token| *token == tokens[0]));
    assert_ne!(tokens[0], before);
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
    assert_eq!(fixture.sandbox.counters().revoked_grants, 0);
}

#[tokio::test]
async fn a_session_is_refreshed_when_due() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let mut lives = Vec::new();
    for _ in 0..5 {
        let expires = session.expires_at().unwrap();
        let life = expires - fixture.clock.now().wall;
        lives.push(life);
        fixture.advance(life);
        session.access_token().await.unwrap();
    }
    assert_eq!(lives, [60, 120, 240, 300, 300]);
    assert_eq!(fixture.sandbox.counters().refreshes, 5);
    assert_eq!(fixture.sandbox.counters().revoked_grants, 0);
}

/// Counts the writes.
#[derive(Default)]
struct CountingStore(store::Memory, Arc<AtomicUsize>);

impl SecureStore for CountingStore {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.get(key)
    }
    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.put(key, value)
    }
    fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.delete(key)
    }
    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        self.0.list(prefix)
    }
}

#[tokio::test]
async fn a_rotation_is_two_writes_and_a_read_is_none() {
    let fixture = Fixture::new().await;
    let store = CountingStore::default();
    let writes = store.1.clone();
    let session = fixture.logged_in(&fixture.app_over(store)).await;
    let written = || writes.swap(0, Ordering::SeqCst);
    written();
    for _ in 0..5 {
        session.access_token().await.unwrap();
    }
    assert_eq!(written(), 0);
    fixture.advance(60);
    session.access_token().await.unwrap();
    assert_eq!(written(), 2, "the mark, and the new pair");
    session.user_info().await.unwrap();
    assert_eq!(written(), 1, "who it is");
    session.user_info().await.unwrap();
    assert_eq!(written(), 0);
}

#[tokio::test]
async fn a_session_opened_twice_shares_its_state() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let first = fixture.logged_in(&app).await;
    let second = app.session(first.id()).await.unwrap();
    fixture.advance(60);
    let (one, two) = tokio::join!(first.access_token(), second.access_token());
    assert_eq!(one.unwrap(), two.unwrap());
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
    first.log_out().await.unwrap();
    assert_eq!(
        session_end(second.access_token().await.unwrap_err()),
        SessionEnd::LoggedOut
    );
}

#[tokio::test]
async fn log_out_is_final() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let session = fixture.logged_in(&app).await;
    for _ in 0..2 {
        let done = session.log_out().await.unwrap();
        // Truid documents neither revocation nor an end of session.
        assert_eq!(done.revocation, Revocation::NotOffered);
        assert_eq!(done.end_session_url, None);
    }
    assert_eq!(
        session_end(session.access_token().await.unwrap_err()),
        SessionEnd::LoggedOut
    );
    assert_eq!(session.ended(), Some(SessionEnd::LoggedOut));
    assert_eq!(app.sessions().await.unwrap(), []);
    let gone = fixture.app().session(session.id()).await.unwrap_err();
    assert_eq!(session_end(gone), SessionEnd::NoSession);
}

#[tokio::test]
async fn the_service_ends_a_session() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let session = fixture.logged_in(&app).await;
    assert_eq!(fixture.sandbox.app().end_sessions("test-app"), 1);
    // The access token is still valid here; the service says that the session has ended.
    let error = session.user_info().await.unwrap_err();
    assert_eq!(session_end(error), SessionEnd::Revoked);
    assert_eq!(session.ended(), Some(SessionEnd::Revoked));
    assert_eq!(app.sessions().await.unwrap(), []);
    // The next process still knows the reason.
    let again = fixture.app().session(session.id()).await.unwrap();
    assert_eq!(
        session_end(again.access_token().await.unwrap_err()),
        SessionEnd::Revoked
    );
}

#[tokio::test]
async fn a_rejected_token_is_refreshed_once() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    // The service's clock is ahead: a token that is fresh here has expired there.
    fixture.sandbox.advance(61);
    session.presentation(&[ClaimType::Name]).await.unwrap();
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
}

#[tokio::test]
async fn offline_a_valid_token_is_returned() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let token = session.access_token().await.unwrap();
    let Fixture { sandbox, clock, .. } = fixture;
    sandbox.stop().await;
    clock.advance(50);
    assert_eq!(session.access_token().await.unwrap(), token);
    clock.advance(10);
    for _ in 0..3 {
        assert!(matches!(
            session.access_token().await,
            Err(Error::TryAgain { .. })
        ));
    }
    assert_eq!(session.ended(), None);
}

#[tokio::test]
async fn a_store_locked_after_a_rotation_loses_no_tokens() {
    let fixture = Fixture::new().await;
    let (app, armed) = fixture.app_whose_store_locks();
    let session = fixture.logged_in(&app).await;
    fixture.advance(60);
    armed.store(true, Ordering::SeqCst);
    // The store locks when the new tokens arrive.
    assert!(matches!(
        session.access_token().await,
        Err(Error::StoreLocked)
    ));
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
    assert!(matches!(
        session.access_token().await,
        Err(Error::StoreLocked)
    ));
    armed.store(false, Ordering::SeqCst);
    fixture.store.lock(false);
    let token = session.access_token().await.unwrap();
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
    // The tokens are stored now: the next process continues with them.
    let next = fixture.app().session(session.id()).await.unwrap();
    assert_eq!(next.access_token().await.unwrap(), token);
    fixture.advance(120);
    next.access_token().await.unwrap();
    assert_eq!(fixture.sandbox.counters().refreshes, 2);
    assert_eq!(fixture.sandbox.counters().revoked_grants, 0);
}

#[tokio::test]
async fn a_store_locked_after_an_early_refresh_causes_no_error() {
    let fixture = Fixture::new().await;
    let (app, armed) = fixture.app_whose_store_locks();
    let session = fixture.logged_in(&app).await;
    let old = session.access_token().await.unwrap();
    fixture.advance(50);
    armed.store(true, Ordering::SeqCst);
    // The refresh is due, its answer cannot be stored, and the old token is still valid.
    for _ in 0..3 {
        assert_eq!(session.access_token().await.unwrap(), old);
    }
    armed.store(false, Ordering::SeqCst);
    fixture.store.lock(false);
    let new = session.access_token().await.unwrap();
    assert_ne!(new, old);
    let next = fixture.app().session(session.id()).await.unwrap();
    assert_eq!(next.access_token().await.unwrap(), new);
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
}

#[tokio::test]
async fn a_locked_store_sends_no_refresh() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    fixture.advance(60);
    fixture.store.lock(true);
    assert!(matches!(
        session.access_token().await,
        Err(Error::StoreLocked)
    ));
    assert_eq!(fixture.sandbox.counters().refreshes, 0);
    fixture.store.lock(false);
    session.access_token().await.unwrap();
}

#[tokio::test]
async fn an_empty_presentation_request_is_a_configuration_error() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let nothing: [&str; 0] = [];
    assert!(matches!(
        session.presentation(&nothing).await,
        Err(Error::Configuration { .. })
    ));
}

#[tokio::test]
async fn a_sealed_file_keeps_the_session_for_the_next_process() {
    let fixture = Fixture::new().await;
    let folder = tempfile::tempdir().unwrap();
    let app = || fixture.app_over(store::SealedFile::open(&folder).unwrap());
    let session = fixture.logged_in(&app()).await;
    let token = session.access_token().await.unwrap();
    let again = app().session(session.id()).await.unwrap();
    assert_eq!(again.access_token().await.unwrap(), token);
}

#[tokio::test]
async fn a_rejected_token_is_replaced_once() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let first = session.access_token().await.unwrap();
    let second = session.access_token_after(&first).await.unwrap();
    assert_ne!(first, second);
    // A later rejection of the same token causes no refresh.
    assert_eq!(session.access_token_after(&first).await.unwrap(), second);
    assert_eq!(session.access_token().await.unwrap(), second);
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
}

#[tokio::test]
async fn a_damaged_session_can_be_removed() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let session = fixture.logged_in(&app).await;
    let other = fixture.logged_in(&app).await;
    let key = fixture.store.list("").unwrap();
    let key = key
        .iter()
        .find(|key| key.ends_with(&format!("session/{}", session.id())));
    fixture.store.put(key.unwrap(), b"\xffgarbage").unwrap();
    // A damaged entry does not hide the others.
    let later = fixture.app();
    assert_eq!(
        later.sessions().await.unwrap(),
        std::slice::from_ref(other.id())
    );
    later.remove_session(session.id()).await.unwrap();
    later.remove_session(session.id()).await.unwrap();
    assert_eq!(
        session_end(later.session(session.id()).await.unwrap_err()),
        SessionEnd::NoSession
    );
    later.remove_session(other.id()).await.unwrap();
    assert_eq!(later.sessions().await.unwrap(), []);
}
