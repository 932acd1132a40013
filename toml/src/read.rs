//! Reads TOML.
//!
//! serde stops at the first mistake. Here each mistake is noted by its place, its key is
//! taken out, and the rest is read again, so that one look at the file mends it all.

use std::ops::Range;
use std::path::Path;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use crate::error::{ConfigError, Found, Place, Problem, Step};
use crate::unclosed;
use crate::words::words;

/// Reads TOML from text. `check` makes of it what is wanted, and finds what serde cannot; where
/// it gives `None` it has noted why.
///
/// # Errors
/// Everything that is wrong, with line and column.
pub fn read<T: DeserializeOwned, U>(
    text: &str,
    check: impl FnOnce(T, &mut Found) -> Option<U>,
) -> Result<U, ConfigError> {
    read_text(text, check).map_err(|problems| ConfigError {
        file: None,
        problems,
    })
}

/// Reads TOML from a file, as [`read`].
///
/// # Errors
/// As [`read`], or the file cannot be read.
pub fn read_file<T: DeserializeOwned, U>(
    file: &Path,
    check: impl FnOnce(T, &mut Found) -> Option<U>,
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
    check: impl FnOnce(T, &mut Found) -> Option<U>,
) -> Result<U, Vec<Problem>> {
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(not_toml(text, &errors));
    }
    let (config, mut found) = deserialize(&document);
    if let Some(config) = config {
        let unread: Vec<Place> = found.iter().map(|(place, _)| place.clone()).collect();
        let mut more = Found::default();
        let checked = check(config, &mut more);
        // What could not be read is missing now, which is no mistake of its own, nor of the table
        // that it was in.
        more.0.retain(|(place, _)| {
            let is_of = |unread: &Place| key_of(unread).holds(place) || place.holds(unread);
            !unread.iter().any(is_of)
        });
        found.extend(more.0);
        if let Some(checked) = checked.filter(|_| found.is_empty()) {
            return Ok(checked);
        }
    }
    let mut problems: Vec<Problem> = found
        .into_iter()
        .map(|(place, reason)| Problem {
            key: place.to_string(),
            position: locate(document.get_ref(), &place.0)
                .map(|(offset, _)| position(text, offset)),
            reason,
        })
        .collect();
    problems.sort_by_key(|problem| problem.position);
    Err(problems)
}

/// The mistakes of a text that is not TOML, without those that come of another.
fn not_toml(text: &str, errors: &[toml::de::Error]) -> Vec<Problem> {
    let problem = |offset: Option<usize>, what: &str| Problem {
        key: String::new(),
        position: Some(match offset {
            Some(offset) => position(text, offset),
            // Only what is nested too deeply has no place.
            None => deepest(text),
        }),
        reason: format!("this is not TOML: {what}"),
    };
    let mut errors: Vec<_> = errors
        .iter()
        .map(|error| (error.span().map(|span| span.start), error.message()))
        .collect();
    errors.sort_by_key(|(offset, _)| *offset);
    // Where one may begin or end a text of several lines, all that follows may come of it.
    if text.contains("'''") || text.contains("\"\"\"") {
        errors.truncate(1);
    }
    let unclosed = unclosed::find(text);
    let mut all = Vec::new();
    for (offset, message) in errors {
        let (Some(offset), Some(unclosed)) = (offset, &unclosed) else {
            all.push(problem(offset, message));
            continue;
        };
        if offset < unclosed.begins {
            all.push(problem(Some(offset), message));
            continue;
        }
        // This mistake, or the bracket that is missing: what follows comes of it.
        all.push(match offset < unclosed.ends {
            true => problem(Some(offset), message),
            false => {
                let (line, _) = position(text, unclosed.begins);
                let (what, bracket) = match unclosed.bracket {
                    ']' => ("list", ']'),
                    other => ("inline table", other),
                };
                let what = format!(
                    "the {what} that begins in line {line} is not closed: write {bracket} here"
                );
                problem(Some(unclosed.ends), &what)
            }
        });
        break;
    }
    // What follows on a line comes of its first mistake.
    all.dedup_by_key(|problem| problem.position.map(|(line, _)| line));
    all
}

/// Reads as much as can be read, and tells what cannot.
fn deserialize<T: DeserializeOwned>(
    document: &Spanned<DeTable<'_>>,
) -> (Option<T>, Vec<(Place, String)>) {
    let mut document = document.clone();
    let mut found = Vec::new();
    loop {
        let error = match T::deserialize(Deserializer::from(document.clone())) {
            Ok(config) => return (Some(config), found),
            Err(error) => error,
        };
        let place = error
            .span()
            .and_then(|span| find(document.get_ref(), &span, &Place::default()));
        let value = place
            .as_ref()
            .and_then(|place| locate(document.get_ref(), &place.0))
            .and_then(|(_, value)| value);
        let reason = words(error.message(), value.map(kind));
        let taken_out = place
            .as_ref()
            .is_some_and(|place| take_out(document.get_mut(), &key_of(place).0));
        found.push((place.unwrap_or_default(), reason));
        if !taken_out {
            return (None, found);
        }
    }
}

/// The place of the key or the value at exactly this span.
fn find(table: &DeTable<'_>, span: &Range<usize>, at: &Place) -> Option<Place> {
    table.iter().find_map(|(key, value)| {
        let place = at.key(key.get_ref());
        if key.span() == *span {
            return Some(place);
        }
        find_value(value, span, place)
    })
}

