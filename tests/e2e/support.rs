//! The client under test, the sandbox, and a clock that moves for both, in one process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use switchback::ports::{
    BoxFuture, Clock, HttpTransport, SecureStore, StoreError, Time, TransportError, Uptime,
};
use switchback::provider::truid::DataPoint;
use switchback::{
    Client, Config, Error, LoginAttempt, LoginOutcome, LoginRequest, Platform, Provider, Purpose,
    Secret, Session, SessionEnd, SessionId, store,
};
use switchback_jades::DocumentDigest;
use switchback_protocol::http::{Request, Response};
use switchback_protocol::signature::SignRequest;
use switchback_sandbox::{Choice, Decision, RegisteredClient, Sandbox};
use tokio::task::JoinHandle;

pub(crate) const CLIENT_ID: &str = "test-app";
pub(crate) const REDIRECT_URI: &str = "https://app.example/truid/callback";

/// A clock that the test moves.
#[derive(Default)]
pub(crate) struct TestClock {
    wall: AtomicI64,
    uptime: AtomicI64,
    boot: AtomicU64,
}

impl TestClock {
    pub(crate) fn at(now: i64) -> Arc<Self> {
        Self::reading(now, 1_000)
    }

    pub(crate) fn reading(wall: i64, uptime: i64) -> Arc<Self> {
        Arc::new(Self {
            wall: AtomicI64::new(wall),
            uptime: AtomicI64::new(uptime),
            boot: AtomicU64::new(1),
        })
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.set_forward(seconds);
        self.uptime.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Restarts the machine, with a wall clock that is off by this number of seconds.
    pub(crate) fn restart(&self, off_by: i64) {
        self.set_forward(off_by);
        self.boot.fetch_add(1, Ordering::SeqCst);
        self.uptime.store(5, Ordering::SeqCst);
    }

    /// Sets the wall clock. The uptime does not change.
    pub(crate) fn set_forward(&self, seconds: i64) {
        self.wall.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Time {
        Time {
            wall: self.wall.load(Ordering::SeqCst),
            uptime: Some(Uptime {
                boot: self.boot.load(Ordering::SeqCst),
                seconds: self.uptime.load(Ordering::SeqCst),
            }),
        }
    }
}

/// A store that can be locked.
#[derive(Default)]
pub(crate) struct LockableStore {
    inner: store::Memory,
    locked: AtomicBool,
}

impl LockableStore {
    pub(crate) fn lock(&self, locked: bool) {
        self.locked.store(locked, Ordering::SeqCst);
    }

    /// The key of an entry that contains this text.
    pub(crate) fn key_with(&self, part: &str) -> String {
        let keys = self.list("").unwrap();
        keys.into_iter().find(|key| key.contains(part)).unwrap()
    }

    /// The entry whose key contains this text.
    pub(crate) fn entry_with(&self, part: &str) -> String {
        let value = self.get(&self.key_with(part)).unwrap().unwrap();
        String::from_utf8(value).unwrap()
    }

    fn open(&self) -> Result<&store::Memory, StoreError> {
        match self.locked.load(Ordering::SeqCst) {
            true => Err(StoreError::Locked),
            false => Ok(&self.inner),
        }
    }
}

impl SecureStore for LockableStore {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.open()?.get(key)
    }
    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.open()?.put(key, value)
    }
    fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.open()?.delete(key)
    }
    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        self.open()?.list(prefix)
    }
}

type Watcher = dyn Fn(&Request, &Response) + Send + Sync;

/// Calls a function with every answer before the core gets it.
pub(crate) struct ObservedTransport {
    pub(crate) inner: Arc<dyn HttpTransport>,
    pub(crate) on_answer: Box<Watcher>,
}

impl HttpTransport for ObservedTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let response = self.inner.send(request.clone()).await?;
            (self.on_answer)(&request, &response);
            Ok(response)
        })
    }
}

/// A sandbox with one client, whose first access token of a login is valid for a minute.
pub(crate) fn sandbox_of(client: RegisteredClient) -> switchback_sandbox::Config {
    let mut config = switchback_sandbox::Config {
        clients: vec![client],
        ..Default::default()
    };
    config.lifetimes.first_login_access_token = 60;
    config
}

