//! A store in one encrypted file.
//!
//! `sessions.sealed` is a magic word, a random nonce, and the entries as JSON under
//! XChaCha20-Poly1305. Its key comes from a [`SealingKey`]: a file beside it, or the
//! system's keyring. Every write replaces the whole file at once (written beside it,
//! flushed to disk, renamed), under a lock file that other processes respect: readers see
//! the old entries or the new ones, and no writer loses another's.
//!
//! The nonce is another with each write, and so it names what was written: entries that
//! were read before are read again only where the file has another one.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use switchback_driver::files::{check_folder_is_private, open, resolve_links};
use zeroize::Zeroizing;

use super::sealing_key::{Key, KeyFile, SealingKey};
use crate::files::{failed, make_private_folder, sync_folder, write_atomically};
use crate::ports::{ProcessLock, SecureStore, StoreError};
use crate::process_lock::{LockFile, lock};

/// What the file begins with; authenticated with its content.
const MAGIC: &[u8] = b"switchback sealed 1\n";
/// What a file of any version begins with.
const ANY_VERSION: &[u8] = b"switchback sealed ";
const NONCE_LENGTH: usize = 24;

type Nonce = [u8; NONCE_LENGTH];
type Entries = BTreeMap<String, Entry>;

#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
struct Entry(#[serde(with = "base64_text")] Zeroizing<Vec<u8>>);

/// A store in an encrypted file, for machines without a keyring, and with its key in the
/// keyring for those that have one (keyrings hold little and list poorly).
///
/// Several processes may use it at the same time: it brings the critical section in which
/// they agree. Losing the key loses the entries: [`StoreError::KeyLost`], never an empty
/// store; [`set_aside`](Self::set_aside) then begins anew.
pub struct SealedFile {
    data: PathBuf,
    lock: PathBuf,
    key: Box<dyn SealingKey>,
    /// What was read or written last.
    cached: Mutex<Option<(Nonce, Arc<Entries>)>>,
    processes: Arc<LockFile>,
}

impl SealedFile {
    /// A store in this folder, which is made where it is missing, with its key in a file
    /// beside it.
    ///
    /// # Errors
    /// Where the folder cannot be made, or every user can put files there. Whether the file can
    /// be read shows when it is.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, StoreError> {
        let key = KeyFile::new(folder.as_ref().join("sessions.key"));
        Self::with_key(folder, key)
    }

    /// A store in this folder with its key elsewhere. Where `sessions.sealed` there is a
    /// symbolic link, the store is where that leads, and so are its locks.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn with_key(
        folder: impl AsRef<Path>,
        key: impl SealingKey + 'static,
    ) -> Result<Self, StoreError> {
        let folder = folder.as_ref();
        make_private_folder(folder)
            .and_then(|()| check_folder_is_private(folder))
            .map_err(|error| failed(folder, &error))?;
        let data = folder.join("sessions.sealed");
        let data = resolve_links(&data).map_err(|error| failed(&data, &error))?;
        // Beside the file itself: whoever has it under another name has the same locks.
        let folder = data.parent().unwrap_or(folder);
        check_folder_is_private(folder).map_err(|error| failed(folder, &error))?;
        Ok(Self {
            lock: folder.join("sessions.lock"),
            key: Box::new(key),
            cached: Mutex::default(),
            processes: Arc::new(LockFile::new(folder, "processes")),
            data,
        })
    }

    /// Puts a file that can never be read again aside, under another name beside it, and
    /// gives that name: the next write begins an empty store. For an app that was told
    /// [`StoreError::KeyLost`] or [`StoreError::Corrupt`] (a backup on a new device, a
    /// reset keyring, a damaged disk), and whose people have to log in again. `None` where
    /// it can be read: nothing is lost then, and nothing is done.
    ///
    /// # Errors
    /// Any other error of reading, [`StoreError::Locked`] above all: then nothing is done.
    pub fn set_aside(&self) -> Result<Option<PathBuf>, StoreError> {
        let _lock = lock(&self.lock)?;
        *self.cached() = None;
        match self.read() {
            Err(StoreError::KeyLost(_) | StoreError::Corrupt(_)) => {}
            Err(error) => return Err(error),
            Ok(_) => return Ok(None),
        }
        let mut number = 1_u32;
        let aside = loop {
            let aside = self.data.with_extension(format!("sealed.aside-{number}"));
            if !aside.exists() {
                break aside;
            }
            number += 1;
        };
        let folder = self.data.parent().unwrap_or(Path::new("."));
        fs::rename(&self.data, &aside)
            .and_then(|()| sync_folder(folder))
            .map_err(|error| failed(&self.data, &error))?;
        Ok(Some(aside))
    }

    fn cached(&self) -> MutexGuard<'_, Option<(Nonce, Arc<Entries>)>> {
        switchback_driver::task::lock(&self.cached)
    }

    /// Reads the entries.
    fn read(&self) -> Result<Arc<Entries>, StoreError> {
        let mut file = match open(&self.data, OpenOptions::new().read(true)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Arc::default()),
            Err(error) => return Err(failed(&self.data, &error)),
        };
        let mut head = [0; MAGIC.len() + NONCE_LENGTH];
        let whole = file.read_exact(&mut head);
        let nonce = match (whole, head.split_first_chunk::<{ MAGIC.len() }>()) {
            (Ok(()), Some((magic, nonce))) if magic == MAGIC => Nonce::try_from(nonce).ok(),
            (Err(error), _) if error.kind() != ErrorKind::UnexpectedEof => {
                return Err(failed(&self.data, &error));
            }
            _ => None,
        };
        let cached = self.cached().clone();
        if let Some((_, entries)) = cached.filter(|(cached, _)| nonce == Some(*cached)) {
            return Ok(entries);
        }
        if nonce.is_none() && is_newer(&head) {
            return Err(StoreError::Newer(format!(
                "update the app that uses {}",
                self.data.display()
            )));
        }
        let key = self.key.load()?.ok_or_else(|| self.key_lost())?;
        let nonce = nonce.ok_or_else(|| self.damaged())?;
        let mut sealed = Vec::new();
        file.read_to_end(&mut sealed)
            .map_err(|error| failed(&self.data, &error))?;
        let entries = Arc::new(self.unseal(&key, &nonce, &sealed)?);
        *self.cached() = Some((nonce, Arc::clone(&entries)));
        Ok(entries)
    }

    fn unseal(&self, key: &Key, nonce: &Nonce, sealed: &[u8]) -> Result<Entries, StoreError> {
        let payload = Payload {
            msg: sealed,
            aad: MAGIC,
        };
        let json = cipher(key).decrypt(&XNonce::from(*nonce), payload);
        let json = json.map(Zeroizing::new).map_err(|_| self.damaged())?;
        serde_json::from_slice(&json).map_err(|_| self.damaged())
    }

    fn damaged(&self) -> StoreError {
        StoreError::Corrupt(format!(
            "{} is damaged, or was sealed with another key",
            self.data.display()
        ))
    }

    fn key_lost(&self) -> StoreError {
        StoreError::KeyLost(format!("the key of {} is missing", self.data.display()))
    }

    /// Writes all entries.
    fn write(&self, entries: Entries) -> Result<(), StoreError> {
        let key = self.key_or_new()?;
        let failed = |what: &str| StoreError::Unavailable(what.into());
        let json = serde_json::to_vec(&entries).map(Zeroizing::new);
        let json = json.map_err(|_| failed("the entries cannot be written as JSON"))?;
        let mut nonce = [0; NONCE_LENGTH];
        getrandom::fill(&mut nonce).map_err(|_| failed("the system's random source failed"))?;
        let payload = Payload {
            msg: &json,
            aad: MAGIC,
        };
        let sealed = cipher(&key).encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| StoreError::Full("too much to seal".into()))?;
        write_atomically(&self.data, &[MAGIC, &nonce, &sealed].concat())?;
        *self.cached() = Some((nonce, Arc::new(entries)));
        Ok(())
    }

    /// A new key where nothing was sealed with another one.
    fn key_or_new(&self) -> Result<Key, StoreError> {
        match self.key.load() {
            Ok(Some(key)) => return Ok(key),
            Err(error) if !matches!(error, StoreError::KeyLost(_)) => return Err(error),
            lost if self.data.exists() => return Err(lost.err().unwrap_or(self.key_lost())),
            _ => {}
        }
        let mut key = Key::default();
        getrandom::fill(key.as_mut_slice())
            .map_err(|_| StoreError::Unavailable("the system's random source failed".into()))?;
        self.key.create(&key)?;
        Ok(key)
    }

    /// Changes entries while no other process does.
    fn change(&self, work: impl FnOnce(&mut Entries) -> bool) -> Result<(), StoreError> {
        let _lock = lock(&self.lock)?;
        let mut entries = Entries::clone(&*self.read()?);
        match work(&mut entries) {
            true => self.write(entries),
            false => Ok(()),
        }
    }
}

