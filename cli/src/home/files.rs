//! The small files of the folder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::exit::{Exit, Failure};

/// Another process decides within milliseconds, unless a keyring asks its person first.
const PAUSE: Duration = Duration::from_millis(5);
pub(super) const PAUSES: u32 = 2000;

/// Makes a folder that nobody else can look into.
pub(super) fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Locks a file for as long as it is held. A process that is stopped in the middle is
/// not waited for.
pub(super) fn lock(path: &Path, pauses: u32) -> Result<File, Failure> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = options.write(true).create(true).truncate(false).open(path);
    let file = opened.map_err(|error| failed(path, &error))?;
    for _ in 0..pauses {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            Err(TryLockError::Error(error)) => return Err(failed(path, &error)),
        }
    }
    let held = Failure::new(Exit::Store, "store", "another process makes the store");
    Err(held
        .at(path.display().to_string())
        .next("end that process, or wait for it, and try again"))
}

pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Failure> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path, &error)),
    };
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|_| newer(path))
}

/// All of it or nothing, whoever reads at the same time.
pub(super) fn write(path: &Path, value: &impl Serialize) -> Result<(), Failure> {
    let whole = || -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&serde_json::to_vec_pretty(value)?)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    whole().map_err(|error| failed(path, &error))
}

pub(super) fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::new(Exit::Store, "store", format!("the store failed: {error}"))
        .at(path.display().to_string())
        .next("mend it, or use another folder with --home")
}

pub(super) fn newer(path: &Path) -> Failure {
    Failure::new(
        Exit::Store,
        "store",
        "a file is damaged, or of a newer switchback",
    )
    .at(path.display().to_string())
    .next("use a newer switchback, or another folder with --home")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_is_held_is_not_waited_for_for_ever() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("store.lock");
        let held = lock(&path, 1).expect("nobody holds it");
        let failure = lock(&path, 1).expect_err("it is held");
        assert_eq!(failure.exit, Exit::Store);
        drop(held);
        lock(&path, 1).expect("it is free again");
    }
}
