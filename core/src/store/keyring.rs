//! The key of a sealed file in the system's keyring.

use std::sync::mpsc;
use std::time::Duration;

use keyring::{Entry, Error};
use zeroize::Zeroizing;

use super::sealing_key::{Key, SealingKey};
use crate::ports::StoreError;

/// A keyring that is there says so at once.
const STATUS_TIMEOUT: Duration = Duration::from_secs(5);

/// A person may be asked to unlock it, and has so long.
const ACCESS_TIMEOUT: Duration = Duration::from_secs(120);

/// The key of a [`SealedFile`](super::SealedFile) in the system's keyring: Keychain on
/// macOS, Credential Manager on Windows, Secret ClientMode elsewhere.
///
/// Only the key is there: Windows holds 2,560 bytes an entry, and keyrings list poorly. A
/// keyring that does not answer is [`StoreError::Unavailable`]: after five seconds where it
/// does not even greet, after two minutes where a person may have to unlock it.
#[derive(Clone, Debug)]
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

    /// Does this with the entry.
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
                    "the keyring entry {}/{} is not a key of 32 bytes",
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

/// Waits for so long, and no longer: the calls of a keyring have no limit of their own. What
/// never ends is left to a thread that ends with the process.
fn with_timeout<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let (done, answer) = mpsc::sync_channel(1);
    let started = std::thread::Builder::new()
        .name("keyring".into())
        // Nobody may wait for it any more.
        .spawn(move || drop(done.send(work())));
    started.map_err(|error| {
        StoreError::Unavailable(format!(
            "no thread for the keyring could be started: {error}"
        ))
    })?;
    answer.recv_timeout(limit).unwrap_or_else(|_| {
        Err(StoreError::Unavailable(format!(
            "the keyring did not answer within {} s",
            limit.as_secs()
        )))
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keyring_that_never_answers_is_a_timeout() {
        let (never, answer) = mpsc::channel::<()>();
        let waited = with_timeout(Duration::from_millis(1), move || {
            // It ends with the test.
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
