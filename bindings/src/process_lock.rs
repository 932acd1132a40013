//! The lock between the processes of an app, and background tasks, as the app implements them.

use std::sync::{Arc, Mutex};

use switchback::ports::{self, Guard, Owner};

use crate::lock::unpoisoned;
use crate::log::process_lock_failed;
use crate::store::StoreError;

/// A critical section for all processes of an app. An app of one process needs no implementation;
/// for an app of several processes [`Platform::lock_file`](crate::Platform::lock_file) is usually
/// enough.
///
/// **Threads.** Calls come from threads that may block, several at a time. `leave` comes from the
/// thread of its `enter`. `withdraw` comes from any thread, and must return at once. No method may
/// wait for a call of Switchback. An error other than [`StoreError`] becomes `Unavailable`.
#[uniffi::export(foreign)]
pub trait ProcessLock: Send + Sync {
    /// Enters the critical section. If another process does not leave it, throws `Unavailable`
    /// after some seconds.
    fn enter(&self) -> Result<(), StoreError>;
    /// Leaves the critical section.
    fn leave(&self) -> Result<(), StoreError>;
    /// Registers this owner as running, until `withdraw` or the end of the process. On iOS, in a
    /// container that is shared with extensions, do nothing: the system kills an app that is
    /// suspended while it holds a lock there.
    fn announce(&self, owner: String) -> Result<(), StoreError>;
    /// Removes the registration of this owner.
    fn withdraw(&self, owner: String) -> Result<(), StoreError>;
    /// Whether an owner is certainly no longer running. False if that cannot be known.
    fn is_gone(&self, owner: String) -> Result<bool, StoreError>;
}

/// Keeps the app running during a refresh or a login: by `UIApplication.beginBackgroundTask` on
/// iOS.
///
/// **Threads.** Calls come from threads that may block, several at a time. No method may wait for
/// a call of Switchback, nor for the main thread if the main thread may wait for such a call.
#[uniffi::export(foreign)]
pub trait BackgroundTasks: Send + Sync {
    /// Begins a background task and returns its number. Call `expired` of `expiry` when the system
    /// wants this process to stop. If this throws, Switchback works without a background task.
    fn begin(&self, expiry: Arc<Expiry>) -> Result<i64, StoreError>;
    /// Ends the background task of this number.
    fn end(&self, task: i64) -> Result<(), StoreError>;
}

/// Reports to Switchback that the system wants this process to stop.
#[derive(uniffi::Object)]
pub struct Expiry(Mutex<Option<Box<dyn FnOnce() + Send>>>);

#[uniffi::export]
impl Expiry {
    /// The system wants this process to stop: Switchback stops its work and marks it within
    /// milliseconds.
    pub fn expired(&self) {
        let stop = unpoisoned(&self.0).take();
        if let Some(stop) = stop {
            stop();
        }
    }
}

/// Adapts a lock of Kotlin or Swift to the core's port.
pub(crate) struct Foreign(pub(crate) Arc<dyn ProcessLock>);

/// Calls the function when it is dropped, and logs its error, which no caller waits for.
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

/// A lock together with background tasks of Kotlin or Swift.
///
/// Each critical section has its own background task, which begins before the lock is taken and ends
/// after it is released. iOS kills an app that is suspended while it holds a lock on a file that it
/// shares with its extensions, and most callers of the section have no other task: a login that
/// begins, a session that is read or removed.
pub(crate) struct WithBackgroundTasks {
    pub(crate) lock: Arc<dyn ports::ProcessLock>,
    pub(crate) tasks: Arc<dyn BackgroundTasks>,
}

/// The fields are dropped in this order.
struct Section<'a> {
    _held: Box<dyn Guard + 'a>,
    _task: Box<dyn Guard + Send + Sync>,
}

impl ports::ProcessLock for WithBackgroundTasks {
    /// Ignores the end of the time: the section lasts only some milliseconds.
    fn enter(&self) -> Result<Box<dyn Guard + '_>, ports::StoreError> {
        let task = self.begin_background_task(Box::new(|| {}));
        let held = self.lock.enter()?;
        Ok(Box::new(Section {
            _held: held,
            _task: task,
        }))
    }

    fn announce(&self, owner: &Owner) -> Result<Box<dyn Guard + Send + Sync>, ports::StoreError> {
        self.lock.announce(owner)
    }

    fn is_gone(&self, owner: &Owner) -> bool {
        self.lock.is_gone(owner)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes down its calls.
    #[derive(Default)]
    struct Recorder(Mutex<Vec<&'static str>>);

    impl Recorder {
        fn add(&self, call: &'static str) {
            unpoisoned(&self.0).push(call);
        }
    }

    impl ProcessLock for Recorder {
        fn enter(&self) -> Result<(), StoreError> {
            self.add("enter");
            Ok(())
        }
        fn leave(&self) -> Result<(), StoreError> {
            self.add("leave");
            Ok(())
        }
        fn announce(&self, _: String) -> Result<(), StoreError> {
            Ok(())
        }
        fn withdraw(&self, _: String) -> Result<(), StoreError> {
            Ok(())
        }
        fn is_gone(&self, _: String) -> Result<bool, StoreError> {
            Ok(false)
        }
    }

    impl BackgroundTasks for Recorder {
        fn begin(&self, _: Arc<Expiry>) -> Result<i64, StoreError> {
            self.add("begin");
            Ok(1)
        }
        fn end(&self, _: i64) -> Result<(), StoreError> {
            self.add("end");
            Ok(())
        }
    }

    #[test]
    fn a_background_task_begins_before_the_section_and_ends_after_it() {
        let calls = Arc::new(Recorder::default());
        let process_lock: Arc<dyn ProcessLock> = Arc::clone(&calls) as _;
        let lock = WithBackgroundTasks {
            lock: Arc::new(Foreign(process_lock)),
            tasks: Arc::clone(&calls) as _,
        };
        let section = ports::ProcessLock::enter(&lock).expect("the section is free");
        drop(section);
        let calls = unpoisoned(&calls.0);
        assert_eq!(*calls, ["begin", "enter", "leave", "end"]);
    }
}
