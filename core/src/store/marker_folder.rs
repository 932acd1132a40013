//! The installation marker as a file in a folder of the app.

use std::path::PathBuf;

use switchback_driver::files::{open, private_file};

use crate::files::{failed, make_private_folder, sync_folder};
use crate::ports::{InstallMarker, StoreError};

/// Installation markers as empty files. Their folder must be one that the system deletes with the
/// app, that backups do not copy to another device, and that all processes of the app share.
#[derive(Clone, Debug)]
pub struct MarkerFolder(PathBuf);

impl MarkerFolder {
    /// Markers in this folder, which is created if it is missing.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.installed"))
    }
}

impl InstallMarker for MarkerFolder {
    fn is_set(&self, name: &str) -> Result<bool, StoreError> {
        let path = self.file(name);
        path.try_exists().map_err(|error| failed(&path, &error))
    }

    fn set(&self, name: &str) -> Result<(), StoreError> {
        let path = self.file(name);
        let set = || {
            make_private_folder(&self.0)?;
            let mut options = private_file();
            options.write(true).create(true).truncate(false);
            open(&path, &mut options)?.sync_all()?;
            sync_folder(&self.0)
        };
        set().map_err(|error| failed(&path, &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marker_persists_and_belongs_to_one_name() {
        let folder = tempfile::tempdir().unwrap();
        let open = || MarkerFolder::new(folder.path().join("made"));
        assert_eq!(open().is_set("a"), Ok(false));
        open().set("a").unwrap();
        open().set("a").unwrap();
        assert_eq!(open().is_set("a"), Ok(true));
        assert_eq!(open().is_set("b"), Ok(false));
    }
}
