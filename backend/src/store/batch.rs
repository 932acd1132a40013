//! Rows that are added together.
//!
//! Every login begins with a row that must be there before its URL is handed out. Those that
//! come while a commit is under way wait for it, and share the next one: so a disk that can do
//! a thousand commits a second takes many thousand logins, and one that comes alone waits for
//! nobody.

use std::sync::{Arc, Mutex, PoisonError};

use switchback::ports::BoxFuture;
use tokio::sync::oneshot;

use super::{AttemptRow, StoreError};

/// A statement has a bounded number of parameters.
const AT_ONCE: usize = 100;

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
            tokio::spawn(run(Arc::clone(&self.queue), Arc::clone(&self.insert)));
        }
        let cut_off = |_| StoreError("the runtime is going down".into());
        committed.await.map_err(cut_off)?
    }
}

async fn run(queue: Arc<Mutex<Queue>>, insert: Arc<Insert>) {
    loop {
        let batch: Vec<Waiting> = {
            let mut queue = lock(&queue);
            let count = queue.waiting.len().min(AT_ONCE);
            if count == 0 {
                queue.is_running = false;
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

fn lock(queue: &Mutex<Queue>) -> std::sync::MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}
