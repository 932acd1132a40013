//! The only place that writes output: lines for people, JSON objects for programs.
//!
//! A closed pipe (`| head`) does not end the command: the login continues, and the exit code
//! reports its outcome.

use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal as _, Write};
use std::sync::Mutex;

use console::{StyledObject, measure_text_width, style};
use serde_json::{Value, json};
use switchback_protocol::visible::{escaped, is_invisible};

use crate::exit::Failure;

/// The output of a command.
pub(crate) struct Output {
    json: bool,
    /// The first write error, except a closed pipe.
    broken: Mutex<Option<io::Error>>,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self {
            json,
            broken: Mutex::default(),
        }
    }

    /// Whether the output is JSON for a program.
    pub(crate) fn json(&self) -> bool {
        self.json
    }

    /// Writes a line for people to stdout; nothing with `--json`.
    pub(crate) fn line(&self, text: impl Display) {
        if !self.json {
            self.raw(text);
        }
    }

    /// Writes a line to stdout, for people and for programs.
    pub(crate) fn raw(&self, text: impl Display) {
        let mut stdout = io::stdout().lock();
        let written =
            writeln!(stdout, "{}", harmless(&text.to_string())).and_then(|()| stdout.flush());
        if let Err(error) = written
            && error.kind() != ErrorKind::BrokenPipe
            && let Ok(mut broken) = self.broken.lock()
        {
            broken.get_or_insert(error);
        }
    }

    /// Writes an object on one line to stdout; nothing without `--json`.
    pub(crate) fn object(&self, object: &Value) {
        if self.json {
            // Escapes in JSON do not change the value.
            self.raw(escaped(&object.to_string()));
        }
    }

    /// Writes a note for people to stderr; nothing with `--json`.
    pub(crate) fn note(&self, text: impl Display) {
        if !self.json {
            self.warn(text);
        }
    }

    /// Writes a warning to stderr, for people and for programs.
    pub(crate) fn warn(&self, text: impl Display) {
        // If stderr is closed, there is no other place for the message.
        let _ = writeln!(io::stderr().lock(), "{}", harmless(&text.to_string()));
    }

    /// Writes the error of a failed command.
    pub(crate) fn failure(&self, failure: &Failure) {
        let message = clean(&failure.message);
        if self.json {
            let mut error = json!({ "kind": failure.kind, "message": message });
            for (name, value) in [("where", &failure.place), ("next", &failure.next)] {
                if let Some(value) = value {
                    error[name] = clean(value).into();
                }
            }
            return self.object(&json!({ "error": error }));
        }
        self.warn(format_args!(
            "{} {message}",
            style("error:").red().bold().for_stderr()
        ));
        if let Some(place) = &failure.place {
            let label = style("where:").dim().for_stderr();
            self.warn(format_args!("{label} {}", clean(place)));
        }
        if let Some(next) = &failure.next {
            let label = style(" next:").cyan().for_stderr();
            self.warn(format_args!("{label} {}", clean(next)));
        }
    }

    /// Writes a table with two spaces between its columns.
    pub(crate) fn table(&self, indent: &str, rows: &[Vec<String>]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells
                .map(|cell| measure_text_width(cell))
                .max()
                .unwrap_or_default()
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in rows {
            let mut line = String::from(indent);
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                let missing = width.saturating_sub(measure_text_width(cell));
                line.extend(std::iter::repeat_n(' ', missing + 2));
            }
            self.line(line.trim_end());
        }
    }

    /// Fails if a write failed, except for a closed pipe.
    pub(crate) fn written(&self) -> Result<(), Failure> {
        match self.broken.lock().map(|mut broken| broken.take()) {
            Ok(Some(error)) => Err(Failure::failed(format!(
                "the output could not be written: {error}"
            ))),
            _ => Ok(()),
        }
    }
}

/// Whether stdout is a terminal.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// A heading.
pub(crate) fn bold<D>(text: D) -> StyledObject<D> {
    style(text).bold()
}

/// Less important text.
pub(crate) fn dim<D>(text: D) -> StyledObject<D> {
    style(text).dim()
}

/// A success.
pub(crate) fn good<D>(text: D) -> StyledObject<D> {
    style(text).green()
}

/// A name or a value that the person uses next.
pub(crate) fn key<D>(text: D) -> StyledObject<D> {
    style(text).cyan()
}

/// Untrusted text without control and invisible characters: these could control the terminal, or
/// hide or reverse text.
pub(crate) fn clean(text: &str) -> String {
    text.replace(is_invisible, " ")
}

/// [`clean`] for all output, except line ends and our own colours: a second check, in case a
/// caller forgot [`clean`].
fn harmless(text: &str) -> String {
    text.replace(|c| is_invisible(c) && !matches!(c, '\n' | '\u{1b}'), " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn untrusted_text_cannot_control_a_terminal() {
        assert_eq!(clean("a\u{1b}[31mb\r\n\u{202e}ö"), "a [31mb   ö");
        let unseen = "\u{202e}\u{2028}\u{2029}\u{200b}\u{200f}\u{feff}\u{2066}\u{ad}\u{85}\u{7}";
        assert_eq!(clean(unseen), " ".repeat(10));
    }

    #[test]
    fn output_keeps_line_ends_and_colours_only() {
        let line = "\u{1b}[31mred\u{1b}[0m\nå";
        assert_eq!(harmless(line), line);
        assert_eq!(harmless("a\u{202e}b\u{2028}c\u{200b}d\re"), "a b c d e");
    }
}
