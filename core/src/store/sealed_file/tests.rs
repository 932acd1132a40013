use super::*;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn entries_persist_for_the_next_process() {
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
fn file_shows_neither_keys_nor_values() {
    let folder = folder();
    let store = SealedFile::open(&folder).unwrap();
    store.put("the-key", b"the-value").unwrap();
    let sealed = fs::read(folder.path().join("sessions.sealed")).unwrap();
    let shown = String::from_utf8_lossy(&sealed);
    assert!(!shown.contains("the-key") && !shown.contains("the-value"));
}

#[test]
fn nonces_and_keys_are_never_reused() {
    let nonce = |folder: &tempfile::TempDir| {
        let sealed = fs::read(folder.path().join("sessions.sealed")).unwrap();
        sealed[MAGIC.len()..MAGIC.len() + NONCE_LENGTH].to_vec()
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
fn unreadable_file_is_not_an_empty_store() {
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
fn reader_never_sees_a_partial_write() {
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
fn lost_key_is_not_an_empty_store() {
    let folder = folder();
    let store = SealedFile::open(&folder).unwrap();
    store.put("a", b"1").unwrap();
    let before = fs::read(folder.path().join("sessions.sealed")).unwrap();
    let key = folder.path().join("sessions.key");
    let lost = |result: Result<(), StoreError>| match result {
        Err(StoreError::KeyLost(why)) => why.contains("set_aside"),
        _ => false,
    };
    let next = SealedFile::open(&folder).unwrap();
    for half_a_key in [None, Some([0; 16])] {
        match half_a_key {
            None => fs::remove_file(&key).unwrap(),
            Some(half) => write_atomically(&key, &half).unwrap(),
        }
        assert!(lost(next.get("a").map(drop)));
        // A store that has the entries in memory creates no second key for them.
        assert!(lost(store.put("a", b"2")) && lost(next.put("a", b"2")));
        assert_eq!(store.get("a"), Ok(Some(b"1".to_vec())));
    }
    let after = fs::read(folder.path().join("sessions.sealed")).unwrap();
    assert_eq!(before, after);
}

#[test]
fn damaged_file_is_reported_and_left_unchanged() {
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
    for at in [
        0,
        ANY_VERSION.len() - 1,
        MAGIC.len() - 1,
        MAGIC.len(),
        MAGIC.len() + NONCE_LENGTH,
        good.len() - 1,
    ] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        fs::write(&path, &bad).unwrap();
        assert!(is_damaged(), "{at}");
    }
    for length in [
        0,
        5,
        ANY_VERSION.len(),
        ANY_VERSION.len() + 1,
        MAGIC.len() + 3,
        good.len() - 1,
    ] {
        fs::write(&path, &good[..length]).unwrap();
        assert!(is_damaged(), "{length}");
    }
    fs::write(&path, &good).unwrap();
    assert_eq!(store.get("a"), Ok(Some(b"1".to_vec())));
}

#[test]
fn set_aside_moves_only_unreadable_files() {
    let folder = folder();
    let open = || SealedFile::open(&folder).unwrap();
    open().put("a", b"1").unwrap();
    assert_eq!(open().set_aside(), Ok(None));
    let path = folder.path().join("sessions.sealed");
    let good = fs::read(&path).unwrap();
    for number in 1..=2 {
        let mut bad = fs::read(&path).unwrap();
        *bad.last_mut().unwrap() ^= 1;
        fs::write(&path, &bad).unwrap();
        let store = open();
        let aside = store.set_aside().unwrap().unwrap();
        assert!(aside.ends_with(format!("sessions.sealed.aside-{number}")));
        assert_eq!(fs::read(&aside).unwrap(), bad);
        assert_eq!(store.get("a"), Ok(None));
        store.put("b", b"2").unwrap();
    }
    // The same for a key of the wrong length.
    let key = folder.path().join("sessions.key");
    write_atomically(&key, &[0; 16]).unwrap();
    assert!(open().set_aside().unwrap().is_some());
    open().put("c", b"3").unwrap();
    assert_eq!(open().get("c"), Ok(Some(b"3".to_vec())));
    assert_ne!(fs::read(&path).unwrap(), good);
}

#[test]
fn next_write_removes_unfinished_files() {
    let folder = folder();
    let store = SealedFile::open(&folder).unwrap();
    for unfinished in ["sessions.key.new", "sessions.sealed.new"] {
        fs::write(folder.path().join(unfinished), "half of it").unwrap();
    }
    store.put("a", b"1").unwrap();
    let files = fs::read_dir(&folder).unwrap();
    let mut names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["sessions.key", "sessions.lock", "sessions.sealed"]);
    assert_eq!(store.get("a"), Ok(Some(b"1".to_vec())));
}

struct FixedKey;

impl SealingKey for FixedKey {
    fn load(&self) -> Result<Option<Key>, StoreError> {
        Ok(Some(Zeroizing::new(std::array::from_fn(|n| n as u8))))
    }
    fn create(&self, _: &Key) -> Result<(), StoreError> {
        panic!("there is one")
    }
}

/// Written by version 1 and never changed again: a later version must read it.
#[test]
fn version_1_file_is_read() {
    let folder = folder();
    let path = folder.path().join("sessions.sealed");
    fs::write(&path, include_bytes!("../../../fixtures/sealed-file-v1")).unwrap();
    let store = SealedFile::with_key(&folder, FixedKey).unwrap();
    assert_eq!(store.list(""), Ok(vec!["a/1".into(), "b/å".into()]));
    assert_eq!(store.get("a/1"), Ok(Some(b"frozen".to_vec())));
    assert_eq!(store.get("b/å"), Ok(Some(vec![0, 255])));
}

#[test]
fn file_of_a_later_version_is_reported_and_kept() {
    let folder = folder();
    let path = folder.path().join("sessions.sealed");
    fs::write(
        &path,
        b"switchback sealed 2\nand all is new in it, and longer",
    )
    .unwrap();
    let store = SealedFile::open(&folder).unwrap();
    for error in [
        store.get("a").unwrap_err(),
        store.put("a", b"1").unwrap_err(),
        store.set_aside().unwrap_err(),
    ] {
        assert!(error.to_string().contains("update the app"), "{error}");
    }
    assert!(path.exists());
}

#[test]
fn file_is_decrypted_again_only_after_a_write() {
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
fn files_are_private_and_a_shared_key_is_refused() {
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
        panic!("a key that others can read was used")
    };
    assert!(what.contains("chmod 600"), "{what}");
}

#[cfg(unix)]
#[test]
fn stores_behind_a_link_share_file_and_locks() {
    use std::os::unix::fs::symlink;
    let (one, two) = (folder(), folder());
    let store = SealedFile::open(&one).unwrap();
    store.put("a", b"1").unwrap();
    for name in ["sessions.sealed", "sessions.key"] {
        symlink(one.path().join(name), two.path().join(name)).unwrap();
    }
    let link = two.path().join("sessions.sealed");
    std::thread::scope(|scope| {
        for (folder, from) in [
            (&one, "one"),
            (&two, "two"),
            (&one, "three"),
            (&two, "four"),
        ] {
            scope.spawn(move || {
                let store = SealedFile::open(folder).unwrap();
                for n in 0..10 {
                    store.put(&format!("{from}/{n}"), b"x").unwrap();
                }
            });
        }
    });
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    for folder in [&one, &two] {
        let keys = SealedFile::open(folder).unwrap().list("").unwrap();
        assert_eq!(keys.len(), 41);
    }
    assert!(!two.path().join("sessions.lock").exists());
    // Also if there is no file yet.
    let (three, four) = (folder(), folder());
    symlink(
        four.path().join("sessions.sealed"),
        three.path().join("sessions.sealed"),
    )
    .unwrap();
    SealedFile::open(&three).unwrap().put("a", b"1").unwrap();
    assert!(four.path().join("sessions.sealed").is_file());
}

#[cfg(unix)]
#[test]
fn pipes_and_shared_folders_are_refused_without_waiting() {
    use std::os::unix::fs::PermissionsExt as _;
    for name in ["sessions.sealed", "sessions.key", "sessions.lock"] {
        let folder = folder();
        let made = std::process::Command::new("mkfifo")
            .arg(folder.path().join(name))
            .status();
        assert!(made.unwrap().success());
        let store = SealedFile::open(&folder).unwrap();
        let error = store.put("a", b"1").unwrap_err().to_string();
        assert!(
            error.contains("named pipe") && error.contains(name),
            "{error}"
        );
    }
    for mode in [0o777, 0o1777, 0o702] {
        let folder = folder();
        fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
        let Err(StoreError::Denied(what)) = SealedFile::open(&folder) else {
            panic!("a folder that every user can write to was used")
        };
        assert!(what.contains("chmod 700"), "{what}");
    }
}

#[test]
fn concurrent_writers_lose_no_entry() {
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
