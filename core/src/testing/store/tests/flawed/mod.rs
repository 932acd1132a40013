//! Stores with one mistake each, which fail where that mistake is, and nowhere else.

mod absence;
mod keys;
mod later;
mod listing;
mod values;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::failures_of;
use crate::ports::{SecureStore, StoreError};
use crate::store::Memory;
use crate::testing::{StoreUnderTest, secure_store_conformance};

/// Where the stores of a test keep what they have.
#[derive(Default)]
struct Vault {
    memory: Memory,
    locked: AtomicBool,
}

impl Vault {
    fn open(&self) -> Result<&Memory, StoreError> {
        match self.locked.load(Ordering::SeqCst) {
            true => Err(StoreError::Locked),
            false => Ok(&self.memory),
        }
    }
}

type Answer<T> = Result<T, StoreError>;

/// How a store does what it does; as [`RIGHT`] but for one thing.
#[derive(Clone, Copy)]
struct Ways {
    /// What it makes of a key that it is given.
    key: fn(&str) -> String,
    get: fn(&Vault, &str) -> Answer<Option<Vec<u8>>>,
    put: fn(&Vault, &str, &[u8]) -> Answer<()>,
    delete: fn(&Vault, &str) -> Answer<()>,
    list: fn(&Vault, &str) -> Answer<Vec<String>>,
    /// A put that does not come to its end.
    killed: fn(&Vault, &str, &[u8]),
    /// Whether what was opened while it was locked stays so.
    stays_locked: bool,
}

const RIGHT: Ways = Ways {
    key: str::to_string,
    get: |vault, key| vault.open()?.get(key),
    put: |vault, key, value| vault.open()?.put(key, value),
    delete: |vault, key| vault.open()?.delete(key),
    list: |vault, prefix| vault.open()?.list(prefix),
    killed: |vault, key, value| {
        if value.len() % 1_000 == 0 {
            vault.memory.put(key, value).unwrap();
        }
    },
    stays_locked: false,
};

struct Flawed {
    vault: Arc<Vault>,
    ways: Ways,
    opened_locked: bool,
}

impl Flawed {
    fn vault(&self) -> Answer<&Vault> {
        match self.ways.stays_locked && self.opened_locked {
            true => Err(StoreError::Locked),
            false => Ok(&self.vault),
        }
    }
}

impl SecureStore for Flawed {
    fn get(&self, key: &str) -> Answer<Option<Vec<u8>>> {
        (self.ways.get)(self.vault()?, &(self.ways.key)(key))
    }
    fn put(&self, key: &str, value: &[u8]) -> Answer<()> {
        (self.ways.put)(self.vault()?, &(self.ways.key)(key), value)
    }
    fn delete(&self, key: &str) -> Answer<()> {
        (self.ways.delete)(self.vault()?, &(self.ways.key)(key))
    }
    fn list(&self, prefix: &str) -> Answer<Vec<String>> {
        (self.ways.list)(self.vault()?, prefix)
    }
}

impl StoreUnderTest for Flawed {
    fn open(&self) -> Answer<Arc<dyn SecureStore>> {
        Ok(Arc::new(Self {
            vault: Arc::clone(&self.vault),
            ways: self.ways,
            opened_locked: self.vault.locked.load(Ordering::SeqCst),
        }))
    }
    fn lock(&self, locked: bool) -> bool {
        self.vault.locked.store(locked, Ordering::SeqCst);
        true
    }
    fn killed_in_put(&self, key: &str, value: &[u8]) -> bool {
        (self.ways.killed)(&self.vault, key, value);
        true
    }
}

impl From<Ways> for Flawed {
    fn from(ways: Ways) -> Self {
        Self {
            vault: Arc::default(),
            ways,
            opened_locked: false,
        }
    }
}

#[track_caller]
fn fails(ways: Ways, cases: &[&str]) {
    assert_eq!(failures_of(Flawed::from(ways)), cases);
}

#[test]
fn a_store_without_a_mistake_passes_everything() {
    let report = secure_store_conformance(Arc::new(Flawed::from(RIGHT)));
    let passed = report.failures().is_empty() && report.left_out().is_empty();
    assert!(passed, "{report}");
}
