//! Flaws with values.

use super::{Behaviour, CORRECT, TestData, fails};
use crate::ports::SecureStore as _;

#[test]
fn truncated_values_are_caught() {
    let put = |data: &TestData, key: &str, value: &[u8]| {
        data.open()?.put(key, &value[..value.len().min(1 << 16)])
    };
    fails(Behaviour { put, ..CORRECT }, &["value-of-1-mib"]);
}

#[test]
fn values_read_as_text_are_caught() {
    let put = |data: &TestData, key: &str, value: &[u8]| {
        data.open()?
            .put(key, String::from_utf8_lossy(value).as_bytes())
    };
    fails(Behaviour { put, ..CORRECT }, &["every-byte"]);
}

#[test]
fn empty_value_read_as_none_is_caught() {
    let get = |data: &TestData, key: &str| {
        let found = data.open()?.get(key)?;
        Ok(found.filter(|value| !value.is_empty()))
    };
    fails(Behaviour { get, ..CORRECT }, &["empty-value"]);
}

#[test]
fn rest_of_a_longer_value_is_caught() {
    let put = |data: &TestData, key: &str, value: &[u8]| {
        let memory = data.open()?;
        let mut there = memory.get(key)?.unwrap_or_default();
        let end = match value.len() {
            ..=1_000 => there.split_off(value.len().min(there.len())),
            // With several writers of one key, the result would be random.
            _ => vec![],
        };
        memory.put(key, &[value, &end].concat())
    };
    let shorter = ["empty-value", "overwrite", "value-of-1-mib"];
    fails(Behaviour { put, ..CORRECT }, &shorter);
}
