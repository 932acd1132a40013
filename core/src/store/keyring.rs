//! The key of a sealed file in the system's keyring.

use keyring::{Entry, Error};
use zeroize::Zeroizing;

use super::sealing_key::{Key, SealingKey};
use crate::ports::StoreError;

/// The key of a [`SealedFile`](super::SealedFile) in the system's keyring: Keychain on
/// macOS, Credential Manager on Windows, Secret Service elsewhere.
///
/// Only the key is there: Windows holds 2,560 bytes an entry, and keyrings list poorly.
#[derive(Debug)]
pub struct KeyringKey {
    service: String,
    user: String,
}

impl KeyringKey {
    /// A key under these two names.
    pub fn new(service: impl Into<String>, user: impl Into<String>) -> Self {
        Self {
            service: service.into(),
            user: user.into(),
        }
    }

    fn entry(&self) -> Result<Entry, StoreError> {
        if let Err(error) = Entry::store_status() {
            return Err(failed(error));
        }
        Entry::new(&self.service, &self.user).map_err(|error| failed(&error))
    }
}

impl SealingKey for KeyringKey {
    fn load(&self) -> Result<Option<Key>, StoreError> {
        match self.entry()?.get_secret().map(Zeroizing::new) {
            Ok(bytes) => match <[u8; 32]>::try_from(bytes.as_slice()) {
                Ok(key) => Ok(Some(Zeroizing::new(key))),
                Err(_) => Err(StoreError::KeyLost(format!(
                    "the keyring entry {}/{} is not a key of 32 bytes",
                    self.service, self.user
                ))),
            },
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    fn create(&self, key: &Key) -> Result<(), StoreError> {
        let entry = self.entry()?;
        entry
            .set_secret(key.as_slice())
            .map_err(|error| failed(&error))
    }
}

/// The keyring's error as ours. Its payloads (a secret that is no text) are left out.
fn failed(error: &Error) -> StoreError {
    match error {
        Error::NoStorageAccess(_) => StoreError::Locked,
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => {
            StoreError::Corrupt("the keyring entry has another form than expected".into())
        }
        Error::PlatformFailure(cause) => {
            let innermost = cause
                .source()
                .map_or(cause.to_string(), ToString::to_string);
            StoreError::Unavailable(format!("the keyring failed: {innermost}"))
        }
        other => StoreError::Unavailable(format!("the keyring failed: {other}")),
    }
}
