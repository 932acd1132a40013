//! Detects the first run after an installation: iOS keeps the keychain of a deleted app, but not
//! its files. [`crate::records`] reads the marker before anything else.

use super::StoreError;

/// Records **outside the secure store** that the app has run: in the app's own files, which the
/// system deletes with the app. iOS keeps the keychain when an app is deleted, so a new
/// installation finds the sessions of the old one.
///
/// Calls come from the same threads as calls to a [`SecureStore`](super::SecureStore).
pub trait InstallMarker: Send + Sync {
    /// Whether the marker of this name is set. [`StoreError::Locked`] if that cannot be known yet
    /// (before the first unlock), when existing files can look absent.
    fn is_set(&self, name: &str) -> Result<bool, StoreError>;
    /// Sets the marker durably.
    fn set(&self, name: &str) -> Result<(), StoreError>;
}

/// What happens to sessions of an earlier installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterReinstall {
    /// They are kept: the person who has the device is still logged in.
    Keep,
    /// They are removed: a new installation begins without a session.
    Wipe,
}
