//! Group commit: rows that are added together.
//!
//! Each login begins with a row that must be committed before its URL is returned. Rows that
//! arrive during a commit wait for it and share the next one. A disk with a thousand commits a
//! second therefore takes many thousand logins a second, and a single row does not wait.

use std::sync::{Arc, Mutex};

use switchback_driver::ports::BoxFuture;
use switchback_driver::task::lock;
use tokio::sync::oneshot;

use super::{AttemptRow, StoreError};

/// The number of rows in one statement, whose parameters SQL limits.
const MAX_ROWS: usize = 100;

type Insert = dyn Fn(Vec<AttemptRow>) -> BoxFuture<'static, Result<(), StoreError>> + Send + Sync;

/// Adds attempts, each time all that wait.
pub(super) struct Batches {
    queue: Arc<Mutex<Queue>>,
    insert: Arc<Insert>,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<PendingRow>,
    is_running: bool,
}

struct PendingRow {
    row: AttemptRow,
    done: oneshot::Sender<Result<(), StoreError>>,
}

impl Batches {
    pub(super) fn new(
        insert: impl Fn(Vec<AttemptRow>) -> BoxFuture<'static, Result<(), StoreError>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self {
            queue: Arc::default(),
            insert: Arc::new(insert),
        }
    }

    /// Adds a row, and returns when it is committed.
    pub(super) async fn add(&self, row: AttemptRow) -> Result<(), StoreError> {
        let (done, committed) = oneshot::channel();
        let was_running = {
            let mut queue = lock(&self.queue);
            queue.waiting.push(PendingRow { row, done });
            std::mem::replace(&mut queue.is_running, true)
        };
        if !was_running {
            // A separate task: the caller that comes first may be cancelled first.
            let running = BatchTask {
                queue: Arc::clone(&self.queue),
                is_done: false,
            };
            tokio::spawn(run(running, Arc::clone(&self.insert)));
        }
        let shutting_down = |_| StoreError("the runtime is shutting down".into());
        committed.await.map_err(shutting_down)?
    }
}

/// The task that adds the waiting rows. If it ends early (by a panic, or with its runtime), the
/// waiting callers get an error, and the next caller starts another task.
struct BatchTask {
    queue: Arc<Mutex<Queue>>,
    is_done: bool,
}

impl Drop for BatchTask {
    fn drop(&mut self) {
        if !self.is_done {
            *lock(&self.queue) = Queue::default();
        }
    }
}

async fn run(mut running: BatchTask, insert: Arc<Insert>) {
    loop {
        let batch: Vec<PendingRow> = {
            let mut queue = lock(&running.queue);
            let count = queue.waiting.len().min(MAX_ROWS);
            if count == 0 {
                queue.is_running = false;
                drop(queue);
                running.is_done = true;
                return;
            }
            queue.waiting.drain(..count).collect()
        };
        let (rows, all): (Vec<_>, Vec<_>) = batch
            .into_iter()
            .map(|waiting| (waiting.row, waiting.done))
            .unzip();
        let result = insert(rows).await;
        for done in all {
            // A cancelled caller needs no answer.
            let _ = done.send(result.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sealing::Sealed;
    use std::sync::atomic::{AtomicBool, Ordering};

    fn row() -> AttemptRow {
        AttemptRow {
            id: "a".into(),
            initiator: "b".into(),
            generation: 1,
            remove_at: 0,
            sealed: Sealed {
                key: "c".into(),
                bytes: vec![],
            },
        }
    }

    #[tokio::test]
    async fn a_panicking_batch_does_not_block_later_rows() {
        let panics = Arc::new(AtomicBool::new(true));
        let seen = Arc::clone(&panics);
        let batches = Batches::new(move |_| {
            let panics = seen.swap(false, Ordering::SeqCst);
            Box::pin(async move {
                assert!(!panics, "on purpose");
                Ok(())
            })
        });
        assert!(batches.add(row()).await.is_err());
        // Polling a bounded number of times detects without a clock that the row is never added.
        let mut add = std::pin::pin!(batches.add(row()));
        for _ in 0..1000 {
            let once =
                std::future::poll_fn(|context| std::task::Poll::Ready(add.as_mut().poll(context)));
            if let std::task::Poll::Ready(added) = once.await {
                assert_eq!(added, Ok(()));
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("the row waits for a task that has ended");
    }
}
