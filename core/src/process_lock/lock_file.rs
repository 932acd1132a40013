//! Locks on files. The system releases them when a process ends, also after `kill -9`.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use backon::{BlockingRetryable as _, ExponentialBuilder};
use switchback_driver::files::{open_no_follow, private_file};

use crate::error::Error;
use crate::files::{failed, make_private_folder};
use crate::ports::{Guard, Owner, ProcessLock, StoreError};

/// The process lock by files beside the store. One file is the critical section. Each lease owner
/// also has its own file, which it locks while it runs: if another process can lock that file, the
/// owner has ended, also after `kill -9`.
///
/// The folder must be on a local disk, since locks of network file systems are not reliable. On iOS
/// owners hold no lock while they run, since the system kills an app that is suspended with a lock
/// in a shared container; there a lease expires by time.
#[derive(Clone, Debug)]
pub struct LockFile {
    section: PathBuf,
    owners: PathBuf,
}

impl LockFile {
    /// The lock of this name in this folder, which must exist. It uses the file `NAME.lock`, and
    /// the folder `NAME.owners`, which it creates when it is needed.
    pub fn new(folder: impl AsRef<Path>, name: &str) -> Self {
        let folder = folder.as_ref();
        Self {
            section: folder.join(format!("{name}.lock")),
            owners: folder.join(format!("{name}.owners")),
        }
    }

    /// The same, for a folder and a name that come from an app's configuration.
    ///
    /// # Errors
    /// [`Error::Configuration`] if the folder does not exist, or the name leads out of it.
    pub fn configured(folder: impl AsRef<Path>, name: &str) -> Result<Self, Error> {
        let folder = folder.as_ref();
        if !folder.is_dir() {
            return Err(Error::configuration(format_args!(
                "the lock file's folder {} does not exist: create it, in a place that all processes \
                 of the app share",
                folder.display()
            )));
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
            return Err(Error::configuration(
                "the lock file's name is not valid: use letters, digits, `-`, `_` and `.`, and do not \
                 begin with a dot",
            ));
        }
        Ok(Self::new(folder, name))
    }

    /// The file of an owner; `None` if its name is not valid as a file name.
    fn file_of(&self, owner: &Owner) -> Option<PathBuf> {
        let name = owner.as_str();
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        (!name.is_empty() && name.bytes().all(plain)).then(|| self.owners.join(name))
    }

    /// Removes the files of owners that have ended.
    fn remove_files_of_ended_owners(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.owners)? {
            let path = entry?.path();
            if is_unlocked(&path) {
                // If a file cannot be removed, the next call tries again.
                let _ = fs::remove_file(&path);
            }
        }
        Ok(())
    }
}

impl ProcessLock for LockFile {
    fn enter(&self) -> Result<Box<dyn Guard + '_>, StoreError> {
        Ok(Box::new(lock(&self.section)?))
    }

    fn announce(&self, owner: &Owner) -> Result<Box<dyn Guard + Send + Sync>, StoreError> {
        if cfg!(target_os = "ios") {
            return Ok(Box::new(()));
        }
        // Inside the section: between creation and lock of the file, no other process may remove
        // it.
        let _section = lock(&self.section)?;
        let at_owners = |error| failed(&self.owners, &error);
        make_private_folder(&self.owners).map_err(at_owners)?;
        self.remove_files_of_ended_owners().map_err(at_owners)?;
        let Some(path) = self.file_of(owner) else {
            return Err(StoreError::Unavailable(format!(
                "the owner name {owner} is not valid: use letters, digits and hyphens only"
            )));
        };
        let file = lock(&path)?;
        Ok(Box::new(AnnouncedOwner { path, _file: file }))
    }

    /// An owner creates and locks its file before its first lease, and the file is removed only
    /// after the owner has ended. So an owner without a file is not running.
    fn is_gone(&self, owner: &Owner) -> bool {
        !cfg!(target_os = "ios")
            && self
                .file_of(owner)
                .is_some_and(|path| is_unlocked(&path) || !path.exists())
    }
}

struct AnnouncedOwner {
    path: PathBuf,
    _file: File,
}

impl Drop for AnnouncedOwner {
    fn drop(&mut self) {
        // The next `announce` removes a file that could not be removed here.
        let _ = fs::remove_file(&self.path);
    }
}

