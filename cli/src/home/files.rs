//! The small files of the folder.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::exit::{Exit, Failure};

/// Makes a folder that nobody else can look into.
pub(super) fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
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
