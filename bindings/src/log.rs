//! The log: passes events to a sink of the app.
//!
//! One thread calls the sink, through a bounded queue: a slow sink delays no login.

use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::{mem, panic, thread};

use switchback::ports::{Clock as _, SystemClock};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::lock::unpoisoned;
use crate::undeclared::undeclared;

/// How many lines may wait for a slow sink. Further lines are counted and dropped.
const WAITING: usize = 256;

/// Receives the log: writes it to `os_log` on iOS, to Logcat on Android, or to the app's own log.
///
/// **Threads.** One thread of Switchback makes all calls, one at a time, and does nothing else. A
/// sink that is slow or hangs therefore delays only the log, and lines that result from a sink's
/// call of Switchback come later. Errors of the sink are ignored.
#[uniffi::export(foreign)]
pub trait LogSink: Send + Sync {
    /// Writes a line.
    fn log(&self, line: LogLine) -> Result<(), LogError>;
}

/// One line of the log. It never contains a token, code, verifier, state or claim.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct LogLine {
    /// When it happened, in seconds since the epoch.
    pub at: i64,
    /// A stable name, `login.begun` for example: see `docs/reference/diagnostics.md`.
    pub event: String,
    /// The id of the attempt, which is also the id of the session.
    pub id: Option<String>,
    /// Details, for people.
    pub note: Option<String>,
}

/// A sink did not write a line.
#[derive(Clone, Debug, thiserror::Error, uniffi::Error)]
pub enum LogError {
    /// The sink failed.
    #[error("the log sink failed: {reason}")]
    Failed {
        /// Why.
        reason: String,
    },
}

#[uniffi::export]
impl LogError {
    /// What happened, in English.
    pub fn describe(&self) -> String {
        self.to_string()
    }
}

impl From<uniffi::UnexpectedUniFFICallbackError> for LogError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed {
            reason: undeclared(&error),
        }
    }
}

/// Sends the log of all clients to this sink, in place of an earlier sink, or to no sink. Earlier
/// lines do not reach the new sink; a line that is being delivered may still reach the earlier
/// sink. If the system starts no thread for the log, there is no log.
#[uniffi::export]
pub fn set_log(sink: Option<Arc<dyn LogSink>>) {
    if sink.is_some() {
        LINES.get_or_init(start);
    }
    let before = {
        let mut current = current();
        current.number += 1;
        mem::replace(&mut current.sink, sink)
    };
    // After the lock: the destructor of a sink may set another sink.
    drop(before);
}

/// The current sink. Each sink has a number, and each line has the number of its sink.
struct Current {
    number: u64,
    sink: Option<Arc<dyn LogSink>>,
}

static CURRENT: Mutex<Current> = Mutex::new(Current {
    number: 0,
    sink: None,
});
static LINES: OnceLock<Option<Lines>> = OnceLock::new();
type Lines = SyncSender<(u64, LogLine)>;
static DROPPED: AtomicU64 = AtomicU64::new(0);

fn current() -> MutexGuard<'static, Current> {
    unpoisoned(&CURRENT)
}

/// There is no log if the system starts no thread, or if this process already has a global
/// subscriber of `tracing`.
fn start() -> Option<Lines> {
    let (sender, lines) = mpsc::sync_channel(WAITING);
    let thread = thread::Builder::new().name("switchback-log".into());
    thread.spawn(move || deliver(&lines)).ok()?;
    tracing::subscriber::set_global_default(Events).ok()?;
    log_panics(sender.clone());
    Some(sender)
}

fn deliver(lines: &Receiver<(u64, LogLine)>) {
    for (number, line) in lines {
        let sink = {
            let current = current();
            (current.number == number).then(|| current.sink.clone())
        };
        let Some(sink) = sink.flatten() else { continue };
        let dropped = DROPPED.swap(0, Ordering::Relaxed);
        let missing = (dropped > 0).then(|| LogLine {
            at: line.at,
            event: "log.dropped".into(),
            id: None,
            note: Some(format!("{dropped} lines, since the sink is slow")),
        });
        for line in missing.into_iter().chain([line]) {
            // The error of a sink cannot be logged by the same sink.
            let _ = sink.log(line);
        }
    }
}

fn send(lines: &Lines, line: Line) {
    let number = current().number;
    let line = LogLine {
        at: SystemClock.now().wall,
        event: line.event,
        id: line.id,
        note: Some(line.note).filter(|note| !note.is_empty()),
    };
    if lines.try_send((number, line)).is_err() {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    }
}

/// Logs the place of a panic, without its message, which may hold a secret.
fn log_panics(lines: Lines) {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let mut line = Line {
            event: PANIC.into(),
            ..Line::default()
        };
        if let Some(place) = panic.location() {
            line.note = format!("{}:{}", place.file(), place.line());
        }
        send(&lines, line);
        before(panic);
    }));
}

/// The event of a bug in Switchback.
const PANIC: &str = "internal.panic";

/// Logs an error of the app's process lock or background tasks that no caller waits for.
pub(crate) fn process_lock_failed(what: &'static str, error: &dyn fmt::Display) {
    tracing::info!(target: "switchback", event = "process_lock.failed", note = %format_args!("{what}: {error}"));
}

struct Events;

impl Subscriber for Events {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target() == "switchback"
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::default();
        event.record(&mut line);
        let Some(Some(lines)) = LINES.get() else {
            return;
        };
        send(lines, line);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// The fields of an event.
#[derive(Default)]
struct Line {
    event: String,
    id: Option<String>,
    note: String,
}

impl Line {
    fn set(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        match field.name() {
            "event" => self.event = value.to_string(),
            "id" => self.id = Some(value.to_string()),
            name => {
                if !self.note.is_empty() {
                    self.note.push_str(", ");
                }
                // Writing to a String does not fail.
                let _ = match name {
                    "note" => write!(self.note, "{value}"),
                    name => write!(self.note, "{name}={value}"),
                };
            }
        }
    }
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.set(field, format_args!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct SendingSink(mpsc::Sender<LogLine>);

    impl LogSink for SendingSink {
        fn log(&self, line: LogLine) -> Result<(), LogError> {
            // A line that the sink itself causes comes later, and not recursively.
            if line.event == "first" {
                tracing::info!(target: "switchback", event = "second");
            }
            self.0.send(line).map_err(|error| LogError::Failed {
                reason: error.to_string(),
            })
        }
    }

    #[test]
    fn only_lines_of_switchback_arrive_in_order() {
        let (sender, lines) = mpsc::channel();
        set_log(Some(Arc::new(SendingSink(sender))));
        tracing::info!(target: "hyper", event = "not ours");
        tracing::info!(target: "switchback", event = "first", id = %"a1", note = %"why", seconds = 7);
        let first = lines.recv().expect("a line");
        assert_eq!(
            (
                first.event.as_str(),
                first.id.as_deref(),
                first.note.as_deref()
            ),
            ("first", Some("a1"), Some("why, seconds=7"))
        );
        let second = lines.recv().expect("another");
        assert_eq!((second.event.as_str(), second.note), ("second", None));
        set_log(None);
        tracing::info!(target: "switchback", event = "third");
        assert!(lines.recv().is_err(), "the old sink was dropped");

        let (sender, lines) = mpsc::channel();
        set_log(Some(Arc::new(SendingSink(sender))));
        tracing::info!(target: "switchback", event = "fourth");
        let next = lines.recv().expect("a line for the new sink");
        assert_eq!(next.event, "fourth", "the third had no sink");
        set_log(None);
    }
}
