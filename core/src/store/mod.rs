//! Adapters to places where secrets are kept.

mod memory;
#[cfg(feature = "sealed-file")]
mod sealed_file;
#[cfg(feature = "sealed-file")]
mod sealing_key;
#[cfg(feature = "sealed-file")]
mod whole_file;

pub use memory::Memory;
#[cfg(feature = "sealed-file")]
pub use sealed_file::SealedFile;
#[cfg(feature = "sealed-file")]
pub use sealing_key::{Key, KeyFile, SealingKey};

#[cfg(feature = "keyring")]
mod keyring;
#[cfg(feature = "keyring")]
pub use keyring::KeyringKey;
