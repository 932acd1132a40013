//! Shared code of the fuzz targets: the format of inputs, and secrets that must not be shown.
//!
//! Inputs are text if the target reads text, so that a person can read and write them.

#![forbid(unsafe_code)]

pub mod signatures;

use std::fmt::Debug;

use switchback_protocol::http::Response;
use switchback_protocol::token::{self, TokenFailure, TokenResponse};

/// Marks a secret in an input that a server repeats. It must never be shown.
pub const SECRET: &str = "S3CR3T-7f31";

/// An HTTP answer, from an input like this one:
///
/// ```text
/// 200
/// content-type: application/json
///
/// {"access_token":"A","token_type":"bearer"}
/// ```
pub fn response(input: &[u8]) -> Option<Response> {
    let (head, body) = match split_once(input, b"\n\n") {
        Some((head, body)) => (head, body),
        None => (input, &b""[..]),
    };
    let mut lines = std::str::from_utf8(head).ok()?.lines();
    let status = lines.next()?.parse().ok()?;
    let headers = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    });
    Some(Response {
        status,
        headers: headers.collect(),
        body: body.to_vec(),
    })
}

/// A stored record, and its events, one on each line, up to a limit.
pub fn record_and_lines(input: &[u8]) -> (&[u8], impl Iterator<Item = &str>) {
    let (record, lines) = split_once(input, b"\n").unwrap_or((input, b""));
    let lines = lines.split(|byte| *byte == b'\n').take(32);
    let texts = lines.filter_map(|line| std::str::from_utf8(line).ok());
    (record, texts)
}

/// An answer of a token endpoint: `status body`.
pub fn token_answer(text: &str) -> Option<Result<TokenResponse, TokenFailure>> {
    let (status, body) = text.split_once(' ')?;
    let answer = format!("{status}\ncontent-type: application/json\n\n{body}");
    Some(token::read(&response(answer.as_bytes())?, &[]))
}

/// Asserts that a record that was read shows no secret. Its secrets are the members with these
/// names.
pub fn shows_no_secret<T: Debug, E>(
    original: &[u8],
    names: &[&str],
    read: impl Fn(&[u8]) -> Result<T, E>,
) {
    // A number in an ignored member may be too large for a reader of the whole JSON.
    let Ok(mut record) = serde_json::from_slice(original) else {
        return;
    };
    with_secrets(&mut record, names);
    if let Ok(read) = read(record.to_string().as_bytes()) {
        let shown = format!("{read:?} {read:#?}");
        let is_repeated = String::from_utf8_lossy(original).contains(SECRET);
        assert!(is_repeated || !shown.contains(SECRET), "{shown}");
    }
}

/// The text before and after the first separator.
pub fn split_once<'a>(input: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = input
        .windows(separator.len())
        .position(|window| window == separator)?;
    Some((&input[..at], &input[at + separator.len()..]))
}

/// The members of a JSON object in order, including duplicates. `None` if it is not an object.
pub fn members(json: &[u8]) -> Option<Vec<(String, serde_json::Value)>> {
    struct Members(Vec<(String, serde_json::Value)>);

    impl<'de> serde::Deserialize<'de> for Members {
        fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            struct Visitor;

            impl<'de> serde::de::Visitor<'de> for Visitor {
                type Value = Members;

                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("an object")
                }

                fn visit_map<A: serde::de::MapAccess<'de>>(
                    self,
                    mut map: A,
                ) -> Result<Members, A::Error> {
                    let mut members = Vec::new();
                    while let Some(member) = map.next_entry()? {
                        members.push(member);
                    }
                    Ok(Members(members))
                }
            }

            from.deserialize_map(Visitor)
        }
    }

    let Members(members) = serde_json::from_slice(json).ok()?;
    Some(members)
}

/// Whether every name occurs once.
pub fn are_distinct<T: Ord>(names: impl IntoIterator<Item = T>) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    names.into_iter().all(|name| seen.insert(name))
}

/// Replaces every text under one of these names by [`SECRET`].
fn with_secrets(value: &mut serde_json::Value, names: &[&str]) {
    use serde_json::Value;
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if names.contains(&name.as_str()) => *text = SECRET.into(),
                    Value::Array(texts) if names.contains(&name.as_str()) => {
                        for value in texts {
                            match value {
                                Value::String(text) => *text = SECRET.into(),
                                other => with_secrets(other, names),
                            }
                        }
                    }
                    other => with_secrets(other, names),
                }
            }
        }
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| with_secrets(value, names)),
        _ => {}
    }
}

/// Whether the input names a file that is endless or not a regular file.
pub fn names_a_device(text: &str) -> bool {
    ["/dev", "/proc", "/sys"]
        .iter()
        .any(|folder| text.contains(folder))
}
