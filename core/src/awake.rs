//! Running on for as long as something is under way.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::task;

use crate::ports::{Critical, Held};

/// The system was asked to let this process run until this is dropped.
pub(crate) struct Awake {
    expired: watch::Receiver<bool>,
    held: Option<Box<dyn Held + Send + Sync>>,
}

impl Awake {
    /// Asks, from a thread where waiting is fine: the system may be slow to answer.
    pub(crate) async fn keep(critical: &Arc<dyn Critical>) -> Self {
        let (sender, expired) = watch::channel(false);
        let critical = Arc::clone(critical);
        let ask = task::spawn_blocking(move || {
            critical.keep_awake(Box::new(move || {
                sender.send_replace(true);
            }))
        });
        Self {
            expired,
            // One that panics keeps nobody awake.
            held: ask.await.ok(),
        }
    }

    pub(crate) fn has_expired(&self) -> bool {
        *self.expired.borrow()
    }

    /// Returns when the system wants this process to stop; mostly never.
    pub(crate) async fn expired(&self) {
        if self
            .expired
            .clone()
            .wait_for(|expired| *expired)
            .await
            .is_err()
        {
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Awake {
    /// As it was asked for; at once where the system wants this process to stop, since it ends
    /// an app that does not say that it has.
    fn drop(&mut self) {
        let held = self.held.take();
        if !self.has_expired() && tokio::runtime::Handle::try_current().is_ok() {
            task::spawn_blocking(move || drop(held));
        }
    }
}
