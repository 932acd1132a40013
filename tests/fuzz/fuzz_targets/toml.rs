//! A configuration file, well formed or not.
//!
//! Input: TOML for the structure below.
//!
//! Accepts exactly what serde accepts. Every mistake has a position in the text. No value is
//! repeated: each text of the file is replaced by a secret once.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use serde::Deserialize;
use switchback_config_file::ConfigError;
use switchback_fuzz::SECRET;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    listen: std::net::SocketAddr,
    folder: Option<std::path::PathBuf>,
    functions: BTreeMap<String, Vec<String>>,
    limits: Limits,
    client: Vec<Client>,
    format: Format,
}

impl Default for File {
    fn default() -> Self {
        Self {
            listen: ([127, 0, 0, 1], 0).into(),
            folder: None,
            functions: BTreeMap::new(),
            limits: Limits::default(),
            client: Vec::new(),
            format: Format::Plain,
        }
    }
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Limits {
    body: u16,
    seconds: Option<i64>,
    share: f64,
    open: bool,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Client {
    id: String,
    #[serde(default)]
    uris: Vec<String>,
    limits: Option<Limits>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Format {
    Plain,
    Json,
}

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    match (read(text), toml::from_str::<File>(text)) {
        (Ok(ours), Ok(theirs)) => {
            // NaN does not equal itself.
            assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
        }
        (Err(error), Err(_)) => has_places(&error, text),
        (ours, theirs) => panic!("{ours:?} {theirs:?}"),
    }
    if let Ok(mut table) = text.parse::<toml::Table>() {
        let secrets = table
            .iter_mut()
            .map(|(_, value)| replaced(value))
            .sum::<usize>();
        let text = table.to_string();
        if let Err(error) = read(&text)
            && secrets > 0
        {
            let shown = format!("{error} {error:?}");
            let in_a_key = text.matches(SECRET).count() != secrets;
            assert!(in_a_key || !shown.contains(SECRET), "{shown}");
        }
    }
});

fn read(text: &str) -> Result<File, ConfigError> {
    switchback_config_file::read(text, |file: File, _| Some(file))
}

/// Replaces each text by the secret, and counts the texts.
fn replaced(value: &mut toml::Value) -> usize {
    match value {
        toml::Value::String(text) => {
            *text = SECRET.into();
            1
        }
        toml::Value::Array(values) => values.iter_mut().map(replaced).sum(),
        toml::Value::Table(table) => table.iter_mut().map(|(_, value)| replaced(value)).sum(),
        _ => 0,
    }
}

fn has_places(error: &ConfigError, text: &str) {
    assert!(!error.problems().is_empty());
    assert!(
        error
            .problems()
            .is_sorted_by_key(|problem| problem.position)
    );
    for problem in error.problems() {
        let (line, column) = problem.position.expect("it is in the text");
        // The end of a line is a position, too.
        let lines: Vec<&str> = text.split('\n').collect();
        let there = lines.get(line - 1).expect("there is no such line");
        assert!((1..=there.chars().count() + 1).contains(&column), "{error}");
        assert!(!problem.reason.is_empty());
    }
}