impl SecureStore for SealedFile {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let entries = self.read()?;
        Ok(entries.get(key).map(|Entry(value)| value.to_vec()))
    }

    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.change(|entries| {
            entries.insert(key.into(), Entry(Zeroizing::new(value.into())));
            true
        })
    }

    fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.change(|entries| entries.remove(key).is_some())
    }

    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let entries = self.read()?;
        let keys = entries.keys().filter(|key| key.starts_with(prefix));
        Ok(keys.cloned().collect())
    }

    fn process_lock(&self) -> Option<Arc<dyn ProcessLock>> {
        Some(self.processes.clone())
    }
}

/// Whether this is the head of a file that a later version writes: a damaged one of ours is
/// not taken for that.
fn is_newer(head: &[u8]) -> bool {
    let version = head.strip_prefix(ANY_VERSION).unwrap_or_default();
    let digits = version.split(|byte| *byte == b'\n').next();
    let digits = digits.filter(|digits| digits.len() < version.len());
    let number = digits.and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<u32>().ok());
    number.is_some_and(|number| number > 1)
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new((&**key).into())
}

/// JSON has no bytes: values are base64.
mod base64_text {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};
    use zeroize::Zeroizing;

    pub(super) fn serialize<S: Serializer>(value: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&Zeroizing::new(STANDARD.encode(value)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Zeroizing<Vec<u8>>, D::Error> {
        let text = Zeroizing::new(String::deserialize(from)?);
        let value = STANDARD.decode(text.as_bytes()).map_err(D::Error::custom)?;
        Ok(Zeroizing::new(value))
    }
}

#[cfg(test)]
mod tests;
