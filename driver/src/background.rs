//! Running on while the app is in the background, for as long as something is under way.

use tokio::sync::watch;
use tokio::task;

/// What the system holds for this process: it ends when it is dropped.
pub type Guard = Box<dyn std::any::Any + Send + Sync>;

/// The system was asked to let this process run until this is dropped (a background task on
/// iOS). The default is for systems that let every process run.
#[derive(Default)]
pub struct BackgroundTask {
    expired: Option<watch::Receiver<bool>>,
    guard: Option<Guard>,
}

impl BackgroundTask {
    /// Asks, on a thread where waiting is fine: the system may be slow to answer. `ask` is
    /// given what it calls when the system wants this process to stop.
    pub async fn begin<G: Send + Sync + 'static>(
        begin: impl FnOnce(Box<dyn FnOnce() + Send>) -> G + Send + 'static,
    ) -> Self {
        let (sender, expired) = watch::channel(false);
        let begun = task::spawn_blocking(move || {
            let guard = begin(Box::new(move || {
                sender.send_replace(true);
            }));
            Box::new(guard) as Guard
        });
        Self {
            expired: Some(expired),
            // Where the call panics, the system holds nothing.
            guard: begun.await.ok(),
        }
    }

    /// Whether the system wants this process to stop.
    pub fn has_expired(&self) -> bool {
        let expired = self.expired.as_ref();
        expired.is_some_and(|expired| *expired.borrow())
    }

    /// Returns when the system wants this process to stop; mostly never.
    pub async fn expired(&self) {
        let stopped = match &self.expired {
            Some(expired) => expired.clone().wait_for(|expired| *expired).await.is_ok(),
            None => false,
        };
        if !stopped {
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for BackgroundTask {
    /// On a thread where waiting is fine; at once where the system wants this process to stop,
    /// since it ends an app that does not say that it has.
    fn drop(&mut self) {
        let Some(guard) = self.guard.take() else {
            return;
        };
        if !self.has_expired() && tokio::runtime::Handle::try_current().is_ok() {
            task::spawn_blocking(move || drop(guard));
        }
    }
}
