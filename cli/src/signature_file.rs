//! The file of a signature, which is beside its document: `contract.pdf.jws`.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::exit::Failure;

/// The longest signature file that is read, in bytes: 4 MiB. The JSON serialization can have a
/// timestamp and the certificates of its authority.
const MAX_FILE: u64 = 4 << 20;

/// The file of a document's signature.
pub(crate) fn beside(document: &Path) -> PathBuf {
    let mut name = document.as_os_str().to_owned();
    name.push(".jws");
    name.into()
}

/// Reads a signature, without the line end that an editor adds.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |message: String| Failure::usage(message).at(file.display().to_string());
    let mut bytes = Vec::new();
    let read = File::open(file).and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes));
    match read {
        Err(error) => Err(unreadable(format!("the signature cannot be read: {error}"))),
        Ok(read) if read as u64 > MAX_FILE => Err(unreadable(
            "the file is longer than 4 MiB, so it is no signature".into(),
        )),
        Ok(_) => Ok(bytes.trim_ascii().to_vec()),
    }
}

/// Writes the file completely or not at all: an earlier signature possibly has no copy. Only this
/// user can read it, because the signature has claims of the person.
pub(crate) fn write(file: &Path, signature: &str) -> Result<(), Failure> {
    let write = || -> std::io::Result<()> {
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let mut new = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        new.write_all(signature.as_bytes())?;
        new.as_file().sync_all()?;
        new.persist(file).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|error| {
        Failure::failed(format!("the signature cannot be written: {error}"))
            .at(file.display().to_string())
            .next("make the folder writable, or name a file in another folder")
    })
}
