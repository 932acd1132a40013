//! The points at which a process touches the world, where it can be stopped and killed:
//! decorators on the ports.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use switchback::ports::{BoxFuture, HttpTransport, TransportError};
use switchback_protocol::http::{Request, Response};

use crate::process::{say, stay};

/// Counts the points that a process passes, and stops it at one of them, for ever.
pub(crate) struct Points {
    passed: AtomicUsize,
    stop_at: usize,
    says_all: bool,
}

impl Points {
    /// As a part says: `stop_at` is a number, `says_all` asks for the names.
    pub(crate) fn of(does: &serde_json::Value) -> Arc<Self> {
        let stop_at = does["stop_at"].as_u64();
        Arc::new(Self {
            passed: AtomicUsize::new(0),
            stop_at: stop_at.map_or(usize::MAX, |at| usize::try_from(at).unwrap()),
            says_all: does["says_all"] == true,
        })
    }

    pub(crate) fn pass(&self, name: &str) {
        let number = self.passed.fetch_add(1, Ordering::SeqCst);
        if self.says_all {
            say(name);
        }
        if number == self.stop_at {
            say("there");
            stay();
        }
    }

    pub(crate) fn around<T>(&self, name: &str, call: impl FnOnce() -> T) -> T {
        self.pass(&format!("{name}: before"));
        let done = call();
        self.pass(&format!("{name}: after"));
        done
    }
}

pub(crate) struct PointedNetwork(pub(crate) Arc<dyn HttpTransport>, pub(crate) Arc<Points>);

impl HttpTransport for PointedNetwork {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            self.1.pass("send: before");
            let answer = self.0.send(request).await;
            self.1.pass("send: after");
            answer
        })
    }
}
