//! The stored form of an entry: JSON with a version. A later version of this library reads the
//! entries of an earlier one. An earlier version reports that it cannot read those of a later one.
//!
//! Before you change this: `protocol/fixtures` has an entry of each version, and a test reads them.
//! A changed field needs a new version or a default; a renamed one needs its old name for serde.

use alloc::vec::Vec;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

/// The number of a stored state, from 1. A store replaces a state only if its number is still the
/// one that was read (compare and set), so that the slower of two writers notices the other.
pub type Generation = u64;

/// Why a stored entry is unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// Written by a later version of this library.
    #[error(
        "the entry has version {found}, but this library reads only up to {known}: update the app"
    )]
    Version {
        /// The version of the entry.
        found: u32,
        /// The newest version that this library reads.
        known: u32,
    },
    /// Damaged, or not written by this library.
    #[error("the entry is damaged, or was not written by Switchback")]
    Damaged,
}

pub(crate) fn write<T: serde::Serialize>(entry: &T) -> Zeroizing<Vec<u8>> {
    // Entries have only text keys, numbers and texts, so writing JSON does not fail.
    Zeroizing::new(serde_json::to_vec(entry).unwrap_or_default())
}

pub(crate) fn read<T: DeserializeOwned>(json: &[u8], known: u32) -> Result<T, Unreadable> {
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    // Reading from bytes would add serde_json's byte reader to the phone library.
    let json = core::str::from_utf8(json).map_err(|_| Unreadable::Damaged)?;
    let Version { version: found } = serde_json::from_str(json).map_err(|_| Unreadable::Damaged)?;
    if found > known {
        return Err(Unreadable::Version { found, known });
    }
    serde_json::from_str(json).map_err(|_| Unreadable::Damaged)
}
