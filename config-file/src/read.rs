//! Reads TOML and finds every mistake in one pass.
//!
//! serde stops at the first mistake. This module notes the mistake with its key path, removes the
//! key from the parsed document and reads the rest again, until nothing is left to report.

use std::ops::Range;
use std::path::Path;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use crate::error::{ConfigError, KeyPath, PathStep, Problem, Problems};
use crate::messages::plain_message;
use crate::unclosed;

/// Reads TOML from text. `check` turns the parsed file into the result and adds the problems that
/// serde cannot find. If `check` returns `None`, it has added at least one problem.
///
/// # Errors
/// Every problem, with line and column.
pub fn read<T: DeserializeOwned, U>(
    text: &str,
    check: impl FnOnce(T, &mut Problems) -> Option<U>,
) -> Result<U, ConfigError> {
    read_text(text, check).map_err(|problems| ConfigError {
        file: None,
        problems,
    })
}

/// Reads TOML from a file, like [`read`].
///
/// # Errors
/// Those of [`read`], and a file that cannot be read.
pub fn read_file<T: DeserializeOwned, U>(
    file: &Path,
    check: impl FnOnce(T, &mut Problems) -> Option<U>,
) -> Result<U, ConfigError> {
    let problems = match std::fs::read_to_string(file) {
        Ok(text) => match read_text(&text, check) {
            Ok(config) => return Ok(config),
            Err(problems) => problems,
        },
        Err(error) => vec![Problem {
            key: String::new(),
            position: None,
            reason: format!("the file cannot be read: {error}"),
        }],
    };
    Err(ConfigError {
        file: Some(file.into()),
        problems,
    })
}

fn read_text<T: DeserializeOwned, U>(
    text: &str,
    check: impl FnOnce(T, &mut Problems) -> Option<U>,
) -> Result<U, Vec<Problem>> {
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(syntax_problems(text, &errors));
    }
    let (config, mut found) = deserialize(&document);
    if let Some(config) = config {
        let unread: Vec<KeyPath> = found.iter().map(|(path, _)| path.clone()).collect();
        let mut more = Problems::default();
        let checked = check(config, &mut more);
        // A key that serde could not read was removed, so `check` reports it, or its table, as
        // missing or empty: drop these reports.
        more.0.retain(|(path, _)| {
            let follows_from =
                |unread: &KeyPath| enclosing_key(unread).holds(path) || path.holds(unread);
            !unread.iter().any(follows_from)
        });
        found.extend(more.0);
        if let Some(checked) = checked.filter(|_| found.is_empty()) {
            return Ok(checked);
        }
    }
    let mut problems: Vec<Problem> = found
        .into_iter()
        .map(|(path, reason)| Problem {
            key: path.to_string(),
            position: locate(document.get_ref(), &path.0)
                .map(|(offset, _)| line_and_column(text, offset)),
            reason,
        })
        .collect();
    problems.sort_by_key(|problem| problem.position);
    Err(problems)
}

/// The problems of a text that is not valid TOML, without those that follow from an earlier one.
fn syntax_problems(text: &str, errors: &[toml::de::Error]) -> Vec<Problem> {
    let problem = |offset: Option<usize>, message: &str| Problem {
        key: String::new(),
        position: Some(match offset {
            Some(offset) => line_and_column(text, offset),
            // The parser gives no span for one error only: too deep nesting.
            None => deepest_line(text),
        }),
        reason: format!("this is not valid TOML: {message}"),
    };
    let mut errors: Vec<_> = errors
        .iter()
        .map(|error| (error.span().map(|span| span.start), error.message()))
        .collect();
    errors.sort_by_key(|(offset, _)| *offset);
    // If the first error begins or ends a multi-line string, all later errors can follow from it.
    if text.contains("'''") || text.contains("\"\"\"") {
        errors.truncate(1);
    }
    let unclosed = unclosed::find(text);
    let mut problems = Vec::new();
    for (offset, message) in errors {
        let (Some(offset), Some(unclosed)) = (offset, &unclosed) else {
            problems.push(problem(offset, message));
            continue;
        };
        if offset < unclosed.begins {
            problems.push(problem(Some(offset), message));
            continue;
        }
        // Report this error or the missing bracket, and nothing more: later errors follow from it.
        problems.push(match offset < unclosed.ends {
            true => problem(Some(offset), message),
            false => {
                let (line, _) = line_and_column(text, unclosed.begins);
                let (what, bracket) = match unclosed.bracket {
                    ']' => ("list", ']'),
                    other => ("inline table", other),
                };
                let message = format!(
                    "the {what} that begins in line {line} is not closed: write {bracket} here"
                );
                problem(Some(unclosed.ends), &message)
            }
        });
        break;
    }
    // The error without a span comes first in `errors`, wherever it is in the text.
    problems.sort_by_key(|problem| problem.position);
    // Later errors on a line usually follow from the first one.
    problems.dedup_by_key(|problem| problem.position.map(|(line, _)| line));
    problems
}

