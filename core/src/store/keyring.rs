//! The key of a sealed file, in the system's keyring. Only the key is there: the keyring of Windows
//! has room for 2,560 bytes.
//!
//! Before you change this: a keyring can wait for a person, or never answer. So each call runs in a
//! thread with a time limit.

use std::sync::mpsc;
use std::time::Duration;

use keyring::{Entry, Error};
use zeroize::Zeroizing;

use super::sealing_key::{Key, REMEDY, SealingKey};
use crate::ports::StoreError;

/// A working keyring reports its status immediately.
const STATUS_TIMEOUT: Duration = Duration::from_secs(5);

/// The keyring may ask a person to unlock it.
const ACCESS_TIMEOUT: Duration = Duration::from_secs(120);

/// The key of a [`SealedFile`](super::SealedFile) in the system's keyring: Keychain on macOS,
/// Credential Manager on Windows, Secret Service elsewhere.
///
/// Only the key is in the keyring, since Windows stores at most 2,560 bytes per entry and keyrings
/// list entries poorly. A keyring that does not answer is [`StoreError::Unavailable`]: after 5
/// seconds for its status, and after 2 minutes for the key, which a person may have to unlock.
#[derive(Clone, Debug)]
pub struct KeyringKey {
    service: String,
    user: String,
}

impl KeyringKey {
    /// A key under this service and user name.
    pub fn new(service: impl Into<String>, user: impl Into<String>) -> Self {
        Self {
            service: service.into(),
            user: user.into(),
        }
    }

    /// Runs `work` with the keyring entry.
    fn with_entry<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self, &Entry) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        with_timeout(STATUS_TIMEOUT, || match Entry::store_status() {
            Ok(()) => Ok(()),
            Err(error) => Err(failed(error)),
        })?;
        let key = self.clone();
        with_timeout(ACCESS_TIMEOUT, move || {
            let entry = Entry::new(&key.service, &key.user).map_err(|error| failed(&error))?;
            work(&key, &entry)
        })
    }
}

impl SealingKey for KeyringKey {
    fn load(&self) -> Result<Option<Key>, StoreError> {
        self.with_entry(|key, entry| match entry.get_secret().map(Zeroizing::new) {
            Ok(bytes) => match <[u8; 32]>::try_from(bytes.as_slice()) {
                Ok(key) => Ok(Some(Zeroizing::new(key))),
                Err(_) => Err(StoreError::KeyLost(format!(
                    "the keyring entry {}/{} is not a key of 32 bytes; {REMEDY}",
                    key.service, key.user
                ))),
            },
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(failed(&error)),
        })
    }

    fn create(&self, key: &Key) -> Result<(), StoreError> {
        let key = key.clone();
        self.with_entry(move |_, entry| {
            let kept = entry.set_secret(key.as_slice());
            kept.map_err(|error| failed(&error))
        })
    }
}

/// Runs `work` in a thread with a time limit, since calls of a keyring have none. A call that never
/// returns leaves its thread running until the process ends.
fn with_timeout<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let (done, answer) = mpsc::sync_channel(1);
    let started = std::thread::Builder::new()
        .name("keyring".into())
        // The receiver may have given up.
        .spawn(move || drop(done.send(work())));
    started.map_err(|error| {
        StoreError::Unavailable(format!(
            "the thread for the keyring could not be started: {error}"
        ))
    })?;
    answer.recv_timeout(limit).unwrap_or_else(|_| {
        Err(StoreError::Unavailable(format!(
            "the keyring did not answer within {} s",
            limit.as_secs()
        )))
    })
}

/// Converts an error of the keyring, without its payload (it can contain the secret).
fn failed(error: &Error) -> StoreError {
    match error {
        Error::NoStorageAccess(_) => StoreError::Locked,
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => {
            StoreError::Corrupt("the keyring entry does not have the expected format".into())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keyring_that_never_answers_is_a_timeout() {
        let (never, answer) = mpsc::channel::<()>();
        let waited = with_timeout(Duration::from_millis(1), move || {
            // Ends with the test.
            let _ = answer.recv();
            Ok(())
        });
        let error = waited.unwrap_err().to_string();
        assert!(error.contains("did not answer within"), "{error}");
        drop(never);
        assert_eq!(with_timeout(STATUS_TIMEOUT, || Ok(1)), Ok(1));
        let failed = with_timeout(STATUS_TIMEOUT, || Err::<(), _>(StoreError::Locked));
        assert_eq!(failed, Err(StoreError::Locked));
    }
}
