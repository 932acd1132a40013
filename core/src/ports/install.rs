//! Whether this is the first run after an installation.

use super::StoreError;

/// Remembers **outside the secure store** that the app has run: where an app's own files
/// are, which the system removes with the app. iOS keeps the keychain when an app is
/// removed, and a new installation finds the sessions of the old one.
///
/// Calls come as those to a [`SecureStore`](super::SecureStore) do.
pub trait InstallMarker: Send + Sync {
    /// Whether the marker of this name is there. [`StoreError::Locked`] where that cannot be
    /// known yet (before the first unlock): locked can look like absent.
    fn is_set(&self, name: &str) -> Result<bool, StoreError>;
    /// Sets it, durably.
    fn set(&self, name: &str) -> Result<(), StoreError>;
}

/// What is done with the sessions that an earlier installation has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterReinstall {
    /// They are kept: whoever has the device is still logged in.
    Keep,
    /// They are removed: a new installation begins without a session.
    Wipe,
}
