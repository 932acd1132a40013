//! Single flight: callers that need the same result at the same time share one task.
//!
//! The work runs in a detached task. If a caller is cancelled, the task continues and the other
//! callers get its result.
//!
//! Before you change this: single flight saves requests within one process, and guarantees nothing
//! between processes. That one refresh token is sent once is the work of the lease in the store.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex};

use tokio::sync::watch;
use tracing::Instrument as _;

use crate::task::{lock, spawn};

type InFlight<K, T> = Arc<Mutex<HashMap<K, watch::Receiver<Option<T>>>>>;

/// The tasks in progress, by key.
pub struct SingleFlight<K, T> {
    in_flight: InFlight<K, T>,
}

impl<K, T> Default for SingleFlight<K, T> {
    fn default() -> Self {
        Self {
            in_flight: Arc::default(),
        }
    }
}

impl<K, T> SingleFlight<K, T>
where
    K: Eq + Hash + Clone + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// Joins the task in progress for this key, or starts one. `None` if the task ended without a
    /// result: it panicked, or the runtime is shutting down.
    pub async fn join<F>(&self, key: K, work: impl FnOnce() -> F) -> Option<FlightResult<T>>
    where
        F: Future<Output = T> + Send + 'static,
    {
        let (mut receiver, start) = self.enter(key);
        let started_here = start.is_some();
        // Outside the lock: if the runtime is shutting down, `spawn` drops the task, which takes
        // the lock.
        if let Some((sender, guard)) = start {
            let work = work();
            let task = async move {
                let result = work.await;
                // A later caller starts a new task; the waiting callers get this result.
                drop(guard);
                sender.send_replace(Some(result));
            };
            // The task logs in the span of the caller that started it.
            spawn(task.in_current_span());
        }
        let result = receiver.wait_for(Option::is_some).await.ok()?.clone()?;
        Some(FlightResult {
            result,
            started_here,
        })
    }

    /// Waits until no task is in progress.
    pub async fn all_done(&self) {
        loop {
            let one = lock(&self.in_flight).values().next().cloned();
            let Some(mut one) = one else { return };
            // An error means that the task ended without a result.
            let _ = one.wait_for(Option::is_some).await;
            tokio::task::yield_now().await;
        }
    }

    fn enter(&self, key: K) -> (watch::Receiver<Option<T>>, Option<Leader<K, T>>) {
        let mut in_flight = lock(&self.in_flight);
        if let Some(receiver) = in_flight.get(&key) {
            return (receiver.clone(), None);
        }
        let (sender, receiver) = watch::channel(None);
        in_flight.insert(key.clone(), receiver.clone());
        let guard = InFlightGuard {
            in_flight: Arc::clone(&self.in_flight),
            key,
        };
        (receiver, Some((sender, guard)))
    }
}

/// The result of a shared task.
pub struct FlightResult<T> {
    /// The result.
    pub result: T,
    /// Whether this caller started the task; false if it joined the task of another caller.
    pub started_here: bool,
}

type Leader<K, T> = (watch::Sender<Option<T>>, InFlightGuard<K, T>);

/// Removes the key when the task ends, also if it panics.
struct InFlightGuard<K: Eq + Hash, T> {
    in_flight: InFlight<K, T>,
    key: K,
}

impl<K: Eq + Hash, T> Drop for InFlightGuard<K, T> {
    fn drop(&mut self) {
        lock(&self.in_flight).remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::sync::Notify;

    #[tokio::test]
    async fn callers_share_one_flight_that_survives_cancellation() {
        let single_flight = Arc::new(SingleFlight::<&str, usize>::default());
        let (runs, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let join = || {
            let (single_flight, runs, gate) = (single_flight.clone(), runs.clone(), gate.clone());
            async move {
                let work = || async move {
                    gate.notified().await;
                    runs.fetch_add(1, Ordering::SeqCst) + 1
                };
                single_flight
                    .join("key", work)
                    .await
                    .map(|shared| shared.result)
            }
        };
        let first = tokio::spawn(join());
        tokio::task::yield_now().await;
        let others: Vec<_> = (0..50).map(|_| tokio::spawn(join())).collect();
        tokio::task::yield_now().await;
        first.abort();
        gate.notify_one();
        for other in others {
            assert_eq!(other.await.unwrap(), Some(1));
        }
        gate.notify_one();
        assert_eq!(join().await, Some(2));
    }

    #[tokio::test]
    async fn panic_ends_the_flight_and_frees_the_key() {
        let single_flight = SingleFlight::<&str, usize>::default();
        let result = single_flight
            .join("key", || async { panic!("on purpose") })
            .await;
        assert!(result.is_none());
        let shared = single_flight.join("key", || async { 7 }).await.unwrap();
        assert_eq!((shared.result, shared.started_here), (7, true));
    }

    /// `spawn` drops the task immediately.
    #[test]
    fn callers_return_after_runtime_shutdown() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .build()
            .unwrap();
        let handle = runtime.handle().clone();
        runtime.shutdown_timeout(std::time::Duration::from_secs(10));
        let _entered = handle.enter();
        let single_flight = SingleFlight::<&str, usize>::default();
        let mut join = std::pin::pin!(single_flight.join("key", || async { 7 }));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let answer = join.as_mut().poll(&mut context);
        assert!(matches!(answer, std::task::Poll::Ready(None)));
        assert!(lock(&single_flight.in_flight).is_empty());
    }
}
