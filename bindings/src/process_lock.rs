//! What must not happen twice at once, and how long the system lets this process run, by the
//! app's own means.

use std::sync::{Arc, Mutex};

use switchback::ports::{self, Guard, Owner};

use crate::lock::unpoisoned;
use crate::log::process_lock_failed;
use crate::store::StoreError;

/// What must not happen twice at once between the processes of an app. For an app of one
/// process there is nothing to implement; for one of several
/// [`Platform::lock_file`](crate::Platform::lock_file) is mostly enough.
///
/// **Threads.** Calls come from threads where waiting is fine, several at a time, and `leave` from
/// the thread of its `enter`; `withdraw` from any, and it returns at once. None may wait for a call
/// of Switchback's. What is thrown besides [`StoreError`] becomes `Unavailable`.
#[uniffi::export(foreign)]
pub trait ProcessLock: Send + Sync {
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
}

/// Keeps the app running while a refresh or a login is under way: over
/// `UIApplication.beginBackgroundTask` on iOS.
///
/// **Threads.** Calls come from threads where waiting is fine, several at a time. None may wait
/// for a call of Switchback's, nor for the main thread where that may wait for one.
#[uniffi::export(foreign)]
pub trait BackgroundTasks: Send + Sync {
    /// Asks the system to let this process run, and gives a number to end that with. Tell
    /// `expiry` when the system wants it to stop. Where this throws, the work is done without.
    fn begin(&self, expiry: Arc<Expiry>) -> Result<i64, StoreError>;
    /// What was begun is over.
    fn end(&self, task: i64) -> Result<(), StoreError>;
}

/// How the system's wish that this process stops reaches Switchback.
#[derive(uniffi::Object)]
pub struct Expiry(Mutex<Option<Box<dyn FnOnce() + Send>>>);

#[uniffi::export]
impl Expiry {
    /// The system wants this process to stop: what is under way is given up and marked within
    /// milliseconds.
    pub fn expired(&self) {
        let stop = unpoisoned(&self.0).take();
        if let Some(stop) = stop {
            stop();
        }
    }
}

/// A section of Kotlin's or Swift's, as the core knows it.
pub(crate) struct Foreign(pub(crate) Arc<dyn ProcessLock>);

/// Does this when it is dropped, and logs where it fails: nobody waits for it.
struct Finally<F: Fn() -> Result<(), StoreError>>(&'static str, F);

impl<F: Fn() -> Result<(), StoreError>> Drop for Finally<F> {
    fn drop(&mut self) {
        if let Err(error) = (self.1)() {
            process_lock_failed(self.0, &error);
        }
    }
}

impl ports::ProcessLock for Foreign {
    fn enter(&self) -> Result<Box<dyn Guard + '_>, ports::StoreError> {
        self.0.enter()?;
        Ok(Box::new(Finally("leave", || self.0.leave())))
    }

    fn announce(&self, owner: &Owner) -> Result<Box<dyn Guard + Send + Sync>, ports::StoreError> {
        let (process_lock, owner) = (Arc::clone(&self.0), owner.as_str().to_owned());
        process_lock.announce(owner.clone())?;
        let withdraw = move || process_lock.withdraw(owner.clone());
        Ok(Box::new(Finally("withdraw", withdraw)))
    }

    fn is_gone(&self, owner: &Owner) -> bool {
        self.0
            .is_gone(owner.as_str().into())
            .unwrap_or_else(|error| {
                process_lock_failed("is_gone", &error);
                false
            })
    }
}

/// A section, and background tasks of Kotlin's or Swift's beside it.
pub(crate) struct KeptAwake {
    pub(crate) section: Arc<dyn ports::ProcessLock>,
    pub(crate) tasks: Arc<dyn BackgroundTasks>,
}

impl ports::ProcessLock for KeptAwake {
    fn enter(&self) -> Result<Box<dyn Guard + '_>, ports::StoreError> {
        self.section.enter()
    }

    fn announce(&self, owner: &Owner) -> Result<Box<dyn Guard + Send + Sync>, ports::StoreError> {
        self.section.announce(owner)
    }

    fn is_gone(&self, owner: &Owner) -> bool {
        self.section.is_gone(owner)
    }

    fn begin_background_task(
        &self,
        expired: Box<dyn FnOnce() + Send>,
    ) -> Box<dyn Guard + Send + Sync> {
        let tasks = Arc::clone(&self.tasks);
        match tasks.begin(Arc::new(Expiry(Mutex::new(Some(expired))))) {
            Ok(task) => Box::new(Finally("end", move || tasks.end(task))),
            Err(error) => {
                process_lock_failed("begin", &error);
                Box::new(())
            }
        }
    }
}
