//! Files that only their owner can read, written whole or not at all.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

#[cfg(feature = "sealed-file")]
use switchback_driver::files::resolve_links;

use crate::ports::StoreError;

/// Writes a file that only its owner can read: all of it, or nothing. For one path, one at
/// a time.
///
/// What is not finished has one name, and not another each time: whoever is killed in the
/// middle leaves a copy of old secrets behind, and the next write finds and removes it. Where
/// the name is a symbolic link, it is what the link leads to that is written.
#[cfg(feature = "sealed-file")]
pub(crate) fn write_atomically(path: &Path, content: &[u8]) -> Result<(), StoreError> {
    use std::io::Write as _;
    let path = &resolve_links(path).map_err(|error| failed(path, &error))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut unfinished = path.file_name().unwrap_or_default().to_owned();
    unfinished.push(".new");
    let write = || -> io::Result<()> {
        match fs::remove_file(folder.join(&unfinished)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        // A temporary file is made anew, with mode 0600.
        let mut file = tempfile::Builder::new()
            .prefix(&unfinished)
            .rand_bytes(0)
            .tempfile_in(folder)?;
        file.write_all(content)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        sync_folder(folder)
    };
    write().map_err(|error| failed(path, &error))
}

#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
pub(crate) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes a folder that only its owner can enter.
#[cfg(unix)]
pub(crate) fn make_private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
pub(crate) fn make_private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// The system's error as ours, with the path and without the content.
pub(crate) fn failed(path: &Path, error: &io::Error) -> StoreError {
    let what = format!("{}: {error}", path.display());
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StoreError::Denied(what),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full(what),
        _ => StoreError::Unavailable(what),
    }
}
