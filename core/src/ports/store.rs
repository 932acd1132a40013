//! Where secrets are kept.

use std::sync::Arc;

use super::ProcessLock;

/// Keeps small secrets: a keychain, a keystore, a keyring.
///
/// **Threads.** Calls are synchronous, since keychains and keystores are. They come from
/// threads where waiting is fine, several at a time, and never from inside another call of
/// the same store; an implementation may take a lock for each of them. It must not call
/// back into Switchback.
///
/// **Keys** are texts of 1 to 1,000 bytes, any characters; **values** are bytes, of up to
/// 1 MiB, and may be empty.
///
/// **Writes** are all or nothing, whatever happens in their middle, and are durable when
/// they return. All who have the store open see them from then on.
///
/// **Absence** is `None` only where the store is certain: a store that cannot be read yet
/// answers [`StoreError::Locked`], since "not there" logs people out. An implementation
/// whose system takes locked for empty asks first whether protected data can be read.
///
/// **No questions.** Nothing here may wait for a person: a store behind a biometric gate is
/// unlocked by the app beforehand, and answers
/// [`StoreError::AuthenticationRequired`] while it is not.
///
/// The suite `switchback::testing::secure_store_conformance` (feature `testing`) tries
/// whether an implementation keeps to this, and `docs/secure-store.md` is for those who
/// write one.
pub trait SecureStore: Send + Sync {
    /// The value of a key.
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;
    /// Writes a value, in place of an earlier one.
    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError>;
    /// Removes a key; one that is not there is no error.
    fn delete(&self, key: &str) -> Result<(), StoreError>;
    /// All keys that start with this, in any order.
    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError>;
    /// The critical section that goes with this store, where other processes use it as
    /// well. [`Platform::new`](super::Platform::new) takes it over; without one, the store
    /// is this process's own.
    fn process_lock(&self) -> Option<Arc<dyn ProcessLock>> {
        None
    }
}

/// Why a store did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It cannot be read yet. Nothing is lost.
    #[error("it is locked: unlock the device or keyring")]
    Locked,
    /// The key that the entries were sealed with is gone for good (a new device, a reset
    /// keystore, a deleted key file): what was stored cannot be read any more.
    #[error(
        "the key of the store is not where it was kept, and nothing can be read without it: {0}"
    )]
    KeyLost(String),
    /// The system does not let this app in.
    #[error("access was denied: {0}")]
    Denied(String),
    /// There is no room.
    #[error("there is no room: {0}")]
    Full(String),
    /// What is there is damaged, or not ours.
    #[error("an entry is damaged or not ours: {0}")]
    Corrupt(String),
    /// A later version of this library wrote it. It is left as it is.
    #[error("it was written by a later version: {0}")]
    Newer(String),
    /// There is no such store here, or it does not answer.
    #[error("it is not available: {0}")]
    Unavailable(String),
    /// The person must prove presence first (a biometric gate).
    #[error("the person must be authenticated first")]
    AuthenticationRequired,
    /// The person dismissed the question.
    #[error("the person cancelled")]
    Cancelled,
}
