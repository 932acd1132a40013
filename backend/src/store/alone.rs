//! By which one process knows that it is the only one at an SQLite file, whatever name it has
//! there.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use switchback_driver::files::{check_not_world_writable, open, open_no_follow, private_file};
use switchback_driver::task::lock as held;

use super::{SqliteError, StoreError};

/// The file of a database, locked: nobody else has it as long as this lives.
///
/// The lock is on a file beside it, which is found by where the name leads in the end, and on
/// Linux on the file itself as well: there whoever comes by a hard link or a bind mount meets
/// it too. (Elsewhere that lock would be in the way of SQLite's own.)
pub(super) struct Alone {
    file: PathBuf,
    here: Here,
    _beside: File,
}

impl Alone {
    /// Makes an empty file, for its owner only, where there is none. What SQLite puts beside
    /// it has the same mode.
    ///
    /// # Errors
    /// Where another process has it, or it cannot be used.
    pub(super) fn with(path: &Path) -> Result<Self, SqliteError> {
        let unusable = |path: &Path, source| SqliteError::File {
            path: path.into(),
            source,
        };
        let file = made(path).map_err(|source| unusable(path, source))?;
        let mut beside = file.clone().into_os_string();
        beside.push(".lock");
        let beside = PathBuf::from(beside);
        let lock =
            open_no_follow(&beside, &mut owners()).map_err(|source| unusable(&beside, source))?;
        take(&lock, path, &beside)?;
        let here = Here::open(&file).map_err(|source| unusable(path, source))?;
        if cfg!(target_os = "linux") {
            take(&here.0, path, path)?;
        }
        Ok(Self {
            file,
            here,
            _beside: lock,
        })
    }

    /// Where the file is.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// Whether the file that is used still has its name.
    pub(super) fn is_there(&self) -> Result<(), StoreError> {
        let same = fs::metadata(&self.file).and_then(|found| is_same(&found, &self.here.0));
        match same {
            Ok(true) => Ok(()),
            Ok(false) => Err(StoreError(format!(
                "another file is in the place of the database {}: restart, which opens that one",
                self.file.display()
            ))),
            Err(error) => Err(StoreError(format!(
                "the database {} was taken away underneath: {error}",
                self.file.display()
            ))),
        }
    }
}

/// Databases that this process does not use any more.
static LEFT_OPEN: Mutex<Vec<Arc<File>>> = Mutex::new(Vec::new());

/// The file of a database. This process never closes it: closing any descriptor of a file ends
/// the locks that SQLite has on it (fcntl(2), "Advisory record locking"), and its connections may
/// still be closing, or belong to another `Sqlite` in this process. Where the same file is opened
/// again, its descriptor is used again.
struct Here(Arc<File>);

impl Here {
    fn open(path: &Path) -> io::Result<Self> {
        let mut left_open = held(&LEFT_OPEN);
        let found = fs::metadata(path)?;
        let is_it = |file: &Arc<File>| cfg!(unix) && is_same(&found, file).unwrap_or(false);
        let file = match left_open.iter().position(is_it) {
            Some(known) => left_open.swap_remove(known),
            None => Arc::new(open(path, &mut owners())?),
        };
        Ok(Self(file))
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        // A lock of another descriptor of this file is not touched.
        let _ = self.0.unlock();
        held(&LEFT_OPEN).push(Arc::clone(&self.0));
    }
}

/// Where a file is in the end. It is there afterwards.
fn made(path: &Path) -> io::Result<PathBuf> {
    let file = match path.canonicalize() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            open(path, &mut owners())?;
            path.canonicalize()?
        }
        found => found?,
    };
    check_not_world_writable(file.parent().unwrap_or(Path::new("/")))?;
    Ok(file)
}

fn owners() -> fs::OpenOptions {
    let mut options = private_file();
    options.create(true).truncate(false).write(true);
    options
}

fn take(file: &File, database: &Path, path: &Path) -> Result<(), SqliteError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(fs::TryLockError::WouldBlock) => Err(SqliteError::InUse(database.into())),
        Err(fs::TryLockError::Error(source)) => Err(SqliteError::File {
            path: path.into(),
            source,
        }),
    }
}

