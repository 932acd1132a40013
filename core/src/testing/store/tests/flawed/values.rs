//! What is wrong with a value.

use super::{RIGHT, Vault, Ways, fails};
use crate::ports::SecureStore as _;

#[test]
fn a_store_that_cuts_values_is_caught() {
    let put = |vault: &Vault, key: &str, value: &[u8]| {
        vault.open()?.put(key, &value[..value.len().min(1 << 16)])
    };
    fails(Ways { put, ..RIGHT }, &["value-of-1-mib"]);
}

#[test]
fn a_store_that_takes_values_for_texts_is_caught() {
    let put = |vault: &Vault, key: &str, value: &[u8]| {
        vault
            .open()?
            .put(key, String::from_utf8_lossy(value).as_bytes())
    };
    fails(Ways { put, ..RIGHT }, &["every-byte"]);
}

#[test]
fn a_store_that_takes_an_empty_value_for_none_is_caught() {
    let get = |vault: &Vault, key: &str| {
        let found = vault.open()?.get(key)?;
        Ok(found.filter(|value| !value.is_empty()))
    };
    fails(Ways { get, ..RIGHT }, &["empty-value"]);
}

#[test]
fn a_store_that_leaves_the_end_of_a_longer_value_is_caught() {
    let put = |vault: &Vault, key: &str, value: &[u8]| {
        let memory = vault.open()?;
        let mut there = memory.get(key)?.unwrap_or_default();
        let end = match value.len() {
            ..=1_000 => there.split_off(value.len().min(there.len())),
            // Where several write one key, it would be luck.
            _ => vec![],
        };
        memory.put(key, &[value, &end].concat())
    };
    let shorter = ["empty-value", "overwrite", "value-of-1-mib"];
    fails(Ways { put, ..RIGHT }, &shorter);
}
