//! Stores that fail at one moment: no answer of the service is lost, no removed entry comes back,
//! and all callers get the same error.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use switchback::ports::{
    BoxFuture, Guard, HttpTransport, Owner, ProcessLock, SecureStore, StoreError, TransportError,
};
use switchback::process_lock::WithinProcess;
use switchback::{
    Client, Config, Error, LoginOutcome, Platform, Provider, Purpose, SessionEnd, SessionEvent,
    store,
};
use switchback_protocol::http::{Request, Response};

use crate::pausable_transport::{PausableTransport, with_pausable_transport};
use crate::phone_lock::PhoneLock;
use crate::support::{
    CLIENT_ID, Fixture, REDIRECT_URI, TestClock, request, session_end, session_of,
    spawn_access_token,
};

type OnPut = Box<dyn Fn(&str, &[u8]) -> Result<(), StoreError> + Send + Sync>;
type OnRead = Box<dyn Fn(&str) -> Result<(), StoreError> + Send + Sync>;

/// A store of several clients, which fails as the test configures.
#[derive(Clone, Default)]
struct FailingStore {
    inner: Arc<store::Memory>,
    on_put: Arc<Mutex<Option<OnPut>>>,
    on_read: Arc<Mutex<Option<OnRead>>>,
}

impl FailingStore {
    fn on_put(
        &self,
        fault: impl Fn(&str, &[u8]) -> Result<(), StoreError> + Send + Sync + 'static,
    ) {
        *self.on_put.lock().unwrap() = Some(Box::new(fault));
    }

    fn on_read(&self, fault: impl Fn(&str) -> Result<(), StoreError> + Send + Sync + 'static) {
        *self.on_read.lock().unwrap() = Some(Box::new(fault));
    }

    /// Fails to store the answer to a refresh, and the session of a login.
    fn fail_for_answers(&self) {
        self.on_put(|_, value| match has(value, "\"ready\"") {
            true => busy(),
            false => Ok(()),
        });
    }

    fn work(&self) {
        *self.on_put.lock().unwrap() = None;
        *self.on_read.lock().unwrap() = None;
    }
}

impl SecureStore for FailingStore {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        if let Some(fault) = &*self.on_read.lock().unwrap() {
            fault(key)?;
        }
        self.inner.get(key)
    }
    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        if let Some(fault) = &*self.on_put.lock().unwrap_or_else(|e| e.into_inner()) {
            fault(key, value)?;
        }
        self.inner.put(key, value)
    }
    fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.inner.delete(key)
    }
    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        self.inner.list(prefix)
    }
}

fn busy() -> Result<(), StoreError> {
    Err(StoreError::Unavailable("busy".into()))
}

fn has(value: &[u8], word: &str) -> bool {
    String::from_utf8_lossy(value).contains(word)
}

#[tokio::test]
async fn an_unstored_refresh_survives_a_concurrent_write() {
    let fixture = Fixture::new().await;
    let faulty = FailingStore::default();
    let (one, two) = (
        fixture.app_over(faulty.clone()),
        fixture.app_over(faulty.clone()),
    );
    let session = fixture.logged_in(&one).await;
    let elsewhere = two.session(session.id()).await.unwrap();
    fixture.advance(50);
    // The refresh is due, and the store fails to store its answer.
    faulty.fail_for_answers();
    let old = session.access_token().await.unwrap();
    faulty.work();
    // The other client stores the session once more, after it reads the subject with the old token.
    elsewhere.user_info().await.unwrap();
    fixture.advance(10);
    assert_ne!(session.access_token().await.unwrap(), old);
    elsewhere.access_token().await.unwrap();
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
    assert_eq!(fixture.sandbox.counters().revoked_grants, 0);
}

#[tokio::test]
async fn a_panicking_store_loses_no_answer() {
    let fixture = Fixture::new().await;
    let faulty = FailingStore::default();
    let app = fixture.app_over(faulty.clone());
    let session = fixture.logged_in(&app).await;
    fixture.advance(60);
    faulty.on_put(|_, value| match has(value, "\"ready\"") {
        true => panic!("on purpose"),
        false => Ok(()),
    });
    let error = session.access_token().await.unwrap_err();
    assert!(
        matches!(&error, Error::Store(StoreError::Unavailable(what)) if what.contains("panicked")),
        "{error:?}"
    );
    faulty.on_put.clear_poison();
    faulty.work();
    session.access_token().await.unwrap();
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
    assert_eq!(fixture.sandbox.counters().revoked_grants, 0);
}

