//! Locks on files, which the system lets go of when a process ends, however it ends.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use backon::{BlockingRetryable as _, ExponentialBuilder};
use switchback_driver::files::{open_no_follow, private_file};

use crate::error::Error;
use crate::files::{failed, make_private_folder};
use crate::ports::{Guard, Owner, ProcessLock, StoreError};

/// A critical section of all processes that use the same store, by a lock on a file beside
/// it, and a file for each of them that it locks for as long as it runs: whoever finds
/// another's file without a lock knows that it is gone, also after a `kill -9`.
///
/// The folder must be on a disk of this machine: locks of a network's file systems are not
/// to be trusted. On iOS nobody holds a lock for as long as it runs, since the system kills
/// an app that is suspended with one in a shared container: there a lease runs out.
#[derive(Clone, Debug)]
pub struct LockFile {
    section: PathBuf,
    owners: PathBuf,
}

impl LockFile {
    /// The section of this name in this folder, which must exist: `NAME.lock`, and a folder
    /// `NAME.owners` that is made when it is needed.
    pub fn new(folder: impl AsRef<Path>, name: &str) -> Self {
        let folder = folder.as_ref();
        Self {
            section: folder.join(format!("{name}.lock")),
            owners: folder.join(format!("{name}.owners")),
        }
    }

    /// The same, where folder and name are an app's to configure.
    ///
    /// # Errors
    /// [`Error::Configuration`] where the folder is not there, or the name leads out of it.
    pub fn configured(folder: impl AsRef<Path>, name: &str) -> Result<Self, Error> {
        let folder = folder.as_ref();
        if !folder.is_dir() {
            return Err(Error::configuration(format_args!(
                "the lock file's folder {} is not there: make it before, and let all processes \
                 of the app share it",
                folder.display()
            )));
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
            return Err(Error::configuration(
                "the lock file's name is letters, digits, `-`, `_` and `.`, and begins with none \
                 of the dots",
            ));
        }
        Ok(Self::new(folder, name))
    }

    /// A name that leads out of the folder is nobody's that we know.
    fn file_of(&self, owner: &Owner) -> Option<PathBuf> {
        let name = owner.as_str();
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        (!name.is_empty() && name.bytes().all(plain)).then(|| self.owners.join(name))
    }

    /// Removes the files of those who are gone.
    fn remove_files_of_ended_owners(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.owners)? {
            let path = entry?.path();
            if is_unlocked(&path) {
                // Where it cannot be removed, it is looked at again the next time.
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
        // Inside the section: nobody sweeps between the making of the file and its lock.
        let _section = lock(&self.section)?;
        let at_owners = |error| failed(&self.owners, &error);
        make_private_folder(&self.owners).map_err(at_owners)?;
        self.remove_files_of_ended_owners().map_err(at_owners)?;
        let Some(path) = self.file_of(owner) else {
            return Err(StoreError::Unavailable(format!(
                "{owner} is no name for a file: letters, digits and hyphens only"
            )));
        };
        let file = lock(&path)?;
        Ok(Box::new(AnnouncedOwner { path, _file: file }))
    }

    /// A file is made and locked before the first lease, and swept only when its owner is
    /// gone: one that is not there is nobody's who runs.
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
        // A file that stays is swept by the next who comes.
        let _ = fs::remove_file(&self.path);
    }
}

/// Locks a file, which is made where it is missing, until it is dropped. Others hold it for
/// some milliseconds; a process that is stopped in the middle is not waited for.
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
        Err(error) if error.kind() == ErrorKind::WouldBlock => Err(StoreError::Unavailable(
            format!("{} is held by another process", path.display()),
        )),
        Err(error) => Err(failed(path, &error)),
    }
}

fn is_unlocked(path: &Path) -> bool {
    let Ok(file) = open_no_follow(path, private_file().write(true)) else {
        return false;
    };
    try_lock(&file).is_ok()
}

/// `std::fs::File::try_lock` does not know Android.
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
        assert!(two.is_gone(&first), "nobody has seen it");
        let guard = one.announce(&first).unwrap();
        assert!(!two.is_gone(&first));
        // Others who come, and look around, change nothing about it.
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
        // The lock is gone with the process, the file is not.
        let file = section.file_of(&killed).unwrap();
        fs::write(&file, "").unwrap();
        assert!(section.is_gone(&killed));
        let _other = section.announce(&Owner::new("other")).unwrap();
        assert!(!file.exists());
        assert!(section.is_gone(&killed));
    }
}
