//! Points before and after each call of a port, where a process can be stopped and killed. They are
//! decorators on the ports.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use switchback::ports::{BoxFuture, HttpTransport, TransportError};
use switchback_protocol::http::{Request, Response};

use crate::process::{print_line, wait_forever};

/// Counts the points that a process passes, and stops it permanently at one of them.
pub(crate) struct KillPoints {
    passed: AtomicUsize,
    stop_at: usize,
    print_all: bool,
}

impl KillPoints {
    /// From the child's task: `stop_at` is a number, `print_all` requests the names.
    pub(crate) fn of(task: &serde_json::Value) -> Arc<Self> {
        let stop_at = task["stop_at"].as_u64();
        Arc::new(Self {
            passed: AtomicUsize::new(0),
            stop_at: stop_at.map_or(usize::MAX, |at| usize::try_from(at).unwrap()),
            print_all: task["print_all"] == true,
        })
    }

    pub(crate) fn pass(&self, name: &str) {
        let number = self.passed.fetch_add(1, Ordering::SeqCst);
        if self.print_all {
            print_line(name);
        }
        if number == self.stop_at {
            print_line("there");
            wait_forever();
        }
    }

    pub(crate) fn around<T>(&self, name: &str, call: impl FnOnce() -> T) -> T {
        self.pass(&format!("{name}: before"));
        let done = call();
        self.pass(&format!("{name}: after"));
        done
    }
}

pub(crate) struct KillPointTransport(
    pub(crate) Arc<dyn HttpTransport>,
    pub(crate) Arc<KillPoints>,
);

impl HttpTransport for KillPointTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            self.1.pass("send: before");
            let answer = self.0.send(request).await;
            self.1.pass("send: after");
            answer
        })
    }
}
