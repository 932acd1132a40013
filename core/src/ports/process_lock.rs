//! What must not happen twice at once: between threads, and between processes.

use switchback_protocol::lease::Owner;

use super::StoreError;

/// Something that ends when it is dropped.
pub trait Guard {}

impl<T> Guard for T {}

/// What must not happen twice at once, and who is there to do it.
///
/// Calls come from threads where waiting is fine, several at a time.
///
/// **On iOS** the system kills an app that is suspended while it holds a lock on a file in
/// a container that it shares with its extensions. The section is held for some
/// milliseconds around a compare-and-set, and over nothing that waits: no request, no
/// person, no other process. An implementation there asks for a background task in
/// [`enter`](Self::enter) as well.
pub trait ProcessLock: Send + Sync {
    /// Enters the critical section, which is left when the guard is dropped, by the same
    /// thread. Gives up after some seconds on another process that does not leave it, with
    /// [`StoreError::Unavailable`]. Where this
    /// cannot lock at all, that is an error and never a section without a lock.
    fn enter(&self) -> Result<Box<dyn Guard + '_>, StoreError>;

    /// Says to all who use the store that this owner runs, for as long as the guard is
    /// held or the process lives. Called before its first lease, outside of the section. Where
    /// that would take a lock that must not be held while an app is suspended (iOS, in a
    /// shared container), it does nothing, and [`is_gone`](Self::is_gone) is always false.
    fn announce(&self, owner: &Owner) -> Result<Box<dyn Guard + Send + Sync>, StoreError>;

    /// Whether an owner certainly runs no more. Where that cannot be known: false, and its
    /// lease runs out.
    fn is_gone(&self, owner: &Owner) -> bool;

    /// Asks the system to let this process run until the guard is dropped (a background
    /// task on iOS). Called before a lease is taken, from a thread where waiting is fine.
    /// `expired` is called where the system wants it to stop: what is under way is then
    /// given up and marked within milliseconds.
    fn begin_background_task(
        &self,
        expired: Box<dyn FnOnce() + Send>,
    ) -> Box<dyn Guard + Send + Sync> {
        drop(expired);
        Box::new(())
    }
}
