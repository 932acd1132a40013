//! The key of a sealed file.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read as _};
use std::path::PathBuf;

use switchback_driver::files::{check_file_is_private, open};
use zeroize::Zeroizing;

use crate::files::{failed, write_atomically};
use crate::ports::StoreError;

/// What to do when the key is lost.
pub(super) const REMEDY: &str =
    "restore the key, or set the store aside (`SealedFile::set_aside`) and log in again";

/// The 256-bit key of a sealed file.
pub type Key = Zeroizing<[u8; 32]>;

/// Loads and stores the key of a sealed file.
///
/// For each file, calls come one at a time, also between processes.
pub trait SealingKey: Send + Sync {
    /// The key, if there is one.
    fn load(&self) -> Result<Option<Key>, StoreError>;
    /// Stores a new key. Called only after [`load`](Self::load) returned `None`.
    fn create(&self, key: &Key) -> Result<(), StoreError>;
}

/// The key in its own file, which only its owner can read. It protects the data file in copies
/// without the key (a backup, a support bundle), and against other users of the machine. It does
/// not protect against a program that reads both files.
#[derive(Debug)]
pub struct KeyFile(PathBuf);

impl KeyFile {
    /// A key at this path. The folder must exist.
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
        // A key that other users can read protects nothing.
        check_file_is_private(&file).map_err(|error| failed(&self.0, &error))?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(33));
        file.by_ref()
            .take(33)
            .read_to_end(&mut bytes)
            .map_err(|error| failed(&self.0, &error))?;
        match <[u8; 32]>::try_from(bytes.as_slice()) {
            Ok(key) => Ok(Some(Zeroizing::new(key))),
            Err(_) => Err(StoreError::KeyLost(format!(
                "{} is not a key of 32 bytes; {REMEDY}",
                self.0.display()
            ))),
        }
    }

    fn create(&self, key: &Key) -> Result<(), StoreError> {
        write_atomically(&self.0, key.as_slice())
    }
}
