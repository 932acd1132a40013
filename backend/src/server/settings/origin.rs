//! Secrets, from the files and variables that the configuration names.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use switchback_toml::{Found, Place};
use zeroize::Zeroizing;

use crate::sealing::Keys;

/// Where files and variables are.
pub(super) struct Origin<'a> {
    /// Files are looked for here.
    pub(super) folder: &'a Path,
    pub(super) env: &'a dyn Fn(&str) -> Option<String>,
}

impl Origin<'_> {
    pub(super) fn path(&self, file: &Path) -> PathBuf {
        self.folder.join(file)
    }

    /// The text of a file that somebody named.
    pub(super) fn file(&self, file: &Path) -> Result<Zeroizing<String>, String> {
        let path = self.path(file);
        let text = fs::read_to_string(&path).map(Zeroizing::new);
        let text = text.map_err(|error| match error.kind() {
            ErrorKind::InvalidData => format!("the file {} is not text", path.display()),
            _ => format!("the file {} cannot be read: {error}", path.display()),
        })?;
        match text.trim().is_empty() {
            true => Err(format!("the file {} is empty", path.display())),
            false => Ok(text),
        }
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

/// The key file that is made beside an SQLite file.
pub(super) fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".key");
    name.into()
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
    let text = fs::read_to_string(file).map(Zeroizing::new);
    let text =
        text.map_err(|error| format!("the key file {} cannot be read: {error}", file.display()))?;
    Keys::read(&text).map_err(|error| format!("the key file {}: {error}", file.display()))
}
