//! Inputs from other files: the vectors, the stored records of all versions, and the examples of
//! configuration files. They are read from there, so that a new vector is a new input.

use std::fs;

use serde_json::Value;

use crate::process::{Failure, root};

/// The inputs of a target, in the form that `tests/fuzz` reads.
pub(super) fn of(target: &str) -> Result<Vec<Vec<u8>>, Failure> {
    let texts = match target {
        "callback" => vector("tests/vectors/callback.json", callback)?,
        "token" => vector("tests/vectors/token-answer.json", token_answer)?,
        "attempt" | "grant" => stored(target)?,
        "toml" => vec![
            read("docs/reference/sandbox.toml")?,
            read("docs/reference/service.toml")?,
        ],
        "sandbox_settings" => vec![read("docs/reference/sandbox.toml")?],
        "serve_settings" => vec![read("docs/reference/service.toml")?],
        _ => Vec::new(),
    };
    Ok(texts.into_iter().map(String::into_bytes).collect())
}

fn read(path: &str) -> Result<String, Failure> {
    let text = fs::read_to_string(root().join(path));
    text.map_err(|error| Failure(format!("{path}: {error}")))
}

fn json(path: &str) -> Result<Value, Failure> {
    let json = serde_json::from_str(&read(path)?);
    json.map_err(|error| Failure(format!("{path}: {error}")))
}

fn vector(path: &str, input: fn(&Value) -> Option<String>) -> Result<Vec<String>, Failure> {
    let vector = json(path)?;
    let cases = vector["cases"].as_array().into_iter().flatten();
    Ok(cases.filter_map(input).collect())
}

fn callback(case: &Value) -> Option<String> {
    let (ours, url) = (case["redirect_uri"].as_str()?, case["url"].as_str()?);
    Some(format!("{ours}\n{url}"))
}

/// An answer whose body is not text is skipped.
fn token_answer(case: &Value) -> Option<String> {
    let (status, body) = (case["status"].as_u64()?, case["body"].as_str()?);
    let mut head = format!("{status}\n");
    if let Some(content_type) = case["content_type"].as_str() {
        head += &format!("content-type: {content_type}\n");
    }
    for (name, value) in case["headers"].as_object().into_iter().flatten() {
        head += &format!("{name}: {}\n", value.as_str()?);
    }
    Some(format!("{head}\n{body}"))
}

/// The record of each version, in each phase that this version had.
fn stored(name: &str) -> Result<Vec<String>, Failure> {
    let mut records = Vec::new();
    for version in 1.. {
        let path = format!("protocol/fixtures/{name}-v{version}.json");
        if !root().join(&path).is_file() {
            break;
        }
        let record = json(&path)?;
        records.push(record.to_string());
        let phases = format!("protocol/fixtures/phases-v{version}.json");
        if !root().join(&phases).is_file() {
            continue;
        }
        for phase in json(&phases)?[name].as_array().into_iter().flatten() {
            let mut record = record.clone();
            record["phase"] = phase.clone();
            records.push(record.to_string());
        }
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_of_the_vectors_is_an_input() {
        for (target, at_least) in [
            ("callback", 30),
            ("token", 20),
            ("attempt", 10),
            ("grant", 10),
        ] {
            let seeds = of(target).expect("readable seeds");
            assert!(seeds.len() >= at_least, "{target}: {}", seeds.len());
        }
        let first = of("callback").expect("readable seeds").swap_remove(0);
        assert_eq!(
            String::from_utf8_lossy(&first),
            "https://example.com/cb\nhttps://example.com/cb?code=c0de&state=st4te"
        );
        assert!(of("cookies").expect("none").is_empty());
    }
}
