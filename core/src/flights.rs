//! One task for all who want the same thing at the same time.
//!
//! The work runs in a task of its own: a caller that is cancelled leaves it running, and
//! the others get its result all the same.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;
use tracing::Instrument as _;

use crate::whole::spawn;

type Landing<T> = watch::Receiver<Option<T>>;

/// Work under way, by what it is about.
pub struct Flights<K, T> {
    under_way: Arc<Mutex<HashMap<K, Landing<T>>>>,
}

impl<K, T> Default for Flights<K, T> {
    fn default() -> Self {
        Self {
            under_way: Arc::default(),
        }
    }
}

impl<K, T> Flights<K, T>
where
    K: Eq + Hash + Clone + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// Joins the work under way for this key, or starts it. `None`: the task ended without
    /// a result (it panicked, or the runtime is going down).
    pub async fn join<F>(&self, key: K, work: impl FnOnce() -> F) -> Option<Landed<T>>
    where
        F: Future<Output = T> + Send + 'static,
    {
        let (mut landing, start) = self.board(key);
        let own = start.is_some();
        // Not under the lock: a runtime that is going down drops the task on the spot.
        if let Some((landed, place)) = start {
            let work = work();
            let flight = async move {
                let result = work.await;
                // Whoever comes now starts anew; whoever waits gets this result.
                drop(place);
                landed.send_replace(Some(result));
            };
            // What it logs belongs to whoever started it.
            spawn(flight.in_current_span());
        }
        let result = landing.wait_for(Option::is_some).await.ok()?.clone()?;
        Some(Landed { result, own })
    }

    /// Waits until nothing is under way.
    pub async fn all_landed(&self) {
        loop {
            let one = self.lock().values().next().cloned();
            let Some(mut one) = one else { return };
            // An error says that the task ended without a result.
            let _ = one.wait_for(Option::is_some).await;
            tokio::task::yield_now().await;
        }
    }

    fn board(&self, key: K) -> (Landing<T>, Option<Start<K, T>>) {
        let mut under_way = self.lock();
        if let Some(landing) = under_way.get(&key) {
            return (landing.clone(), None);
        }
        let (landed, landing) = watch::channel(None);
        under_way.insert(key.clone(), landing.clone());
        let place = Place {
            under_way: Arc::clone(&self.under_way),
            key,
        };
        (landing, Some((landed, place)))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<K, Landing<T>>> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// What came of it.
pub struct Landed<T> {
    /// The result.
    pub result: T,
    /// Whether this caller started it, or joined somebody else's.
    pub own: bool,
}

type Start<K, T> = (watch::Sender<Option<T>>, Place<K, T>);

/// Frees the key when the task ends, however it ends.
struct Place<K: Eq + Hash, T> {
    under_way: Arc<Mutex<HashMap<K, Landing<T>>>>,
    key: K,
}

impl<K: Eq + Hash, T> Drop for Place<K, T> {
    fn drop(&mut self) {
        let mut under_way = self
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        under_way.remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::sync::Notify;

    #[tokio::test]
    async fn all_who_wait_share_one_run_and_a_cancelled_one_does_not_end_it() {
        let flights = Arc::new(Flights::<&str, usize>::default());
        let (runs, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let join = || {
            let (flights, runs, gate) = (flights.clone(), runs.clone(), gate.clone());
            async move {
                let work = || async move {
                    gate.notified().await;
                    runs.fetch_add(1, Ordering::SeqCst) + 1
                };
                flights.join("key", work).await.map(|landed| landed.result)
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
    async fn a_panic_reaches_everyone_and_frees_the_key() {
        let flights = Flights::<&str, usize>::default();
        let result = flights.join("key", || async { panic!("on purpose") }).await;
        assert!(result.is_none());
        let landed = flights.join("key", || async { 7 }).await.unwrap();
        assert_eq!((landed.result, landed.own), (7, true));
    }

    /// The task is dropped at the moment in which it is spawned.
    #[test]
    fn a_runtime_that_is_gone_does_not_hang_its_callers() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .build()
            .unwrap();
        let handle = runtime.handle().clone();
        runtime.shutdown_timeout(std::time::Duration::from_secs(10));
        let _entered = handle.enter();
        let flights = Flights::<&str, usize>::default();
        let mut join = std::pin::pin!(flights.join("key", || async { 7 }));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let answer = join.as_mut().poll(&mut context);
        assert!(matches!(answer, std::task::Poll::Ready(None)));
        assert!(flights.lock().is_empty());
    }
}
