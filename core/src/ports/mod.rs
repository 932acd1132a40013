//! The world outside: what this crate needs of a platform, and nothing else.
//!
//! Adapters are in [`store`](crate::store), [`process_lock`](crate::process_lock) and
//! [`http`](crate::http); a platform that has its own keychain or its own HTTP brings an
//! implementation of these traits.

mod install;
mod process_lock;
mod store;

use std::sync::Arc;

pub use install::{AfterReinstall, InstallMarker};
pub use process_lock::{Guard, ProcessLock};
pub use store::{SecureStore, StoreError};
pub use switchback_driver::ports::{
    BoxFuture, Clock, Entropy, EntropyError, HttpTransport, SystemClock, SystemEntropy,
    TransportError,
};
pub use switchback_protocol::lease::Owner;
pub use switchback_protocol::time::{Time, Uptime};

use crate::process_lock::WithinProcess;

/// The world outside, as one value.
#[derive(Clone)]
#[non_exhaustive]
pub struct Platform {
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Unguessable bytes.
    pub entropy: Arc<dyn Entropy>,
    /// HTTP.
    pub http: Arc<dyn HttpTransport>,
    pub(crate) store: Arc<dyn SecureStore>,
    /// It goes with the store.
    pub(crate) process_lock: Arc<dyn ProcessLock>,
    /// How the first run after an installation is known, and what it does.
    pub install: Option<(Arc<dyn InstallMarker>, AfterReinstall)>,
}

impl Platform {
    /// The system's clocks and random source, reqwest, and this store with the critical
    /// section that goes with it.
    #[cfg(feature = "reqwest")]
    pub fn new(store: impl SecureStore + 'static) -> Self {
        Self::from_parts(
            Arc::new(SystemClock),
            Arc::new(SystemEntropy),
            Arc::new(switchback_driver::http::Reqwest::new()),
            Arc::new(store),
        )
    }

    /// A platform of the caller's own making.
    pub fn from_parts(
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        http: Arc<dyn HttpTransport>,
        store: Arc<dyn SecureStore>,
    ) -> Self {
        Self {
            clock,
            entropy,
            http,
            process_lock: process_lock_of(&store),
            store,
            install: None,
        }
    }

    /// Another store, with the critical section that goes with it.
    pub fn with_store(mut self, store: Arc<dyn SecureStore>) -> Self {
        self.process_lock = process_lock_of(&store);
        self.store = store;
        self
    }

    /// Another critical section than the store brings along: a system's own, around the
    /// store's, or one for a store that has none and that several processes use.
    pub fn with_process_lock(mut self, process_lock: Arc<dyn ProcessLock>) -> Self {
        self.process_lock = process_lock;
        self
    }

    /// What the first run after an installation does with sessions that it finds, and how
    /// it knows that it is the first. Without this they are kept, and nothing is asked.
    ///
    /// All processes that use the store must share one marker: on iOS, one in the App Group's
    /// container. And the first update that brings the marker to an app is a first run to it:
    /// begin with [`AfterReinstall::Keep`] where people are logged in already.
    pub fn after_reinstall(
        mut self,
        marker: impl InstallMarker + 'static,
        what: AfterReinstall,
    ) -> Self {
        self.install = Some((Arc::new(marker), what));
        self
    }
}

fn process_lock_of(store: &Arc<dyn SecureStore>) -> Arc<dyn ProcessLock> {
    store
        .process_lock()
        .unwrap_or_else(|| Arc::new(WithinProcess))
}
