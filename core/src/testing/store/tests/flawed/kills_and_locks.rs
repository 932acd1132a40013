//! Flaws after a kill, with a locked store, and in errors.

use std::sync::Arc;

use super::super::{OpensWith, failed, failures_of};
use super::{Behaviour, CORRECT, Flawed, TestData, fails};
use crate::ports::{SecureStore as _, StoreError};
use crate::store::Memory;
use crate::testing::canary::CANARY;
use crate::testing::secure_store_conformance;

#[test]
fn store_that_is_empty_after_reopening_is_caught() {
    let failures = failures_of(OpensWith(|| Arc::new(Memory::new())));
    let reopen_cases = [
        "value-of-1-mib",
        "put-is-there-for-the-next",
        "delete-is-there-for-the-next",
        "open-stores-see-each-other",
        "writers-that-share-a-store",
        "writers-with-a-store-each",
        "writers-of-one-key",
        "readers-of-a-key-that-is-replaced",
    ];
    assert_eq!(failures, reopen_cases);
}

#[test]
fn partial_value_after_a_kill_is_caught() {
    let killed = |data: &TestData, key: &str, value: &[u8]| {
        data.memory.put(key, &value[..value.len() / 2]).unwrap();
    };
    fails(Behaviour { killed, ..CORRECT }, &["killed-in-put"]);
}

#[test]
fn extra_key_after_a_kill_is_caught() {
    let killed = |data: &TestData, key: &str, value: &[u8]| {
        data.memory.put(&format!("{key}.new"), value).unwrap();
    };
    fails(Behaviour { killed, ..CORRECT }, &["killed-in-put"]);
}

#[test]
fn locked_store_that_looks_empty_is_caught() {
    let get = |data: &TestData, key: &str| match data.open() {
        Ok(memory) => memory.get(key),
        Err(_) => Ok(None),
    };
    let locked = ["locked-at-start", "locked-after-opening"];
    fails(Behaviour { get, ..CORRECT }, &locked);
    let list = |data: &TestData, prefix: &str| match data.open() {
        Ok(memory) => memory.list(prefix),
        Err(_) => Ok(vec![]),
    };
    fails(Behaviour { list, ..CORRECT }, &locked);
}

#[test]
fn locked_store_that_ignores_writes_is_caught() {
    let locked = ["locked-at-start", "locked-after-opening"];
    let put = |data: &TestData, key: &str, value: &[u8]| match data.open() {
        Ok(memory) => memory.put(key, value),
        Err(_) => Ok(()),
    };
    fails(Behaviour { put, ..CORRECT }, &locked);
    let delete = |data: &TestData, key: &str| match data.open() {
        Ok(memory) => memory.delete(key),
        Err(_) => Ok(()),
    };
    fails(Behaviour { delete, ..CORRECT }, &locked);
}

#[test]
fn locked_store_that_writes_is_caught() {
    let put = |data: &TestData, key: &str, value: &[u8]| {
        data.memory.put(key, value)?;
        data.open().map(drop)
    };
    let locked = ["locked-at-start", "locked-after-opening", "unlocked-later"];
    fails(Behaviour { put, ..CORRECT }, &locked);
}

#[test]
fn locked_reported_as_unavailable_is_caught() {
    let get = |data: &TestData, key: &str| match data.open() {
        Ok(memory) => memory.get(key),
        Err(_) => Err(StoreError::Unavailable("try later".into())),
    };
    let locked = ["locked-at-start", "locked-after-opening"];
    fails(Behaviour { get, ..CORRECT }, &locked);
}

#[test]
fn store_that_stays_locked_is_caught() {
    let stays_locked = true;
    let behaviour = Behaviour {
        stays_locked,
        ..CORRECT
    };
    fails(behaviour, &["unlocked-later"]);
}

#[test]
fn value_in_an_error_is_caught() {
    let put = |data: &TestData, key: &str, value: &[u8]| match key.len() {
        ..=1_000 => data.open()?.put(key, value),
        _ => Err(StoreError::Full(format!("{value:?} has too long a key"))),
    };
    let behaviour = Behaviour { put, ..CORRECT };
    let report = secure_store_conformance(Arc::new(Flawed::from(behaviour)));
    assert_eq!(failed(&report), ["errors-tell-no-value"]);
    let shown = report.to_string();
    assert!(!shown.contains(CANARY), "the report tells it again");
}
