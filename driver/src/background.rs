//! Background tasks: the operating system lets the process run while a login or a refresh is under
//! way, also when the app is not in the foreground.
//!
//! Before you change this: a background task begins before a lease is taken, and ends after the
//! answer is stored. A holder of a lease that is suspended in between blocks every other process
//! until the lease expires. A task that the system has ended early only stops the waiting: the
//! request may have arrived, so its answer counts as lost.

use tokio::sync::watch;
use tokio::task;

/// The platform's handle of a background task. Dropping it ends the task.
pub type Guard = Box<dyn std::any::Any + Send + Sync>;

/// A background task (on iOS: `beginBackgroundTask`), which ends when this is dropped. The default
/// value does nothing: it is for systems that do not suspend processes.
#[derive(Default)]
pub struct BackgroundTask {
    expired: Option<watch::Receiver<bool>>,
    guard: Option<Guard>,
}

impl BackgroundTask {
    /// Begins a background task. `begin` runs on a blocking thread, since the system may be slow to
    /// answer. Its argument is a callback: the platform calls it when the system wants this process
    /// to stop.
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
            // If `begin` panicked, there is no background task to end.
            guard: begun.await.ok(),
        }
    }

    /// Whether the system wants this process to stop.
    pub fn has_expired(&self) -> bool {
        let expired = self.expired.as_ref();
        expired.is_some_and(|expired| *expired.borrow())
    }

    /// Returns when the system wants this process to stop; in most cases it never returns.
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
    /// Ends the task on a blocking thread. If the task has expired, ends it immediately: iOS kills
    /// an app that does not end an expired task.
    fn drop(&mut self) {
        let Some(guard) = self.guard.take() else {
            return;
        };
        if !self.has_expired() && tokio::runtime::Handle::try_current().is_ok() {
            task::spawn_blocking(move || drop(guard));
        }
    }
}
