//! What is written to the store: JSON with a version, so that a later version of this
//! library reads what an earlier one wrote, and an earlier one says that it cannot.

use alloc::vec::Vec;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

/// Counts the states of an entry, from 1. The next one is stored only where the one that
/// was read still is: of two writers who read the same, one finds out.
pub type Generation = u64;

/// Why a stored entry cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// Written by a later version of this library.
    #[error("the entry has version {found}, and this library reads up to {known}: update the app")]
    Version {
        /// What the entry says.
        found: u32,
        /// The newest that is known here.
        known: u32,
    },
    /// Not written by this library, or damaged.
    #[error("the entry is damaged, or was not written by Switchback")]
    Damaged,
}

pub(crate) fn write<T: serde::Serialize>(entry: &T) -> Zeroizing<Vec<u8>> {
    // Maps with text keys, numbers and texts: there is nothing that JSON cannot hold.
    Zeroizing::new(serde_json::to_vec(entry).unwrap_or_default())
}

pub(crate) fn read<T: DeserializeOwned>(json: &[u8], known: u32) -> Result<T, Unreadable> {
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    // All JSON is read from texts: a reader of bytes would be compiled beside that of texts.
    let json = core::str::from_utf8(json).map_err(|_| Unreadable::Damaged)?;
    let Version { version: found } = serde_json::from_str(json).map_err(|_| Unreadable::Damaged)?;
    if found > known {
        return Err(Unreadable::Version { found, known });
    }
    serde_json::from_str(json).map_err(|_| Unreadable::Damaged)
}
