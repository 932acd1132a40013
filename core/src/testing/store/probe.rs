//! The object that a case works with: it opens the store, calls it and checks the results.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use super::StoreUnderTest;
use crate::ports::{SecureStore, StoreError};
use crate::testing::canary::{CANARY, shows_canary};
use crate::testing::lock;
use crate::testing::run::{self, Verdict, fail};

/// The prefix of the suite's keys.
const PREFIX: &str = "conformance/";

/// A small value, different for each number. It begins with the canary.
pub(super) fn value(number: usize) -> Vec<u8> {
    format!("{CANARY} {number}").into_bytes()
}

/// What is recorded during a run.
#[derive(Default)]
pub(super) struct RunLog {
    /// Every key that was written.
    keys: Mutex<BTreeSet<String>>,
    /// The texts that showed a value.
    leaks: Mutex<Vec<String>>,
}

impl RunLog {
    /// Checks the text of an error for the canary.
    pub(super) fn inspect(&self, text: &str) {
        if shows_canary(text) {
            lock(&self.leaks).push(text.into());
        }
    }

    pub(super) fn leaks(&self) -> Vec<String> {
        lock(&self.leaks).clone()
    }
}

/// The store under test, as a case sees it.
pub(super) struct Probe {
    pub(super) case: &'static str,
    pub(super) store: Arc<dyn StoreUnderTest>,
    pub(super) log: Arc<RunLog>,
}

impl Probe {
    /// A key that only this case uses.
    pub(super) fn key(&self, rest: &str) -> String {
        format!("{PREFIX}{}/{rest}", self.case)
    }

    /// Opens the store, as a new process would.
    pub(super) fn open(&self) -> Verdict<OpenedStore> {
        match self.try_open() {
            Ok(opened) => Ok(opened),
            Err(error) => fail(format!("the store could not be opened: {error}")),
        }
    }

    pub(super) fn try_open(&self) -> Result<OpenedStore, StoreError> {
        let log = Arc::clone(&self.log);
        match self.store.open() {
            Ok(store) => Ok(OpenedStore { store, log }),
            Err(error) => Err(inspected(&log, error)),
        }
    }
}

impl run::Probe for Probe {
    const TRIED: &'static str = "store";

    /// Removes the keys of this run, and those of an earlier run that was killed. Errors are
    /// ignored: the cases check deleting and listing.
    fn clean(&self) {
        quietly(|| self.store.lock(false));
        let Some(store) = quietly(|| self.store.open().ok()) else {
            return;
        };
        let mut keys = std::mem::take(&mut *lock(&self.log.keys));
        for prefix in [PREFIX.into(), format!(" {PREFIX}")] {
            let listed = quietly(|| store.list(&prefix).unwrap_or_default());
            // A wrong list must not make us delete keys of other users.
            keys.extend(listed.into_iter().filter(|key| key.starts_with(&prefix)));
        }
        quietly(|| {
            for key in &keys {
                let _ = store.delete(key);
            }
        });
    }

    fn inspect(&self, said: &str) {
        self.log.inspect(said);
    }
}

fn quietly<T: Default>(work: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_default()
}

/// An opened store. `get`, `put`, `delete` and `list` are the plain calls; the other functions
/// check the result.
#[derive(Clone)]
pub(super) struct OpenedStore {
    store: Arc<dyn SecureStore>,
    log: Arc<RunLog>,
}

impl OpenedStore {
    pub(super) fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let answer = self.store.get(key);
        answer.map_err(|error| inspected(&self.log, error))
    }

    pub(super) fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        lock(&self.log.keys).insert(key.into());
        let answer = self.store.put(key, value);
        answer.map_err(|error| inspected(&self.log, error))
    }

    pub(super) fn delete(&self, key: &str) -> Result<(), StoreError> {
        let answer = self.store.delete(key);
        answer.map_err(|error| inspected(&self.log, error))
    }

    pub(super) fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let answer = self.store.list(prefix);
        answer.map_err(|error| inspected(&self.log, error))
    }

    pub(super) fn puts(&self, key: &str, value: &[u8]) -> Verdict {
        self.put(key, value).or_else(|error| {
            let size = value.len();
            fail(format!("put({}, {size} bytes) failed: {error}", shown(key)))
        })
    }

    pub(super) fn deletes(&self, key: &str) -> Verdict {
        self.delete(key)
            .or_else(|error| fail(format!("delete({}) failed: {error}", shown(key))))
    }

    pub(super) fn gets(&self, key: &str) -> Verdict<Option<Vec<u8>>> {
        self.get(key)
            .or_else(|error| fail(format!("get({}) failed: {error}", shown(key))))
    }

    /// Checks that the key has this value.
    pub(super) fn holds(&self, key: &str, value: &[u8]) -> Verdict {
        let found = self.gets(key)?;
        match difference(found.as_deref(), value) {
            None => Ok(()),
            Some(what) => fail(format!("get({}) returned {what}", shown(key))),
        }
    }

    pub(super) fn lacks(&self, key: &str) -> Verdict {
        match self.gets(key)? {
            None => Ok(()),
            Some(found) => fail(format!(
                "get({}) returned {} bytes instead of nothing",
                shown(key),
                found.len()
            )),
        }
    }

    /// The keys with this prefix. Other keys and duplicates in the list are checked by the cases
    /// about lists.
    pub(super) fn lists(&self, prefix: &str) -> Verdict<BTreeSet<String>> {
        let listed = self.lists_raw(prefix)?.into_iter();
        Ok(listed.filter(|key| key.starts_with(prefix)).collect())
    }

    pub(super) fn lists_raw(&self, prefix: &str) -> Verdict<Vec<String>> {
        self.list(prefix)
            .or_else(|error| fail(format!("list({}) failed: {error}", shown(prefix))))
    }
}

fn inspected(log: &RunLog, error: StoreError) -> StoreError {
    log.inspect(&error.to_string());
    log.inspect(&format!("{error:?}"));
    error
}

/// The difference between the value that was read and the expected one.
pub(super) fn difference(found: Option<&[u8]>, wanted: &[u8]) -> Option<String> {
    let Some(found) = found else {
        return Some(format!("nothing instead of {} bytes", wanted.len()));
    };
    if found.len() != wanted.len() {
        let (found, wanted) = (found.len(), wanted.len());
        return Some(format!("{found} bytes instead of {wanted}"));
    }
    let at = found.iter().zip(wanted).position(|(a, b)| a != b)?;
    let (found, wanted) = (found[at], wanted[at]);
    Some(format!(
        "a value whose byte {at} is {found:#04x} instead of {wanted:#04x}"
    ))
}

/// A key for a report: escaped, and shortened.
pub(super) fn shown(key: &str) -> String {
    match key.char_indices().nth(100) {
        None => format!("{key:?}"),
        Some((end, _)) => format!("{:?}… of {} bytes", &key[..end], key.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_key_is_shortened() {
        assert_eq!(shown("a\0"), r#""a\0""#);
        let long = shown(&"å".repeat(500));
        assert_eq!(long, format!("\"{}\"… of 1000 bytes", "å".repeat(100)));
    }
}
