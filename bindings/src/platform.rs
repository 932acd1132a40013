//! The world outside, as one value.

use std::sync::Arc;

use switchback::critical;
use switchback::ports::{self, SystemClock, SystemEntropy};
use switchback::store::MarkerFolder;

use crate::critical::Critical;
use crate::error::SwitchbackError;
use crate::http::HttpTransport;
use crate::mirror::mirror;
use crate::store::SecureStore;
use crate::{critical as foreign_critical, http, store};

/// What Switchback needs of the phone.
#[derive(Clone, uniffi::Record)]
pub struct Platform {
    /// Where tokens are kept.
    pub store: Arc<dyn SecureStore>,
    /// HTTP. Without one it is Switchback's own, in a library that was built with it (`full`).
    #[uniffi(default = None)]
    pub http: Option<Arc<dyn HttpTransport>>,
    /// For an app of several processes: a section that its processes share, by a lock on a
    /// file. Not together with `critical`.
    #[uniffi(default = None)]
    pub lock_file: Option<LockFile>,
    /// A section, and a background task, of the app's own.
    #[uniffi(default = None)]
    pub critical: Option<Arc<dyn Critical>>,
    /// What the first run after an installation does. Without it nothing is asked.
    #[uniffi(default = None)]
    pub first_run: Option<FirstRun>,
}

/// A lock on a file, in a folder of this device that all processes of the app share.
#[derive(Clone, Debug, uniffi::Record)]
pub struct LockFile {
    /// The folder, which must exist.
    pub folder: String,
    /// What the file is called, without an ending.
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

mirror! {
    /// What is done with the sessions that an earlier installation has left.
    AfterReinstall of ports::AfterReinstall {
        /// They are kept: whoever has the device is still logged in.
        Keep,
        /// They are removed: a new installation begins without a session.
        Wipe,
    }
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
        match (self.lock_file, self.critical) {
            (None, None) => {}
            (Some(file), None) => {
                let section = critical::LockFile::new(file.folder, &file.name);
                platform = platform.with_critical(Arc::new(section));
            }
            (None, Some(critical)) => {
                let section = foreign_critical::Foreign(critical);
                platform = platform.with_critical(Arc::new(section));
            }
            (Some(_), Some(_)) => {
                return Err(SwitchbackError::Configuration {
                    what: "`lock_file` and `critical` are two critical sections: give one".into(),
                });
            }
        }
        if let Some(FirstRun {
            marker_folder,
            sessions,
        }) = self.first_run
        {
            platform = platform.after_reinstall(MarkerFolder::new(marker_folder), sessions.into());
        }
        Ok(platform)
    }
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
        what: "this library was built without HTTP of its own: give the platform an `http`".into(),
    })
}
