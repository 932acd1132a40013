//! A store that is gone with its process: for tests, and for what need not be kept.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use switchback_driver::task::lock;

use crate::ports::{SecureStore, StoreError};

/// Keeps everything in memory.
#[derive(Default)]
pub struct Memory(Mutex<BTreeMap<String, Vec<u8>>>);

impl Memory {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        lock(&self.0)
    }
}

impl SecureStore for Memory {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.entries().get(key).cloned())
    }

    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.entries().insert(key.into(), value.into());
        Ok(())
    }

    fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.entries().remove(key);
        Ok(())
    }

    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let entries = self.entries();
        let keys = entries.keys().filter(|key| key.starts_with(prefix));
        Ok(keys.cloned().collect())
    }
}
