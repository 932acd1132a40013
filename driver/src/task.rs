//! Detached tasks: they continue if their caller is cancelled. A caller is cancelled by dropping
//! its future, from Kotlin and Swift too, and possibly at every `await`. So work that must not be
//! left half done (from the stored mark to the stored answer) runs here.
//!
//! tokio compiles its task code once for each type of future: about 2 KB each, dozens of times, in
//! the library of a phone. So all tasks here have one type, a boxed future, and leave their result
//! in a [`Slot`].

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tracing::Instrument as _;

/// Runs work in a detached task, so that a cancelled caller does not leave it half done. `None` if
/// the task panicked, or the runtime is shutting down.
pub async fn run<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Option<T> {
    let slot = Slot::default();
    let result = slot.clone();
    // A task that was cancelled leaves no result.
    let _ = spawn(async move { slot.put(work.await) }).await;
    result.take()
}

/// Starts a detached task.
pub(crate) fn spawn(work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    let work: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(work);
    tokio::spawn(work)
}

/// Detached tasks that no caller waits for. The process waits for them before it ends.
#[derive(Default)]
pub struct Tasks(watch::Sender<usize>);

impl Tasks {
    /// Starts a detached task, which logs in the caller's span.
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
        // `self` owns the sender, so there is no error.
        let _ = self.0.subscribe().wait_for(|running| *running == 0).await;
    }
}

/// Counts one task until it is dropped, also if the task panics.
struct TaskGuard(watch::Sender<usize>);

impl Drop for TaskGuard {
    fn drop(&mut self) {
        self.0.send_modify(|running| *running -= 1);
    }
}

/// A place for the result of a task.
pub struct Slot<T>(Arc<Mutex<Option<T>>>);

impl<T> Slot<T> {
    /// Stores a value.
    pub fn put(&self, value: T) {
        *lock(&self.0) = Some(value);
    }

    /// Takes the value, if there is one.
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

/// Locks a mutex, also after a panic of a thread that held it: every value here is changed in a
/// single step, so it is never half changed.
pub fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
