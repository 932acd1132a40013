//! Implementations of [`SecureStore`](crate::ports::SecureStore).

mod marker_folder;
mod memory;
#[cfg(feature = "sealed-file")]
mod sealed_file;
#[cfg(feature = "sealed-file")]
mod sealing_key;

pub use marker_folder::MarkerFolder;
pub use memory::Memory;
#[cfg(feature = "sealed-file")]
pub use sealed_file::SealedFile;
#[cfg(feature = "sealed-file")]
pub use sealing_key::{Key, KeyFile, SealingKey};

#[cfg(feature = "keyring")]
mod keyring;
#[cfg(feature = "keyring")]
pub use keyring::KeyringKey;
