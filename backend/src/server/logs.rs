//! The log: lines on stderr, as text or JSON.
//!
//! It has the events of this project, and only warnings and errors of libraries: some libraries
//! log URLs with their queries at lower levels.
//!
//! Each event is one line. The text of a provider may contain characters that begin a line or
//! reverse one, so these are escaped.

use std::io::{self, Write};

use switchback_protocol::visible::escaped;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::settings::{LogFormat, LogLevel, LogSettings};

/// Starts logging to stderr. If the process already has a subscriber, that one stays.
pub fn install_logs(settings: &LogSettings) {
    let level = match settings.level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    let targets = Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_target("switchback", level);
    let lines = log_layer(settings.format, || EscapedLines(io::stderr()));
    // It fails only if there is already a subscriber.
    let _ = tracing_subscriber::registry()
        .with(lines.with_filter(targets))
        .try_init();
}

fn log_layer<S, W>(format: LogFormat, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(writer)
        .with_target(false);
    match format {
        LogFormat::Plain => lines.boxed(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .boxed(),
    }
}

/// Writes each event at once, as one escaped line. Escaping does not change the meaning of JSON.
struct EscapedLines<W>(W);

impl<W: Write> Write for EscapedLines<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        self.0
            .write_all(format!("{}\n", escaped(text)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use switchback_protocol::visible::is_invisible;

    use super::*;

    #[derive(Clone, Default)]
    struct Memory(Arc<Mutex<Vec<u8>>>);

    impl Write for Memory {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The line of an event with this note.
    fn line(format: LogFormat, note: &str) -> String {
        let memory = Memory::default();
        let writer = memory.clone();
        let lines = log_layer(format, move || EscapedLines(writer.clone()));
        let subscriber = tracing_subscriber::registry().with(lines);
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(target: "switchback", event = "code.refused", %note);
        });
        let bytes = memory.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn an_event_is_one_line_with_escapes() {
        for note in [
            "refused\n2026-01-01T00:00:00Z ERROR forged",
            "a\r\nb\u{1b}[2Kc\u{9b}d",
            "a\u{202e}b\u{2066}c\u{200b}d\u{2028}e\u{feff}f\u{e0041}",
        ] {
            let plain = line(LogFormat::Plain, note);
            let json = line(LogFormat::Json, note);
            for line in [&plain, &json] {
                let line = line.strip_suffix('\n').unwrap();
                assert!(!line.contains(is_invisible), "{line:?}");
            }
            let read: serde_json::Value = serde_json::from_str(&json).unwrap();
            assert_eq!(read["note"], note);
        }
    }

    #[test]
    fn readable_text_is_not_escaped() {
        let note = "Åsa sade \"nej\" \\ 日本";
        assert!(line(LogFormat::Plain, note).contains(note));
        assert!(line(LogFormat::Json, note).contains("Åsa"));
    }
}