/// Locks a file, and creates it if it is missing. Other processes hold the lock for some
/// milliseconds; after about ten seconds this gives up, in case a process is stopped while it holds
/// the lock.
pub(crate) fn lock(path: &Path) -> Result<File, StoreError> {
    let mut options = private_file();
    options.write(true).create(true).truncate(false);
    let file = open_no_follow(path, &mut options).map_err(|error| failed(path, &error))?;
    let pauses = ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(1))
        .with_max_delay(Duration::from_millis(20))
        .with_max_times(600);
    let locked = (|| try_lock(&file))
        .retry(pauses)
        .when(|error| error.kind() == ErrorKind::WouldBlock)
        .call();
    match locked {
        Ok(()) => Ok(file),
        Err(error) if error.kind() == ErrorKind::WouldBlock => {
            Err(StoreError::Unavailable(format!(
                "another process holds the lock {}; close that process, or try again",
                path.display()
            )))
        }
        Err(error) => Err(failed(path, &error)),
    }
}

fn is_unlocked(path: &Path) -> bool {
    let Ok(file) = open_no_follow(path, private_file().write(true)) else {
        return false;
    };
    try_lock(&file).is_ok()
}

/// `std::fs::File::try_lock` is unsupported on Android.
#[cfg(unix)]
fn try_lock(file: &File) -> io::Result<()> {
    use rustix::fs::{FlockOperation, flock};
    Ok(flock(file, FlockOperation::NonBlockingLockExclusive)?)
}

#[cfg(not(unix))]
fn try_lock(file: &File) -> io::Result<()> {
    Ok(file.try_lock()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_file_admits_one_holder_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let counter = folder.path().join("counter");
        fs::write(&counter, "0").unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let section = LockFile::new(&folder, "s");
                    for _ in 0..50 {
                        let _held = section.enter().unwrap();
                        let n: u32 = fs::read_to_string(&counter).unwrap().parse().unwrap();
                        fs::write(&counter, (n + 1).to_string()).unwrap();
                    }
                });
            }
        });
        assert_eq!(fs::read_to_string(&counter).unwrap(), "200");
    }

    #[test]
    fn owner_is_gone_after_its_lock_is_released() {
        let folder = tempfile::tempdir().unwrap();
        let [one, two] = [0, 1].map(|_| LockFile::new(&folder, "s"));
        let [first, second] = ["first", "second"].map(Owner::new);
        assert!(two.is_gone(&first), "it was never announced");
        let guard = one.announce(&first).unwrap();
        assert!(!two.is_gone(&first));
        // Another announcement changes nothing for the first owner.
        let other = two.announce(&second).unwrap();
        assert!(!two.is_gone(&first) && !one.is_gone(&second));
        drop(guard);
        assert!(two.is_gone(&first));
        drop(other);
        assert_eq!(
            fs::read_dir(folder.path().join("s.owners"))
                .unwrap()
                .count(),
            0
        );
    }

    #[test]
    fn owner_names_cannot_leave_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let section = LockFile::new(&folder, "s");
        for name in ["", "../s.lock", "/etc/passwd", "a b"].map(Owner::new) {
            assert!(!section.is_gone(&name), "{name}");
            assert!(section.announce(&name).is_err(), "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_and_pipes_are_refused_as_lock_files() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("s.lock");
        let section = LockFile::new(&folder, "s");
        let elsewhere = folder.path().join("elsewhere");
        std::os::unix::fs::symlink(&elsewhere, &file).unwrap();
        let error = section.enter().err().unwrap().to_string();
        assert!(error.contains("symbolic link"), "{error}");
        assert!(!elsewhere.exists());
        fs::remove_file(&file).unwrap();
        let made = std::process::Command::new("mkfifo").arg(&file).status();
        assert!(made.unwrap().success());
        let error = section.enter().err().unwrap().to_string();
        assert!(error.contains("named pipe"), "{error}");
    }

    #[test]
    fn announce_removes_files_of_killed_processes() {
        let folder = tempfile::tempdir().unwrap();
        let section = LockFile::new(&folder, "s");
        let killed = Owner::new("killed");
        drop(section.announce(&killed).unwrap());
        // The lock ended with the process; the file still exists.
        let file = section.file_of(&killed).unwrap();
        fs::write(&file, "").unwrap();
        assert!(section.is_gone(&killed));
        let _other = section.announce(&Owner::new("other")).unwrap();
        assert!(!file.exists());
        assert!(section.is_gone(&killed));
    }
}