#[tokio::test]
async fn an_unreadable_session_is_removable_and_hides_no_others() {
    for why in [
        StoreError::KeyLost("the keystore's key was invalidated".into()),
        StoreError::Corrupt("its tag is wrong".into()),
    ] {
        let fixture = Fixture::new().await;
        let faulty = FailingStore::default();
        let app = fixture.app_over(faulty.clone());
        let (session, other) = (fixture.logged_in(&app).await, fixture.logged_in(&app).await);
        let end = session.id().to_string();
        faulty.on_read(
            move |key| match key.ends_with(&end) && key.contains("/session/") {
                true => Err(why.clone()),
                false => Ok(()),
            },
        );
        assert_eq!(app.sessions().await.unwrap(), [other.id().clone()]);
        let later = fixture.app_over(faulty.clone());
        later.session(session.id()).await.unwrap_err();
        later.remove_session(session.id()).await.unwrap();
        faulty.work();
        let error = later.session(session.id()).await.unwrap_err();
        assert_eq!(session_end(error), SessionEnd::NoSession);
    }
}

#[tokio::test]
async fn every_caller_gets_damaged_every_time() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let session = fixture.logged_in(&app).await;
    let elsewhere = fixture.app().session(session.id()).await.unwrap();
    let mut events = session.events();
    let key = fixture.store.key_with("/session/");
    fixture.store.put(&key, b"\x00").unwrap();
    fixture.advance(60);
    for session in [&session, &session, &elsewhere, &elsewhere] {
        let error = session.access_token().await.unwrap_err();
        assert_eq!(session_end(error), SessionEnd::Damaged);
    }
    let told = SessionEvent::LoginRequired(SessionEnd::Damaged);
    assert_eq!(events.next().await, told);
    assert_eq!(
        (events.last(), elsewhere.events().last()),
        (Some(told), Some(told))
    );
    session.log_out().await.unwrap();
    assert_eq!(events.next().await, SessionEvent::LoggedOut);
}

/// Pauses the next caller.
struct PausingLock {
    next: Mutex<Option<(mpsc::Sender<()>, mpsc::Receiver<()>)>>,
    at_question: bool,
}

impl PausingLock {
    fn new(at_question: bool) -> Arc<Self> {
        Arc::new(Self {
            next: Mutex::default(),
            at_question,
        })
    }

    /// The next caller sends to the first channel, and waits for the second.
    fn hold(&self) -> (mpsc::Receiver<()>, mpsc::Sender<()>) {
        let ((said, reached), (release, held)) = (mpsc::channel(), mpsc::channel());
        *self.next.lock().unwrap() = Some((said, held));
        (reached, release)
    }

    fn wait(&self) {
        let next = self.next.lock().unwrap().take();
        if let Some((said, held)) = next {
            said.send(()).unwrap();
            held.recv().unwrap();
        }
    }
}

impl ProcessLock for PausingLock {
    fn enter(&self) -> Result<Box<dyn Guard + '_>, StoreError> {
        if !self.at_question {
            self.wait();
        }
        WithinProcess.enter().map(|held| held as _)
    }
    fn announce(&self, owner: &Owner) -> Result<Box<dyn Guard + Send + Sync>, StoreError> {
        WithinProcess.announce(owner)
    }
    fn is_gone(&self, owner: &Owner) -> bool {
        if !self.at_question {
            return WithinProcess.is_gone(owner);
        }
        // The owner has ended by the time of the answer.
        self.wait();
        true
    }
}

async fn reached(by: mpsc::Receiver<()>) {
    tokio::task::spawn_blocking(move || by.recv().unwrap())
        .await
        .unwrap();
}

