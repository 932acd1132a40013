//! A process holds the lease of a rotation and does not return in time: it was suspended, or the
//! system stops it. Another process takes over, and no request is repeated without need.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use switchback::ports::{BoxFuture, HttpTransport, TransportError};
use switchback::{Client, Error, SessionEnd};
use switchback_protocol::http::{Request, Response};
use switchback_protocol::lease::Lease;

use crate::pausable_transport::{PausableTransport, PausedRefresh, with_pausable_transport};
use crate::phone_lock::PhoneLock;
use crate::support::{Fixture, TestClock, session_end, session_of, spawn_access_token};

#[tokio::test]
async fn waiters_get_the_tokens_of_the_lease_holder() {
    let fixture = Fixture::new().await;
    let paused = PausedRefresh::start(&fixture).await;
    let elsewhere = fixture.app().session(paused.session.id()).await.unwrap();
    let other = spawn_access_token(&elsewhere);
    tokio::task::yield_now().await;
    paused.transport.resume();
    let token = paused.caller.await.unwrap().unwrap();
    assert_eq!(other.await.unwrap().unwrap(), token);
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
}

#[tokio::test]
async fn no_caller_waits_for_the_lease_of_a_dropped_client() {
    let fixture = Fixture::new().await;
    let (app, transport) = with_pausable_transport(&fixture);
    let session = fixture.logged_in(&app).await;
    let id = session.id().clone();
    fixture.advance(60);
    transport.pause_requests();
    // The client is dropped with its runtime, while its request is paused.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    runtime.spawn(async move { session.access_token().await });
    transport.reached.notified().await;
    drop(app);
    runtime.shutdown_background();
    drop(transport);
    // The clock does not move: the lease would never expire.
    let heir = fixture.app().session(&id).await.unwrap();
    heir.access_token().await.unwrap();
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
}

/// The answer arrives after the lease has expired and another process has taken over.
#[tokio::test]
async fn a_late_answer_does_not_revive_the_session() {
    let fixture = Fixture::new().await;
    let (app, transport) = with_pausable_transport(&fixture);
    let session = fixture.logged_in(&app).await;
    fixture.advance(60);
    transport.pause_answers();
    let slept = spawn_access_token(&session);
    transport.reached.notified().await;
    fixture.advance(Lease::HOLDS_FOR_SECONDS);
    // The service treats the second use as theft, as it must, and ends the session.
    let heir = fixture.app().session(session.id()).await.unwrap();
    let error = heir.access_token().await.unwrap_err();
    assert_eq!(session_end(error), SessionEnd::RotationInterrupted);
    transport.resume();
    let error = slept.await.unwrap().unwrap_err();
    assert_eq!(session_end(error), SessionEnd::RotationInterrupted);
    assert_eq!(fixture.app().sessions().await.unwrap(), []);
}

/// A service that refuses every code.
struct RefusingTransport;

impl HttpTransport for RefusingTransport {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let refusal = Response {
            status: 400,
            headers: vec![("content-type".into(), "application/json".into())],
            body: br#"{"error":"invalid_grant"}"#.to_vec(),
        };
        Box::pin(std::future::ready(Ok(refusal)))
    }
}

/// The refusal of a code arrives after the lease has expired and another process has logged in. The
/// stored attempt decides the outcome of the late process.
#[tokio::test]
async fn a_late_refusal_does_not_hide_a_completed_login() {
    let fixture = Fixture::new().await;
    let mut platform = fixture.platform();
    let transport = PausableTransport::new(Arc::new(RefusingTransport));
    platform.http = transport.clone();
    let app = Client::new(fixture.config(), platform).unwrap();
    let (_, link) = fixture.approved_login(&app).await;
    transport.pause_answers();
    let (sleeper, late) = (app.clone(), link.clone());
    let slept = tokio::spawn(async move { sleeper.complete(&late).await });
    transport.reached.notified().await;
    // Only the client's clock moves: for the service the code is still fresh.
    fixture.clock.advance(Lease::HOLDS_FOR_SECONDS);
    let heir = fixture.app().complete(&link).await.unwrap();
    transport.resume();
    let told = slept.await.unwrap().unwrap();
    assert_eq!(session_of(told), session_of(heir));
}

/// Never reaches the service the first time, and reports that only when the lease has almost
/// expired.
struct SlowTransport {
    inner: Arc<dyn HttpTransport>,
    clock: Arc<TestClock>,
    slow: AtomicBool,
    sent: AtomicUsize,
}

