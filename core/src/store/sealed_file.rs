//! A store in one encrypted file.
//!
//! `sessions.sealed` is a magic word, a random nonce, and the entries as JSON under
//! XChaCha20-Poly1305. Its key comes from a [`SealingKey`]: a file beside it, or the
//! system's keyring. Every write replaces the whole file at once (written beside it,
//! flushed to disk, renamed), under a lock file that other processes respect: readers see
//! the old entries or the new ones, and no writer loses another's.

use std::collections::BTreeMap;
use std::fs::{self, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::sealing_key::{Key, KeyFile, SealingKey};
use super::whole_file::{failed, make_private_folder, private_file, write_whole};
use crate::ports::{SecureStore, StoreError};

/// What the file begins with; authenticated with its content.
const MAGIC: &[u8] = b"switchback sealed 1\n";
const NONCE: usize = 24;

type Entries = BTreeMap<String, Entry>;

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Entry(#[serde(with = "base64_text")] Zeroizing<Vec<u8>>);

/// A store in an encrypted file, for machines without a keyring, and with its key in the
/// keyring for those that have one (keyrings hold little and list poorly).
///
/// Losing the key loses the entries: [`StoreError::KeyLost`], never an empty store.
pub struct SealedFile {
    data: PathBuf,
    lock: PathBuf,
    key: Box<dyn SealingKey>,
}

impl SealedFile {
    /// A store in this folder, which is made where it is missing, with its key in a file
    /// beside it.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, StoreError> {
        let key = KeyFile::new(folder.as_ref().join("sessions.key"));
        Self::with_key(folder, key)
    }

    /// A store in this folder with its key elsewhere.
    pub fn with_key(
        folder: impl AsRef<Path>,
        key: impl SealingKey + 'static,
    ) -> Result<Self, StoreError> {
        let folder = folder.as_ref();
        make_private_folder(folder).map_err(|error| failed(folder, &error))?;
        Ok(Self {
            data: folder.join("sessions.sealed"),
            lock: folder.join("sessions.lock"),
            key: Box::new(key),
        })
    }

    /// Reads the entries.
    fn read(&self) -> Result<Entries, StoreError> {
        let sealed = match fs::read(&self.data) {
            Ok(sealed) => sealed,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Entries::new()),
            Err(error) => return Err(failed(&self.data, &error)),
        };
        let damaged = || {
            StoreError::Corrupt(format!(
                "{} is damaged, or was sealed with another key",
                self.data.display()
            ))
        };
        let key = self.key.load()?.ok_or_else(|| {
            StoreError::KeyLost(format!("the key of {} is missing", self.data.display()))
        })?;
        let rest = sealed.strip_prefix(MAGIC).ok_or_else(damaged)?;
        let (nonce, sealed) = rest.split_at_checked(NONCE).ok_or_else(damaged)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| damaged())?;
        let payload = Payload {
            msg: sealed,
            aad: MAGIC,
        };
        let json = cipher(&key).decrypt(&nonce, payload).map(Zeroizing::new);
        serde_json::from_slice(&json.map_err(|_| damaged())?).map_err(|_| damaged())
    }

    /// Writes all entries.
    fn write(&self, entries: &Entries) -> Result<(), StoreError> {
        let key = self.key_or_new()?;
        let failed = |what: &str| StoreError::Unavailable(what.into());
        let json = serde_json::to_vec(entries).map(Zeroizing::new);
        let json = json.map_err(|_| failed("the entries cannot be written as JSON"))?;
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| failed("the system's random source failed"))?;
        let payload = Payload {
            msg: &json,
            aad: MAGIC,
        };
        let sealed = cipher(&key).encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| StoreError::Full("too much to seal".into()))?;
        write_whole(&self.data, &[MAGIC, &nonce, &sealed].concat())
    }

    fn key_or_new(&self) -> Result<Key, StoreError> {
        if let Some(key) = self.key.load()? {
            return Ok(key);
        }
        let mut key = Key::default();
        getrandom::fill(key.as_mut_slice())
            .map_err(|_| StoreError::Unavailable("the system's random source failed".into()))?;
        self.key.create(&key)?;
        Ok(key)
    }

    /// Another process writes for some milliseconds. One that is stopped in the middle is
    /// not waited for.
    fn wait_for(&self, lock: &fs::File) -> Result<(), StoreError> {
        const PAUSE: Duration = Duration::from_millis(5);
        const PAUSES: u32 = 2000;
        for _ in 0..PAUSES {
            match lock.try_lock() {
                Ok(()) => return Ok(()),
                Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
                Err(TryLockError::Error(error)) => return Err(failed(&self.lock, &error)),
            }
        }
        Err(StoreError::Unavailable(format!(
            "{} is held by another process",
            self.lock.display()
        )))
    }

    /// Runs while no other process writes.
    fn locked<T>(
        &self,
        work: impl FnOnce(Entries) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let lock = private_file()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&self.lock)
            .map_err(|error| failed(&self.lock, &error))?;
        self.wait_for(&lock)?;
        let done = work(self.read()?);
        // Closing it would do; an error here would mean that nothing was ever locked.
        lock.unlock().map_err(|error| failed(&self.lock, &error))?;
        done
    }
}