#[tokio::test]
async fn unstored_tokens_do_not_restore_a_removed_session() {
    let fixture = Fixture::new().await;
    let (faulty, section) = (FailingStore::default(), PausingLock::new(false));
    let platform = fixture.platform().with_store(Arc::new(faulty.clone()));
    let platform = platform.with_process_lock(section.clone());
    let app = Client::new(fixture.config(), platform).unwrap();
    let (login, link) = fixture.approved_login(&app).await;
    faulty.on_put(|key, _| {
        if key.contains("/session/") {
            busy()
        } else {
            Ok(())
        }
    });
    app.complete(&link).await.unwrap_err();
    faulty.work();
    // One task opens the session, which stores it; another task removes it first.
    let id: switchback::SessionId = login.id.clone().into();
    let (at_section, release) = section.hold();
    let opened = tokio::spawn({
        let (app, id) = (app.clone(), id.clone());
        async move { app.session(&id).await }
    });
    reached(at_section).await;
    app.remove_session(&id).await.unwrap();
    release.send(()).unwrap();
    let error = opened.await.unwrap().unwrap_err();
    assert_eq!(session_end(error), SessionEnd::NoSession);
    assert_eq!(app.sessions().await.unwrap(), []);
}

#[tokio::test]
async fn a_session_stored_by_a_dead_holder_counts() {
    let fixture = Fixture::new().await;
    let faulty = FailingStore::default();
    let mut platform = fixture.platform().with_store(Arc::new(faulty.clone()));
    let transport = PausableTransport::new(platform.http);
    platform.http = transport.clone();
    let one = Client::new(fixture.config(), platform).unwrap();
    let question = PausingLock::new(true);
    let platform = fixture.platform().with_store(Arc::new(faulty.clone()));
    let platform = platform.with_process_lock(question.clone());
    let two = Client::new(fixture.config(), platform).unwrap();

    let (_, link) = fixture.approved_login(&one).await;
    transport.pause_answers();
    let completing = |app: &Client| {
        let (app, link) = (app.clone(), link.clone());
        tokio::spawn(async move { app.complete(&link).await })
    };
    let first = completing(&one);
    transport.reached.notified().await;
    let (asked, answer) = question.hold();
    let second = completing(&two);
    reached(asked).await;
    // The holder stores the session, but fails to mark the attempt.
    faulty.on_put(|key, _| {
        if key.contains("/attempt/") {
            busy()
        } else {
            Ok(())
        }
    });
    transport.resume();
    session_of(first.await.unwrap().unwrap());
    faulty.work();
    answer.send(()).unwrap();
    session_of(second.await.unwrap().unwrap());
    assert_eq!(fixture.sandbox.counters().code_exchanges, 1);
    assert_eq!(fixture.sandbox.counters().refused_token_requests, 0);
}

/// A transport whose answers come from a function.
struct ScriptedTransport<F>(F);

impl<F> HttpTransport for ScriptedTransport<F>
where
    F: Fn(&Request) -> Option<Result<Response, TransportError>> + Send + Sync,
{
    /// `None`: no answer ever comes.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        match (self.0)(&request) {
            Some(answer) => Box::pin(std::future::ready(answer)),
            None => Box::pin(std::future::pending()),
        }
    }
}

fn json(status: u16, body: &str) -> Option<Result<Response, TransportError>> {
    Some(Ok(Response {
        status,
        headers: vec![("content-type".into(), "application/json".into())],
        body: body.into(),
    }))
}

const TOKEN: &str = r#"{"access_token":"A","token_type":"bearer","expires_in":60}"#;

async fn scripted<F>(script: F) -> (Client, switchback::Session)
where
    F: Fn(&Request) -> Option<Result<Response, TransportError>> + Send + Sync + 'static,
{
    let mut platform = Platform::new(store::Memory::new());
    platform.clock = TestClock::at(1_700_000_000);
    platform.http = Arc::new(ScriptedTransport(script));
    let provider = Provider::truid().with_base_url("http://127.0.0.1:1");
    let config = Config::direct(provider, CLIENT_ID, REDIRECT_URI);
    let app = Client::new(config, platform).unwrap();
    let login = app.begin(request(Purpose::Login)).await.unwrap();
    let (_, state) = login.url.split_once("state=").unwrap();
    let state = state.split('&').next().unwrap();
    let link = format!("{REDIRECT_URI}?code=c&state={state}");
    let id = session_of(app.complete(&link).await.unwrap());
    let session = app.session(&id).await.unwrap();
    (app, session)
}

#[tokio::test]
async fn a_rejected_token_without_refresh_token_needs_a_login() {
    let log = crate::canary::listen();
    let (app, session) = scripted(|request| match request.body.is_some() {
        true => json(200, TOKEN),
        false => json(401, "{}"),
    })
    .await;
    let error = session.user_info().await.unwrap_err();
    assert_eq!(session_end(error), SessionEnd::Revoked);
    // The answer of one resource does not end the session.
    assert_eq!(session.ended(), None);
    assert_eq!(app.sessions().await.unwrap(), [session.id().clone()]);
    let logged = crate::logged_ends::events(&log, session.id().as_str());
    assert_eq!(logged, ["token.refused"]);
}

