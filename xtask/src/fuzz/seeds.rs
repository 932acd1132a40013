//! Inputs from other files: the vectors, the stored records of all versions, and the examples of
//! configuration files. They are read from there, so that a new vector is a new input.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::process::{Failure, root};

/// The inputs of a target, in the form that `tests/fuzz` reads.
pub(super) fn of(target: &str) -> Result<Vec<Vec<u8>>, Failure> {
    let texts = match target {
        "callback" => vector("tests/vectors/callback.json", callback)?,
        "token" => vector("tests/vectors/token-answer.json", token_answer)?,
        "attempt" | "grant" => stored(target)?,
        "signature" | "signature_header" | "signature_crl" => signatures(target)?,
        "signature_chain" => return chains(),
        "signature_timestamp" => return timestamps(),
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

/// The cases of the vectors of signatures.
fn signature_cases() -> Result<Vec<Value>, Failure> {
    let mut cases = Vec::new();
    for file in ["made", "sample"] {
        let vector = json(&format!("tests/vectors/jades/{file}.json"))?;
        cases.extend(vector["cases"].as_array().into_iter().flatten().cloned());
    }
    Ok(cases)
}

/// The signatures, their headers, or the revocation lists.
fn signatures(target: &str) -> Result<Vec<String>, Failure> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let cases = signature_cases()?;
    let mut texts: Vec<String> = match target {
        "signature" => cases
            .iter()
            .filter_map(|case| text(&case["signature"]))
            .collect(),
        "signature_header" => cases.iter().filter_map(header).collect(),
        _ => {
            let lists = cases.iter().filter_map(|case| case["crls"].as_array());
            lists.flatten().filter_map(text).collect()
        }
    };
    texts.sort();
    texts.dedup();
    Ok(texts)
}

/// The protected header of a compact signature. Headers that are not text are skipped.
fn header(case: &Value) -> Option<String> {
    let protected = case["signature"].as_str()?.split('.').next()?;
    String::from_utf8(URL_SAFE_NO_PAD.decode(protected).ok()?).ok()
}

/// The certificates of each signature, one after the other.
fn chains() -> Result<Vec<Vec<u8>>, Failure> {
    let chain = |case: &Value| {
        let header: Value = serde_json::from_str(&header(case)?).ok()?;
        let certificates = header["x5c"].as_array()?.iter();
        let certificates = certificates.map(|text| STANDARD.decode(text.as_str()?).ok());
        Some(certificates.collect::<Option<Vec<_>>>()?.concat())
    };
    let mut chains: Vec<_> = signature_cases()?.iter().filter_map(chain).collect();
    chains.sort();
    chains.dedup();
    Ok(chains)
}

/// The timestamps, and the signature with each of them in the two forms of `etsiU`.
fn timestamps() -> Result<Vec<Vec<u8>>, Failure> {
    let folder = root().join("jades/tests/timestamps");
    let failed = |error: &dyn std::fmt::Display| Failure(format!("{}: {error}", folder.display()));
    let mut tokens = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|error| failed(&error))? {
        let path = entry.map_err(|error| failed(&error))?.path();
        if path.extension().is_some_and(|extension| extension == "der") {
            tokens.push(fs::read(path).map_err(|error| failed(&error))?);
        }
    }
    tokens.sort();
    let signature = read("jades/tests/timestamps/signature.jws")?;
    let (protected, value) = signature.trim().split_once("..").unwrap_or_default();
    let document = |component: Value| {
        let header = json!({ "etsiU": [component] });
        let signature = json!({"protected": protected, "header": header, "signature": value});
        signature.to_string().into_bytes()
    };
    let documents = tokens.iter().flat_map(|token| {
        let clear = json!({ "sigTst": { "tstTokens": [{ "val": STANDARD.encode(token) }] } });
        let encoded = URL_SAFE_NO_PAD.encode(clear.to_string()).into();
        [document(clear), document(encoded)]
    });
    let documents: Vec<_> = documents.collect();
    Ok([tokens, documents].concat())
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
            ("signature", 100),
            ("signature_chain", 10),
            ("signature_crl", 3),
            ("signature_header", 60),
            ("signature_timestamp", 30),
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
