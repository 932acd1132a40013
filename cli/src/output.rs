//! The one place that writes: lines for people, objects for programs.
//!
//! A reader that goes away (`| head`) ends nothing: a login goes on, and its exit code
//! still says what became of it.

use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal as _, Write};
use std::sync::Mutex;

use console::{StyledObject, measure_text_width, style};
use serde_json::{Value, json};
use switchback_protocol::visible::{escaped, is_invisible};

use crate::exit::Failure;

/// Where a command says what it has to say.
pub(crate) struct Output {
    json: bool,
    /// What went wrong while writing, other than a reader that is gone.
    broken: Mutex<Option<io::Error>>,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self {
            json,
            broken: Mutex::default(),
        }
    }

    /// Whether a program reads along.
    pub(crate) fn json(&self) -> bool {
        self.json
    }

    /// A line for people on stdout; nothing where a program reads.
    pub(crate) fn line(&self, text: impl Display) {
        if !self.json {
            self.raw(text);
        }
    }

    /// A line on stdout, whoever reads.
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

    /// An object on a line of stdout; nothing where a person reads.
    pub(crate) fn object(&self, object: &Value) {
        if self.json {
            // What it means stays the same.
            self.raw(escaped(&object.to_string()));
        }
    }

    /// Something to know that is no result: on stderr, for people.
    pub(crate) fn note(&self, text: impl Display) {
        if !self.json {
            self.warn(text);
        }
    }

    /// Something to know, on stderr, whoever reads.
    pub(crate) fn warn(&self, text: impl Display) {
        // When even stderr is gone there is nobody left to tell.
        let _ = writeln!(io::stderr().lock(), "{}", harmless(&text.to_string()));
    }

    /// The last words of a command that failed.
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

    /// A table with two spaces between its columns.
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

    /// Whether all that was said could be written.
    pub(crate) fn written(&self) -> Result<(), Failure> {
        match self.broken.lock().map(|mut broken| broken.take()) {
            Ok(Some(error)) => Err(Failure::failed(format!(
                "the output could not be written: {error}"
            ))),
            _ => Ok(()),
        }
    }
}

/// Whether somebody looks at stdout.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// A heading.
pub(crate) fn bold<D>(text: D) -> StyledObject<D> {
    style(text).bold()
}

/// Something that matters less.
pub(crate) fn dim<D>(text: D) -> StyledObject<D> {
    style(text).dim()
}

/// Something good.
pub(crate) fn good<D>(text: D) -> StyledObject<D> {
    style(text).green()
}

/// Something to act on.
pub(crate) fn key<D>(text: D) -> StyledObject<D> {
    style(text).cyan()
}

/// Text from elsewhere, without what could steer a terminal, or hide or turn around what is
/// read there.
pub(crate) fn clean(text: &str) -> String {
    text.replace(is_invisible, " ")
}

/// The same of all that is written, but for lines and colours, which are ours: the last
/// resort where somebody forgot [`clean`].
fn harmless(text: &str) -> String {
    text.replace(|c| is_invisible(c) && !matches!(c, '\n' | '\u{1b}'), " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_elsewhere_cannot_steer_a_terminal() {
        assert_eq!(clean("a\u{1b}[31mb\r\n\u{202e}ö"), "a [31mb   ö");
        let unseen = "\u{202e}\u{2028}\u{2029}\u{200b}\u{200f}\u{feff}\u{2066}\u{ad}\u{85}\u{7}";
        assert_eq!(clean(unseen), " ".repeat(10));
    }

    #[test]
    fn what_is_written_keeps_its_lines_and_colours_and_nothing_else_that_is_not_seen() {
        let line = "\u{1b}[31mred\u{1b}[0m\nå";
        assert_eq!(harmless(line), line);
        assert_eq!(harmless("a\u{202e}b\u{2028}c\u{200b}d\re"), "a b c d e");
    }
}
