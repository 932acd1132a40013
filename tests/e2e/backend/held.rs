//! A store that holds a statement, or its answer, so that one of two is where it should be
//! before the other goes on; without a clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use switchback_backend::store::{
    Answer, AttemptRow, Commit, GrantRow, GrantStore, Removed, SessionRow,
};
use switchback_protocol::lease::Owner;
use switchback_protocol::stored::Generation;
use tokio::sync::{Notify, Semaphore};

/// Holds what comes next at a point: `session: before` it is asked for, or `session: after`.
pub(crate) struct Held {
    inner: Arc<dyn GrantStore>,
    point: &'static str,
    left: AtomicUsize,
    pub(crate) reached: Notify,
    open: Semaphore,
    /// By how much the clock is off until it is looked at.
    pub(crate) clock_off_by: AtomicI64,
}

impl Held {
    pub(crate) fn over(inner: Arc<dyn GrantStore>, point: &'static str) -> Arc<Self> {
        Arc::new(Self {
            inner,
            point,
            left: AtomicUsize::new(0),
            reached: Notify::new(),
            open: Semaphore::new(0),
            clock_off_by: AtomicI64::new(0),
        })
    }

    /// So many are held from now on.
    pub(crate) fn hold(&self, count: usize) {
        self.left.store(count, Ordering::SeqCst);
    }

    /// All that are held go on.
    pub(crate) fn let_go(&self, count: usize) {
        self.open.add_permits(count);
    }

    async fn pass(&self, point: &str) {
        let less = |left: usize| left.checked_sub(1);
        let is_held = point == self.point
            && (self.left)
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less)
                .is_ok();
        if is_held {
            self.reached.notify_one();
            self.open.acquire().await.unwrap().forget();
        }
    }
}

macro_rules! held {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)*) => {
        $(fn $name(&self, $($argument: $kind),*) -> Answer<'_, $answer> {
            Box::pin(async move {
                self.pass(concat!(stringify!($name), ": before")).await;
                let answer = self.inner.$name($($argument),*).await;
                self.pass(concat!(stringify!($name), ": after")).await;
                answer
            })
        })*
    };
}

impl GrantStore for Held {
    fn clock_offset(&self) -> i64 {
        let off_by = self.clock_off_by.load(Ordering::SeqCst);
        self.inner.clock_offset() + off_by
    }
    fn measure_clock(&self) -> Answer<'_, ()> {
        self.clock_off_by.store(0, Ordering::SeqCst);
        self.inner.measure_clock()
    }
    fn is_gone(&self, owner: &Owner) -> bool {
        self.inner.is_gone(owner)
    }
    held! {
        ping() -> ();
        add_attempt(attempt: AttemptRow) -> ();
        attempt(id: String) -> Option<AttemptRow>;
        replace_attempt(seen: Generation, attempt: AttemptRow) -> Commit;
        add_grant(grant: GrantRow) -> Commit;
        grant(id: String) -> Option<GrantRow>;
        grants_of(subject: String, function: &'static str) -> Vec<GrantRow>;
        replace_grant(seen: Generation, grant: GrantRow) -> Commit;
        remove_grant(seen: Generation, id: String) -> Commit;
        add_session(session: SessionRow) -> Commit;
        session(id: String) -> Option<(SessionRow, GrantRow)>;
        replace_session(seen: Generation, session: SessionRow) -> Commit;
        was_used(grant_id: String) -> bool;
        remove_session(id: String) -> ();
        clean_up(now: i64) -> Removed;
    }
}
