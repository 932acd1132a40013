//! A process crashes before and after each call of a port, while it completes a login through a
//! backend. Afterwards the person is logged in, or the outcome is an interruption.
//!
//! The crash is simulated: from then on, the store and the network fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use switchback::ports::{
    BoxFuture, HttpTransport, Platform, SecureStore, StoreError, TransportError,
};
use switchback::{Client, LoginOutcome};
use switchback_protocol::http::{Request, Response};

use super::example_backend::COMPLETE;
use super::switchback_double::SwitchbackBackend;
use super::{ExampleBackendFixture, login_request};
use crate::support::session_of;

/// Crashes after this number of points.
struct CrashPoint(AtomicUsize);

impl CrashPoint {
    fn is_running(&self) -> bool {
        let left = |left: usize| left.checked_sub(1);
        let passed = self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, left);
        passed.is_ok()
    }

    fn around<T>(&self, call: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        let dead = || StoreError::Unavailable("dead".into());
        if !self.is_running() {
            return Err(dead());
        }
        let done = call()?;
        self.is_running().then_some(done).ok_or_else(dead)
    }
}

struct CrashingStore(Arc<dyn SecureStore>, Arc<CrashPoint>);

impl SecureStore for CrashingStore {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.1.around(|| self.0.get(key))
    }
    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.1.around(|| self.0.put(key, value))
    }
    fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.1.around(|| self.0.delete(key))
    }
    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        self.1.around(|| self.0.list(prefix))
    }
}

struct CrashingTransport(Arc<dyn HttpTransport>, Arc<CrashPoint>);

impl HttpTransport for CrashingTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let dead = || TransportError::Lost("dead".into());
            if !self.1.is_running() {
                return Err(dead());
            }
            let answer = self.0.send(request).await;
            if self.1.is_running() {
                answer
            } else {
                Err(dead())
            }
        })
    }
}

fn crashing_platform(
    mut platform: Platform,
    store: Arc<dyn SecureStore>,
    points: usize,
) -> (Platform, Arc<CrashPoint>) {
    let life = Arc::new(CrashPoint(AtomicUsize::new(points)));
    platform.http = Arc::new(CrashingTransport(platform.http, life.clone()));
    let store = Arc::new(CrashingStore(store, life.clone()));
    (platform.with_store(store), life)
}

#[tokio::test]
async fn a_crash_with_a_switchback_backend_loses_nothing() {
    let mut points = 0;
    loop {
        let backend = SwitchbackBackend::new().await;
        backend.app().begin(login_request()).await.unwrap();
        let (platform, life) = crashing_platform(backend.platform(), backend.store.clone(), points);
        let app = Client::new(backend.config(), platform).unwrap();
        let _ = app.complete(&backend.link(1)).await;
        let lived = life.is_running();
        drop(app);
        backend.clock.advance(61);
        let app = backend.app();
        let id = session_of(app.complete(&backend.link(1)).await.unwrap());
        let session = app.session(&id).await.unwrap();
        session.user_info().await.unwrap();
        assert_eq!(app.pending_logins().await.unwrap(), []);
        assert!(backend.asked("/truid/complete").await <= 2, "at {points}");
        if lived {
            break;
        }
        points += 1;
    }
    assert!(points > 10, "{points}");
}

#[tokio::test]
async fn a_crash_with_a_known_data_url_loses_nothing() {
    let (lost, points) = die_with_another_backend(false).await;
    assert!(lost == 0 && points > 10, "{lost} of {points}");
}

/// The lost answer contained the new cookie.
#[tokio::test]
async fn a_rotating_cookie_is_lost_only_before_the_store() {
    let (lost, points) = die_with_another_backend(true).await;
    assert!(lost > 0 && points > 2 * lost, "{lost} of {points}");
}

/// Returns at how many points a session is lost, and the number of points.
async fn die_with_another_backend(rotates: bool) -> (usize, usize) {
    let (mut points, mut lost) = (0, 0);
    loop {
        let fixture = ExampleBackendFixture::new().await;
        if rotates {
            fixture.backend.rotate_cookies();
        }
        let login = fixture.app().begin(login_request()).await.unwrap();
        let link = fixture.approve(&login.url);
        let (platform, life) = crashing_platform(fixture.platform(), fixture.store.clone(), points);
        let app = Client::new(fixture.config(), platform).unwrap();
        let _ = app.complete(&link).await;
        let lived = life.is_running();
        drop(app);
        fixture.clock.advance(61);
        let app = fixture.app();
        match app.complete(&link).await.unwrap() {
            LoginOutcome::LoggedIn { session, .. } => {
                let session = app.session(&session).await.unwrap();
                session.user_info().await.unwrap();
            }
            LoginOutcome::Refused {
                interrupted: true, ..
            } => {
                // The first attempt used up the code.
                assert_eq!(fixture.sandbox.counters().code_exchanges, 1);
                lost += 1;
            }
            other => panic!("neither, at {points}: {other:?}"),
        }
        assert!(fixture.backend.seen(COMPLETE).len() <= 2, "at {points}");
        assert_eq!(app.pending_logins().await.unwrap(), []);
        if lived {
            break;
        }
        points += 1;
    }
    (lost, points)
}