#[cfg(unix)]
fn is_same(found: &fs::Metadata, file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let file = file.metadata()?;
    Ok((found.dev(), found.ino()) == (file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn is_same(_: &fs::Metadata, _: &File) -> io::Result<bool> {
    Ok(true)
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn is_in_use(path: &Path) -> bool {
        matches!(Alone::with(path), Err(SqliteError::InUse(_)))
    }

    #[test]
    fn another_name_of_the_same_file_is_the_same_file() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("elsewhere")).unwrap();
        symlink(folder.path(), at("round")).unwrap();
        symlink("../service.db", at("elsewhere/link.db")).unwrap();
        symlink("elsewhere/link.db", at("twice.db")).unwrap();
        // A link to what is not there yet makes it.
        let alone = Alone::with(&at("twice.db")).unwrap();
        assert_eq!(alone.file(), at("service.db").canonicalize().unwrap());
        for name in [
            "service.db",
            "round/service.db",
            "elsewhere/link.db",
            "twice.db",
        ] {
            assert!(is_in_use(&at(name)), "{name}");
        }
        if cfg!(target_os = "linux") {
            fs::hard_link(at("service.db"), at("elsewhere/hard.db")).unwrap();
            assert!(is_in_use(&at("elsewhere/hard.db")));
        }
        drop(alone);
        assert!(!is_in_use(&at("elsewhere/link.db")));
    }

    /// SQLite's locks belong to the process, and go when any descriptor of the file is closed.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_second_open_by_a_hard_link_ends_no_lock_of_sqlite() {
        use std::os::unix::fs::MetadataExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("service.db");
        let _open = crate::store::Sqlite::open(&path).await.unwrap();
        let inode = fs::metadata(&path).unwrap().ino();
        let is_ours = |line: &&str| {
            let words: Vec<_> = line.split_whitespace().collect();
            words[1] == "POSIX"
                && words[4] == std::process::id().to_string()
                && words[5].ends_with(&format!(":{inode}"))
        };
        let locks = || {
            let all = fs::read_to_string("/proc/locks").unwrap();
            all.lines().filter(is_ours).count()
        };
        let before = locks();
        assert!(before > 0);
        let hard = folder.path().join("hard.db");
        fs::hard_link(&path, &hard).unwrap();
        assert!(is_in_use(&hard));
        assert_eq!(locks(), before);
    }

    #[test]
    fn a_file_that_was_taken_away_is_missed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("service.db");
        let alone = Alone::with(&path).unwrap();
        assert_eq!(alone.is_there().map_err(|error| error.0), Ok(()));
        fs::rename(&path, folder.path().join("old.db")).unwrap();
        assert!(alone.is_there().unwrap_err().0.contains("taken away"));
        fs::write(&path, "").unwrap();
        assert!(alone.is_there().unwrap_err().0.contains("another file"));
        fs::rename(folder.path().join("old.db"), &path).unwrap();
        assert!(alone.is_there().is_ok());
    }

    #[test]
    fn what_is_no_file_a_lock_that_leads_elsewhere_and_a_folder_for_everybody_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let refused = |path: &Path| match Alone::with(path).err() {
            Some(SqliteError::File { source, .. }) => source.to_string(),
            other => panic!("{other:?}"),
        };
        let pipe = |path: &Path| {
            let made = std::process::Command::new("mkfifo").arg(path).status();
            assert!(made.unwrap().success());
        };
        pipe(&at("pipe"));
        assert!(refused(&at("pipe")).contains("named pipe"));
        assert!(refused(folder.path()).contains("folder"));
        pipe(&at("one.db.lock"));
        assert!(refused(&at("one.db")).contains("named pipe"));
        symlink("nothing", at("two.db.lock")).unwrap();
        assert!(refused(&at("two.db")).contains("symbolic link"));
        assert!(!at("nothing").exists());
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
        assert!(refused(&at("three.db")).contains("chmod 700"));
    }
}
