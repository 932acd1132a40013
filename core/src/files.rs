//! Private files, which are written completely or not at all.
//!
//! Before you change this: the order is write, flush, rename, flush the folder. With another order
//! a power cut can leave an empty file.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

#[cfg(feature = "sealed-file")]
use switchback_driver::files::resolve_links;

use crate::ports::StoreError;

/// Writes a private file atomically: writes a temporary file beside it, flushes it to disk, and
/// renames it. Calls for one path must not overlap.
///
/// The temporary file always has the same name. If a process is killed while writing, the next
/// write finds the temporary file, which may hold old secrets, and removes it. If `path` is a
/// symbolic link, the link's target is replaced.
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
        // The temporary file is created with mode 0600, and must not exist.
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

/// Creates a folder that only its owner can enter (mode 0700).
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

/// Converts an error of the system. The text names the path and not the content.
pub(crate) fn failed(path: &Path, error: &io::Error) -> StoreError {
    let what = format!("{}: {error}", path.display());
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StoreError::Denied(what),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full(what),
        _ => StoreError::Unavailable(what),
    }
}