impl SecureStore for SealedFile {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let value = self.read()?.remove(key);
        Ok(value.map(|Entry(mut value)| std::mem::take(&mut *value)))
    }

    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.locked(|mut entries| {
            entries.insert(key.into(), Entry(Zeroizing::new(value.into())));
            self.write(&entries)
        })
    }

    fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.locked(|mut entries| match entries.remove(key) {
            Some(_) => self.write(&entries),
            None => Ok(()),
        })
    }

    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let entries = self.read()?;
        let keys = entries.into_keys().filter(|key| key.starts_with(prefix));
        Ok(keys.collect())
    }
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
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[test]
    fn what_is_put_is_there_for_the_next_process() {
        let folder = folder();
        let store = SealedFile::open(&folder).unwrap();
        assert_eq!(store.get("a"), Ok(None));
        store.put("a/1", b"\x00\xff").unwrap();
        store.put("a/2", b"").unwrap();
        store.put("b", "å".as_bytes()).unwrap();
        let next = SealedFile::open(&folder).unwrap();
        assert_eq!(next.get("a/1"), Ok(Some(b"\x00\xff".to_vec())));
        assert_eq!(next.get("a/2"), Ok(Some(Vec::new())));
        assert_eq!(next.list("a/"), Ok(vec!["a/1".into(), "a/2".into()]));
        next.delete("a/1").unwrap();
        next.delete("a/1").unwrap();
        assert_eq!(store.get("a/1"), Ok(None));
        assert_eq!(store.get("b"), Ok(Some("å".into())));
    }

    #[test]
    fn nothing_of_it_can_be_read_without_the_key() {
        let folder = folder();
        let store = SealedFile::open(&folder).unwrap();
        store.put("the-key", b"the-value").unwrap();
        let sealed = fs::read(folder.path().join("sessions.sealed")).unwrap();
        let shown = String::from_utf8_lossy(&sealed);
        assert!(!shown.contains("the-key") && !shown.contains("the-value"));
    }

    #[test]
    fn no_nonce_and_no_key_is_used_twice() {
        let nonce = |folder: &tempfile::TempDir| {
            let sealed = fs::read(folder.path().join("sessions.sealed")).unwrap();
            sealed[MAGIC.len()..MAGIC.len() + NONCE].to_vec()
        };
        let (one, two) = (folder(), folder());
        let mut nonces = std::collections::HashSet::new();
        for folder in [&one, &two, &one, &two] {
            SealedFile::open(folder).unwrap().put("a", b"1").unwrap();
            assert!(nonces.insert(nonce(folder)));
        }
        let key = |folder: &tempfile::TempDir| fs::read(folder.path().join("sessions.key"));
        let (one, two) = (key(&one).unwrap(), key(&two).unwrap());
        let different = one.iter().zip(&two).filter(|(a, b)| a != b).count();
        assert!(different > 16, "two random keys differ nearly everywhere");
    }

    #[test]
    fn what_cannot_be_read_is_not_an_empty_store() {
        let folder = folder();
        fs::create_dir(folder.path().join("sessions.sealed")).unwrap();
        let store = SealedFile::open(&folder).unwrap();
        assert!(matches!(store.get("a"), Err(StoreError::Unavailable(_))));
        assert!(matches!(
            store.put("a", b"1"),
            Err(StoreError::Unavailable(_))
        ));
    }

    #[test]
    fn a_reader_never_meets_half_a_write() {
        let folder = folder();
        let store = SealedFile::open(&folder).unwrap();
        store.put("a", &[b'x'; 20_000]).unwrap();
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                let store = SealedFile::open(&folder).unwrap();
                for _ in 0..100 {
                    store.put("a", &[b'y'; 20_000]).unwrap();
                }
            });
            while !writer.is_finished() {
                assert_eq!(store.get("a").unwrap().unwrap().len(), 20_000);
            }
        });
    }

    #[test]
    fn a_lost_key_is_not_an_empty_store() {
        let folder = folder();
        let store = SealedFile::open(&folder).unwrap();
        store.put("a", b"1").unwrap();
        let before = fs::read(folder.path().join("sessions.sealed")).unwrap();
        fs::remove_file(folder.path().join("sessions.key")).unwrap();
        assert!(matches!(store.get("a"), Err(StoreError::KeyLost(_))));
        assert!(matches!(store.put("a", b"2"), Err(StoreError::KeyLost(_))));
        let after = fs::read(folder.path().join("sessions.sealed")).unwrap();
        assert_eq!(before, after);
    }

    #[test]
    fn a_damaged_file_says_so_and_is_left_alone() {
        let folder = folder();
        let store = SealedFile::open(&folder).unwrap();
        store.put("a", b"1").unwrap();
        let path = folder.path().join("sessions.sealed");
        let good = fs::read(&path).unwrap();
        for at in [0, MAGIC.len(), MAGIC.len() + NONCE, good.len() - 1] {
            let mut bad = good.clone();
            bad[at] ^= 1;
            fs::write(&path, &bad).unwrap();
            assert!(
                matches!(store.get("a"), Err(StoreError::Corrupt(_))),
                "{at}"
            );
            assert!(matches!(store.put("a", b"2"), Err(StoreError::Corrupt(_))));
        }
        for length in [0, 5, MAGIC.len() + 3, good.len() - 1] {
            fs::write(&path, &good[..length]).unwrap();
            assert!(matches!(store.get("a"), Err(StoreError::Corrupt(_))));
        }
        fs::write(&path, &good).unwrap();
        assert_eq!(store.get("a"), Ok(Some(b"1".to_vec())));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it_and_a_key_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = folder();
        let inner = folder.path().join("made");
        let store = SealedFile::open(&inner).unwrap();
        store.put("a", b"1").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&inner), 0o700);
        for file in ["sessions.sealed", "sessions.key", "sessions.lock"] {
            assert_eq!(mode(&inner.join(file)), 0o600, "{file}");
        }
        let key = inner.join("sessions.key");
        fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
        let Err(StoreError::Denied(what)) = store.get("a") else {
            panic!("a key for everybody was used")
        };
        assert!(what.contains("chmod 600"), "{what}");
    }

    #[test]
    fn many_writers_lose_nothing() {
        let folder = folder();
        std::thread::scope(|scope| {
            for writer in 0..8 {
                let store = SealedFile::open(&folder).unwrap();
                scope.spawn(move || {
                    for n in 0..10 {
                        store.put(&format!("{writer}/{n}"), b"x").unwrap();
                    }
                });
            }
        });
        let store = SealedFile::open(&folder).unwrap();
        assert_eq!(store.list("").unwrap().len(), 80);
    }
}
