//! What is wrong after a kill, behind a lock, and in an error.

use std::sync::Arc;

use super::super::{Opens, failed, failures_of};
use super::{Flawed, RIGHT, Vault, Ways, fails};
use crate::ports::{SecureStore as _, StoreError};
use crate::store::Memory;
use crate::testing::canary::CANARY;
use crate::testing::secure_store_conformance;

#[test]
fn a_store_that_forgets_when_it_is_opened_anew_is_caught() {
    let failures = failures_of(Opens(|| Arc::new(Memory::new())));
    let open_anew = [
        "value-of-1-mib",
        "put-is-there-for-the-next",
        "delete-is-there-for-the-next",
        "open-stores-see-each-other",
        "writers-that-share-a-store",
        "writers-with-a-store-each",
        "writers-of-one-key",
        "readers-of-a-key-that-is-replaced",
    ];
    assert_eq!(failures, open_anew);
}

#[test]
fn a_store_that_leaves_half_a_value_when_it_is_killed_is_caught() {
    let killed = |vault: &Vault, key: &str, value: &[u8]| {
        vault.memory.put(key, &value[..value.len() / 2]).unwrap();
    };
    fails(Ways { killed, ..RIGHT }, &["killed-in-put"]);
}

#[test]
fn a_store_that_leaves_a_key_of_its_own_when_it_is_killed_is_caught() {
    let killed = |vault: &Vault, key: &str, value: &[u8]| {
        vault.memory.put(&format!("{key}.new"), value).unwrap();
    };
    fails(Ways { killed, ..RIGHT }, &["killed-in-put"]);
}

#[test]
fn a_store_that_takes_locked_for_empty_is_caught() {
    let get = |vault: &Vault, key: &str| match vault.open() {
        Ok(memory) => memory.get(key),
        Err(_) => Ok(None),
    };
    let locked = ["locked-at-start", "locked-after-opening"];
    fails(Ways { get, ..RIGHT }, &locked);
    let list = |vault: &Vault, prefix: &str| match vault.open() {
        Ok(memory) => memory.list(prefix),
        Err(_) => Ok(vec![]),
    };
    fails(Ways { list, ..RIGHT }, &locked);
}

#[test]
fn a_store_that_says_done_when_it_is_locked_and_does_nothing_is_caught() {
    let locked = ["locked-at-start", "locked-after-opening"];
    let put = |vault: &Vault, key: &str, value: &[u8]| match vault.open() {
        Ok(memory) => memory.put(key, value),
        Err(_) => Ok(()),
    };
    fails(Ways { put, ..RIGHT }, &locked);
    let delete = |vault: &Vault, key: &str| match vault.open() {
        Ok(memory) => memory.delete(key),
        Err(_) => Ok(()),
    };
    fails(Ways { delete, ..RIGHT }, &locked);
}

#[test]
fn a_store_that_begins_anew_when_it_is_locked_is_caught() {
    let put = |vault: &Vault, key: &str, value: &[u8]| {
        vault.memory.put(key, value)?;
        vault.open().map(drop)
    };
    let locked = ["locked-at-start", "locked-after-opening", "unlocked-later"];
    fails(Ways { put, ..RIGHT }, &locked);
}

#[test]
fn a_store_that_calls_locked_unavailable_is_caught() {
    let get = |vault: &Vault, key: &str| match vault.open() {
        Ok(memory) => memory.get(key),
        Err(_) => Err(StoreError::Unavailable("try later".into())),
    };
    let locked = ["locked-at-start", "locked-after-opening"];
    fails(Ways { get, ..RIGHT }, &locked);
}

#[test]
fn a_store_that_stays_as_locked_as_it_was_opened_is_caught() {
    let stays_locked = true;
    let ways = Ways {
        stays_locked,
        ..RIGHT
    };
    fails(ways, &["unlocked-later"]);
}

#[test]
fn a_store_that_tells_a_value_when_it_fails_is_caught() {
    let put = |vault: &Vault, key: &str, value: &[u8]| match key.len() {
        ..=1_000 => vault.open()?.put(key, value),
        _ => Err(StoreError::Full(format!("{value:?} has too long a key"))),
    };
    let ways = Ways { put, ..RIGHT };
    let report = secure_store_conformance(Arc::new(Flawed::from(ways)));
    assert_eq!(failed(&report), ["errors-tell-no-value"]);
    let shown = report.to_string();
    assert!(!shown.contains(CANARY), "the report tells it again");
}
