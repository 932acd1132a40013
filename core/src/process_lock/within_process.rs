//! The process lock for a store that only this process uses. Every lease of another process counts
//! as ended, so this lock must not be used for a store that two processes share.

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, MutexGuard};

use switchback_driver::task::lock;

use crate::ports::{Guard, Owner, ProcessLock, StoreError};

/// The process lock for a store that only this process uses. There is one critical section per
/// process, for all stores.
#[derive(Clone, Copy, Debug, Default)]
pub struct WithinProcess;

static SECTION: Mutex<()> = Mutex::new(());
static RUNNING: LazyLock<Mutex<HashSet<Owner>>> = LazyLock::new(Mutex::default);

fn running() -> MutexGuard<'static, HashSet<Owner>> {
    lock(&RUNNING)
}

impl ProcessLock for WithinProcess {
    fn enter(&self) -> Result<Box<dyn Guard + '_>, StoreError> {
        Ok(Box::new(lock(&SECTION)))
    }

    fn announce(&self, owner: &Owner) -> Result<Box<dyn Guard + Send + Sync>, StoreError> {
        running().insert(owner.clone());
        Ok(Box::new(AnnouncedOwner(owner.clone())))
    }

    /// An owner that is not registered here belongs to an earlier process.
    fn is_gone(&self, owner: &Owner) -> bool {
        !running().contains(owner)
    }
}

struct AnnouncedOwner(Owner);

impl Drop for AnnouncedOwner {
    fn drop(&mut self) {
        running().remove(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owner_is_gone_after_its_guard_is_dropped() {
        let owner = Owner::new("within-process-test");
        assert!(WithinProcess.is_gone(&owner));
        let guard = WithinProcess.announce(&owner).unwrap();
        assert!(!WithinProcess.is_gone(&owner));
        drop(guard);
        assert!(WithinProcess.is_gone(&owner));
    }
}
