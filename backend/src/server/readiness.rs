//! Whether the database answers. However many requests there are, one ping at a time runs, at most
//! once a second. Only changes are logged.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::{Instant, timeout};

/// How long a result is reused.
const CACHE_FOR: Duration = Duration::from_secs(1);

/// A database that takes longer is not ready.
const PING_TIMEOUT: Duration = Duration::from_secs(2);

/// The last result.
#[derive(Default)]
pub(super) struct Readiness(Arc<Mutex<LastPing>>);

/// When the last ping ended, and whether the database answered.
type LastPing = Option<(Instant, bool)>;

impl Readiness {
    /// The recent result, or the result of this ping. Concurrent callers share one ping, which
    /// continues if its first caller is cancelled.
    pub(super) async fn check<E: Display + 'static>(
        &self,
        ping: impl Future<Output = Result<(), E>> + Send + 'static,
    ) -> bool {
        let found = Arc::clone(&self.0).lock_owned().await;
        if let Some((at, is_ready)) = *found
            && at.elapsed() < CACHE_FOR
        {
            return is_ready;
        }
        let asked = tokio::spawn(Self::ping(found, ping));
        asked.await.unwrap_or_default()
    }

    async fn ping<E: Display>(
        mut found: OwnedMutexGuard<LastPing>,
        ping: impl Future<Output = Result<(), E>>,
    ) -> bool {
        let answer = match timeout(PING_TIMEOUT, ping).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("no answer within {} s", PING_TIMEOUT.as_secs())),
        };
        let was_ready = found.is_none_or(|(_, was_ready)| was_ready);
        match &answer {
            Err(error) if was_ready => {
                tracing::error!(target: "switchback", event = "service.not-ready", %error);
            }
            Ok(()) if !was_ready => {
                tracing::info!(target: "switchback", event = "service.ready-again");
            }
            _ => {}
        }
        *found = Some((Instant::now(), answer.is_ok()));
        answer.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::Mutex as Lock;
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures_util::FutureExt as _;
    use futures_util::future::join_all;

    use super::*;

    #[derive(Clone, Default)]
    struct Database {
        pings: Arc<AtomicU32>,
    }

    impl Database {
        async fn ping(self, answer: Result<(), &'static str>) -> Result<(), &'static str> {
            self.pings.fetch_add(1, Ordering::Relaxed);
            // Lets other callers run meanwhile.
            tokio::task::yield_now().await;
            answer
        }
    }

    #[derive(Clone, Default)]
    struct LogBuffer(Arc<Lock<Vec<u8>>>);

    impl Write for LogBuffer {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn concurrent_checks_share_one_ping_per_second() {
        let (readiness, database) = (Readiness::default(), Database::default());
        for second in 1..=3 {
            let asks = (0..100).map(|_| readiness.check(database.clone().ping(Ok(()))));
            assert_eq!(join_all(asks).await, [true; 100]);
            assert_eq!(database.pings.load(Ordering::Relaxed), second);
            tokio::time::advance(CACHE_FOR).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_database_that_does_not_answer_is_not_ready() {
        let (readiness, database) = (Readiness::default(), Database::default());
        let never = || {
            let Database { pings } = database.clone();
            async move {
                pings.fetch_add(1, Ordering::Relaxed);
                std::future::pending::<Result<(), &str>>().await
            }
        };
        let asks = (0..100).map(|_| readiness.check(never()));
        assert_eq!(join_all(asks).await, [false; 100]);
        assert_eq!(database.pings.load(Ordering::Relaxed), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancelled_check_does_not_cancel_the_ping() {
        let (readiness, database) = (Readiness::default(), Database::default());
        for _ in 0..100 {
            let ask = readiness.check(database.clone().ping(Ok(())));
            assert!(ask.now_or_never().is_none());
        }
        assert!(readiness.check(database.clone().ping(Ok(()))).await);
        assert_eq!(database.pings.load(Ordering::Relaxed), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn only_changes_of_readiness_are_logged() {
        let lines = LogBuffer::default();
        let to = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || to.clone())
            .finish();
        let _here = tracing::subscriber::set_default(subscriber);
        let (readiness, database) = (Readiness::default(), Database::default());
        let broken = Err("closed");
        for answer in [Ok(()), broken, broken, Ok(()), Ok(()), broken] {
            let is_ready = readiness.check(database.clone().ping(answer)).await;
            assert_eq!(is_ready, answer.is_ok());
            tokio::time::advance(CACHE_FOR).await;
        }
        let lines = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        let events = lines.lines().filter_map(|line| line.split("event=").nth(1));
        let events: Vec<_> = events.map(|event| event.replace('"', "")).collect();
        assert_eq!(
            events,
            [
                "service.not-ready error=closed",
                "service.ready-again",
                "service.not-ready error=closed"
            ]
        );
    }
}