#[tokio::test]
async fn a_resource_that_never_answers_times_out() {
    let (_, session) = scripted(|request| match request.body.is_some() {
        true => json(200, TOKEN),
        false => None,
    })
    .await;
    tokio::time::pause();
    let error = session.user_info().await.unwrap_err();
    assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
}

#[tokio::test]
async fn waiting_for_a_lease_stops_on_expiry() {
    let fixture = Fixture::new().await;
    let (app, transport) = with_pausable_transport(&fixture);
    let session = fixture.logged_in(&app).await;
    let lock = Arc::new(PhoneLock::default());
    let platform = fixture.platform().with_process_lock(lock.clone());
    let other = Client::new(fixture.config(), platform).unwrap();
    let other = other.session(session.id()).await.unwrap();
    fixture.advance(60);
    transport.pause_requests();
    let holder = spawn_access_token(&session);
    transport.reached.notified().await;
    let waiter = spawn_access_token(&other);
    let expired = loop {
        let expired = lock.expiry.lock().unwrap().take();
        match expired {
            Some(expired) => break expired,
            None => tokio::task::yield_now().await,
        }
    };
    expired();
    // The request of the holder is still paused, so only the expiry can end this call.
    let error = waiter.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
    transport.resume();
    holder.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_failed_identity_check_is_repeated() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let first = fixture.logged_in(&app).await;
    first.user_info().await.unwrap();
    let subject = first.subject().unwrap();
    // The service cannot read the subject, twice.
    let outages = Arc::new(AtomicUsize::new(2));
    struct Outage(Arc<dyn HttpTransport>, Arc<AtomicUsize>);
    impl HttpTransport for Outage {
        fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            let left = |n: usize| n.checked_sub(1);
            let is_get = request.body.is_none();
            if is_get
                && self
                    .1
                    .fetch_update(Ordering::SeqCst, Ordering::SeqCst, left)
                    .is_ok()
            {
                return Box::pin(std::future::ready(json(503, "").unwrap()));
            }
            self.0.send(request)
        }
    }
    let mut platform = fixture.platform();
    platform.http = Arc::new(Outage(platform.http, outages));
    let app = Client::new(fixture.config(), platform).unwrap();
    let expected = request(Purpose::Login).for_person(subject);
    let login = app.begin(expected).await.unwrap();
    let link = fixture.approve_as(&login.url, "robin");
    for _ in 0..2 {
        let error = app.complete(&link).await.unwrap_err();
        assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
        // Until the subject is known, the session is not returned, in any process.
        let id: switchback::SessionId = login.id.clone().into();
        for app in [&app, &fixture.app()] {
            assert_eq!(app.sessions().await.unwrap(), [first.id().clone()]);
            let error = app.session(&id).await.unwrap_err();
            assert_eq!(session_end(error), SessionEnd::NoSession);
        }
    }
    for _ in 0..2 {
        let outcome = app.complete(&link).await.unwrap();
        assert_eq!(outcome, LoginOutcome::OtherPerson);
    }
    assert_eq!(app.sessions().await.unwrap(), [first.id().clone()]);
    assert_eq!(fixture.sandbox.counters().refused_token_requests, 0);
}

#[tokio::test]
async fn unstored_tokens_do_not_revive_an_ended_session() {
    let fixture = Fixture::new().await;
    let faulty = FailingStore::default();
    let (one, two) = (
        fixture.app_over(faulty.clone()),
        fixture.app_over(faulty.clone()),
    );
    let session = fixture.logged_in(&one).await;
    let elsewhere = two.session(session.id()).await.unwrap();
    fixture.advance(50);
    // One process keeps an unstored answer, the old token is valid, and the other process logs out.
    faulty.fail_for_answers();
    session.access_token().await.unwrap();
    faulty.work();
    elsewhere.log_out().await.unwrap();
    let error = session.user_info().await.unwrap_err();
    assert_eq!(session_end(error), SessionEnd::LoggedOut);
    assert_eq!(one.sessions().await.unwrap(), []);
}
