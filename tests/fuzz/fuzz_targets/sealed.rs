//! The sealed file: damaged, foreign, or sealed with the right key around any content.
//!
//! Input: the whole file; or, after the line `sealed`, the content to seal.
//!
//! A file that was not sealed with the key is never read as an empty store or as entries. It is set
//! aside unchanged, and a file of a later version stays in place. In a readable file, a write loses
//! no other entry.
#![no_main]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use libfuzzer_sys::fuzz_target;
use switchback::ports::{SecureStore as _, StoreError};
use switchback::store::{Key, SealedFile, SealingKey};

const KEY: [u8; 32] = [7; 32];
const NONCE: [u8; 24] = [9; 24];
const MAGIC: &[u8] = b"switchback sealed 1\n";

fuzz_target!(|input: &[u8]| {
    let folder = folder();
    let file = folder.join("sessions.sealed");
    match input.strip_prefix(b"sealed\n") {
        Some(entries) => holds(folder, &file, entries),
        None => is_damaged(folder, &file, input),
    }
    for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
        fs::remove_file(entry.path()).expect("it is removed");
    }
});

/// In a folder in memory, if there is one: every write waits for the disk.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let memory = Path::new("/dev/shm");
        let all = if memory.is_dir() {
            memory.to_owned()
        } else {
            std::env::temp_dir()
        };
        let folder = all.join(format!("switchback-fuzz-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder is made");
        folder
    })
}

struct Ours;

impl SealingKey for Ours {
    fn load(&self) -> Result<Option<Key>, StoreError> {
        Ok(Some(Key::new(KEY)))
    }

    fn create(&self, _: &Key) -> Result<(), StoreError> {
        panic!("there is a key")
    }
}

fn open(folder: &Path) -> SealedFile {
    SealedFile::with_key(folder, Ours).expect("the folder is there")
}

fn is_damaged(folder: &Path, file: &Path, input: &[u8]) {
    fs::write(file, input).expect("it is written");
    let store = open(folder);
    let read = store.list("").expect_err("it was not sealed with the key");
    assert_eq!(store.get("a").as_ref(), Err(&read));
    assert_eq!(store.put("a", b"1").as_ref(), Err(&read));
    assert_eq!(store.delete("a").as_ref(), Err(&read));
    assert_eq!(fs::read(file).expect("it is there"), input);
    match (&read, store.set_aside()) {
        (StoreError::Corrupt(_), Ok(Some(aside))) => {
            assert_eq!(fs::read(aside).expect("it is there"), input);
            store.put("a", b"1").expect("a new file");
            assert_eq!(open(folder).list(""), Ok(vec!["a".into()]));
        }
        (StoreError::Newer(_), Err(StoreError::Newer(_))) => {
            assert_eq!(fs::read(file).expect("it is there"), input);
        }
        (read, aside) => panic!("{read} {aside:?}"),
    }
}

fn holds(folder: &Path, file: &Path, entries: &[u8]) {
    let payload = Payload {
        msg: entries,
        aad: MAGIC,
    };
    let cipher = XChaCha20Poly1305::new((&KEY).into());
    let sealed = cipher.encrypt(&XNonce::from(NONCE), payload);
    let sealed = sealed.expect("it is sealed");
    fs::write(file, [MAGIC, &NONCE, &sealed].concat()).expect("it is written");
    let store = open(folder);
    let keys = match store.list("") {
        Ok(keys) => keys,
        Err(StoreError::Corrupt(_)) => return,
        Err(error) => panic!("{error}"),
    };
    let values = |store: &SealedFile| -> Vec<_> {
        let values = keys.iter().map(|key| store.get(key).expect("it is read"));
        values.collect()
    };
    let before = values(&store);
    assert!(before.iter().all(Option::is_some));
    let new = "switchback/new";
    if keys.iter().any(|key| key == new) {
        return;
    }
    store.put(new, entries).expect("there is room");
    let other = open(folder);
    assert_eq!(other.get(new), Ok(Some(entries.to_vec())));
    assert_eq!(values(&other), before);
    assert_eq!(other.list("").map(|keys| keys.len()), Ok(keys.len() + 1));
    other.delete(new).expect("it is there");
    assert_eq!((store.list(""), values(&store)), (Ok(keys.clone()), before));
}
