//! Concurrent and cancelled calls: no request is sent twice, no stored change is undone, and a
//! cancelled caller leaves nothing half done.
//!
//! There are no sleeps: a transport or a store pauses one call until the other call is where the
//! test needs it.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, mpsc};

use switchback::ports::{SecureStore, StoreError};
use switchback::{Client, Error, LogOut, LoginOutcome, Session, SessionEnd, store};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::pausable_transport::{PausedRefresh, with_pausable_transport};
use crate::support::{Fixture, ObservedTransport, session_end, session_of, spawn_access_token};

/// Pauses the next write or removal, or fails the writes of some keys.
#[derive(Default)]
struct PausingStore {
    inner: store::Memory,
    fails_for: Mutex<Option<&'static str>>,
    hold: Mutex<Option<mpsc::Receiver<()>>>,
    reached: Notify,
}

impl PausingStore {
    fn pause_next_write(&self) -> mpsc::Sender<()> {
        let (release, held) = mpsc::channel();
        *self.hold.lock().unwrap() = Some(held);
        release
    }

    fn fails_for(&self, part: Option<&'static str>) {
        *self.fails_for.lock().unwrap() = part;
    }

    fn wait(&self) {
        let held = self.hold.lock().unwrap().take();
        if let Some(held) = held {
            self.reached.notify_one();
            held.recv().unwrap();
        }
    }
}

impl SecureStore for PausingStore {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.get(key)
    }
    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.wait();
        let fails_for = *self.fails_for.lock().unwrap();
        match fails_for {
            Some(part) if key.contains(part) => Err(StoreError::Full("no room".into())),
            _ => self.inner.put(key, value),
        }
    }
    fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.wait();
        self.inner.delete(key)
    }
    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        self.inner.list(prefix)
    }
}

fn client_with(fixture: &Fixture, store: &Arc<PausingStore>) -> Client {
    let platform = fixture.platform().with_store(store.clone());
    Client::new(fixture.config(), platform).unwrap()
}

fn spawn_log_out(session: &Session) -> JoinHandle<Result<LogOut, Error>> {
    let session = session.clone();
    tokio::spawn(async move { session.log_out().await })
}

fn spawn_complete(app: &Client, link: &str) -> JoinHandle<Result<LoginOutcome, Error>> {
    let (app, link) = (app.clone(), link.to_owned());
    tokio::spawn(async move { app.complete(&link).await })
}

#[tokio::test]
async fn marks_are_stored_before_requests_are_sent() {
    let fixture = Fixture::new().await;
    let mut platform = fixture.platform();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (store, marks) = (fixture.store.clone(), seen.clone());
    platform.http = Arc::new(ObservedTransport {
        inner: platform.http,
        on_answer: Box::new(move |request, _| {
            let form = request.body.as_ref().map_or("", |body| body.expose());
            let (kind, mark) = match form.contains("authorization_code") {
                true => ("/attempt/", "\"exchanging\""),
                false => ("/session/", "\"rotating\""),
            };
            let entry = store.entry_with(kind);
            marks.lock().unwrap().push(entry.contains(mark));
        }),
    });
    let app = Client::new(fixture.config(), platform).unwrap();
    let session = fixture.logged_in(&app).await;
    fixture.advance(60);
    session.access_token().await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [true, true]);
}

#[tokio::test]
async fn log_out_wins_over_a_refresh_in_progress() {
    let fixture = Fixture::new().await;
    let paused = PausedRefresh::start(&fixture).await;
    paused.session.log_out().await.unwrap();
    paused.transport.resume();
    assert_eq!(
        session_end(paused.caller.await.unwrap().unwrap_err()),
        SessionEnd::LoggedOut
    );
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
    assert_eq!(paused.app.sessions().await.unwrap(), []);
    assert_eq!(fixture.app().sessions().await.unwrap(), []);
}

#[tokio::test]
async fn a_refresh_continues_after_its_caller_is_cancelled() {
    let fixture = Fixture::new().await;
    let paused = PausedRefresh::start(&fixture).await;
    paused.caller.abort();
    assert!(paused.caller.await.unwrap_err().is_cancelled());
    paused.transport.resume();
    let token = paused.session.access_token().await.unwrap();
    let next = fixture.app().session(paused.session.id()).await.unwrap();
    assert_eq!(next.access_token().await.unwrap(), token);
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
}

