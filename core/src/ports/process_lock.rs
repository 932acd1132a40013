//! The port for mutual exclusion between threads and between processes.
//!
//! Before you change this: a lock protects only a compare and set. The
//! [lease](switchback_protocol::lease) decides who may send a code or a refresh token, so no lock
//! is held while a request is sent.

use switchback_protocol::lease::Owner;

use super::StoreError;

/// A guard: dropping it ends the lock, registration or background task that it was returned for.
pub trait Guard {}

impl<T> Guard for T {}

/// A critical section for all processes that use a store, and a register of the lease owners that
/// are running.
///
/// Calls come from threads that may block, several at a time.
///
/// **On iOS** the system kills an app that is suspended while it holds a lock on a file in a
/// container that it shares with its extensions. Switchback holds the critical section for some
/// milliseconds, around a compare and set, and never while it waits for a request, a person or
/// another process. An implementation on iOS should also begin a background task in
/// [`enter`](Self::enter).
pub trait ProcessLock: Send + Sync {
    /// Enters the critical section. Dropping the guard leaves it, on the same thread. If another
    /// process does not leave the section, this returns [`StoreError::Unavailable`] after some
    /// seconds. If the section cannot be locked, the implementation must return an error and never
    /// a guard without a lock.
    fn enter(&self) -> Result<Box<dyn Guard + '_>, StoreError>;

    /// Registers this owner as running, until the guard is dropped or the process ends. Called
    /// before the owner's first lease, outside the section. If that would need a lock that must not
    /// be held while an app is suspended (iOS, in a shared container), it does nothing, and
    /// [`is_gone`](Self::is_gone) always returns false.
    fn announce(&self, owner: &Owner) -> Result<Box<dyn Guard + Send + Sync>, StoreError>;

    /// Whether an owner is certainly no longer running. False if that cannot be known: its lease
    /// then expires by time.
    fn is_gone(&self, owner: &Owner) -> bool;

    /// Begins a background task (on iOS: `beginBackgroundTask`), which ends when the guard is
    /// dropped. Called before a lease is taken, from a thread that may block. The implementation
    /// calls `expired` when the system wants the process to stop; Switchback then stops its work
    /// and marks it within milliseconds.
    fn begin_background_task(
        &self,
        expired: Box<dyn FnOnce() + Send>,
    ) -> Box<dyn Guard + Send + Sync> {
        drop(expired);
        Box::new(())
    }
}
