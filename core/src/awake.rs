//! Running on for as long as something is under way.

use tokio::sync::watch;

use crate::ports::{Critical, Held};

/// The system was asked to let this process run until this is dropped.
pub(crate) struct Awake {
    expired: watch::Receiver<bool>,
    _held: Box<dyn Held + Send + Sync>,
}

impl Awake {
    pub(crate) fn keep(critical: &dyn Critical) -> Self {
        let (sender, expired) = watch::channel(false);
        let held = critical.keep_awake(Box::new(move || {
            sender.send_replace(true);
        }));
        Self {
            expired,
            _held: held,
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