/// A screen that closes drops its session objects during the refresh.
#[tokio::test]
async fn a_session_reopened_during_a_refresh_refreshes_once() {
    let fixture = Fixture::new().await;
    let paused = PausedRefresh::start(&fixture).await;
    let id = paused.session.id().clone();
    paused.caller.abort();
    assert!(paused.caller.await.unwrap_err().is_cancelled());
    drop(paused.session);
    let opened = paused.app.session(&id).await.unwrap();
    let asked = spawn_access_token(&opened);
    tokio::task::yield_now().await;
    paused.transport.resume();
    asked.await.unwrap().unwrap();
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
    assert_eq!(opened.ended(), None);
}

#[tokio::test]
async fn a_log_out_continues_after_its_caller_is_cancelled() {
    let fixture = Fixture::new().await;
    let store = Arc::new(PausingStore::default());
    let app = client_with(&fixture, &store);
    let session = fixture.logged_in(&app).await;
    let release = store.pause_next_write();
    let caller = spawn_log_out(&session);
    store.reached.notified().await;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    release.send(()).unwrap();
    fixture.advance(60);
    let error = session.access_token().await.unwrap_err();
    assert_eq!(session_end(error), SessionEnd::LoggedOut);
    assert_eq!(session.ended(), Some(SessionEnd::LoggedOut));
    assert_eq!(fixture.sandbox.counters().refreshes, 0);
}

#[tokio::test]
async fn a_failed_log_out_loses_nothing() {
    let fixture = Fixture::new().await;
    let (app, armed) = fixture.app_whose_store_locks();
    let session = fixture.logged_in(&app).await;
    fixture.advance(60);
    armed.store(true, Ordering::SeqCst);
    // The new tokens are only in memory, and the log-out cannot reach the store.
    assert!(matches!(
        session.access_token().await,
        Err(Error::StoreLocked)
    ));
    assert!(matches!(session.log_out().await, Err(Error::StoreLocked)));
    fixture.store.lock(false);
    session.access_token().await.unwrap();
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
    assert_eq!(fixture.sandbox.counters().revoked_grants, 0);
}

#[tokio::test]
async fn a_failed_mark_does_not_block_later_refreshes() {
    let fixture = Fixture::new().await;
    let store = Arc::new(PausingStore::default());
    let first = client_with(&fixture, &store);
    let session = fixture.logged_in(&first).await;
    fixture.advance(60);
    store.fails_for(Some("/session/"));
    let error = session.access_token().await.unwrap_err();
    assert!(
        matches!(error, Error::Store(StoreError::Full(_))),
        "{error:?}"
    );
    assert_eq!(fixture.sandbox.counters().refreshes, 0);
    store.fails_for(None);
    // A later process continues; then the first process takes over what that process stored.
    let second = client_with(&fixture, &store);
    let later = second.session(session.id()).await.unwrap();
    let token = later.access_token().await.unwrap();
    assert_eq!(session.access_token().await.unwrap(), token);
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
    assert_eq!(fixture.sandbox.counters().revoked_grants, 0);
}

#[tokio::test]
async fn a_valid_token_is_returned_while_the_store_is_locked() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let token = session.access_token().await.unwrap();
    fixture.advance(50);
    fixture.store.lock(true);
    assert_eq!(session.access_token().await.unwrap(), token);
    fixture.advance(10);
    assert!(matches!(
        session.access_token().await,
        Err(Error::StoreLocked)
    ));
}

#[tokio::test]
async fn unstored_tokens_are_not_requested_again() {
    let fixture = Fixture::new().await;
    let store = Arc::new(PausingStore::default());
    let app = client_with(&fixture, &store);
    let (_, link) = fixture.approved_login(&app).await;
    store.fails_for(Some("/session/"));
    for _ in 0..2 {
        let error = app.complete(&link).await.unwrap_err();
        assert!(
            matches!(error, Error::Store(StoreError::Full(_))),
            "{error:?}"
        );
    }
    store.fails_for(None);
    let id = session_of(app.complete(&link).await.unwrap());
    assert_eq!(fixture.sandbox.counters().code_exchanges, 1);
    assert_eq!(fixture.sandbox.counters().refused_token_requests, 0);
    // The tokens are stored now.
    let later = client_with(&fixture, &store).session(&id).await.unwrap();
    later.access_token().await.unwrap();
}

