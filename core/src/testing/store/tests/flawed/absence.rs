//! Flaws with missing keys.

use super::{Behaviour, CORRECT, TestData, fails};
use crate::ports::{SecureStore as _, StoreError};

#[test]
fn get_that_fails_for_a_missing_key_is_caught() {
    let get = |data: &TestData, key: &str| match data.open()?.get(key)? {
        None => Err(StoreError::Corrupt("no such entry".into())),
        found => Ok(found),
    };
    let asked_for_the_missing = [
        "absent-is-none",
        "delete-removes",
        "delete-of-the-missing",
        "delete-takes-its-key-literally",
        "delete-is-there-for-the-next",
        "open-stores-see-each-other",
        "locked-at-start",
        "locked-after-opening",
        "unlocked-later",
    ];
    fails(Behaviour { get, ..CORRECT }, &asked_for_the_missing);
}

#[test]
fn delete_that_panics_is_caught() {
    let delete = |_: &TestData, key: &str| panic!("{key} should have been deleted");
    let delete_at_all = [
        "delete-removes",
        "delete-of-the-missing",
        "delete-takes-its-key-literally",
        "delete-is-there-for-the-next",
        "open-stores-see-each-other",
        "readers-of-a-key-that-is-replaced",
        "locked-at-start",
        "locked-after-opening",
        "unlocked-later",
        "errors-tell-no-value",
    ];
    fails(Behaviour { delete, ..CORRECT }, &delete_at_all);
}

#[test]
fn delete_that_does_nothing_is_caught() {
    let delete = |data: &TestData, _: &str| data.open().map(drop);
    let look_afterwards = [
        "delete-removes",
        "delete-of-the-missing",
        "delete-takes-its-key-literally",
        "delete-is-there-for-the-next",
        "open-stores-see-each-other",
    ];
    fails(Behaviour { delete, ..CORRECT }, &look_afterwards);
}

#[test]
fn delete_that_fails_for_a_missing_key_is_caught() {
    let delete = |data: &TestData, key: &str| match data.open()?.get(key)? {
        None => Err(StoreError::Corrupt("no such entry".into())),
        Some(_) => data.open()?.delete(key),
    };
    fails(Behaviour { delete, ..CORRECT }, &["delete-of-the-missing"]);
}

#[test]
fn delete_by_prefix_is_caught() {
    let delete = |data: &TestData, key: &str| {
        let memory = data.open()?;
        memory
            .list(key)?
            .iter()
            .try_for_each(|key| memory.delete(key))
    };
    let others = ["delete-removes", "delete-takes-its-key-literally"];
    fails(Behaviour { delete, ..CORRECT }, &others);
}
