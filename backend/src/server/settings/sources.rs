//! Secrets, from the files and variables that the configuration names.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use switchback_driver::files::{behind_links, is_for_us_alone, open};
use switchback_toml::{Found, Place};
use zeroize::Zeroizing;

use crate::sealing::Keys;

/// What editors of Windows write before a text: no part of it.
const MARK: &str = "\u{feff}";

/// Where files and variables are.
pub(super) struct Sources<'a> {
    /// Files are looked for here.
    pub(super) folder: &'a Path,
    pub(super) env: &'a dyn Fn(&str) -> Option<String>,
}

impl Sources<'_> {
    pub(super) fn path(&self, file: &Path) -> PathBuf {
        self.folder.join(file)
    }

    /// The text of a file that somebody named.
    pub(super) fn file(&self, file: &Path) -> Result<Zeroizing<String>, String> {
        secret(&self.path(file))
    }

    /// The value of a variable that somebody named.
    pub(super) fn variable(&self, name: &str) -> Result<Zeroizing<String>, String> {
        match (self.env)(name).map(Zeroizing::new) {
            Some(value) if !value.trim().is_empty() => Ok(value),
            // What stands there may be the secret itself, by mistake.
            _ => Err("no variable of this name is set in the environment, or it is empty".into()),
        }
    }

    /// What a file or a variable has. `None` where neither is named, or it cannot be had: then
    /// that is noted.
    pub(super) fn either(
        &self,
        file: (Place, Option<&Path>),
        variable: (Place, Option<&str>),
        found: &mut Found,
    ) -> Option<Zeroizing<String>> {
        let (place, read) = match (file.1, variable.1) {
            (Some(_), Some(_)) => {
                found.add(
                    variable.0,
                    "a file is named as well: take one of the two away",
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

/// The text of a file with a secret, which only we may read.
fn secret(path: &Path) -> Result<Zeroizing<String>, String> {
    let wrong = |what: &str| format!("the file {} {what}", path.display());
    let bytes = bytes(path, is_for_us_alone)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| wrong("is not text: write it as UTF-8"))?
        .to_owned();
    let text = Zeroizing::new(text);
    if text.contains('\0') {
        return Err(wrong("holds a zero byte: write it as text, in UTF-8"));
    }
    match text.trim().is_empty() {
        true => Err(wrong("is empty")),
        false => Ok(text),
    }
}

/// The bytes of a file, which is checked before, without a byte order mark.
pub(in crate::server) fn bytes(
    path: &Path,
    check: fn(&File) -> io::Result<()>,
) -> Result<Zeroizing<Vec<u8>>, String> {
    let read = || {
        let mut file = open(path, File::options().read(true))?;
        check(&file)?;
        // All of it at once: what grows leaves copies behind.
        let length = usize::try_from(file.metadata()?.len()).unwrap_or_default();
        let mut bytes = Zeroizing::new(Vec::with_capacity(length + 1));
        file.read_to_end(&mut bytes)?;
        if bytes.starts_with(MARK.as_bytes()) {
            bytes.drain(..MARK.len());
        }
        Ok(bytes)
    };
    read().map_err(|error: io::Error| match error.kind() {
        // It says what to do by itself.
        ErrorKind::PermissionDenied if error.raw_os_error().is_none() => {
            format!("the file {} {error}", path.display())
        }
        _ => format!("the file {} cannot be read: {error}", path.display()),
    })
}

/// The key file that is made beside an SQLite file: beside its name, or, where that is a link
/// and has none, beside what it leads to.
pub(super) fn beside(database: &Path) -> PathBuf {
    let key = |database: &Path| {
        let mut name = database.as_os_str().to_owned();
        name.push(".key");
        PathBuf::from(name)
    };
    let named = key(database);
    match behind_links(database) {
        Ok(file) if !named.exists() => key(&file),
        _ => named,
    }
}

/// The keys in a file, which is made where there is none: for its owner only, and all of it
/// or nothing.
///
/// # Errors
/// What is wrong, and with which file.
pub(crate) fn make_key(file: &Path) -> Result<Keys, String> {
    let failed = |error: &dyn std::fmt::Display| {
        format!("the key file {} cannot be made: {error}", file.display())
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
    let text = secret(file)?;
    Keys::read(&text).map_err(|error| format!("the key file {}: {error}", file.display()))
}