#[tokio::test]
async fn a_login_being_completed_cannot_be_reopened() {
    let fixture = Fixture::new().await;
    let (app, transport) = with_pausable_transport(&fixture);
    let (login, link) = fixture.approved_login(&app).await;
    transport.pause_requests();
    let completion = spawn_complete(&app, &link);
    transport.reached.notified().await;
    let again = tokio::spawn({
        let (app, id) = (app.clone(), login.id.clone());
        async move { app.reopen(&id).await }
    });
    tokio::task::yield_now().await;
    transport.resume();
    session_of(completion.await.unwrap().unwrap());
    assert!(again.await.unwrap().unwrap().is_none());
    assert_eq!(app.pending_logins().await.unwrap(), []);
}

#[tokio::test]
async fn cancel_login_during_complete_cancels_after_complete() {
    let fixture = Fixture::new().await;
    let (app, transport) = with_pausable_transport(&fixture);
    let (login, link) = fixture.approved_login(&app).await;
    transport.pause_requests();
    let completion = spawn_complete(&app, &link);
    transport.reached.notified().await;
    let dropping = tokio::spawn({
        let (app, id) = (app.clone(), login.id.clone());
        async move { app.cancel_login(&id).await }
    });
    tokio::task::yield_now().await;
    transport.resume();
    session_of(completion.await.unwrap().unwrap());
    dropping.await.unwrap().unwrap();
    assert_eq!(app.complete(&link).await.unwrap(), LoginOutcome::Unknown);
}

#[tokio::test]
async fn a_login_is_not_completed_before_its_session_is_stored() {
    let fixture = Fixture::new().await;
    let store = Arc::new(PausingStore::default());
    let app = client_with(&fixture, &store);
    let (_, link) = fixture.approved_login(&app).await;
    store.fails_for(Some("/session/"));
    app.complete(&link).await.unwrap_err();
    store.fails_for(None);
    // The process ends with the tokens in its memory: the next process reports the interruption.
    drop(app);
    match client_with(&fixture, &store).complete(&link).await.unwrap() {
        LoginOutcome::Refused { interrupted, .. } => assert!(interrupted),
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_rejected_token_is_not_returned_by_an_earlier_refresh() {
    let fixture = Fixture::new().await;
    let store = Arc::new(PausingStore::default());
    let session = fixture.logged_in(&client_with(&fixture, &store)).await;
    let rejected = session.access_token().await.unwrap();
    fixture.advance(50);
    // The mark of the first refresh cannot be stored: the call returns the old token, which is
    // still valid.
    let release = store.pause_next_write();
    let earlier = spawn_access_token(&session);
    store.reached.notified().await;
    let complaint = tokio::spawn({
        let (session, rejected) = (session.clone(), rejected.clone());
        async move { session.access_token_after(&rejected).await }
    });
    tokio::task::yield_now().await;
    store.fails_for(Some("/session/"));
    release.send(()).unwrap();
    assert_eq!(earlier.await.unwrap().unwrap(), rejected);
    let answer = complaint.await.unwrap();
    assert!(
        matches!(answer, Err(Error::Store(StoreError::Full(_)))),
        "{answer:?}"
    );
}

/// Runs all tasks as far as possible without the network.
async fn settle() {
    for _ in 0..50 {
        tokio::task::spawn_blocking(|| ()).await.unwrap();
    }
}

#[tokio::test]
async fn a_refresh_waits_for_a_log_out_in_progress() {
    let fixture = Fixture::new().await;
    let store = Arc::new(PausingStore::default());
    let app = client_with(&fixture, &store);
    let session = fixture.logged_in(&app).await;
    fixture.advance(60);
    let release = store.pause_next_write();
    let log_out = spawn_log_out(&session);
    store.reached.notified().await;
    let refresh = spawn_access_token(&session);
    settle().await;
    release.send(()).unwrap();
    log_out.await.unwrap().unwrap();
    let error = refresh.await.unwrap().unwrap_err();
    assert_eq!(session_end(error), SessionEnd::LoggedOut);
    assert_eq!(fixture.sandbox.counters().refreshes, 0);
}
