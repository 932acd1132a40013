//! Opening files that hold secrets or locks. Another user may have put a symbolic link, a named
//! pipe or a device in their place: opening must neither follow it to another file nor wait for it.
//!
//! Before you change this: a path can be replaced between two system calls. Each check before the
//! opening is only for a better message; the check of the opened file decides.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// More symbolic links in a row than this are treated as a circle.
const MAX_LINKS: usize = 40;

/// Options for a file that, if it is created, only its owner can read (mode 0600).
pub fn private_file() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "there is no mode to set"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Opens a file, and follows symbolic links. A named pipe or a device is an error: opening a pipe
/// would wait for another program.
///
/// # Errors
/// The system's error, or what the path is instead of a file.
pub fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    if let Ok(found) = fs::metadata(path) {
        is_file(&found)?;
    }
    flags(options, false);
    opened(path, options)
}

/// Opens a file and refuses a symbolic link (`O_NOFOLLOW`). For lock files.
///
/// # Errors
/// As [`open`], and for a symbolic link.
pub fn open_no_follow(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    if let Ok(found) = fs::symlink_metadata(path) {
        if found.is_symlink() {
            return Err(denied(
                "this is a symbolic link and must be a file: remove the link",
            ));
        }
        is_file(&found)?;
    }
    flags(options, true);
    opened(path, options)
}

/// The path may have been replaced after it was checked: check the opened file.
fn opened(path: &Path, options: &OpenOptions) -> io::Result<File> {
    let file = options.open(path)?;
    is_file(&file.metadata()?)?;
    Ok(file)
}

fn is_file(found: &Metadata) -> io::Result<()> {
    let what = match found.file_type() {
        kind if kind.is_file() => return Ok(()),
        kind if kind.is_dir() => "this is a folder and must be a file: remove or rename it",
        _ => "this is a named pipe or a device and must be a file: remove it",
    };
    Err(io::Error::other(what))
}

fn denied(what: impl Into<String>) -> io::Error {
    io::Error::new(ErrorKind::PermissionDenied, what.into())
}

#[cfg(unix)]
fn flags(options: &mut OpenOptions, itself: bool) {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut flags = OFlags::NONBLOCK;
    flags.set(OFlags::NOFOLLOW, itself);
    options.custom_flags(flags.bits().cast_signed());
}

#[cfg(not(unix))]
fn flags(_: &mut OpenOptions, _: bool) {}

/// The path that a chain of symbolic links leads to, which need not exist. A program that replaces
/// a file writes at this path, so that the link stays a link.
///
/// # Errors
/// If the links form a circle.
pub fn resolve_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_path_buf();
    for _ in 0..MAX_LINKS {
        // The path is not a link, or does not exist: the end of the chain.
        let Ok(target) = fs::read_link(&path) else {
            return Ok(path);
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        path = folder.join(target);
    }
    Err(io::Error::other(
        "the symbolic links form a circle: correct one of them",
    ))
}

/// Refuses a secret file that other users can read, as ssh does. If the file belongs to another
/// user (usually root, who provides it to a service), its group may read it: that is how the
/// service gets it.
///
/// # Errors
/// If others can read the file.
#[cfg(unix)]
pub fn check_file_is_private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let found = file.metadata()?;
    let others = match found.uid() == rustix::process::geteuid().as_raw() {
        true => 0o077,
        false => 0o007,
    };
    if found.mode() & others == 0 {
        return Ok(());
    }
    Err(denied(format!(
        "other users can read this file (mode {:o}): run chmod 600 on it",
        found.mode() & 0o777
    )))
}

/// On this system access rights are not in a mode, and nothing is checked.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn check_file_is_private(_: &File) -> io::Result<()> {
    Ok(())
}

/// Refuses a folder in which every user can create files: they could replace ours.
///
/// # Errors
/// If every user can write there, or the folder cannot be read.
#[cfg(unix)]
pub fn check_not_world_writable(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let mode = fs::metadata(folder)?.mode();
    if mode & 0o002 == 0 {
        return Ok(());
    }
    Err(denied(format!(
        "every user can create files in this folder (mode {:o}): run chmod 700 on it, or use another folder",
        mode & 0o7777
    )))
}

/// On this system access rights are not in a mode, and nothing is checked.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn check_not_world_writable(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::process::Command;

    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    fn pipe(path: &Path) {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    }

    type Open = fn(&Path, &mut OpenOptions) -> io::Result<File>;
    const BOTH: [Open; 2] = [open, open_no_follow];

    #[test]
    fn pipes_folders_and_devices_are_errors() {
        let folder = folder();
        let named = folder.path().join("pipe");
        pipe(&named);
        for path in [&*named, folder.path(), Path::new("/dev/zero")] {
            for open in BOTH {
                for options in [
                    OpenOptions::new().read(true),
                    OpenOptions::new().write(true),
                ] {
                    let error = open(path, options).unwrap_err().to_string();
                    assert!(error.contains("must be a file"), "{error}");
                }
            }
        }
    }

    #[test]
    fn only_lock_files_refuse_links() {
        let folder = folder();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "1").unwrap();
        for (link, to) in [("link", "file"), ("dangling", "nothing")] {
            symlink(to, at(link)).unwrap();
            let mut options = OpenOptions::new();
            let error = open_no_follow(&at(link), options.write(true).create(true));
            assert!(error.unwrap_err().to_string().contains("symbolic link"));
        }
        assert!(!at("nothing").exists());
        open(&at("link"), OpenOptions::new().read(true)).unwrap();
        open_no_follow(&at("file"), OpenOptions::new().read(true)).unwrap();
    }

    #[test]
    fn links_resolve_to_their_target_even_if_missing() {
        let folder = folder();
        let at = |name: &str| folder.path().join(name);
        for (link, to) in [
            ("a", "b"),
            ("b", "c"),
            ("round", "about"),
            ("about", "round"),
        ] {
            symlink(to, at(link)).unwrap();
        }
        assert_eq!(resolve_links(&at("a")).unwrap(), at("c"));
        assert_eq!(resolve_links(&at("c")).unwrap(), at("c"));
        assert!(resolve_links(&at("round")).is_err());
    }

    #[test]
    fn files_and_folders_open_to_others_are_refused() {
        let folder = folder();
        let path = folder.path().join("secret");
        fs::write(&path, "1").unwrap();
        let set = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        for (mode, is_good) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
            set(&path, mode);
            let file = File::open(&path).unwrap();
            assert_eq!(check_file_is_private(&file).is_ok(), is_good, "{mode:o}");
        }
        for (mode, is_good) in [
            (0o700, true),
            (0o755, true),
            (0o777, false),
            (0o1777, false),
        ] {
            set(folder.path(), mode);
            let checked = check_not_world_writable(folder.path());
            assert_eq!(checked.is_ok(), is_good, "{mode:o}");
        }
    }
}
