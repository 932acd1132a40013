//! Work that is not left half done, and other work in tasks of its own.
//!
//! tokio compiles its task machinery anew for each kind of future: some two kilobytes in the
//! library of a phone, dozens of times. Here it gets one kind, a box, and the result is left
//! in a [`Slot`].

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinHandle;

use crate::error::Error;

/// Runs work in a task of its own, so that a caller that is cancelled does not leave it
/// half done.
pub(crate) async fn whole<T: Send + 'static>(
    what: &'static str,
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    let slot = Slot::default();
    let result = slot.clone();
    // A task that was ended has left nothing.
    let _ = spawn(async move { slot.put(work.await) }).await;
    result
        .take()
        .unwrap_or_else(|| Err(Error::interrupted(what)))
}

/// Starts work in a task of its own.
pub(crate) fn spawn(work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    let work: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(work);
    tokio::spawn(work)
}

/// Where one leaves what another takes.
pub(crate) struct Slot<T>(Arc<Mutex<Option<T>>>);

impl<T> Slot<T> {
    pub(crate) fn put(&self, value: T) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
    }

    pub(crate) fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
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
