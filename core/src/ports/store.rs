//! The port for the secure store.
//!
//! Before you change this: [`crate::testing`] tests each sentence of the contract, and each app can
//! have its own store. A new demand is a new case there.

use std::sync::Arc;

use super::ProcessLock;

/// Stores small secrets: a keychain, a keystore, a keyring.
///
/// **Threads.** Calls are synchronous, since keychains and keystores are. They come from threads
/// that may block, several at a time, and never from within another call of the same store, so an
/// implementation may hold a lock during each call. It must not call Switchback.
///
/// **Keys** are texts of 1 to 1,000 bytes with any characters. **Values** are 0 to 1,048,576 bytes
/// (1 MiB).
///
/// **Writes** are atomic, also if the process is killed, and durable when they return. Every opened
/// store sees them from then on.
///
/// **Absence** is `None` only if the store is certain. A store that cannot be read yet returns
/// [`StoreError::Locked`], since an absent session logs the person out. If the system shows locked
/// data as absent, an implementation first asks whether protected data is available.
///
/// **No prompts.** No call may wait for a person. If the store needs biometric authentication, the
/// app unlocks it beforehand; until then calls return [`StoreError::AuthenticationRequired`].
///
/// `docs/how-to/secure-store.md` explains how to write a store, and the suite
/// `switchback::testing::secure_store_conformance` (feature `testing`) tests one.
pub trait SecureStore: Send + Sync {
    /// The value of a key.
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;
    /// Writes a value, and replaces an earlier one.
    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError>;
    /// Removes a key. A key that does not exist is not an error.
    fn delete(&self, key: &str) -> Result<(), StoreError>;
    /// All keys that start with this prefix, in any order.
    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError>;
    /// The process lock of this store, if several processes may use the store.
    /// [`Platform::new`](super::Platform::new) uses it. `None` if only this process uses the store.
    fn process_lock(&self) -> Option<Arc<dyn ProcessLock>> {
        None
    }
}

/// Why a call of a store failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The store cannot be read yet. Nothing is lost.
    #[error("it is locked: unlock the device or the keyring")]
    Locked,
    /// The encryption key of the entries is lost permanently (a new device, a reset keystore, a
    /// deleted key file), so the entries cannot be read again. The text says what to do at this
    /// store.
    #[error("its encryption key is lost: {0}")]
    KeyLost(String),
    /// The system denied access.
    #[error("the system denied access: {0}")]
    Denied(String),
    /// The storage is full.
    #[error("the storage is full: {0}; free some space")]
    Full(String),
    /// An entry is damaged, or another program wrote it.
    #[error("an entry is damaged or belongs to another program: {0}")]
    Corrupt(String),
    /// A later version of this library wrote the entry, which stays unchanged.
    #[error("a later version of this library wrote it: {0}")]
    Newer(String),
    /// The store does not exist on this machine, or does not answer.
    #[error("it is not available: {0}")]
    Unavailable(String),
    /// The person must authenticate first (biometrics).
    #[error("the person must authenticate first: unlock the store, then try again")]
    AuthenticationRequired,
    /// The person cancelled the authentication.
    #[error("the person cancelled the authentication: try again")]
    Cancelled,
}
