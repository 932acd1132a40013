//! What must not happen twice at once, by the app's own means.

use std::sync::{Arc, Mutex, PoisonError};

use switchback::ports::{self, Held, Owner};

use crate::store::StoreError;

/// What must not happen twice at once between the processes of an app, and how long the system
/// lets this one run. For an app of one process there is nothing to implement; for one of
/// several on Android, [`Platform::lock_file`](crate::Platform::lock_file) is enough. On iOS an
/// app asks for a background task here.
///
/// **Threads.** `enter`, `leave`, `announce` and `is_gone` come from threads where waiting is
/// fine, several at a time, `leave` from the thread of its `enter`. `keep_awake` and `let_sleep`
/// come from Switchback's own thread and must return at once. None may wait for a call of
/// Switchback's. What is thrown besides [`StoreError`] becomes `Unavailable`.
#[uniffi::export(foreign)]
pub trait Critical: Send + Sync {
    /// Enters the critical section. Gives up after some seconds on another process that does
    /// not leave it, with `Unavailable`.
    fn enter(&self) -> Result<(), StoreError>;
    /// Leaves it.
    fn leave(&self) -> Result<(), StoreError>;
    /// Says to all who use the store that this owner runs, until it is withdrawn or the process
    /// ends. On iOS, in a container that is shared with extensions, this does nothing: the
    /// system kills an app that is suspended with a lock there.
    fn announce(&self, owner: String) -> Result<(), StoreError>;
    /// The owner runs no more.
    fn withdraw(&self, owner: String) -> Result<(), StoreError>;
    /// Whether an owner certainly runs no more. Where that cannot be known: false.
    fn is_gone(&self, owner: String) -> Result<bool, StoreError>;
    /// Asks the system to let this process run, and gives a number to end that with. Tell
    /// `expiry` when the system wants it to stop. Where it throws, the work is done without.
    fn keep_awake(&self, expiry: Arc<Expiry>) -> Result<u64, StoreError>;
    /// What `keep_awake` asked for is over.
    fn let_sleep(&self, task: u64) -> Result<(), StoreError>;
}

/// How the system's wish that this process stops reaches Switchback.
#[derive(uniffi::Object)]
pub struct Expiry(Mutex<Option<Box<dyn FnOnce() + Send>>>);

#[uniffi::export]
impl Expiry {
    /// The system wants this process to stop: what is under way is given up and marked within
    /// milliseconds.
    pub fn expired(&self) {
        let stop = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(stop) = stop {
            stop();
        }
    }
}

/// One of Kotlin's or Swift's, as the core knows it.
pub(crate) struct Foreign(pub(crate) Arc<dyn Critical>);

/// Ends what was begun, when it is dropped. What cannot be ended is the system's to end.
struct Until<F: FnMut()>(F);

impl<F: FnMut()> Drop for Until<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

impl ports::Critical for Foreign {
    fn enter(&self) -> Result<Box<dyn Held + '_>, ports::StoreError> {
        self.0.enter()?;
        Ok(Box::new(Until(|| drop(self.0.leave()))))
    }

    fn announce(&self, owner: &Owner) -> Result<Box<dyn Held + Send + Sync>, ports::StoreError> {
        let (critical, owner) = (Arc::clone(&self.0), owner.as_str().to_owned());
        critical.announce(owner.clone())?;
        Ok(Box::new(Until(move || {
            drop(critical.withdraw(owner.clone()));
        })))
    }

    fn is_gone(&self, owner: &Owner) -> bool {
        self.0.is_gone(owner.as_str().into()).unwrap_or(false)
    }

    fn keep_awake(&self, expired: Box<dyn FnOnce() + Send>) -> Box<dyn Held + Send + Sync> {
        let critical = Arc::clone(&self.0);
        let expiry = Arc::new(Expiry(Mutex::new(Some(expired))));
        match critical.keep_awake(expiry) {
            Ok(task) => Box::new(Until(move || drop(critical.let_sleep(task)))),
            Err(_) => Box::new(()),
        }
    }
}
