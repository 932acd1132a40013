//! `--verbose`: writes each event of the core on one line to stderr.

use std::fmt::{self, Write as _};
use std::io::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::output::clean;

/// Shows all events after this call.
pub(crate) fn install() {
    // It fails only if a subscriber was installed before, and the command installs no other.
    let _ = tracing::subscriber::set_global_default(Lines::default());
}

#[derive(Default)]
struct Lines {
    spans: AtomicU64,
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "switchback"
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::default();
        event.record(&mut line);
        let dim = console::Style::new().dim().for_stderr();
        let text = format!("  {:<22}{}{}", line.event, line.id, line.rest);
        let _ = writeln!(
            std::io::stderr().lock(),
            "{}",
            dim.apply_to(clean(text.trim_end()))
        );
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[derive(Default)]
struct Line {
    event: String,
    id: String,
    rest: String,
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        match field.name() {
            "event" => self.event = format!("{value:?}"),
            "id" => self.id = format!("{value:?}"),
            "note" => drop(write!(self.rest, "  {value:?}")),
            name => drop(write!(self.rest, "  {name}={value:?}")),
        }
    }
}
