//! Reads secrets from the files and variables that the configuration names.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use switchback_config_file::{KeyPath, Problems};
use switchback_driver::files::{check_file_is_private, open, resolve_links};
use zeroize::Zeroizing;

use crate::sealing::Keys;

/// The byte order mark, which some editors on Windows write before a text.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Where files and variables are read.
pub(super) struct Sources<'a> {
    /// Relative paths start here.
    pub(super) folder: &'a Path,
    pub(super) env: &'a dyn Fn(&str) -> Option<String>,
}

impl Sources<'_> {
    pub(super) fn path(&self, file: &Path) -> PathBuf {
        self.folder.join(file)
    }

    /// The text of a configured file.
    pub(super) fn file(&self, file: &Path) -> Result<Zeroizing<String>, String> {
        read_secret(&self.path(file))
    }

    /// The value of a configured variable.
    pub(super) fn variable(&self, name: &str) -> Result<Zeroizing<String>, String> {
        match (self.env)(name).map(Zeroizing::new) {
            Some(value) if !value.trim().is_empty() => Ok(value),
            // The error does not repeat the name, which may be the secret itself by mistake.
            _ => {
                Err("the environment has no variable with this name, or it is empty: set it".into())
            }
        }
    }

    /// The text of a file or a variable. `None` if neither is configured, or if it cannot be read,
    /// which is noted in `found`.
    pub(super) fn file_or_variable(
        &self,
        file: (KeyPath, Option<&Path>),
        variable: (KeyPath, Option<&str>),
        found: &mut Problems,
    ) -> Option<Zeroizing<String>> {
        let (place, read) = match (file.1, variable.1) {
            (Some(_), Some(_)) => {
                found.add(
                    variable.0,
                    "a file is configured too: remove one of the two",
                );
                return None;
            }
            (Some(path), None) => (file.0, self.file(path)),
            (None, Some(name)) => (variable.0, self.variable(name)),
            (None, None) => return None,
        };
        read.map_err(|reason| found.add(place, reason)).ok()
    }
}

/// The text of a file with a secret, which only the owner may read.
fn read_secret(path: &Path) -> Result<Zeroizing<String>, String> {
    let wrong = |what: &str| format!("the file {} {what}", path.display());
    let bytes = read_bytes(path, check_file_is_private)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| wrong("is not text: write it as UTF-8"))?
        .to_owned();
    let text = Zeroizing::new(text);
    if text.contains('\0') {
        return Err(wrong("contains a zero byte: write it as UTF-8 text"));
    }
    match text.trim().is_empty() {
        true => Err(wrong("is empty: write the secret into it")),
        false => Ok(text),
    }
}

/// The bytes of a file without a byte order mark, after a check of the open file.
pub(in crate::server) fn read_bytes(
    path: &Path,
    check: fn(&File) -> io::Result<()>,
) -> Result<Zeroizing<Vec<u8>>, String> {
    let read = || {
        let mut file = open(path, File::options().read(true))?;
        check(&file)?;
        // Reads everything into one buffer: a growing one leaves copies in memory.
        let length = usize::try_from(file.metadata()?.len()).unwrap_or_default();
        let mut bytes = Zeroizing::new(Vec::with_capacity(length + 1));
        file.read_to_end(&mut bytes)?;
        if bytes.starts_with(BYTE_ORDER_MARK.as_bytes()) {
            bytes.drain(..BYTE_ORDER_MARK.len());
        }
        Ok(bytes)
    };
    read().map_err(|error: io::Error| match error.kind() {
        // This error already says what to do.
        ErrorKind::PermissionDenied if error.raw_os_error().is_none() => {
            format!("the file {} {error}", path.display())
        }
        _ => format!("the file {} cannot be read: {error}", path.display()),
    })
}

/// The key file of an SQLite file: beside its name, or, if the name is a link without a key file,
/// beside the file to which the link leads.
pub(super) fn default_key_file(database: &Path) -> PathBuf {
    let key = |database: &Path| {
        let mut name = database.as_os_str().to_owned();
        name.push(".key");
        PathBuf::from(name)
    };
    let named = key(database);
    match resolve_links(database) {
        Ok(file) if !named.exists() => key(&file),
        _ => named,
    }
}

/// Reads the keys in a file. If it does not exist, it is created atomically with a new key, for
/// its owner only.
///
/// # Errors
/// The reason, with the name of the file.
pub(crate) fn make_key(file: &Path) -> Result<Keys, String> {
    let failed = |error: &dyn std::fmt::Display| {
        format!("the key file {} cannot be created: {error}", file.display())
    };
    let is_there = file.try_exists().map_err(|error| failed(&error))?;
    if !is_there {
        let key = Keys::generate().map_err(|error| failed(&error))?;
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let made = || -> std::io::Result<()> {
            let mut new = tempfile::NamedTempFile::new_in(folder)?;
            writeln!(new, "{}", key.as_str())?;
            new.as_file().sync_all()?;
            match new.persist_noclobber(file) {
                Err(error) if error.error.kind() != ErrorKind::AlreadyExists => Err(error.error),
                _ => Ok(()),
            }
        };
        made().map_err(|error| failed(&error))?;
    }
    let text = read_secret(file)?;
    Keys::read(&text).map_err(|error| format!("the key file {}: {error}", file.display()))
}
