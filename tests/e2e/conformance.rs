//! The sealed file in the conformance suite, with processes that are really killed and a key that
//! is really locked.
//!
//! The killed process is this program again: it opens the folder that [`FOLDER`] names and writes
//! until it is killed.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::hint::spin_loop;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::{env, fs};

use switchback::ports::{SecureStore, StoreError};
use switchback::store::{Key, KeyFile, SealedFile, SealingKey};
use switchback::testing::{StoreUnderTest, secure_store_conformance};

const FOLDER: &str = "SWITCHBACK_TEST_PUT_IN";
const KEY: &str = "SWITCHBACK_TEST_PUT_KEY";
const KILLED: &str = "conformance::child_process_puts_until_killed";
const BEGUN: &str = "now it puts";

#[test]
fn sealed_file_conforms_when_processes_are_killed() {
    struct Open(Folder);
    impl StoreUnderTest for Open {
        fn open(&self) -> Result<Arc<dyn SecureStore>, StoreError> {
            Ok(Arc::new(SealedFile::open(self.0.path())?))
        }
        fn killed_in_put(&self, key: &str, value: &[u8]) -> bool {
            self.0.killed_in_put(key, value)
        }
    }
    let store = Arc::new(Open(Folder::new()));
    let report = secure_store_conformance(store.clone());
    assert!(report.failures().is_empty(), "{report}");
    let left_out = report.left_out().into_iter().map(|case| case.name);
    let locked = ["locked-at-start", "locked-after-opening", "unlocked-later"];
    assert!(left_out.eq(locked), "{report}");
    store.0.is_clean();
}

/// A key as a keyring stores it: it can be locked.
struct LockableKey {
    key: KeyFile,
    locked: Arc<AtomicBool>,
}

impl SealingKey for LockableKey {
    fn load(&self) -> Result<Option<Key>, StoreError> {
        match self.locked.load(Ordering::SeqCst) {
            true => Err(StoreError::Locked),
            false => self.key.load(),
        }
    }
    fn create(&self, key: &Key) -> Result<(), StoreError> {
        match self.locked.load(Ordering::SeqCst) {
            true => Err(StoreError::Locked),
            false => self.key.create(key),
        }
    }
}

#[test]
fn sealed_file_with_lockable_key_conforms() {
    struct Lockable(Folder, Arc<AtomicBool>);
    impl StoreUnderTest for Lockable {
        fn open(&self) -> Result<Arc<dyn SecureStore>, StoreError> {
            let folder = self.0.path();
            let (key, locked) = (KeyFile::new(folder.join("sessions.key")), self.1.clone());
            let key = LockableKey { key, locked };
            Ok(Arc::new(SealedFile::with_key(folder, key)?))
        }
        fn lock(&self, locked: bool) -> bool {
            self.1.store(locked, Ordering::SeqCst);
            true
        }
        fn killed_in_put(&self, key: &str, value: &[u8]) -> bool {
            self.0.killed_in_put(key, value)
        }
    }
    let store = Arc::new(Lockable(Folder::new(), Arc::default()));
    let report = secure_store_conformance(store.clone());
    assert!(report.failures().is_empty(), "{report}");
    assert!(report.left_out().is_empty(), "{report}");
    store.0.is_clean();
}

/// The folder of a sealed file, in which processes are killed while they write.
struct Folder {
    folder: tempfile::TempDir,
    kills: AtomicU32,
}

impl Folder {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            kills: AtomicU32::new(0),
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn killed_in_put(&self, key: &str, value: &[u8]) -> bool {
        let before = self.files();
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", KILLED, "--nocapture"])
            .env(FOLDER, self.path())
            .env(KEY, key)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(value).unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let begun = said.lines().any(|line| line.unwrap() == BEGUN);
        assert!(begun, "it ended before it began");
        match self.kills.fetch_add(1, Ordering::SeqCst) {
            // During the write: as soon as anything in the folder changes.
            kills if kills % 2 == 0 => {
                while self.files() == before && child.try_wait().unwrap().is_none() {}
            }
            // Later each time: from before the first put to after the second.
            kills => (0..kills * 50_000).for_each(|_| spin_loop()),
        }
        child.kill().unwrap();
        let ended_itself = child.wait().unwrap().success();
        assert!(!ended_itself, "it was not killed");
        true
    }

    /// The files by name, with their lengths. A file that is deleted meanwhile is left out.
    fn files(&self) -> BTreeMap<OsString, u64> {
        let files = fs::read_dir(self.path()).unwrap().flatten();
        files
            .filter_map(|file| Some((file.file_name(), file.metadata().ok()?.len())))
            .collect()
    }

    /// The suite has left nothing behind.
    fn is_clean(&self) {
        let store = SealedFile::open(self.path()).unwrap();
        assert_eq!(store.list(""), Ok(vec![]));
        let kept = ["sessions.key", "sessions.lock", "sessions.sealed"];
        assert!(self.files().keys().eq(kept.map(OsStr::new)));
    }
}

/// The process that is killed. Without the environment variable this test does nothing.
#[test]
fn child_process_puts_until_killed() {
    let Some(folder) = env::var_os(FOLDER) else {
        return;
    };
    let (key, mut value) = (env::var(KEY).unwrap(), Vec::new());
    io::stdin().read_to_end(&mut value).unwrap();
    let store = SealedFile::open(folder).unwrap();
    let mut out = io::stdout();
    writeln!(out, "\n{BEGUN}").unwrap();
    out.flush().unwrap();
    // A limit, in case the parent process has ended.
    for _ in 0..1_000 {
        store.put(&key, &value).unwrap();
    }
}
