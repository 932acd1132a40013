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
use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::sealing_key::{Key, KeyFile, SealingKey};
use crate::critical::{LockFile, lock};
use crate::files::{failed, make_private_folder, sync_folder, write_whole};
use crate::ports::{Critical, SecureStore, StoreError};

/// What the file begins with; authenticated with its content.
const MAGIC: &[u8] = b"switchback sealed 1\n";
const NONCE: usize = 24;

type Nonce = [u8; NONCE];
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
    known: Mutex<Option<(Nonce, Arc<Entries>)>>,
    processes: Arc<LockFile>,
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
            known: Mutex::default(),
            processes: Arc::new(LockFile::new(folder, "processes")),
        })
    }

    /// Puts a file that can never be read again aside, under another name beside it, and
    /// gives that name: the next write begins an empty store. For an app that was told
    /// [`StoreError::KeyLost`] or [`StoreError::Corrupt`] (a backup on a new device, a
    /// reset keyring, a damaged disk), and whose people have to log in again.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the file is there and can be read: nothing is lost
    /// then, and nothing is done. Any other error of reading, [`StoreError::Locked`] above
    /// all.
    pub fn set_aside(&self) -> Result<PathBuf, StoreError> {
        let _lock = lock(&self.lock)?;
        *self.known() = None;
        match self.read() {
            Err(StoreError::KeyLost(_) | StoreError::Corrupt(_)) => {}
            Err(error) => return Err(error),
            Ok(_) => {
                return Err(StoreError::Unavailable(format!(
                    "{} can be read, and stays where it is",
                    self.data.display()
                )));
            }
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
        Ok(aside)
    }

    fn known(&self) -> MutexGuard<'_, Option<(Nonce, Arc<Entries>)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the entries.
    fn read(&self) -> Result<Arc<Entries>, StoreError> {
        let mut file = match File::open(&self.data) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Arc::default()),
            Err(error) => return Err(failed(&self.data, &error)),
        };
        let mut head = [0; MAGIC.len() + NONCE];
        let whole = file.read_exact(&mut head);
        let nonce = match (whole, head.split_first_chunk::<{ MAGIC.len() }>()) {
            (Ok(()), Some((magic, nonce))) if magic == MAGIC => Nonce::try_from(nonce).ok(),
            (Err(error), _) if error.kind() != ErrorKind::UnexpectedEof => {
                return Err(failed(&self.data, &error));
            }
            _ => None,
        };
        let known = self.known().clone();
        if let Some((_, entries)) = known.filter(|(known, _)| nonce == Some(*known)) {
            return Ok(entries);
        }
        let key = self.key.load()?.ok_or_else(|| self.key_lost())?;
        let nonce = nonce.ok_or_else(|| self.damaged())?;
        let mut sealed = Vec::new();
        file.read_to_end(&mut sealed)
            .map_err(|error| failed(&self.data, &error))?;
        let entries = Arc::new(self.unseal(&key, &nonce, &sealed)?);
        *self.known() = Some((nonce, Arc::clone(&entries)));
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
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| failed("the system's random source failed"))?;
        let payload = Payload {
            msg: &json,
            aad: MAGIC,
        };
        let sealed = cipher(&key).encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| StoreError::Full("too much to seal".into()))?;
        write_whole(&self.data, &[MAGIC, &nonce, &sealed].concat())?;
        *self.known() = Some((nonce, Arc::new(entries)));
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

    fn critical(&self) -> Option<Arc<dyn Critical>> {
        Some(self.processes.clone())
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
        let key = folder.path().join("sessions.key");
        let lost = |result: Result<(), StoreError>| matches!(result, Err(StoreError::KeyLost(_)));
        let next = SealedFile::open(&folder).unwrap();
        for half_a_key in [None, Some([0; 16])] {
            match half_a_key {
                None => fs::remove_file(&key).unwrap(),
                Some(half) => write_whole(&key, &half).unwrap(),
            }
            assert!(lost(next.get("a").map(drop)));
            // Whoever knows the entries makes no second key for them.
            assert!(lost(store.put("a", b"2")) && lost(next.put("a", b"2")));
            assert_eq!(store.get("a"), Ok(Some(b"1".to_vec())));
        }
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
        let is_damaged = || {
            let next = SealedFile::open(&folder).unwrap();
            let get = next.get("a").map(drop);
            let damaged = |result| matches!(result, Err(StoreError::Corrupt(_)));
            damaged(get) && damaged(next.put("a", b"2"))
        };
        for at in [0, MAGIC.len(), MAGIC.len() + NONCE, good.len() - 1] {
            let mut bad = good.clone();
            bad[at] ^= 1;
            fs::write(&path, &bad).unwrap();
            assert!(is_damaged(), "{at}");
        }
        for length in [0, 5, MAGIC.len() + 3, good.len() - 1] {
            fs::write(&path, &good[..length]).unwrap();
            assert!(is_damaged(), "{length}");
        }
        fs::write(&path, &good).unwrap();
        assert_eq!(store.get("a"), Ok(Some(b"1".to_vec())));
    }

    #[test]
    fn what_can_never_be_read_again_is_set_aside_and_what_can_is_not() {
        let folder = folder();
        let open = || SealedFile::open(&folder).unwrap();
        open().put("a", b"1").unwrap();
        assert!(matches!(
            open().set_aside(),
            Err(StoreError::Unavailable(_))
        ));
        let path = folder.path().join("sessions.sealed");
        let good = fs::read(&path).unwrap();
        for number in 1..=2 {
            let mut bad = fs::read(&path).unwrap();
            *bad.last_mut().unwrap() ^= 1;
            fs::write(&path, &bad).unwrap();
            let store = open();
            let aside = store.set_aside().unwrap();
            assert!(aside.ends_with(format!("sessions.sealed.aside-{number}")));
            assert_eq!(fs::read(&aside).unwrap(), bad);
            assert_eq!(store.get("a"), Ok(None));
            store.put("b", b"2").unwrap();
        }
        // The same for a key that is none.
        let key = folder.path().join("sessions.key");
        write_whole(&key, &[0; 16]).unwrap();
        open().set_aside().unwrap();
        open().put("c", b"3").unwrap();
        assert_eq!(open().get("c"), Ok(Some(b"3".to_vec())));
        assert_ne!(fs::read(&path).unwrap(), good);
    }

    #[test]
    fn entries_are_read_again_only_where_somebody_wrote() {
        let folder = folder();
        let [one, two] = [0, 1].map(|_| SealedFile::open(&folder).unwrap());
        one.put("a", b"1").unwrap();
        let (first, again) = (one.read().unwrap(), one.read().unwrap());
        assert!(Arc::ptr_eq(&first, &again));
        two.put("a", b"2").unwrap();
        assert_eq!(one.get("a"), Ok(Some(b"2".to_vec())));
        two.delete("a").unwrap();
        assert_eq!(one.get("a"), Ok(None));
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
        let next = SealedFile::open(&inner).unwrap();
        let Err(StoreError::Denied(what)) = next.get("a") else {
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
