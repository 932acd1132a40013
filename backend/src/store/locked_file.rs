//! The lock that makes one process the only user of an SQLite file, whatever name the process
//! opens the file by.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use switchback_driver::files::{check_not_world_writable, open, open_no_follow, private_file};
use switchback_driver::task::lock;

use super::{SqliteError, StoreError};

/// An SQLite file that is locked as long as this value lives.
///
/// One lock is on a file beside the database, at the place to which all symbolic links lead. On
/// Linux a second lock is on the database file itself, so that a hard link or a bind mount meets
/// it. On other systems that second lock would conflict with SQLite's own locks.
pub(super) struct LockedFile {
    file: PathBuf,
    kept: KeptDescriptor,
    _lock: File,
}

impl LockedFile {
    /// Locks the file, and creates an empty one for its owner only if there is none. The files
    /// that SQLite creates beside it get the same mode.
    ///
    /// # Errors
    /// If another process has the file, or the file cannot be used.
    pub(super) fn with(path: &Path) -> Result<Self, SqliteError> {
        let unusable = |path: &Path, source| SqliteError::File {
            path: path.into(),
            source,
        };
        let file = create(path).map_err(|source| unusable(path, source))?;
        let mut lock_path = file.clone().into_os_string();
        lock_path.push(".lock");
        let lock_path = PathBuf::from(lock_path);
        let lock = open_no_follow(&lock_path, &mut owner_only_options())
            .map_err(|source| unusable(&lock_path, source))?;
        lock_file(&lock, path, &lock_path)?;
        let kept = KeptDescriptor::open(&file).map_err(|source| unusable(path, source))?;
        if cfg!(target_os = "linux") {
            lock_file(&kept.0, path, path)?;
        }
        Ok(Self {
            file,
            kept,
            _lock: lock,
        })
    }

    /// The path of the file, without symbolic links.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// Checks that the path still leads to the open file.
    pub(super) fn check_in_place(&self) -> Result<(), StoreError> {
        let same = fs::metadata(&self.file).and_then(|found| is_same(&found, &self.kept.0));
        match same {
            Ok(true) => Ok(()),
            Ok(false) => Err(StoreError(format!(
                "another file has replaced the database {}: restart the service to open it",
                self.file.display()
            ))),
            Err(error) => Err(StoreError(format!(
                "the database {} was removed while the service ran: {error}",
                self.file.display()
            ))),
        }
    }
}

/// Descriptors of databases that this process no longer uses.
static LEFT_OPEN: Mutex<Vec<Arc<File>>> = Mutex::new(Vec::new());

/// The file of a database, which this process never closes. Closing any descriptor of a file
/// releases the locks that SQLite has on it (fcntl(2), "Advisory record locking"). SQLite's
/// connections may still be closing, or belong to another `Sqlite` in this process. If the process
/// opens the same file again, it uses the kept descriptor again.
struct KeptDescriptor(Arc<File>);

impl KeptDescriptor {
    fn open(path: &Path) -> io::Result<Self> {
        let mut left_open = lock(&LEFT_OPEN);
        let found = fs::metadata(path)?;
        let is_it = |file: &Arc<File>| cfg!(unix) && is_same(&found, file).unwrap_or(false);
        let file = match left_open.iter().position(is_it) {
            Some(known) => left_open.swap_remove(known),
            None => Arc::new(open(path, &mut owner_only_options())?),
        };
        Ok(Self(file))
    }
}

impl Drop for KeptDescriptor {
    fn drop(&mut self) {
        // This releases no lock of another descriptor of the file.
        let _ = self.0.unlock();
        lock(&LEFT_OPEN).push(Arc::clone(&self.0));
    }
}

/// The path without symbolic links, of a file that is created if there is none.
fn create(path: &Path) -> io::Result<PathBuf> {
    let file = match path.canonicalize() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            open(path, &mut owner_only_options())?;
            path.canonicalize()?
        }
        found => found?,
    };
    check_not_world_writable(file.parent().unwrap_or(Path::new("/")))?;
    Ok(file)
}

fn owner_only_options() -> fs::OpenOptions {
    let mut options = private_file();
    options.create(true).truncate(false).write(true);
    options
}

fn lock_file(file: &File, database: &Path, path: &Path) -> Result<(), SqliteError> {
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
        matches!(LockedFile::with(path), Err(SqliteError::InUse(_)))
    }

    #[test]
    fn a_link_to_a_locked_file_is_locked() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("elsewhere")).unwrap();
        symlink(folder.path(), at("round")).unwrap();
        symlink("../service.db", at("elsewhere/link.db")).unwrap();
        symlink("elsewhere/link.db", at("twice.db")).unwrap();
        // A link to a missing file creates that file.
        let locked_file = LockedFile::with(&at("twice.db")).unwrap();
        assert_eq!(locked_file.file(), at("service.db").canonicalize().unwrap());
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
        drop(locked_file);
        assert!(!is_in_use(&at("elsewhere/link.db")));
    }

    /// SQLite's locks belong to the process, and end when any descriptor of the file is closed.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn opening_a_hard_link_keeps_sqlites_locks() {
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
    fn a_moved_or_replaced_file_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("service.db");
        let locked_file = LockedFile::with(&path).unwrap();
        assert_eq!(
            locked_file.check_in_place().map_err(|error| error.0),
            Ok(())
        );
        fs::rename(&path, folder.path().join("old.db")).unwrap();
        assert!(
            locked_file
                .check_in_place()
                .unwrap_err()
                .0
                .contains("was removed")
        );
        fs::write(&path, "").unwrap();
        assert!(
            locked_file
                .check_in_place()
                .unwrap_err()
                .0
                .contains("another file")
        );
        fs::rename(folder.path().join("old.db"), &path).unwrap();
        assert!(locked_file.check_in_place().is_ok());
    }

    #[test]
    fn pipes_folders_links_and_shared_folders_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let refused = |path: &Path| match LockedFile::with(path).err() {
            Some(SqliteError::File { source, .. }) => source.to_string(),
            other => panic!("{other:?}"),
        };
        let pipe = |path: &Path| {
            let create = std::process::Command::new("mkfifo").arg(path).status();
            assert!(create.unwrap().success());
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
