//! A secure store in one encrypted file.
//!
//! `sessions.sealed` consists of a magic line, a random nonce, and the entries as JSON, encrypted
//! with XChaCha20-Poly1305. The key comes from a [`SealingKey`]: a file beside it, or the system's
//! keyring. Each write replaces the file atomically (write to a temporary file, flush, rename),
//! under a lock file that all processes use. So readers see the old entries or the new ones, and no
//! writer overwrites the entries of another.
//!
//! Each write uses a new nonce, which therefore identifies the content: the file is decrypted again
//! only if its nonce has changed.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use switchback_driver::files::{check_not_world_writable, open, resolve_links};
use zeroize::Zeroizing;

use super::sealing_key::{Key, KeyFile, REMEDY, SealingKey};
use crate::files::{failed, make_private_folder, sync_folder, write_atomically};
use crate::ports::{ProcessLock, SecureStore, StoreError};
use crate::process_lock::{LockFile, lock};

/// The first line of the file, which is authenticated together with its content.
const MAGIC: &[u8] = b"switchback sealed 1\n";
/// The beginning of a file of any version.
const ANY_VERSION: &[u8] = b"switchback sealed ";
const NONCE_LENGTH: usize = 24;

type Nonce = [u8; NONCE_LENGTH];
type Entries = BTreeMap<String, Entry>;

#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
struct Entry(#[serde(with = "base64_text")] Zeroizing<Vec<u8>>);

/// A secure store in an encrypted file, for machines without a keyring; with its key in the keyring
/// for machines that have one (keyrings store little and list entries poorly).
///
/// Several processes may use it at the same time: it has its own process lock. If the key is lost,
/// calls fail with [`StoreError::KeyLost`], and the store never looks empty;
/// [`set_aside`](Self::set_aside) then begins a new store.
pub struct SealedFile {
    data: PathBuf,
    lock: PathBuf,
    key: Box<dyn SealingKey>,
    /// The entries that were read or written last, and their nonce.
    cached: Mutex<Option<(Nonce, Arc<Entries>)>>,
    processes: Arc<LockFile>,
}

impl SealedFile {
    /// A store in this folder, with its key in a file beside it. The folder is created if it is
    /// missing.
    ///
    /// # Errors
    /// If the folder cannot be created, or every user can write to it. Whether the file can be read
    /// shows at the first read.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, StoreError> {
        let key = KeyFile::new(folder.as_ref().join("sessions.key"));
        Self::with_key(folder, key)
    }

    /// A store in this folder, with its key elsewhere. If `sessions.sealed` in this folder is a
    /// symbolic link, the store and its locks are at the link's target.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn with_key(
        folder: impl AsRef<Path>,
        key: impl SealingKey + 'static,
    ) -> Result<Self, StoreError> {
        let folder = folder.as_ref();
        make_private_folder(folder)
            .and_then(|()| check_not_world_writable(folder))
            .map_err(|error| failed(folder, &error))?;
        let data = folder.join("sessions.sealed");
        let data = resolve_links(&data).map_err(|error| failed(&data, &error))?;
        // Beside the file itself, so that every path to the file leads to the same locks.
        let folder = data.parent().unwrap_or(folder);
        check_not_world_writable(folder).map_err(|error| failed(folder, &error))?;
        Ok(Self {
            lock: folder.join("sessions.lock"),
            key: Box::new(key),
            cached: Mutex::default(),
            processes: Arc::new(LockFile::new(folder, "processes")),
            data,
        })
    }

    /// Sets an unreadable file aside: renames it, and returns the new name. The next write begins
    /// an empty store. Use this after [`StoreError::KeyLost`] or [`StoreError::Corrupt`] (a backup
    /// on a new device, a reset keyring, a damaged disk); all persons must log in again. `None` if
    /// the file can be read: then nothing changes.
    ///
    /// # Errors
    /// Any other error of reading, most important [`StoreError::Locked`]: then nothing changes.
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
        let read = file.read_exact(&mut head);
        let nonce = match (read, head.split_first_chunk::<{ MAGIC.len() }>()) {
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
            "{} is damaged, or was encrypted with another key",
            self.data.display()
        ))
    }

    fn key_lost(&self) -> StoreError {
        let data = self.data.display();
        StoreError::KeyLost(format!("the key of {data} is missing; {REMEDY}"))
    }

    /// Writes all entries.
    fn write(&self, entries: Entries) -> Result<(), StoreError> {
        let key = self.key_or_new()?;
        let failed = |what: &str| StoreError::Unavailable(what.into());
        let json = serde_json::to_vec(&entries).map(Zeroizing::new);
        let json = json.map_err(|_| failed("the entries cannot be written as JSON"))?;
        let mut nonce = [0; NONCE_LENGTH];
        getrandom::fill(&mut nonce)
            .map_err(|_| failed("the operating system returned no random bytes"))?;
        let payload = Payload {
            msg: &json,
            aad: MAGIC,
        };
        let sealed = cipher(&key).encrypt(&XNonce::from(nonce), payload);
        let sealed =
            sealed.map_err(|_| StoreError::Full("the entries are too large to encrypt".into()))?;
        write_atomically(&self.data, &[MAGIC, &nonce, &sealed].concat())?;
        *self.cached() = Some((nonce, Arc::new(entries)));
        Ok(())
    }

    /// The key; a new one if nothing was encrypted with another key.
    fn key_or_new(&self) -> Result<Key, StoreError> {
        match self.key.load() {
            Ok(Some(key)) => return Ok(key),
            Err(error) if !matches!(error, StoreError::KeyLost(_)) => return Err(error),
            lost if self.data.exists() => return Err(lost.err().unwrap_or(self.key_lost())),
            _ => {}
        }
        let mut key = Key::default();
        getrandom::fill(key.as_mut_slice()).map_err(|_| {
            StoreError::Unavailable("the operating system returned no random bytes".into())
        })?;
        self.key.create(&key)?;
        Ok(key)
    }

    /// Changes the entries under the lock.
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

/// Whether this is the beginning of a file of a later version, and not a damaged file of this
/// version.
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

/// JSON has no byte strings, so values are in base64.
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
