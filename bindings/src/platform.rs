//! The platform that a client runs on.

use std::sync::Arc;

use switchback::ports::{self, SystemClock, SystemEntropy};
use switchback::process_lock::{self, WithinProcess};
use switchback::store::MarkerFolder;

use crate::error::SwitchbackError;
use crate::http::HttpTransport;
use crate::process_lock::{BackgroundTasks, Foreign, ProcessLock, WithBackgroundTasks};
use crate::remote::AfterReinstall;
use crate::store::SecureStore;
use crate::{http, store};

/// The store, HTTP transport and locks that the app gives to Switchback.
#[derive(Clone, uniffi::Record)]
pub struct Platform {
    /// The store of the tokens.
    pub store: Arc<dyn SecureStore>,
    /// The HTTP transport. If absent, Switchback uses its built-in transport, which the library
    /// must be built with (`full`).
    #[uniffi(default = None)]
    pub http: Option<Arc<dyn HttpTransport>>,
    /// For an app of several processes: a lock on a file that its processes share. Not together
    /// with `process_lock`. On iOS set `background`, too: the system kills an app that is
    /// suspended while it holds such a lock.
    #[uniffi(default = None)]
    pub lock_file: Option<LockFile>,
    /// A process lock that the app implements.
    #[uniffi(default = None)]
    pub process_lock: Option<Arc<dyn ProcessLock>>,
    /// Keeps the app running during a refresh or a login, on iOS.
    #[uniffi(default = None)]
    pub background: Option<Arc<dyn BackgroundTasks>>,
    /// What the first run after an installation does. If absent, sessions are kept.
    #[uniffi(default = None)]
    pub first_run: Option<FirstRun>,
}

/// A lock on a file, in a folder of this device that all processes of the app share.
#[derive(Clone, Debug, uniffi::Record)]
pub struct LockFile {
    /// The folder, which must exist.
    pub folder: String,
    /// The name of the file without its extension: letters, digits, `-`, `_` and `.`.
    pub name: String,
}

/// How Switchback recognizes the first run after an installation, and what it then does. iOS keeps
/// the keychain when an app is deleted, so a new installation finds the sessions of the old one.
///
/// The first update that adds this to an existing app counts as a first run: begin with `Keep`, so
/// that persons stay logged in.
#[derive(Clone, Debug, uniffi::Record)]
pub struct FirstRun {
    /// A folder that the system deletes with the app, that no backup restores on another device,
    /// and that all processes that use the store share. It is created if it does not exist.
    pub marker_folder: String,
    /// What happens to sessions of an earlier installation.
    pub sessions: AfterReinstall,
}

impl Platform {
    /// Converts to the core's platform.
    ///
    /// # Errors
    /// [`SwitchbackError::Configuration`].
    pub fn into_core(self) -> Result<switchback::Platform, SwitchbackError> {
        let mut platform = switchback::Platform::from_parts(
            Arc::new(SystemClock),
            Arc::new(SystemEntropy),
            transport(self.http)?,
            Arc::new(store::Foreign(self.store)),
        );
        platform = platform.with_process_lock(process_lock(
            self.lock_file,
            self.process_lock,
            self.background,
        )?);
        if let Some(FirstRun {
            marker_folder,
            sessions,
        }) = self.first_run
        {
            platform = platform.after_reinstall(MarkerFolder::new(marker_folder), sessions);
        }
        Ok(platform)
    }
}

fn process_lock(
    lock_file: Option<LockFile>,
    process_lock: Option<Arc<dyn ProcessLock>>,
    background: Option<Arc<dyn BackgroundTasks>>,
) -> Result<Arc<dyn ports::ProcessLock>, SwitchbackError> {
    let lock: Arc<dyn ports::ProcessLock> = match (lock_file, process_lock) {
        (None, None) => Arc::new(WithinProcess),
        (Some(file), None) => {
            Arc::new(process_lock::LockFile::configured(file.folder, &file.name)?)
        }
        (None, Some(process_lock)) => Arc::new(Foreign(process_lock)),
        (Some(_), Some(_)) => {
            return Err(SwitchbackError::Configuration {
                what: "a lock file and a process lock of the app are two critical sections: set \
                       one of them"
                    .into(),
            });
        }
    };
    Ok(match background {
        Some(tasks) => Arc::new(WithBackgroundTasks { lock, tasks }),
        None => lock,
    })
}

fn transport(
    http: Option<Arc<dyn HttpTransport>>,
) -> Result<Arc<dyn ports::HttpTransport>, SwitchbackError> {
    match http {
        Some(http) => Ok(Arc::new(http::Foreign(http))),
        None => built_in(),
    }
}

#[cfg(feature = "full")]
fn built_in() -> Result<Arc<dyn ports::HttpTransport>, SwitchbackError> {
    Ok(Arc::new(switchback::http::Reqwest::new()))
}

#[cfg(not(feature = "full"))]
fn built_in() -> Result<Arc<dyn ports::HttpTransport>, SwitchbackError> {
    Err(SwitchbackError::Configuration {
        what: "this library was built without its own HTTP: give the platform an HTTP transport"
            .into(),
    })
}