/// Reads every key that can be read. Returns the problems of the others.
fn deserialize<T: DeserializeOwned>(
    document: &Spanned<DeTable<'_>>,
) -> (Option<T>, Vec<(KeyPath, String)>) {
    let mut document = document.clone();
    let mut found = Vec::new();
    loop {
        let error = match T::deserialize(Deserializer::from(document.clone())) {
            Ok(config) => return (Some(config), found),
            Err(error) => error,
        };
        let path = error
            .span()
            .and_then(|span| path_at(document.get_ref(), &span, &KeyPath::default()));
        let value = path
            .as_ref()
            .and_then(|path| locate(document.get_ref(), &path.0))
            .and_then(|(_, value)| value);
        let reason = plain_message(error.message(), value.map(kind));
        let removed = path
            .as_ref()
            .is_some_and(|path| remove(document.get_mut(), &enclosing_key(path).0));
        found.push((path.unwrap_or_default(), reason));
        if !removed {
            return (None, found);
        }
    }
}

/// The path of the key or value that has exactly this span.
fn path_at(table: &DeTable<'_>, span: &Range<usize>, at: &KeyPath) -> Option<KeyPath> {
    table.iter().find_map(|(key, value)| {
        let path = at.key(key.get_ref());
        if key.span() == *span {
            return Some(path);
        }
        path_in_value(value, span, path)
    })
}

fn path_in_value(
    value: &Spanned<DeValue<'_>>,
    span: &Range<usize>,
    path: KeyPath,
) -> Option<KeyPath> {
    let within = match value.get_ref() {
        DeValue::Table(table) => path_at(table, span, &path),
        DeValue::Array(array) => array
            .iter()
            .enumerate()
            .find_map(|(index, value)| path_in_value(value, span, path.index(index))),
        _ => None,
    };
    within.or_else(|| (value.span() == *span).then_some(path))
}

/// The path without trailing indices. Removing a single element of a list would change the
/// indices of the elements after it.
fn enclosing_key(path: &KeyPath) -> KeyPath {
    let mut steps = path.0.clone();
    while matches!(steps.last(), Some(PathStep::Index(_))) {
        steps.pop();
    }
    KeyPath(steps)
}

/// Removes a key. Returns whether it was there.
fn remove(table: &mut DeTable<'_>, steps: &[PathStep]) -> bool {
    match steps {
        [PathStep::Key(key)] => table.remove(key.as_str()).is_some(),
        [PathStep::Key(key), within @ ..] => table
            .get_mut(key.as_str())
            .is_some_and(|value| remove_from_value(value.get_mut(), within)),
        _ => false,
    }
}

fn remove_from_value(value: &mut DeValue<'_>, steps: &[PathStep]) -> bool {
    match (value, steps) {
        (DeValue::Table(table), steps) => remove(table, steps),
        (DeValue::Array(array), [PathStep::Index(index), within @ ..]) => array
            .get_mut(*index)
            .is_some_and(|value| remove_from_value(value.get_mut(), within)),
        _ => false,
    }
}

/// The byte offset of a path in the text, and its value. If the path does not exist, the offset
/// of the nearest table or list around it.
fn locate<'a, 'i>(
    table: &'a DeTable<'i>,
    steps: &[PathStep],
) -> Option<(usize, Option<&'a DeValue<'i>>)> {
    let (PathStep::Key(key), within) = steps.split_first()? else {
        return None;
    };
    let (key, value) = table.get_key_value(key.as_str())?;
    Some(locate_in(value.get_ref(), within, key.span().start))
}

fn locate_in<'a, 'i>(
    value: &'a DeValue<'i>,
    steps: &[PathStep],
    offset: usize,
) -> (usize, Option<&'a DeValue<'i>>) {
    match (value, steps) {
        (value, []) => (offset, Some(value)),
        (DeValue::Table(table), steps) => locate(table, steps).unwrap_or((offset, None)),
        (DeValue::Array(array), [PathStep::Index(index), within @ ..]) => match array.get(*index) {
            Some(value) => locate_in(value.get_ref(), within, value.span().start),
            None => (offset, None),
        },
        _ => (offset, None),
    }
}

