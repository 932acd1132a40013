//! Where secrets are kept: the app's keychain or keystore.

use std::sync::Arc;

use switchback::ports;

use crate::undeclared::undeclared;

/// Keeps small secrets: over the keychain of iOS, over the keystore of Android.
///
/// **Threads.** Calls are synchronous, since keychains and keystores are. They come from
/// threads of Switchback's where waiting is fine, several at a time, and never from inside
/// another call of the same store; an implementation may take a lock for each of them. It
/// must not wait for a call of Switchback's.
///
/// **Keys** are texts of 1 to 1,000 bytes, any characters; **values** are bytes, of up to
/// 1 MiB, and may be empty.
///
/// **Writes** are all or nothing, whatever happens in their middle, and are durable when
/// they return.
///
/// **Absence** is told only where the store is certain: a store that cannot be read yet
/// throws `Locked`, since "not there" logs people out.
///
/// **No questions.** Nothing here may wait for a person: a store behind a biometric gate is
/// unlocked by the app beforehand, and throws `AuthenticationRequired` while it is not.
///
/// What is thrown besides [`StoreError`] becomes `Unavailable`, with the name of its type.
/// `docs/secure-store.md` is for those who write one, and there is a suite that tries
/// whether it keeps to this.
#[uniffi::export(foreign)]
pub trait SecureStore: Send + Sync {
    /// The value of a key.
    fn get(&self, key: String) -> Result<Option<Vec<u8>>, StoreError>;
    /// Writes a value, in place of an earlier one.
    fn put(&self, key: String, value: Vec<u8>) -> Result<(), StoreError>;
    /// Removes a key; one that is not there is no error.
    fn delete(&self, key: String) -> Result<(), StoreError>;
    /// All keys that start with this, in any order.
    fn list(&self, prefix: String) -> Result<Vec<String>, StoreError>;
}

/// Why a store did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum StoreError {
    /// It cannot be read yet. Nothing is lost.
    #[error("{}", self.core())]
    Locked,
    /// The key that the entries were sealed with is gone for good: what was stored cannot be
    /// read any more.
    #[error("{}", self.core())]
    KeyLost {
        /// What the system says.
        reason: String,
    },
    /// The system does not let this app in.
    #[error("{}", self.core())]
    Denied {
        /// What the system says.
        reason: String,
    },
    /// There is no room.
    #[error("{}", self.core())]
    Full {
        /// What the system says.
        reason: String,
    },
    /// What is there is damaged, or not ours.
    #[error("{}", self.core())]
    Corrupt {
        /// What is wrong with it.
        reason: String,
    },
    /// A later version of this library wrote it. It is left as it is.
    #[error("{}", self.core())]
    Newer {
        /// Which one.
        reason: String,
    },
    /// There is no such store here, or it does not answer.
    #[error("{}", self.core())]
    Unavailable {
        /// What the system says.
        reason: String,
    },
    /// The person must prove presence first (a biometric gate).
    #[error("{}", self.core())]
    AuthenticationRequired,
    /// The person dismissed the question.
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

/// A store of Kotlin's or Swift's, as the core knows one.
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
