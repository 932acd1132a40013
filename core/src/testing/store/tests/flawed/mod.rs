//! Stores with one flaw each: the suite must fail in the cases about that flaw, and in no other
//! case.

mod absence;
mod keys;
mod kills_and_locks;
mod listing;
mod values;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::failures_of;
use crate::ports::{SecureStore, StoreError};
use crate::store::Memory;
use crate::testing::{StoreUnderTest, secure_store_conformance};

/// The data that the stores of a test share.
#[derive(Default)]
struct TestData {
    memory: Memory,
    locked: AtomicBool,
}

impl TestData {
    fn open(&self) -> Result<&Memory, StoreError> {
        match self.locked.load(Ordering::SeqCst) {
            true => Err(StoreError::Locked),
            false => Ok(&self.memory),
        }
    }
}

type Answer<T> = Result<T, StoreError>;

/// The behaviour of a store. [`CORRECT`] has no flaw.
#[derive(Clone, Copy)]
struct Behaviour {
    /// Converts the keys that it gets.
    key: fn(&str) -> String,
    get: fn(&TestData, &str) -> Answer<Option<Vec<u8>>>,
    put: fn(&TestData, &str, &[u8]) -> Answer<()>,
    delete: fn(&TestData, &str) -> Answer<()>,
    list: fn(&TestData, &str) -> Answer<Vec<String>>,
    /// A put whose process is killed.
    killed: fn(&TestData, &str, &[u8]),
    /// Whether a store that was opened while it was locked stays locked.
    stays_locked: bool,
}

const CORRECT: Behaviour = Behaviour {
    key: str::to_string,
    get: |data, key| data.open()?.get(key),
    put: |data, key, value| data.open()?.put(key, value),
    delete: |data, key| data.open()?.delete(key),
    list: |data, prefix| data.open()?.list(prefix),
    killed: |data, key, value| {
        if value.len() % 1_000 == 0 {
            data.memory.put(key, value).unwrap();
        }
    },
    stays_locked: false,
};

struct Flawed {
    data: Arc<TestData>,
    behaviour: Behaviour,
    opened_locked: bool,
}

impl Flawed {
    fn data(&self) -> Answer<&TestData> {
        match self.behaviour.stays_locked && self.opened_locked {
            true => Err(StoreError::Locked),
            false => Ok(&self.data),
        }
    }
}

impl SecureStore for Flawed {
    fn get(&self, key: &str) -> Answer<Option<Vec<u8>>> {
        (self.behaviour.get)(self.data()?, &(self.behaviour.key)(key))
    }
    fn put(&self, key: &str, value: &[u8]) -> Answer<()> {
        (self.behaviour.put)(self.data()?, &(self.behaviour.key)(key), value)
    }
    fn delete(&self, key: &str) -> Answer<()> {
        (self.behaviour.delete)(self.data()?, &(self.behaviour.key)(key))
    }
    fn list(&self, prefix: &str) -> Answer<Vec<String>> {
        (self.behaviour.list)(self.data()?, prefix)
    }
}

impl StoreUnderTest for Flawed {
    fn open(&self) -> Answer<Arc<dyn SecureStore>> {
        Ok(Arc::new(Self {
            data: Arc::clone(&self.data),
            behaviour: self.behaviour,
            opened_locked: self.data.locked.load(Ordering::SeqCst),
        }))
    }
    fn lock(&self, locked: bool) -> bool {
        self.data.locked.store(locked, Ordering::SeqCst);
        true
    }
    fn killed_in_put(&self, key: &str, value: &[u8]) -> bool {
        (self.behaviour.killed)(&self.data, key, value);
        true
    }
}

impl From<Behaviour> for Flawed {
    fn from(behaviour: Behaviour) -> Self {
        Self {
            data: Arc::default(),
            behaviour,
            opened_locked: false,
        }
    }
}

#[track_caller]
fn fails(behaviour: Behaviour, cases: &[&str]) {
    assert_eq!(failures_of(Flawed::from(behaviour)), cases);
}

#[test]
fn correct_store_passes_every_case() {
    let report = secure_store_conformance(Arc::new(Flawed::from(CORRECT)));
    let passed = report.failures().is_empty() && report.left_out().is_empty();
    assert!(passed, "{report}");
}
