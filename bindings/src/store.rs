//! The store of the secrets: the app's keychain or keystore.

use std::sync::Arc;

use switchback::ports;

use crate::undeclared::undeclared;

/// Stores small secrets: in the keychain of iOS, in the keystore of Android.
///
/// **Threads.** Calls are synchronous, since keychains and keystores are. They come from threads
/// of Switchback that may block, several at a time, and never from within another call of the same
/// store, so an implementation may hold a lock during each call. It must not wait for a call of
/// Switchback.
///
/// **Keys** are texts of 1 to 1,000 bytes with any characters. **Values** are 0 to 1,048,576 bytes
/// (1 MiB).
///
/// **Writes** are atomic, also if the process is killed, and durable when they return.
///
/// **Absence** is returned only if the store is certain. A store that cannot be read yet throws
/// `Locked`, since an absent session logs the person out.
///
/// **No prompts.** No call may wait for a person. If the store needs biometric authentication, the
/// app unlocks it beforehand; until then calls throw `AuthenticationRequired`.
///
/// An error other than [`StoreError`] becomes `Unavailable`, with the name of its type.
/// `docs/how-to/secure-store.md` explains how to write a store, and a conformance suite tests one.
#[uniffi::export(foreign)]
pub trait SecureStore: Send + Sync {
    /// The value of a key.
    fn get(&self, key: String) -> Result<Option<Vec<u8>>, StoreError>;
    /// Writes a value, and replaces an earlier one.
    fn put(&self, key: String, value: Vec<u8>) -> Result<(), StoreError>;
    /// Removes a key. A key that does not exist is not an error.
    fn delete(&self, key: String) -> Result<(), StoreError>;
    /// All keys that start with this prefix, in any order.
    fn list(&self, prefix: String) -> Result<Vec<String>, StoreError>;
}

/// Why a call of a store failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum StoreError {
    /// The store cannot be read yet. Nothing is lost.
    #[error("{}", self.core())]
    Locked,
    /// The encryption key of the entries is lost permanently: the entries cannot be read again.
    #[error("{}", self.core())]
    KeyLost {
        /// What the system says.
        reason: String,
    },
    /// The system denied access.
    #[error("{}", self.core())]
    Denied {
        /// What the system says.
        reason: String,
    },
    /// The storage is full.
    #[error("{}", self.core())]
    Full {
        /// What the system says.
        reason: String,
    },
    /// An entry is damaged, or another program wrote it.
    #[error("{}", self.core())]
    Corrupt {
        /// What is wrong with the entry.
        reason: String,
    },
    /// A later version of this library wrote the entry, which stays unchanged.
    #[error("{}", self.core())]
    Newer {
        /// The version.
        reason: String,
    },
    /// The store does not exist on this device, or does not answer.
    #[error("{}", self.core())]
    Unavailable {
        /// What the system says.
        reason: String,
    },
    /// The person must authenticate first (biometrics).
    #[error("{}", self.core())]
    AuthenticationRequired,
    /// The person cancelled the authentication.
    #[error("{}", self.core())]
    Cancelled,
}

#[uniffi::export]
impl StoreError {
    /// What happened, in English, for a developer and a log.
    pub fn describe(&self) -> String {
        self.to_string()
    }
}

impl StoreError {
    fn core(&self) -> ports::StoreError {
        self.clone().into()
    }
}

impl From<ports::StoreError> for StoreError {
    fn from(error: ports::StoreError) -> Self {
        match error {
            ports::StoreError::Locked => Self::Locked,
            ports::StoreError::KeyLost(reason) => Self::KeyLost { reason },
            ports::StoreError::Denied(reason) => Self::Denied { reason },
            ports::StoreError::Full(reason) => Self::Full { reason },
            ports::StoreError::Corrupt(reason) => Self::Corrupt { reason },
            ports::StoreError::Newer(reason) => Self::Newer { reason },
            ports::StoreError::Unavailable(reason) => Self::Unavailable { reason },
            ports::StoreError::AuthenticationRequired => Self::AuthenticationRequired,
            ports::StoreError::Cancelled => Self::Cancelled,
        }
    }
}

impl From<StoreError> for ports::StoreError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Locked => Self::Locked,
            StoreError::KeyLost { reason } => Self::KeyLost(reason),
            StoreError::Denied { reason } => Self::Denied(reason),
            StoreError::Full { reason } => Self::Full(reason),
            StoreError::Corrupt { reason } => Self::Corrupt(reason),
            StoreError::Newer { reason } => Self::Newer(reason),
            StoreError::Unavailable { reason } => Self::Unavailable(reason),
            StoreError::AuthenticationRequired => Self::AuthenticationRequired,
            StoreError::Cancelled => Self::Cancelled,
        }
    }
}

impl From<uniffi::UnexpectedUniFFICallbackError> for StoreError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unavailable {
            reason: undeclared(&error),
        }
    }
}

/// Adapts a store of Kotlin or Swift to the core's port.
pub struct Foreign(pub Arc<dyn SecureStore>);

impl ports::SecureStore for Foreign {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, ports::StoreError> {
        Ok(self.0.get(key.into())?)
    }

    fn put(&self, key: &str, value: &[u8]) -> Result<(), ports::StoreError> {
        Ok(self.0.put(key.into(), value.into())?)
    }

    fn delete(&self, key: &str) -> Result<(), ports::StoreError> {
        Ok(self.0.delete(key.into())?)
    }

    fn list(&self, prefix: &str) -> Result<Vec<String>, ports::StoreError> {
        Ok(self.0.list(prefix.into())?)
    }
}
