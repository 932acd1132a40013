//! The traits that connect Switchback to a platform.
//!
//! Implementations are in [`store`](crate::store), [`process_lock`](crate::process_lock) and
//! [`http`](crate::http). A platform with its own keychain or its own HTTP client implements these
//! traits.

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

/// The platform that a client runs on.
#[derive(Clone)]
#[non_exhaustive]
pub struct Platform {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The random source.
    pub entropy: Arc<dyn Entropy>,
    /// The HTTP transport.
    pub http: Arc<dyn HttpTransport>,
    pub(crate) store: Arc<dyn SecureStore>,
    /// The lock that belongs to the store.
    pub(crate) process_lock: Arc<dyn ProcessLock>,
    /// The marker of the installation, and what to do at its first run.
    pub install: Option<(Arc<dyn InstallMarker>, AfterReinstall)>,
}

impl Platform {
    /// The system's clocks and random source, reqwest, and this store with its process lock.
    #[cfg(feature = "reqwest")]
    pub fn new(store: impl SecureStore + 'static) -> Self {
        Self::from_parts(
            Arc::new(SystemClock),
            Arc::new(SystemEntropy),
            Arc::new(switchback_driver::http::Reqwest::new()),
            Arc::new(store),
        )
    }

    /// A platform from these parts, with the store's process lock.
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

    /// Replaces the store, and the process lock by the one of the new store.
    pub fn with_store(mut self, store: Arc<dyn SecureStore>) -> Self {
        self.process_lock = process_lock_of(&store);
        self.store = store;
        self
    }

    /// Replaces the store's process lock: by a lock of the operating system around the store's, or
    /// for a store that has no lock and is used by several processes.
    pub fn with_process_lock(mut self, process_lock: Arc<dyn ProcessLock>) -> Self {
        self.process_lock = process_lock;
        self
    }

    /// Sets what the first run after an installation does with sessions that it finds. Without
    /// this, sessions are kept.
    ///
    /// All processes that use the store must share one marker; on iOS, in the App Group's
    /// container. The first update that adds the marker to an existing app counts as a first run:
    /// begin with [`AfterReinstall::Keep`], so that persons stay logged in.
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
