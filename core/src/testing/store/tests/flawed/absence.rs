//! What is wrong about what is not there.

use super::{RIGHT, Vault, Ways, fails};
use crate::ports::{SecureStore as _, StoreError};

#[test]
fn a_store_that_fails_for_what_is_not_there_is_caught() {
    let get = |vault: &Vault, key: &str| match vault.open()?.get(key)? {
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
    fails(Ways { get, ..RIGHT }, &asked_for_the_missing);
}

#[test]
fn a_store_that_panics_when_it_deletes_is_caught() {
    let delete = |_: &Vault, key: &str| panic!("{key} should have been deleted");
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
    fails(Ways { delete, ..RIGHT }, &delete_at_all);
}

#[test]
fn a_store_that_does_not_delete_is_caught() {
    let delete = |vault: &Vault, _: &str| vault.open().map(drop);
    let look_afterwards = [
        "delete-removes",
        "delete-of-the-missing",
        "delete-takes-its-key-literally",
        "delete-is-there-for-the-next",
        "open-stores-see-each-other",
    ];
    fails(Ways { delete, ..RIGHT }, &look_afterwards);
}

#[test]
fn a_store_that_fails_when_it_deletes_the_missing_is_caught() {
    let delete = |vault: &Vault, key: &str| match vault.open()?.get(key)? {
        None => Err(StoreError::Corrupt("no such entry".into())),
        Some(_) => vault.open()?.delete(key),
    };
    fails(Ways { delete, ..RIGHT }, &["delete-of-the-missing"]);
}

#[test]
fn a_store_that_deletes_what_begins_like_its_key_is_caught() {
    let delete = |vault: &Vault, key: &str| {
        let memory = vault.open()?;
        memory
            .list(key)?
            .iter()
            .try_for_each(|key| memory.delete(key))
    };
    let others = ["delete-removes", "delete-takes-its-key-literally"];
    fails(Ways { delete, ..RIGHT }, &others);
}
