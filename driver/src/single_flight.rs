//! Single flight: one task for all who want the same thing at the same time.
//!
//! The work runs in a task of its own: a caller that is cancelled leaves it running, and
//! the others get its result all the same.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex};

use tokio::sync::watch;
use tracing::Instrument as _;

use crate::task::{lock, spawn};

type InFlight<K, T> = Arc<Mutex<HashMap<K, watch::Receiver<Option<T>>>>>;

/// Work under way, by what it is about.
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
    /// Joins the work under way for this key, or starts it. `None`: the task ended without
    /// a result (it panicked, or the runtime is going down).
    pub async fn join<F>(&self, key: K, work: impl FnOnce() -> F) -> Option<FlightResult<T>>
    where
        F: Future<Output = T> + Send + 'static,
    {
        let (mut receiver, start) = self.enter(key);
        let started_here = start.is_some();
        // Not under the lock: a runtime that is going down drops the task on the spot.
        if let Some((sender, guard)) = start {
            let work = work();
            let task = async move {
                let result = work.await;
                // A caller that comes now starts new work; those who wait get this result.
                drop(guard);
                sender.send_replace(Some(result));
            };
            // What it logs belongs to the caller that started it.
            spawn(task.in_current_span());
        }
        let result = receiver.wait_for(Option::is_some).await.ok()?.clone()?;
        Some(FlightResult {
            result,
            started_here,
        })
    }

    /// Waits until nothing is under way.
    pub async fn all_done(&self) {
        loop {
            let one = lock(&self.in_flight).values().next().cloned();
            let Some(mut one) = one else { return };
            // An error says that the task ended without a result.
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

/// What came of the work.
pub struct FlightResult<T> {
    /// The result.
    pub result: T,
    /// Whether this caller started it, or joined the work of another.
    pub started_here: bool,
}

type Leader<K, T> = (watch::Sender<Option<T>>, InFlightGuard<K, T>);

/// Frees the key when the task ends, however it ends.
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
        let flights = Arc::new(SingleFlight::<&str, usize>::default());
        let (runs, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let join = || {
            let (flights, runs, gate) = (flights.clone(), runs.clone(), gate.clone());
            async move {
                let work = || async move {
                    gate.notified().await;
                    runs.fetch_add(1, Ordering::SeqCst) + 1
                };
                flights.join("key", work).await.map(|shared| shared.result)
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
        let flights = SingleFlight::<&str, usize>::default();
        let result = flights.join("key", || async { panic!("on purpose") }).await;
        assert!(result.is_none());
        let shared = flights.join("key", || async { 7 }).await.unwrap();
        assert_eq!((shared.result, shared.started_here), (7, true));
    }

    /// The task is dropped at the moment in which it is spawned.
    #[test]
    fn callers_return_after_runtime_shutdown() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .build()
            .unwrap();
        let handle = runtime.handle().clone();
        runtime.shutdown_timeout(std::time::Duration::from_secs(10));
        let _entered = handle.enter();
        let flights = SingleFlight::<&str, usize>::default();
        let mut join = std::pin::pin!(flights.join("key", || async { 7 }));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let answer = join.as_mut().poll(&mut context);
        assert!(matches!(answer, std::task::Poll::Ready(None)));
        assert!(lock(&flights.in_flight).is_empty());
    }
}
