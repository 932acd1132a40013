//! A store that pauses at a statement or its answer, so that a test controls the order of two calls
//! without a clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use switchback::ports::BoxFuture;
use switchback_backend::store::{RowStore, StoreError};
use tokio::sync::{Notify, Semaphore};

use super::statement_hook::{HookedRowStore, StatementHook};

/// Pauses calls at a point: `session: before` the statement, or `session: after`.
pub(crate) struct PausePoint {
    point: &'static str,
    left: AtomicUsize,
    pub(crate) reached: Notify,
    open: Semaphore,
    /// By how many seconds the clock is off until the store measures it.
    pub(crate) clock_off_by: AtomicI64,
}

impl PausePoint {
    pub(crate) fn at(point: &'static str) -> Arc<Self> {
        Arc::new(Self {
            point,
            left: AtomicUsize::new(0),
            reached: Notify::new(),
            open: Semaphore::new(0),
            clock_off_by: AtomicI64::new(0),
        })
    }

    /// Wraps this store.
    pub(crate) fn wrap(self: &Arc<Self>, inner: Arc<dyn RowStore>) -> Arc<dyn RowStore> {
        Arc::new(HookedRowStore {
            inner,
            hook: Arc::clone(self),
        })
    }

    /// Pauses the next calls at the point: this many.
    pub(crate) fn pause_next(&self, count: usize) {
        self.left.store(count, Ordering::SeqCst);
    }

    /// Resumes this many paused calls.
    pub(crate) fn resume(&self, count: usize) {
        self.open.add_permits(count);
    }
}

impl StatementHook for PausePoint {
    fn on_point(&self, point: &'static str) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            if point == "measure_clock: after" {
                self.clock_off_by.store(0, Ordering::SeqCst);
            }
            let less = |left: usize| left.checked_sub(1);
            let is_held = point == self.point
                && (self.left)
                    .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less)
                    .is_ok();
            if is_held {
                self.reached.notify_one();
                self.open.acquire().await.unwrap().forget();
            }
            Ok(())
        })
    }

    fn clock_off_by(&self) -> i64 {
        self.clock_off_by.load(Ordering::SeqCst)
    }
}
