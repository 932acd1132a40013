//! The process lock of a phone, whose system may end background tasks at any time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use switchback::ports::{Guard, Owner, ProcessLock, StoreError};
use switchback::process_lock::WithinProcess;
use tokio::sync::watch;

type Expiry = Box<dyn FnOnce() + Send>;

#[derive(Default)]
pub(crate) struct PhoneLock {
    pub(crate) expiry: Mutex<Option<Expiry>>,
    pub(crate) running_tasks: Arc<watch::Sender<usize>>,
}

impl PhoneLock {
    /// Waits until no background task is running.
    pub(crate) async fn no_task_runs(&self) {
        let asleep = async {
            self.running_tasks
                .subscribe()
                .wait_for(|tasks| *tasks == 0)
                .await
                .map(drop)
        };
        let limit = Duration::from_secs(10);
        let asleep = tokio::time::timeout(limit, asleep).await;
        asleep.expect("it ends when all is done").unwrap();
    }
}

impl ProcessLock for PhoneLock {
    fn enter(&self) -> Result<Box<dyn Guard + '_>, StoreError> {
        WithinProcess.enter().map(|held| held as _)
    }
    fn announce(&self, owner: &Owner) -> Result<Box<dyn Guard + Send + Sync>, StoreError> {
        WithinProcess.announce(owner)
    }
    fn is_gone(&self, _: &Owner) -> bool {
        // A phone cannot know this.
        false
    }
    fn begin_background_task(&self, expired: Expiry) -> Box<dyn Guard + Send + Sync> {
        struct Ends(Arc<watch::Sender<usize>>);
        impl Drop for Ends {
            fn drop(&mut self) {
                self.0.send_modify(|tasks| *tasks -= 1);
            }
        }
        *self.expiry.lock().unwrap() = Some(expired);
        self.running_tasks.send_modify(|tasks| *tasks += 1);
        Box::new(Ends(self.running_tasks.clone()))
    }
}
