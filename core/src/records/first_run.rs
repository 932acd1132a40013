//! The first run after an installation: entries of an earlier installation are kept or removed,
//! before anything else is read.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use switchback_driver::event;

use super::BlockingRecords;
use crate::ports::{AfterReinstall, InstallMarker, StoreError};

pub(super) struct FirstRun {
    install: Option<(Arc<dyn InstallMarker>, AfterReinstall)>,
    is_applied: AtomicBool,
}

impl FirstRun {
    pub(super) fn new(install: Option<(Arc<dyn InstallMarker>, AfterReinstall)>) -> Self {
        Self {
            is_applied: AtomicBool::new(install.is_none()),
            install,
        }
    }

    /// Keeps or removes the entries of an earlier installation, once. As long as marker or store
    /// cannot be read, this fails, and so does every other access.
    pub(super) fn apply(&self, records: &BlockingRecords) -> Result<(), StoreError> {
        if self.is_applied.load(Ordering::Acquire) {
            return Ok(());
        }
        if let Some((marker, what)) = &self.install {
            // Another process of the same installation may do the same at this moment.
            let _section = records.process_lock.enter()?;
            if !marker.is_set(&records.namespace)? {
                let left = records.store.list(&format!("{}/", records.namespace))?;
                if *what == AfterReinstall::Wipe {
                    for key in &left {
                        records.store.delete(key)?;
                    }
                }
                // Last: if the process is killed before this, the next run does all of it again.
                marker.set(&records.namespace)?;
                if !left.is_empty() {
                    report(left.len(), *what);
                }
            }
        }
        self.is_applied.store(true, Ordering::Release);
        Ok(())
    }
}

/// Reports that entries of an earlier installation were kept or removed.
fn report(entries: usize, what: AfterReinstall) {
    let event = event::STORE_FIRST_RUN;
    tracing::info!(target: "switchback", event, entries, note = ?what);
}
