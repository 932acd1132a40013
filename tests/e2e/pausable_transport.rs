//! A transport that pauses requests or answers, so that a test controls the order of two calls
//! without a clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use switchback::ports::{BoxFuture, HttpTransport, TransportError};
use switchback::{Client, Error, Secret, Session};
use switchback_protocol::http::{Request, Response};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinHandle;

use crate::support::{Fixture, spawn_access_token};

/// Pauses requests or answers after a call of `pause_requests` or `pause_answers`.
pub(crate) struct PausableTransport {
    inner: Arc<dyn HttpTransport>,
    closed: AtomicBool,
    holds_answers: AtomicBool,
    pub(crate) reached: Notify,
    open: Semaphore,
}

impl PausableTransport {
    pub(crate) fn new(inner: Arc<dyn HttpTransport>) -> Arc<Self> {
        Arc::new(Self {
            inner,
            closed: AtomicBool::new(false),
            holds_answers: AtomicBool::new(false),
            reached: Notify::new(),
            open: Semaphore::new(0),
        })
    }

    pub(crate) fn pause_requests(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    /// Sends the next requests, and pauses their answers.
    pub(crate) fn pause_answers(&self) {
        self.holds_answers.store(true, Ordering::SeqCst);
        self.pause_requests();
    }

    pub(crate) fn resume(&self) {
        self.closed.store(false, Ordering::SeqCst);
        self.open.add_permits(1);
    }
}

impl PausableTransport {
    async fn wait(&self) {
        if self.closed.load(Ordering::SeqCst) {
            self.reached.notify_one();
            self.open.acquire().await.unwrap().forget();
        }
    }
}

impl HttpTransport for PausableTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            if self.holds_answers.load(Ordering::SeqCst) {
                let answer = self.inner.send(request).await;
                self.wait().await;
                return answer;
            }
            self.wait().await;
            self.inner.send(request).await
        })
    }
}

/// A refresh whose request has not left.
pub(crate) struct PausedRefresh {
    pub(crate) app: Client,
    pub(crate) transport: Arc<PausableTransport>,
    pub(crate) session: Session,
    pub(crate) caller: JoinHandle<Result<Secret, Error>>,
}

impl PausedRefresh {
    /// Logs a person in, waits until a refresh is due, and pauses its request.
    pub(crate) async fn start(fixture: &Fixture) -> Self {
        let (app, transport) = with_pausable_transport(fixture);
        let session = fixture.logged_in(&app).await;
        fixture.advance(60);
        transport.pause_requests();
        let caller = spawn_access_token(&session);
        transport.reached.notified().await;
        Self {
            app,
            transport,
            session,
            caller,
        }
    }
}

pub(crate) fn with_pausable_transport(fixture: &Fixture) -> (Client, Arc<PausableTransport>) {
    let mut platform = fixture.platform();
    let transport = PausableTransport::new(platform.http);
    platform.http = transport.clone();
    (Client::new(fixture.config(), platform).unwrap(), transport)
}