fn find_value(value: &Spanned<DeValue<'_>>, span: &Range<usize>, place: Place) -> Option<Place> {
    let within = match value.get_ref() {
        DeValue::Table(table) => find(table, span, &place),
        DeValue::Array(array) => array
            .iter()
            .enumerate()
            .find_map(|(index, value)| find_value(value, span, place.index(index))),
        _ => None,
    };
    within.or_else(|| (value.span() == *span).then_some(place))
}

/// The nearest place around this one that is a key: an element that is taken out would
/// give those after it other numbers.
fn key_of(place: &Place) -> Place {
    let mut steps = place.0.clone();
    while matches!(steps.last(), Some(Step::Index(_))) {
        steps.pop();
    }
    Place(steps)
}

/// Takes a key out; tells whether it was there.
fn take_out(table: &mut DeTable<'_>, steps: &[Step]) -> bool {
    match steps {
        [Step::Key(key)] => table.remove(key.as_str()).is_some(),
        [Step::Key(key), within @ ..] => table
            .get_mut(key.as_str())
            .is_some_and(|value| take_out_of(value.get_mut(), within)),
        _ => false,
    }
}

fn take_out_of(value: &mut DeValue<'_>, steps: &[Step]) -> bool {
    match (value, steps) {
        (DeValue::Table(table), steps) => take_out(table, steps),
        (DeValue::Array(array), [Step::Index(index), within @ ..]) => array
            .get_mut(*index)
            .is_some_and(|value| take_out_of(value.get_mut(), within)),
        _ => false,
    }
}

/// Where in the text a place is, and its value; or else where what is nearest around it is.
fn locate<'a, 'i>(
    table: &'a DeTable<'i>,
    steps: &[Step],
) -> Option<(usize, Option<&'a DeValue<'i>>)> {
    let (Step::Key(key), within) = steps.split_first()? else {
        return None;
    };
    let (key, value) = table.get_key_value(key.as_str())?;
    Some(locate_in(value.get_ref(), within, key.span().start))
}

fn locate_in<'a, 'i>(
    value: &'a DeValue<'i>,
    steps: &[Step],
    offset: usize,
) -> (usize, Option<&'a DeValue<'i>>) {
    match (value, steps) {
        (value, []) => (offset, Some(value)),
        (DeValue::Table(table), steps) => locate(table, steps).unwrap_or((offset, None)),
        (DeValue::Array(array), [Step::Index(index), within @ ..]) => match array.get(*index) {
            Some(value) => locate_in(value.get_ref(), within, value.span().start),
            None => (offset, None),
        },
        _ => (offset, None),
    }
}

/// The line that nests the most, with its first column.
fn deepest(text: &str) -> (usize, usize) {
    let depths = text
        .split('\n')
        .map(|line| line.matches(['.', '[', '{']).count());
    let line = depths.enumerate().max_by_key(|(_, depth)| *depth);
    (line.map_or(1, |(index, _)| index + 1), 1)
}

/// What kind of a value it is, in words.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Line and column, each from 1.
fn position(text: &str, offset: usize) -> (usize, usize) {
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
        let check = |file: File, found: &mut Found| {
            if file.listen.is_empty() {
                found.add(Place::default().key("listen"), "it is empty");
            }
            Some(file)
        };
        let error = read(text, check).unwrap_err();
        error.to_string().lines().map(str::to_owned).collect()
    }

    #[test]
    fn all_mistakes_are_told_at_once_each_with_its_place() {
        assert_eq!(
            bad("listen = ''\nextra = 1\n[limits]\nreqests = 1\nbody = 'x'\n"),
            [
                "1:1: listen: it is empty",
                "2:1: extra: there is no such key here; there are listen or limits",
                "4:1: limits.reqests: there is no such key here; did you mean requests? \
                 There are body or requests",
                "5:1: limits.body: it must be a whole number, and is text",
            ]
        );
    }

    #[test]
    fn a_line_is_reported_once_and_what_is_nested_too_deeply_has_its_line() {
        let line = |text: &str| bad(text).into_iter().map(|told| told[..4].to_owned());
        assert!(line("listen = 'x'\n...... = 1\n").eq(["2:1:"]));
        let deep = format!("listen = 'x'\n{}a = 1\n", "a.".repeat(200));
        assert!(line(&deep).eq(["2:1:"]), "{:?}", bad(&deep));
    }

    #[test]
    fn what_comes_of_another_mistake_is_not_told() {
        let not_toml = |place: &str, what: &str| format!("{place}: this is not TOML: {what}");
        let list = "the list that begins in line 2 is not closed: write ] here";
        let rest = "\n\n[limits]\nbody = 1\nx = [\"a\"]\n[[more]]\ny = { z = 1 }\n";
        for (text, told) in [
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
            assert_eq!(bad(&format!("{text}{rest}")), [told], "{text}");
            let at_the_end = bad(text);
            assert_eq!(at_the_end.len(), 1, "{at_the_end:?}");
        }
        // Mistakes of their own are told each.
        let lines = |text: &str| {
            let all = bad(text).into_iter();
            let lines = all.map(|told| told.split(':').next().unwrap().to_owned());
            lines.collect::<Vec<_>>()
        };
        assert_eq!(lines("a =\nb = 1\nc == 2\n"), ["1", "3"]);
        assert_eq!(lines("a =\nb = [1\nc = 2\nd = 3\n"), ["1", "2"]);
        // But not where a text of several lines may begin at the wrong place.
        assert_eq!(lines("a = '''x\nb = '''y\nz\nc == 2\n").len(), 1);
    }

    #[test]
    fn positions_count_characters_from_one() {
        assert_eq!(position("", 0), (1, 1));
        assert_eq!(position("a\nöb", 4), (2, 2));
        assert_eq!(position("a\r\nb", 3), (2, 1));
        assert_eq!(position("a", 9), (1, 2));
    }
}
