//! What a case works with: a store that it opens, asks, and holds to an answer.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use super::StoreUnderTest;
use crate::ports::{SecureStore, StoreError};
use crate::testing::canary::{CANARY, shows_canary};
use crate::testing::lock;
use crate::testing::run::{self, Verdict, fail};

/// What the suite's keys begin with.
const PREFIX: &str = "conformance/";

/// A small value, unlike that of another number. It begins with what no error may show.
pub(super) fn value(number: usize) -> Vec<u8> {
    format!("{CANARY} {number}").into_bytes()
}

/// What is remembered through a run.
#[derive(Default)]
pub(super) struct RunLog {
    /// Every key that was written.
    keys: Mutex<BTreeSet<String>>,
    /// What said a value aloud.
    leaks: Mutex<Vec<String>>,
}

impl RunLog {
    /// Looks at what a store said when it failed.
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
    /// A key of this case's own.
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

    /// Removes what this run has made, and what an earlier one has left. It is no case: a
    /// store that cannot delete or list fails where that is demanded.
    fn clean(&self) {
        quietly(|| self.store.lock(false));
        let Some(store) = quietly(|| self.store.open().ok()) else {
            return;
        };
        let mut keys = std::mem::take(&mut *lock(&self.log.keys));
        for prefix in [PREFIX.into(), format!(" {PREFIX}")] {
            let listed = quietly(|| store.list(&prefix).unwrap_or_default());
            // A list that is wrong must not cost what is not ours.
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

/// An opened store. The short names are the port's calls, with whatever comes of them; the
/// others hold the store to an answer.
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
            fail(format!("put({}, {size} bytes) said: {error}", shown(key)))
        })
    }

    pub(super) fn deletes(&self, key: &str) -> Verdict {
        self.delete(key)
            .or_else(|error| fail(format!("delete({}) said: {error}", shown(key))))
    }

    pub(super) fn gets(&self, key: &str) -> Verdict<Option<Vec<u8>>> {
        self.get(key)
            .or_else(|error| fail(format!("get({}) said: {error}", shown(key))))
    }

    /// What is there is this value.
    pub(super) fn holds(&self, key: &str, value: &[u8]) -> Verdict {
        let found = self.gets(key)?;
        match difference(found.as_deref(), value) {
            None => Ok(()),
            Some(what) => fail(format!("get({}) gave {what}", shown(key))),
        }
    }

    pub(super) fn lacks(&self, key: &str) -> Verdict {
        match self.gets(key)? {
            None => Ok(()),
            Some(found) => fail(format!(
                "get({}) gave {} bytes instead of nothing",
                shown(key),
                found.len()
            )),
        }
    }

    /// The keys with this prefix. What else a list has, and what it has twice, is for the
    /// cases about lists to see.
    pub(super) fn lists(&self, prefix: &str) -> Verdict<BTreeSet<String>> {
        let listed = self.lists_raw(prefix)?.into_iter();
        Ok(listed.filter(|key| key.starts_with(prefix)).collect())
    }

    pub(super) fn lists_raw(&self, prefix: &str) -> Verdict<Vec<String>> {
        self.list(prefix)
            .or_else(|error| fail(format!("list({}) said: {error}", shown(prefix))))
    }
}

fn inspected(log: &RunLog, error: StoreError) -> StoreError {
    log.inspect(&error.to_string());
    log.inspect(&format!("{error:?}"));
    error
}

/// How what was found is not what was to be there.
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

/// A key with every character in sight, and not too much of it.
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
