//! Where the key of a sealed file comes from.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read as _};
use std::path::PathBuf;

use switchback_driver::files::{check_file_is_private, open};
use zeroize::Zeroizing;

use crate::files::{failed, write_atomically};
use crate::ports::StoreError;

/// 256 bits that a file is sealed with.
pub type Key = Zeroizing<[u8; 32]>;

/// Where the key of a sealed file comes from.
///
/// Calls come one at a time for one file, also between processes.
pub trait SealingKey: Send + Sync {
    /// The key, where there is one.
    fn load(&self) -> Result<Option<Key>, StoreError>;
    /// Keeps a new key. It was loaded before, and there was none.
    fn create(&self, key: &Key) -> Result<(), StoreError>;
}

/// The key in a file of its own, readable by its owner alone. It protects against what
/// copies the data file without it (a backup, a support bundle), and against other
/// users of the machine; not against whoever reads both files.
#[derive(Debug)]
pub struct KeyFile(PathBuf);

impl KeyFile {
    /// A key at this path; the folder must exist.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }
}

impl SealingKey for KeyFile {
    fn load(&self) -> Result<Option<Key>, StoreError> {
        let mut file = match open(&self.0, OpenOptions::new().read(true)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(&self.0, &error)),
        };
        // A key that others can read is no key.
        check_file_is_private(&file).map_err(|error| failed(&self.0, &error))?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(33));
        file.by_ref()
            .take(33)
            .read_to_end(&mut bytes)
            .map_err(|error| failed(&self.0, &error))?;
        match <[u8; 32]>::try_from(bytes.as_slice()) {
            Ok(key) => Ok(Some(Zeroizing::new(key))),
            Err(_) => Err(StoreError::KeyLost(format!(
                "{} is not a key of 32 bytes",
                self.0.display()
            ))),
        }
    }

    fn create(&self, key: &Key) -> Result<(), StoreError> {
        write_atomically(&self.0, key.as_slice())
    }
}