pub(crate) struct Fixture {
    pub(crate) sandbox: Sandbox,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) store: Arc<LockableStore>,
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        let config = sandbox_of(RegisteredClient::public(CLIENT_ID, REDIRECT_URI));
        let sandbox = Sandbox::start(config).await.unwrap();
        let clock = TestClock::at(sandbox.now());
        Self {
            sandbox,
            clock,
            store: Arc::default(),
        }
    }

    /// A new client, as in a new process: it has no state in memory.
    pub(crate) fn app(&self) -> Client {
        Client::new(self.config(), self.platform()).unwrap()
    }

    /// A new client with another store.
    pub(crate) fn app_over(&self, store: impl SecureStore + 'static) -> Client {
        let platform = self.platform().with_store(Arc::new(store));
        Client::new(self.config(), platform).unwrap()
    }

    pub(crate) fn config(&self) -> Config {
        config_at(self.sandbox.url())
    }

    pub(crate) fn platform(&self) -> Platform {
        let mut platform = Platform::new(store::Memory::new());
        platform.clock = self.clock.clone();
        platform.with_store(self.store.clone())
    }

    /// A client whose store locks when an answer arrives, after the flag is set.
    pub(crate) fn app_whose_store_locks(&self) -> (Client, Arc<AtomicBool>) {
        let armed = Arc::new(AtomicBool::new(false));
        let (store, trigger) = (self.store.clone(), armed.clone());
        let mut platform = self.platform();
        platform.http = Arc::new(ObservedTransport {
            inner: platform.http,
            on_answer: Box::new(move |_, _| {
                if trigger.load(Ordering::SeqCst) {
                    store.lock(true);
                }
            }),
        });
        (Client::new(self.config(), platform).unwrap(), armed)
    }

    /// Moves the clocks of the client and the sandbox.
    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.advance(seconds);
        self.sandbox.advance_with_clients(seconds);
    }

    /// Opens the URL and approves. Returns the callback link.
    pub(crate) fn approve(&self, url: &str) -> String {
        let waiting = self.sandbox.app().open(url).unwrap();
        self.sandbox.app().approve(&waiting.id).unwrap()
    }

    /// Opens the URL and approves as one of the sandbox's people.
    pub(crate) fn approve_as(&self, url: &str, person: &str) -> String {
        let waiting = self.sandbox.app().open(url).unwrap();
        let choice = Choice {
            person: Some(person.into()),
            ..Choice::new(Decision::Approve)
        };
        let callback = self.sandbox.app().decide(&waiting.id, &choice).unwrap();
        callback.redirect.unwrap()
    }

    /// Begins a login, and approves it. Returns the login and the callback link.
    pub(crate) async fn approved_login(&self, client: &Client) -> (LoginAttempt, String) {
        let login = client.begin(request(Purpose::Login)).await.unwrap();
        let link = self.approve(&login.url);
        (login, link)
    }

    pub(crate) async fn logged_in(&self, client: &Client) -> Session {
        let (_, link) = self.approved_login(client).await;
        let id = session_of(client.complete(&link).await.unwrap());
        client.session(&id).await.unwrap()
    }
}

pub(crate) fn config_at(base_url: &str) -> Config {
    Config::direct(
        Provider::truid().with_base_url(base_url),
        CLIENT_ID,
        REDIRECT_URI,
    )
}

pub(crate) fn request(purpose: Purpose) -> LoginRequest {
    match purpose {
        Purpose::Signing => LoginRequest::signing(sign_request(), DataPoint::ALL),
        _ => LoginRequest::new(purpose, DataPoint::ALL),
    }
}

/// What a person signs.
fn sign_request() -> SignRequest {
    let id = "https://example.com/docs/contract.pdf";
    SignRequest::new(id, DocumentDigest::of(b"a contract"), "I sign the contract")
}

#[track_caller]
pub(crate) fn session_of(completion: LoginOutcome) -> SessionId {
    match completion {
        LoginOutcome::LoggedIn { session, .. } => session,
        other => panic!("not logged in: {other:?}"),
    }
}

/// Requests a token in a separate task.
pub(crate) fn spawn_access_token(session: &Session) -> JoinHandle<Result<Secret, Error>> {
    let session = session.clone();
    tokio::spawn(async move { session.access_token().await })
}

#[track_caller]
pub(crate) fn session_end(error: Error) -> SessionEnd {
    match error {
        Error::LoginRequired { reason, .. } => reason,
        other => panic!("another error: {other:?}"),
    }
}
