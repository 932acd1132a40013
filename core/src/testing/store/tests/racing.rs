//! Stores that are correct for one thread and wrong for several. Between two steps that should be
//! atomic they wait until another thread comes in between, so that the test does not depend on
//! luck.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::{OpensWith, failures_of};
use crate::ports::{SecureStore, StoreError};
use crate::store::Memory;
use crate::testing::lock;

/// The first step of a put; `None` if no other thread can see it.
type First = fn(&Memory, &str, &[u8]) -> Option<()>;

/// A store whose put has two steps.
struct TwoSteps {
    memory: Memory,
    first: First,
    reads: Mutex<HashMap<String, u32>>,
    was_read: Condvar,
}

impl TwoSteps {
    fn new(first: First) -> Self {
        Self {
            memory: Memory::new(),
            first,
            reads: Mutex::default(),
            was_read: Condvar::new(),
        }
    }
}

impl SecureStore for TwoSteps {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.memory.get(key);
        *lock(&self.reads).entry(key.into()).or_default() += 1;
        self.was_read.notify_all();
        found
    }
    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        let seen = (self.first)(&self.memory, key, value);
        // In other cases no thread reads at the same time, and waiting would be useless.
        let readers = key.contains("/readers-of-") || key.contains("/writers-of-");
        if seen.is_some() && readers {
            let reads = lock(&self.reads);
            let reads_of_key =
                |reads: &HashMap<_, u32>| reads.get(key).copied().unwrap_or_default();
            // Two threads may have read already without being counted yet.
            let enough = reads_of_key(&reads) + 3;
            let too_few = |reads: &mut HashMap<_, _>| reads_of_key(reads) < enough;
            let limit = Duration::from_millis(500);
            drop(self.was_read.wait_timeout_while(reads, limit, too_few));
        }
        self.memory.put(key, value)
    }
    fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.memory.delete(key)
    }
    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        self.memory.list(prefix)
    }
}

#[test]
fn put_that_shows_a_partial_value_is_caught() {
    let store = Arc::new(TwoSteps::new(|memory, key, value| {
        // Small values are written in one step.
        let half = (value.len() > 4_096).then(|| &value[..value.len() / 2])?;
        memory.put(key, half).ok()
    }));
    let failures = failures_of(OpensWith(move || store.clone()));
    assert_eq!(failures, ["writers-of-one-key"]);
}

#[test]
fn put_that_deletes_first_is_caught() {
    let store = Arc::new(TwoSteps::new(|memory, key, _| {
        memory.get(key).ok()??;
        memory.delete(key).ok()
    }));
    let failures = failures_of(OpensWith(move || store.clone()));
    let replaced = ["writers-of-one-key", "readers-of-a-key-that-is-replaced"];
    assert_eq!(failures, replaced);
}

#[derive(Default)]
struct Shared {
    entries: Mutex<BTreeMap<String, Vec<u8>>>,
    writing: Mutex<usize>,
    more: Condvar,
}

/// A store that reads all entries, changes them and writes all of them.
struct ReadsThenWrites {
    shared: Arc<Shared>,
    /// Held during a change, if there is one.
    lock: Option<Mutex<()>>,
}

impl ReadsThenWrites {
    fn change(&self, key: &str, work: impl FnOnce(&mut BTreeMap<String, Vec<u8>>)) {
        let _lock = self.lock.as_ref().map(lock);
        let mut entries = lock(&self.shared.entries).clone();
        work(&mut entries);
        let mut writing = lock(&self.shared.writing);
        *writing += 1;
        self.shared.more.notify_all();
        if key.contains("/writers-") && entries.contains_key(key) {
            let wait = Duration::from_millis(20);
            let alone = |writing: &mut usize| *writing < 2;
            let more = self.shared.more.wait_timeout_while(writing, wait, alone);
            writing = more.unwrap().0;
        }
        *lock(&self.shared.entries) = entries;
        *writing -= 1;
    }
}

impl SecureStore for ReadsThenWrites {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(lock(&self.shared.entries).get(key).cloned())
    }
    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.change(key, |entries| {
            drop(entries.insert(key.into(), value.into()))
        });
        Ok(())
    }
    fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.change(key, |entries| drop(entries.remove(key)));
        Ok(())
    }
    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let entries = lock(&self.shared.entries);
        let keys = entries.keys().filter(|key| key.starts_with(prefix));
        Ok(keys.cloned().collect())
    }
}

#[test]
fn lost_concurrent_write_is_caught() {
    let shared = Arc::<Shared>::default();
    let failures = failures_of(OpensWith(move || {
        let (shared, lock) = (Arc::clone(&shared), None);
        Arc::new(ReadsThenWrites { shared, lock })
    }));
    let writers = ["writers-that-share-a-store", "writers-with-a-store-each"];
    assert_eq!(failures, writers);
}

/// As useless as a lock in memory between processes.
#[test]
fn lock_per_opened_store_is_caught() {
    let shared = Arc::<Shared>::default();
    let failures = failures_of(OpensWith(move || {
        let (shared, lock) = (Arc::clone(&shared), Some(Mutex::default()));
        Arc::new(ReadsThenWrites { shared, lock })
    }));
    assert_eq!(failures, ["writers-with-a-store-each"]);
}

/// A store that reads its entries only when it is opened.
struct ReadsOnce {
    shared: Arc<Memory>,
    own: Memory,
}

impl SecureStore for ReadsOnce {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.own.get(key)
    }
    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.own.put(key, value)?;
        self.shared.put(key, value)
    }
    fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.own.delete(key)?;
        self.shared.delete(key)
    }
    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        self.own.list(prefix)
    }
}

#[test]
fn store_that_reads_only_once_is_caught() {
    let shared = Arc::new(Memory::new());
    let failures = failures_of(OpensWith(move || {
        let (shared, own) = (Arc::clone(&shared), Memory::new());
        for key in shared.list("").unwrap() {
            own.put(&key, &shared.get(&key).unwrap().unwrap()).unwrap();
        }
        Arc::new(ReadsOnce { shared, own })
    }));
    assert_eq!(failures, ["open-stores-see-each-other"]);
}
