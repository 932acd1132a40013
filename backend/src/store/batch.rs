//! Rows that are added together.
//!
//! Every login begins with a row that must be there before its URL is handed out. Those that
//! come while a commit is under way wait for it, and share the next one: so a disk that can do
//! a thousand commits a second takes many thousand logins, and one that comes locked_file waits for
//! nobody.

use std::sync::{Arc, Mutex};

use switchback_driver::ports::BoxFuture;
use switchback_driver::task::lock;
use tokio::sync::oneshot;

use super::{AttemptRow, StoreError};

/// A statement has a bounded number of parameters.
const MAX_ROWS: usize = 100;

type Insert = dyn Fn(Vec<AttemptRow>) -> BoxFuture<'static, Result<(), StoreError>> + Send + Sync;

/// Adds attempts, as many at once as there are.
pub(super) struct Batches {
    queue: Arc<Mutex<Queue>>,
    insert: Arc<Insert>,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<Waiting>,
    is_running: bool,
}

struct Waiting {
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

    /// Adds it, and returns when it is committed.
    pub(super) async fn add(&self, row: AttemptRow) -> Result<(), StoreError> {
        let (done, committed) = oneshot::channel();
        let was_running = {
            let mut queue = lock(&self.queue);
            queue.waiting.push(Waiting { row, done });
            std::mem::replace(&mut queue.is_running, true)
        };
        if !was_running {
            // A task of its own: whoever comes first may go first.
            let running = Running {
                queue: Arc::clone(&self.queue),
                is_done: false,
            };
            tokio::spawn(run(running, Arc::clone(&self.insert)));
        }
        let cut_off = |_| StoreError("the runtime is going down".into());
        committed.await.map_err(cut_off)?
    }
}

/// The task that adds what waits. Where it is cut off (by a panic, or with its runtime), who
/// waits is told so, and who comes next begins another.
struct Running {
    queue: Arc<Mutex<Queue>>,
    is_done: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.is_done {
            *lock(&self.queue) = Queue::default();
        }
    }
}

async fn run(mut running: Running, insert: Arc<Insert>) {
    loop {
        let batch: Vec<Waiting> = {
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
            // Whoever is gone needs no answer.
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
        // It would wait for ever: this ends it without a clock.
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
        panic!("it waits for a task that is no more");
    }
}
