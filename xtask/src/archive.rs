//! Archives whose bytes depend only on their content.

use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{Failure, cannot, command, run};

/// The first moment that an archive can have.
const DATE: &str = "--date=1980-01-01T00:00:02Z";

/// Packs all files of a folder, in the order of their names.
pub(crate) fn pack(folder: &Path, archive: &Path) -> Result<(), Failure> {
    pack_files(folder, &files(folder)?, archive)
}

/// Packs these files of a folder, in this order.
pub(crate) fn pack_files(folder: &Path, files: &[PathBuf], archive: &Path) -> Result<(), Failure> {
    let mut jar = command("jar", ["--create", "--no-manifest", DATE, "--file"]);
    jar.arg(archive).args(files);
    run(jar.current_dir(folder))
}

/// Unpacks an archive into a new folder.
pub(crate) fn unpack(archive: &Path, folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| cannot("make", folder, &error))?;
    let mut jar = command("jar", ["--extract", "--file"]);
    jar.arg(archive);
    run(jar.current_dir(folder))
}

/// The paths of all files in a folder and its subfolders, relative to the folder, in their order.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    fn add(top: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
        let unreadable = |error| cannot("read", folder, &error);
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.is_dir() {
                add(top, &path, files)?;
            } else {
                files.push(path.strip_prefix(top).unwrap_or(&path).to_owned());
            }
        }
        Ok(())
    }
    let mut all = Vec::new();
    add(folder, folder, &mut all)?;
    all.sort();
    Ok(all)
}

/// Copies a file. The folder of the copy is made if it is missing.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    make_parent(to)?;
    fs::copy(from, to).map_err(|error| cannot("read", from, &error))?;
    Ok(())
}

/// Writes a file, and its folder if it is missing.
pub(crate) fn write(file: &Path, content: impl AsRef<[u8]>) -> Result<(), Failure> {
    make_parent(file)?;
    fs::write(file, content).map_err(|error| cannot("write", file, &error))
}

fn make_parent(file: &Path) -> Result<(), Failure> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder).map_err(|error| cannot("make", folder, &error))
}
