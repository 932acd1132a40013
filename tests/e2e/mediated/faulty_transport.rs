//! A transport that fails as the test configures.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use switchback::http::Reqwest;
use switchback::ports::{BoxFuture, HttpTransport, TransportError};
use switchback_protocol::http::{Request, Response};

/// What happens to a request.
#[derive(Clone, Copy)]
pub(super) enum Fault {
    /// The request is not sent.
    NotSent,
    /// The request arrives, and its answer is lost.
    LostAnswer,
    /// The request is lost, which the client cannot distinguish from a lost answer.
    Lost,
}

pub(super) struct FaultyTransport {
    inner: Reqwest,
    faults: Mutex<VecDeque<Fault>>,
    /// The number of requests that arrived.
    pub(super) sent: AtomicUsize,
}

impl FaultyTransport {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            inner: Reqwest::new(),
            faults: Mutex::default(),
            sent: AtomicUsize::new(0),
        })
    }

    /// Sets the faults of the next requests.
    pub(super) fn next(&self, faults: impl IntoIterator<Item = Fault>) {
        self.faults.lock().unwrap().extend(faults);
    }
}

impl HttpTransport for FaultyTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let fault = self.faults.lock().unwrap().pop_front();
        Box::pin(async move {
            if let Some(Fault::NotSent) = fault {
                return Err(TransportError::NotSent("on purpose".into()));
            }
            if let Some(Fault::Lost) = fault {
                return Err(TransportError::Lost("on purpose".into()));
            }
            self.sent.fetch_add(1, Ordering::SeqCst);
            let answer = self.inner.send(request).await;
            match fault {
                Some(Fault::LostAnswer) => Err(TransportError::Lost("on purpose".into())),
                _ => answer,
            }
        })
    }
}