/// The line with the deepest nesting, at its first column.
fn deepest_line(text: &str) -> (usize, usize) {
    let depths = text
        .split('\n')
        .map(|line| line.matches(['.', '[', '{']).count());
    let line = depths.enumerate().max_by_key(|(_, depth)| *depth);
    (line.map_or(1, |(index, _)| index + 1), 1)
}

/// The kind of a value, for a message.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Line and column, each from 1.
fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct File {
        listen: String,
        limits: Limits,
    }

    #[derive(Debug, Default, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct Limits {
        body: usize,
        requests: usize,
    }

    impl Default for File {
        fn default() -> Self {
            Self {
                listen: "here".into(),
                limits: Limits::default(),
            }
        }
    }

    fn bad(text: &str) -> Vec<String> {
        let check = |file: File, found: &mut Problems| {
            if file.listen.is_empty() {
                found.add(KeyPath::default().key("listen"), "it is empty");
            }
            Some(file)
        };
        let error = read(text, check).unwrap_err();
        error.to_string().lines().map(str::to_owned).collect()
    }

    #[test]
    fn every_mistake_is_reported_with_its_position() {
        assert_eq!(
            bad("listen = ''\nextra = 1\n[limits]\nreqests = 1\nbody = 'x'\n"),
            [
                "1:1: listen: it is empty",
                "2:1: extra: there is no such key here; known keys: listen, limits",
                "4:1: limits.reqests: there is no such key here; did you mean requests? \
                 Known keys: body, requests",
                "5:1: limits.body: it must be a whole number, but is text",
            ]
        );
    }

    #[test]
    fn a_line_with_several_syntax_errors_is_reported_once() {
        let line = |text: &str| bad(text).into_iter().map(|line| line[..4].to_owned());
        assert!(line("listen = 'x'\n...... = 1\n").eq(["2:1:"]));
        let deep = format!("listen = 'x'\n{}a = 1\n", "a.".repeat(200));
        assert!(line(&deep).eq(["2:1:"]), "{:?}", bad(&deep));
        let first = format!("bod..b = 1\n{}a = 1\n", "a.".repeat(200));
        assert!(line(&first).eq(["1:5:", "2:1:"]), "{:?}", bad(&first));
    }

    #[test]
    fn problems_that_follow_from_another_are_not_reported() {
        let not_toml =
            |position: &str, what: &str| format!("{position}: this is not valid TOML: {what}");
        let list = "the list that begins in line 2 is not closed: write ] here";
        let rest = "\n\n[limits]\nbody = 1\nx = [\"a\"]\n[[more]]\ny = { z = 1 }\n";
        for (text, expected) in [
            ("#\nlisten = [\"a\"", not_toml("2:14", list)),
            ("#\nlisten = [\"a\",\n  \"b\", # ]", not_toml("3:7", list)),
            (
                "#\nlisten = { a = 1",
                not_toml(
                    "2:17",
                    "the inline table that begins in line 2 is not closed: write } here",
                ),
            ),
            (
                "#\nlisten = [\"a\", \"b",
                not_toml("2:18", "invalid basic string, expected `\"`"),
            ),
        ] {
            assert_eq!(bad(&format!("{text}{rest}")), [expected], "{text}");
            let at_the_end = bad(text);
            assert_eq!(at_the_end.len(), 1, "{at_the_end:?}");
        }
        // Independent mistakes are reported one by one.
        let lines = |text: &str| {
            let all = bad(text).into_iter();
            let lines = all.map(|problem| problem.split(':').next().unwrap().to_owned());
            lines.collect::<Vec<_>>()
        };
        assert_eq!(lines("a =\nb = 1\nc == 2\n"), ["1", "3"]);
        assert_eq!(lines("a =\nb = [1\nc = 2\nd = 3\n"), ["1", "2"]);
        // After a multi-line string that can begin at the wrong place, only the first one is.
        assert_eq!(lines("a = '''x\nb = '''y\nz\nc == 2\n").len(), 1);
    }

    #[test]
    fn positions_count_characters_from_one() {
        assert_eq!(line_and_column("", 0), (1, 1));
        assert_eq!(line_and_column("a\nöb", 4), (2, 2));
        assert_eq!(line_and_column("a\r\nb", 3), (2, 1));
        assert_eq!(line_and_column("a", 9), (1, 2));
    }
}
