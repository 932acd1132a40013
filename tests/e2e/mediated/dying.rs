//! A process that dies at each point where it touches the world, while it completes a login
//! through a backend: afterwards the person is logged in, or is told what a new login is for.
//!
//! Whoever is dead changes nothing any more and hears nothing: that is all of a death that
//! the world sees.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use switchback::ports::{
    BoxFuture, HttpTransport, Platform, SecureStore, StoreError, TransportError,
};
use switchback::{Client, LoginOutcome};
use switchback_protocol::http::{Request, Response};

use super::ours::Ours;
use super::theirs::COMPLETE;
use super::{World, login_request};
use crate::support::session_of;

/// A life of so many points.
struct Life(AtomicUsize);

impl Life {
    fn goes_on(&self) -> bool {
        let left = |left: usize| left.checked_sub(1);
        let passed = self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, left);
        passed.is_ok()
    }

    fn around<T>(&self, call: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        let dead = || StoreError::Unavailable("dead".into());
        if !self.goes_on() {
            return Err(dead());
        }
        let done = call()?;
        self.goes_on().then_some(done).ok_or_else(dead)
    }
}

struct DyingStore(Arc<dyn SecureStore>, Arc<Life>);

impl SecureStore for DyingStore {
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

struct DyingNetwork(Arc<dyn HttpTransport>, Arc<Life>);

impl HttpTransport for DyingNetwork {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let dead = || TransportError::Lost("dead".into());
            if !self.1.goes_on() {
                return Err(dead());
            }
            let answer = self.0.send(request).await;
            if self.1.goes_on() {
                answer
            } else {
                Err(dead())
            }
        })
    }
}

fn mortal(
    mut platform: Platform,
    store: Arc<dyn SecureStore>,
    points: usize,
) -> (Platform, Arc<Life>) {
    let life = Arc::new(Life(AtomicUsize::new(points)));
    platform.http = Arc::new(DyingNetwork(platform.http, life.clone()));
    let store = Arc::new(DyingStore(store, life.clone()));
    (platform.with_store(store), life)
}

#[tokio::test]
async fn a_crash_with_a_switchback_backend_loses_nothing() {
    let mut points = 0;
    loop {
        let ours = Ours::new().await;
        ours.app().begin(login_request()).await.unwrap();
        let (platform, life) = mortal(ours.platform(), ours.store.clone(), points);
        let app = Client::new(ours.config(), platform).unwrap();
        let _ = app.complete(&ours.link(1)).await;
        let lived = life.goes_on();
        drop(app);
        ours.clock.advance(61);
        let app = ours.app();
        let id = session_of(app.complete(&ours.link(1)).await.unwrap());
        let session = app.session(&id).await.unwrap();
        session.user_info().await.unwrap();
        assert_eq!(app.pending_logins().await.unwrap(), []);
        assert!(ours.asked("/truid/complete").await <= 2, "at {points}");
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

/// The new cookie was in the answer that nobody saw.
#[tokio::test]
async fn a_rotating_cookie_is_lost_only_before_the_store() {
    let (lost, points) = die_with_another_backend(true).await;
    assert!(lost > 0 && points > 2 * lost, "{lost} of {points}");
}

/// At how many points a session is lost, and how many there are.
async fn die_with_another_backend(rotates: bool) -> (usize, usize) {
    let (mut points, mut lost) = (0, 0);
    loop {
        let world = World::new().await;
        if rotates {
            world.backend.rotate_cookies();
        }
        let login = world.app().begin(login_request()).await.unwrap();
        let link = world.approve(&login.url);
        let (platform, life) = mortal(world.platform(), world.store.clone(), points);
        let app = Client::new(world.config(), platform).unwrap();
        let _ = app.complete(&link).await;
        let lived = life.goes_on();
        drop(app);
        world.clock.advance(61);
        let app = world.app();
        match app.complete(&link).await.unwrap() {
            LoginOutcome::LoggedIn { session, .. } => {
                let session = app.session(&session).await.unwrap();
                session.user_info().await.unwrap();
            }
            LoginOutcome::Refused {
                interrupted: true, ..
            } => {
                // It was used up by the first.
                assert_eq!(world.sandbox.counters().code_exchanges, 1);
                lost += 1;
            }
            other => panic!("neither, at {points}: {other:?}"),
        }
        assert!(world.backend.seen(COMPLETE).len() <= 2, "at {points}");
        assert_eq!(app.pending_logins().await.unwrap(), []);
        if lived {
            break;
        }
        points += 1;
    }
    (lost, points)
}
