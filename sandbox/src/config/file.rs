//! Reads a configuration from TOML.
//!
//! serde stops at the first mistake. Here each mistake is noted by its place, its key is
//! taken out, and the rest is read again, so that one look at the file mends it all.

use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use super::error::{Place, Step};
use super::{Config, ConfigError, Problem, check};

impl Config {
    /// Reads TOML. Files and folders that it names are looked for in the
    /// current one.
    /// What is left out is as in [`Config::default`].
    ///
    /// ```
    /// use switchback_sandbox::Config;
    ///
    /// let text = "
    /// [[client]]
    /// client_id = 'my-app'
    /// redirect_uri = 'myapp:///callback'
    /// ";
    /// let error = Config::from_toml(text).unwrap_err().to_string();
    /// assert!(error.starts_with("2:1: client[0].redirect_uris: it is missing"));
    /// assert!(error.contains("\n4:1: client[0].redirect_uri: there is no such key here"));
    /// ```
    ///
    /// # Errors
    /// Everything that is wrong, with line and column.
    pub fn from_toml(text: &str) -> Result<Config, ConfigError> {
        read(text, Path::new("")).map_err(|problems| ConfigError {
            file: None,
            problems,
        })
    }

    /// Reads a TOML file. Files and folders that it names are looked for beside it.
    ///
    /// # Errors
    /// As [`Config::from_toml`], or the file cannot be read.
    pub fn read(file: &Path) -> Result<Config, ConfigError> {
        let problems = match std::fs::read_to_string(file) {
            Ok(text) => match read(&text, file.parent().unwrap_or(Path::new(""))) {
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
}

fn read(text: &str, folder: &Path) -> Result<Config, Vec<Problem>> {
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let problem = |error: &toml::de::Error| Problem {
            key: String::new(),
            position: error.span().map(|span| position(text, span.start)),
            reason: format!("this is not TOML: {}", error.message()),
        };
        let mut problems: Vec<Problem> = errors.iter().map(problem).collect();
        problems.sort_by_key(|problem| problem.position);
        return Err(problems);
    }
    let (config, mut found) = deserialize(&document);
    if let Some(mut config) = config {
        let unread: Vec<Place> = found.iter().map(|(place, _)| place.clone()).collect();
        let mut more = complete(&mut config, folder);
        more.extend(check::problems(&config));
        // What could not be read is missing now, which is no mistake of its own.
        more.retain(|(place, _)| !unread.iter().any(|unread| key_of(unread).holds(place)));
        found.extend(more);
        if found.is_empty() {
            return Ok(config);
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

/// Reads as much as can be read, and tells what cannot.
fn deserialize(document: &Spanned<DeTable<'_>>) -> (Option<Config>, Vec<(Place, String)>) {
    let mut document = document.clone();
    let mut found = Vec::new();
    loop {
        let error = match Config::deserialize(Deserializer::from(document.clone())) {
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
        let reason = words(error.message(), value);
        let taken_out = place
            .as_ref()
            .is_some_and(|place| take_out(document.get_mut(), &key_of(place).0));
        found.push((place.unwrap_or_default(), reason));
        if !taken_out {
            return (None, found);
        }
    }
}

/// What the file leaves to the rest of it, and to other files.
fn complete(config: &mut Config, folder: &Path) -> Vec<(Place, String)> {
    let mut found = Vec::new();
    for client in &mut config.clients {
        if client.name.is_empty() {
            client.name.clone_from(&client.client_id);
        }
    }
    if let Some(tls) = &mut config.tls
        && !tls.folder.as_os_str().is_empty()
    {
        tls.folder = folder.join(&tls.folder);
    }
    for (index, person) in config.people.iter_mut().enumerate() {
        let Some(portrait) = &mut person.portrait else {
            continue;
        };
        if let Err(reason) = portrait.load(folder) {
            let place = Place::default().key("person").index(index);
            found.push((place.key("portrait"), reason));
            person.portrait = None;
        }
    }
    found
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

/// Line and column, each from 1.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    (line, column)
}

/// What serde says, in words that need no Rust, and without the value.
fn words(message: &str, value: Option<&DeValue<'_>>) -> String {
    let (what, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    let expected = expected.trim_start_matches("one of ").replace('`', "");
    if what.starts_with("unknown field") {
        return format!("there is no such key here; there are {expected}");
    }
    if what.starts_with("unknown variant") {
        return format!("it must be one of {expected}");
    }
    let expected = match expected.as_str() {
        "u16" | "usize" | "i64" => "a whole number",
        "a string" => "text in quotes",
        "a sequence" => "a list in [ ]",
        other if other.starts_with("struct ") => "a table",
        other => other,
    };
    if what.starts_with("invalid value") {
        return format!("it must be {expected} within bounds");
    }
    if what.starts_with("invalid type") {
        let given = match value {
            Some(DeValue::String(_)) => "text",
            Some(DeValue::Integer(_)) => "a number",
            Some(DeValue::Float(_)) => "a number with a point",
            Some(DeValue::Boolean(_)) => "true or false",
            Some(DeValue::Datetime(_)) => "a date without quotes",
            Some(DeValue::Array(_)) => "a list",
            Some(DeValue::Table(_)) => "a table",
            None => "something else",
        };
        return format!("it must be {expected}, and is {given}");
    }
    if what.contains("socket address") {
        return "it must be an IP address and a port, such as 127.0.0.1:8090".into();
    }
    what.into()
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
