//! The requests of one session for the person's data: a cache of user info, and a limit. A person
//! who reloads a page often, or many times at once, does not use up the service's quota at the
//! provider.

use std::convert::Infallible;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use quick_cache::sync::Cache;
use switchback_driver::task::lock;
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::identity::UserInfo;

use super::logged_in::ProviderAnswer;
use crate::error::Error;

/// Cached user info of this age is used, in seconds.
const FRESH: Range<i64> = 0..10;

/// A caller that began to wait this many seconds before a failure gets that failure too.
const WAITED_FOR: Range<i64> = 1..60;

/// The number of requests that one session may send to the provider in a [`WINDOW`].
const MAX_REQUESTS: u32 = 60;

/// The window, in seconds from its start.
const WINDOW: Range<i64> = 0..60;

pub(super) type UserInfoAnswer = Arc<ProviderAnswer<UserInfo>>;

/// The reads of each grant, for as many grants as fit in the cache.
pub(super) struct ReadsByGrant(Cache<String, Arc<Reads>>);

/// The reads of one session.
#[derive(Default)]
pub(super) struct Reads {
    /// The last result and its time. Concurrent callers wait for the same answer.
    user_info: tokio::sync::Mutex<Option<(i64, Result<UserInfoAnswer, Error>)>>,
    /// The start of the window, and the number of requests in it.
    sent: Mutex<(i64, u32)>,
}

impl ReadsByGrant {
    pub(super) fn new(capacity: usize) -> Self {
        Self(Cache::new(capacity.max(1)))
    }

    pub(super) fn of(&self, id: &AttemptId) -> Arc<Reads> {
        let make = || Ok::<_, Infallible>(Arc::default());
        let Ok(reads) = self.0.get_or_insert_with(id.as_str(), make);
        reads
    }

    /// Removes the reads of this grant.
    pub(super) fn evict(&self, grant_id: &str) {
        self.0.remove(grant_id);
    }

    /// Removes everything that has expired.
    pub(super) fn remove_old(&self, now: i64) {
        // Another reference means that a caller is reading now.
        self.0
            .retain(|_, reads| Arc::strong_count(reads) > 1 || reads.remove_old(now));
    }
}

impl Reads {
    /// Counts one request to the provider.
    ///
    /// # Errors
    /// [`Error::TooManyRequests`] if the session has reached the limit.
    pub(super) fn count(&self, now: i64) -> Result<(), Error> {
        let mut sent = lock(&self.sent);
        let passed = now.saturating_sub(sent.0);
        if !WINDOW.contains(&passed) {
            *sent = (now, 0);
        }
        if sent.1 >= MAX_REQUESTS {
            let left = WINDOW.end - passed;
            let retry_after = u32::try_from(left).unwrap_or_default();
            return Err(Error::TooManyRequests { retry_after });
        }
        sent.1 += 1;
        Ok(())
    }

    /// Removes old user info. Returns whether anything remains.
    fn remove_old(&self, now: i64) -> bool {
        let Ok(mut cached) = self.user_info.try_lock() else {
            return true;
        };
        let is_old = |(at, _): &mut _| !FRESH.contains(&now.saturating_sub(*at));
        cached.take_if(is_old);
        let sent = *lock(&self.sent);
        cached.is_some() || WINDOW.contains(&now.saturating_sub(sent.0))
    }

    /// The cached user info, or the result of `read`. If `read` fails, all callers that wait for
    /// it get the error.
    pub(super) async fn user_info(
        &self,
        clock: impl Fn() -> i64,
        read: impl Future<Output = Result<ProviderAnswer<UserInfo>, Error>>,
    ) -> Result<UserInfoAnswer, Error> {
        let asked = clock();
        let mut cached = self.user_info.lock().await;
        match &*cached {
            Some((at, Ok(answer))) if FRESH.contains(&clock().saturating_sub(*at)) => {
                return Ok(Arc::clone(answer));
            }
            Some((at, Err(error))) if WAITED_FOR.contains(&at.saturating_sub(asked)) => {
                return Err(error.clone());
            }
            _ => {}
        }
        self.count(clock())?;
        let answer = read.await.map(Arc::new);
        *cached = Some((clock(), answer.clone()));
        answer
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

    use switchback_protocol::http::Response;

    use super::*;

    fn answer() -> ProviderAnswer<UserInfo> {
        let response = Response {
            status: 200,
            headers: vec![("content-type".into(), "application/json".into())],
            body: br#"{"sub":"a"}"#.into(),
        };
        let parsed = UserInfo::read(&response).unwrap();
        ProviderAnswer { parsed, response }
    }

    #[tokio::test]
    async fn old_user_info_is_dropped_from_memory() {
        let all = ReadsByGrant::new(10);
        let id = AttemptId::of(&"a state".into());
        let read = async || {
            let read = all.of(&id).user_info(|| 100, async { Ok(answer()) }).await;
            Arc::downgrade(&read.unwrap())
        };
        let kept = read().await;
        all.remove_old(109);
        assert!(kept.upgrade().is_some());
        all.remove_old(110);
        assert!(kept.upgrade().is_none());
        // The entry with the count of requests stays for longer.
        assert_eq!(all.0.len(), 1);
        for _ in 1..MAX_REQUESTS {
            all.of(&id).count(159).unwrap();
        }
        all.remove_old(159);
        assert!(all.of(&id).count(159).is_err());
        all.remove_old(160);
        assert_eq!(all.0.len(), 0);
        // An answer is also dropped after the clock was set back, but not while a caller uses its
        // entry.
        let kept = read().await;
        let asks = all.of(&id);
        all.remove_old(50);
        assert!(kept.upgrade().is_some());
        drop(asks);
        all.remove_old(50);
        assert!(kept.upgrade().is_none());
    }

    #[tokio::test]
    async fn a_failure_reaches_only_the_callers_that_waited() {
        let (now, asked) = (AtomicI64::new(100), AtomicU32::new(0));
        let clock = || now.load(Ordering::SeqCst);
        let reads = Reads::default();
        let fails = async |wait: Option<tokio::sync::oneshot::Receiver<()>>| {
            asked.fetch_add(1, Ordering::SeqCst);
            if let Some(wait) = wait {
                wait.await.unwrap();
            }
            Err(Error::TryAgain { retry_after: None })
        };
        let (answered, wait) = tokio::sync::oneshot::channel();
        let (first, second, third, ()) = tokio::join!(
            reads.user_info(clock, fails(Some(wait))),
            reads.user_info(clock, fails(None)),
            reads.user_info(clock, fails(None)),
            async {
                now.store(110, Ordering::SeqCst);
                answered.send(()).unwrap();
            }
        );
        for told in [first, second, third] {
            assert!(matches!(told, Err(Error::TryAgain { .. })));
        }
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        assert!(reads.user_info(clock, fails(None)).await.is_err());
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }
}