impl HttpTransport for SlowTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            self.sent.fetch_add(1, Ordering::SeqCst);
            if self.slow.load(Ordering::SeqCst) {
                self.clock
                    .advance(Lease::HOLDS_FOR_SECONDS - Lease::NO_SENDING_IN_LAST_SECONDS);
                return Err(TransportError::NotSent("no network".into()));
            }
            self.inner.send(request).await
        })
    }
}

#[tokio::test]
async fn a_suspended_holder_sends_nothing_afterwards() {
    let fixture = Fixture::new().await;
    let mut platform = fixture.platform();
    let slow = Arc::new(SlowTransport {
        inner: platform.http,
        clock: fixture.clock.clone(),
        slow: AtomicBool::new(false),
        sent: AtomicUsize::new(0),
    });
    platform.http = slow.clone();
    let app = Client::new(fixture.config(), platform).unwrap();
    let session = fixture.logged_in(&app).await;
    fixture.advance(60);
    let before = slow.sent.load(Ordering::SeqCst);
    slow.slow.store(true, Ordering::SeqCst);
    let error = session.access_token().await.unwrap_err();
    assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
    assert_eq!(slow.sent.load(Ordering::SeqCst), before + 1);
    // The request was certainly not sent, so the session is unchanged.
    slow.slow.store(false, Ordering::SeqCst);
    session.access_token().await.unwrap();
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
}

#[tokio::test]
async fn a_request_that_was_not_sent_is_retried() {
    let fixture = Fixture::new().await;
    let mut platform = fixture.platform();
    /// Fails the first request.
    struct FailsOnce(Arc<dyn HttpTransport>, AtomicUsize);
    impl HttpTransport for FailsOnce {
        fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            match self.1.fetch_add(1, Ordering::SeqCst) {
                0 => Box::pin(async { Err(TransportError::NotSent("no network yet".into())) }),
                _ => self.0.send(request),
            }
        }
    }
    let session = fixture.logged_in(&fixture.app()).await;
    fixture.advance(60);
    platform.http = Arc::new(FailsOnce(platform.http, AtomicUsize::new(0)));
    let app = Client::new(fixture.config(), platform).unwrap();
    let session = app.session(session.id()).await.unwrap();
    session.access_token().await.unwrap();
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
}

/// A transport without a timeout, which never answers while the flag is set.
struct SilentTransport(Arc<dyn HttpTransport>, AtomicBool);

impl HttpTransport for SilentTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        match self.1.load(Ordering::SeqCst) {
            true => Box::pin(std::future::pending()),
            false => self.0.send(request),
        }
    }
}

#[tokio::test]
async fn a_transport_that_never_answers_times_out() {
    let fixture = Fixture::new().await;
    let mut platform = fixture.platform();
    let silent = Arc::new(SilentTransport(platform.http, AtomicBool::new(false)));
    platform.http = silent.clone();
    let app = Client::new(fixture.config(), platform).unwrap();
    let session = fixture.logged_in(&app).await;
    fixture.advance(60);
    silent.1.store(true, Ordering::SeqCst);
    // The paused clock of tokio advances while all tasks wait.
    tokio::time::pause();
    let error = session.access_token().await.unwrap_err();
    tokio::time::resume();
    assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
    // The request may have arrived: the rotation is interrupted, and the person stays logged in.
    silent.1.store(false, Ordering::SeqCst);
    session.access_token().await.unwrap();
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
}

#[tokio::test]
async fn background_expiry_leaves_a_mark_and_no_lease() {
    let fixture = Fixture::new().await;
    let (_, transport) = with_pausable_transport(&fixture);
    let lock = Arc::new(PhoneLock::default());
    let mut platform = fixture.platform();
    platform.http = transport.clone();
    let platform = platform.with_process_lock(lock.clone());
    let app = Client::new(fixture.config(), platform).unwrap();
    let session = fixture.logged_in(&app).await;
    lock.no_task_runs().await;
    fixture.advance(60);
    transport.pause_requests();
    let refresh = spawn_access_token(&session);
    transport.reached.notified().await;
    assert_eq!(*lock.running_tasks.borrow(), 1);
    let expired = lock.expiry.lock().unwrap().take().unwrap();
    expired();
    // Long before the timeout of the request.
    let limit =
        std::time::Duration::from_secs(Lease::NO_SENDING_IN_LAST_SECONDS.unsigned_abs() / 2);
    let refresh = tokio::time::timeout(limit, refresh).await.expect("at once");
    let error = refresh.unwrap().unwrap_err();
    assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
    lock.no_task_runs().await;
    let stored = fixture.store.entry_with("/session/");
    assert!(stored.contains("interrupted") && !stored.contains("lease"));
    // The request had not reached the service.
    transport.resume();
    session.access_token().await.unwrap();
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
}
