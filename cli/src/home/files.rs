//! Reads and writes the small JSON files of the folder.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use switchback_driver::files::{open, resolve_links};

use crate::exit::{Exit, Failure};

/// Creates a folder that only this user can open.
pub(super) fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Failure> {
    let bytes = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        open(path, File::options().read(true))?.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = match bytes() {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path, &error)),
    };
    let read = serde_json::from_slice(&bytes).map(Some);
    read.map_err(
        |_| match serde_json::from_slice::<Map<String, Value>>(&bytes) {
            Ok(_) => newer(path),
            Err(_) => damaged(path),
        },
    )
}

/// Replaces a file atomically: a reader sees the old or the new content. A symbolic link stays a
/// link.
pub(super) fn write(path: &Path, value: &impl Serialize) -> Result<(), Failure> {
    let whole = || -> io::Result<()> {
        let path = &resolve_links(path)?;
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
        .next("repair it, or use another folder with --home")
}

/// The failure for a file that is not a JSON object.
fn damaged(path: &Path) -> Failure {
    Failure::new(Exit::Store, "store", DAMAGED)
        .at(path.display().to_string())
        .next("restore it from a backup, or use another folder with --home")
}

/// The message for a damaged file.
pub(super) const DAMAGED: &str = "this file is damaged";

pub(super) fn newer(path: &Path) -> Failure {
    Failure::new(
        Exit::Store,
        "store",
        "a newer switchback wrote this file, or it was changed by hand",
    )
    .at(path.display().to_string())
    .next("use a newer switchback, or another folder with --home")
}
