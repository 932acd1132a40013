//! What one session asks the provider for. A person who loads a page again and again, or many
//! times at once, does not spend the service's quota there.

use std::convert::Infallible;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use quick_cache::sync::Cache;
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::identity::UserInfo;

use super::logged_in::Answer;
use crate::error::Error;

/// User info is believed for so many seconds.
const BELIEVED: Range<i64> = 0..10;

/// So many requests of one session go to the provider in so many seconds.
const MOST: u32 = 60;
const WINDOW: Range<i64> = 0..60;

/// By grant, for as many as are kept in memory.
pub(super) struct AllReads(Cache<String, Arc<Reads>>);

/// Those of one session.
#[derive(Default)]
pub(super) struct Reads {
    /// When it was read. Who comes meanwhile waits for the same answer.
    user_info: tokio::sync::Mutex<Option<(i64, Arc<Answer<UserInfo>>)>>,
    /// Since when so many were sent.
    sent: Mutex<(i64, u32)>,
}

impl AllReads {
    pub(super) fn new(most: usize) -> Self {
        Self(Cache::new(most.max(1)))
    }

    pub(super) fn of(&self, id: &AttemptId) -> Arc<Reads> {
        let make = || Ok::<_, Infallible>(Arc::default());
        let Ok(reads) = self.0.get_or_insert_with(id.as_str(), make);
        reads
    }

    /// Nothing of this grant is kept any more.
    pub(super) fn forget(&self, grant_id: &str) {
        self.0.remove(grant_id);
    }
}

impl Reads {
    /// One more request to the provider.
    ///
    /// # Errors
    /// [`Error::TooManyRequests`] where there were too many of late.
    pub(super) fn count(&self, now: i64) -> Result<(), Error> {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = now.saturating_sub(sent.0);
        if !WINDOW.contains(&passed) {
            *sent = (now, 0);
        }
        if sent.1 >= MOST {
            let left = WINDOW.end - passed;
            let retry_after = u32::try_from(left).unwrap_or_default();
            return Err(Error::TooManyRequests { retry_after });
        }
        sent.1 += 1;
        Ok(())
    }

    /// The user info, as it was read of late, or as `read` brings it.
    pub(super) async fn user_info(
        &self,
        now: i64,
        read: impl Future<Output = Result<Answer<UserInfo>, Error>>,
    ) -> Result<Arc<Answer<UserInfo>>, Error> {
        let mut known = self.user_info.lock().await;
        if let Some((at, answer)) = &*known
            && BELIEVED.contains(&now.saturating_sub(*at))
        {
            return Ok(Arc::clone(answer));
        }
        self.count(now)?;
        let answer = Arc::new(read.await?);
        *known = Some((now, Arc::clone(&answer)));
        Ok(answer)
    }
}
