//! The world outside, as one value.

use std::sync::Arc;

use switchback::ports::{self, SystemClock, SystemEntropy};
use switchback::process_lock::{self, WithinProcess};
use switchback::store::MarkerFolder;

use crate::error::SwitchbackError;
use crate::http::HttpTransport;
use crate::process_lock::{BackgroundTasks, Foreign, KeptAwake, ProcessLock};
use crate::remote::AfterReinstall;
use crate::store::SecureStore;
use crate::{http, store};

/// What Switchback needs of the phone.
#[derive(Clone, uniffi::Record)]
pub struct Platform {
    /// Where tokens are kept.
    pub store: Arc<dyn SecureStore>,
    /// HTTP. Without one it is Switchback's own, in a library that was built with it (`full`).
    #[uniffi(default = None)]
    pub http: Option<Arc<dyn HttpTransport>>,
    /// For an app of several processes: a section that its processes share, by a lock on a
    /// file. Not together with `process_lock`. On iOS together with `background`: the system kills
    /// an app that it suspends in the middle of a section.
    #[uniffi(default = None)]
    pub lock_file: Option<LockFile>,
    /// A section of the app's own.
    #[uniffi(default = None)]
    pub process_lock: Option<Arc<dyn ProcessLock>>,
    /// Keeps the app running while a refresh or a login is under way, on iOS.
    #[uniffi(default = None)]
    pub background: Option<Arc<dyn BackgroundTasks>>,
    /// What the first run after an installation does. Without it nothing is asked.
    #[uniffi(default = None)]
    pub first_run: Option<FirstRun>,
}

/// A lock on a file, in a folder of this device that all processes of the app share.
#[derive(Clone, Debug, uniffi::Record)]
pub struct LockFile {
    /// The folder, which must exist.
    pub folder: String,
    /// What the file is called, without an ending: letters, digits, `-`, `_` and `.`.
    pub name: String,
}

/// How the first run after an installation is known, and what it does: iOS keeps the keychain
/// when an app is removed, and a new installation finds the sessions of the old one.
///
/// The first update that brings this to an app is a first run to it: begin with `Keep` where
/// people are logged in already.
#[derive(Clone, Debug, uniffi::Record)]
pub struct FirstRun {
    /// A folder that the system removes with the app, that no backup brings to another device,
    /// and that all who use the store share. It is made where it is missing.
    pub marker_folder: String,
    /// What is done with the sessions that are found.
    pub sessions: AfterReinstall,
}

impl Platform {
    /// The same for the core.
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
        platform = platform.with_process_lock(section(
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

fn section(
    lock_file: Option<LockFile>,
    process_lock: Option<Arc<dyn ProcessLock>>,
    background: Option<Arc<dyn BackgroundTasks>>,
) -> Result<Arc<dyn ports::ProcessLock>, SwitchbackError> {
    let section: Arc<dyn ports::ProcessLock> = match (lock_file, process_lock) {
        (None, None) => Arc::new(WithinProcess),
        (Some(file), None) => {
            Arc::new(process_lock::LockFile::configured(file.folder, &file.name)?)
        }
        (None, Some(process_lock)) => Arc::new(Foreign(process_lock)),
        (Some(_), Some(_)) => {
            return Err(SwitchbackError::Configuration {
                what: "a lock file and a section of the app's own are two critical sections: give \
                       one"
                .into(),
            });
        }
    };
    Ok(match background {
        Some(tasks) => Arc::new(KeptAwake { section, tasks }),
        None => section,
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
        what: "this library was built without HTTP of its own: give the platform a `transport`"
            .into(),
    })
}
