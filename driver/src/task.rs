//! Tasks that outlive their caller.
//!
//! tokio compiles its task machinery for each kind of future: some two kilobytes in the
//! library of a phone, dozens of times. Here it gets one kind, a box, and the result is left
//! in a [`Slot`].

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tracing::Instrument as _;

/// Runs work in a task of its own, so that a caller that is cancelled does not leave it
/// half done. `None`: the task panicked, or the runtime is going down.
pub async fn run<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Option<T> {
    let slot = Slot::default();
    let result = slot.clone();
    // A task that was ended has left nothing.
    let _ = spawn(async move { slot.put(work.await) }).await;
    result.take()
}

/// Starts work in a task of its own.
pub(crate) fn spawn(work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    let work: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(work);
    tokio::spawn(work)
}

/// Tasks that no caller waits for. A process waits for them before it ends.
#[derive(Default)]
pub struct Tasks(watch::Sender<usize>);

impl Tasks {
    /// Starts work in a task of its own. What it logs belongs to the caller.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.0.send_modify(|running| *running += 1);
        let running = TaskGuard(self.0.clone());
        let work = async move {
            work.await;
            drop(running);
        };
        spawn(work.in_current_span());
    }

    /// Waits until no task is running.
    pub async fn all_done(&self) {
        // The sender is here, so there is no error.
        let _ = self.0.subscribe().wait_for(|running| *running == 0).await;
    }
}

/// One task, which ends with this, however it ends.
struct TaskGuard(watch::Sender<usize>);

impl Drop for TaskGuard {
    fn drop(&mut self) {
        self.0.send_modify(|running| *running -= 1);
    }
}

/// Where one task leaves what another takes.
pub struct Slot<T>(Arc<Mutex<Option<T>>>);

impl<T> Slot<T> {
    /// Leaves a value.
    pub fn put(&self, value: T) {
        *lock(&self.0) = Some(value);
    }

    /// Takes the value, where there is one.
    pub fn take(&self) -> Option<T> {
        lock(&self.0).take()
    }
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// Takes a lock. A thread that panicked while it held the lock has left a whole value: no
/// value here is changed in more than one step.
pub fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
