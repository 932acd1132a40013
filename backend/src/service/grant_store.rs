//! The database as the store that the driver works with.

use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use switchback_driver::{
    Commit, Decided, DecidedAttempt, GrantStore, Stepped, event, log, revocation,
};
use switchback_protocol::attempt::{Attempt, AttemptId, Kept};
use switchback_protocol::grant::{self, Effect, Grant};
use switchback_protocol::lease::{Caller, Lease};

use super::Inner;
use super::begin::Visitor;
use crate::error::Error;

impl GrantStore for Inner {
    type Error = Error;

    /// What is given has the access token also where that is not stored.
    async fn decide(
        &self,
        id: &AttemptId,
        input: impl Fn(Caller) -> grant::Input + Send + Sync + 'static,
    ) -> Result<Decided, Error> {
        loop {
            let stored = self.grant(id.as_str()).await?;
            let caller = self.caller(stored.as_ref().and_then(Grant::lease)).await?;
            let (next, effects) = grant::step(stored.as_ref(), &input(caller));
            let database = &self.platform.store;
            let done = match (&stored, &next) {
                (Some(seen), Some(next)) if seen != next => {
                    let row = self.grant_row(id.as_str(), next)?;
                    database.replace_grant(seen.generation, row).await?
                }
                // The tokens that are revoked are the ones that are removed.
                (Some(seen), None) => {
                    let id = id.as_str().into();
                    database.remove_grant(seen.generation, id).await?
                }
                _ => Commit::Committed,
            };
            if done == Commit::Committed {
                // Whoever ended it: from now on nothing in memory says that it lives.
                if next.as_ref().is_none_or(Grant::is_over) {
                    self.forget(id.as_str());
                }
                return Ok(Decided {
                    grant: next.map(Arc::new),
                    effects,
                    damaged: false,
                });
            }
        }
    }

    /// Tries again for some minutes. Tokens that the database does not take are given back.
    async fn decide_answer(&self, id: &AttemptId, input: grant::Input) -> Result<Decided, Error> {
        let pauses = pauses().with_max_delay(Duration::from_secs(5));
        let store = || {
            let input = input.clone();
            self.decide(id, move |_| input.clone())
        };
        let notify = |error: &Error, _| log::event(event::STORE_UNWRITABLE, id, Some(error));
        let stored = store.retry(pauses.with_max_times(60)).when(is_unstored);
        let decided = stored.notify(notify).await;
        if let (Err(_), grant::Input::Answered { tokens, .. }) = (&decided, &input) {
            let token = tokens.newest().clone();
            self.revoke(id, vec![Effect::Revoke(token)]).await;
        }
        decided
    }

    /// Tries again for a short time. Tokens that the database does not take are given back.
    async fn add(&self, id: &AttemptId, grant: Arc<Grant>) -> Result<(), Error> {
        let store = || async {
            let row = self.grant_row(id.as_str(), &grant)?;
            Ok(self.platform.store.add_grant(row).await?)
        };
        let added = store.retry(pauses().with_max_times(5)).when(is_unstored);
        let added = added.await.map(drop);
        if added.is_err() {
            let (_, dropped) = grant::step(Some(&grant), &grant::Input::LogOut);
            self.revoke(id, dropped).await;
        }
        added
    }

    async fn decide_callback(
        &self,
        id: &AttemptId,
        step: impl Fn(Option<&Attempt>, Caller, Kept) -> Stepped + Send + Sync + 'static,
    ) -> Result<DecidedAttempt, Error> {
        loop {
            let stored = self.attempt(id.as_str()).await?;
            let attempt = stored.as_ref().map(|(_, attempt)| attempt);
            // Before the session is looked for: a holder that is gone by now has stored it,
            // or never will.
            let caller = self.caller(attempt.and_then(Attempt::lease)).await?;
            let grant = self.grant(id.as_str()).await?;
            let stepped = step(attempt, caller, Kept::of(grant.as_ref()));
            if let Some(decided) = self.store_attempt(id, stored, stepped).await? {
                let grant = grant.map(Arc::new);
                return Ok(DecidedAttempt { grant, ..decided });
            }
        }
    }

    async fn decide_attempt(
        &self,
        id: &AttemptId,
        step: impl Fn(Option<&Attempt>) -> Stepped + Send + Sync + 'static,
    ) -> Result<DecidedAttempt, Error> {
        loop {
            let stored = self.attempt(id.as_str()).await?;
            let stepped = step(stored.as_ref().map(|(_, attempt)| attempt));
            if let Some(decided) = self.store_attempt(id, stored, stepped).await? {
                return Ok(decided);
            }
        }
    }
}

impl Inner {
    /// Stores the next state of an attempt, where it is another. `None`: another writer was
    /// faster.
    async fn store_attempt(
        &self,
        id: &AttemptId,
        stored: Option<(Visitor, Attempt)>,
        stepped: Stepped,
    ) -> Result<Option<DecidedAttempt>, Error> {
        let done = match (stored, &stepped.0) {
            (Some((visitor, seen)), Some(next)) if seen != *next => {
                let row = self.attempt_row(id.as_str(), visitor, next)?;
                let database = &self.platform.store;
                database.replace_attempt(seen.generation, row).await?
            }
            _ => Commit::Committed,
        };
        Ok((done == Commit::Committed).then(|| stepped.into()))
    }

    /// A lease of another node is measured by the clock that both share as it is now: one that
    /// was set meanwhile would tell that the lease has run out.
    async fn caller(&self, lease: Option<&Lease>) -> Result<Caller, Error> {
        let store = &self.platform.store;
        let other = lease.filter(|lease| lease.by != self.owner);
        let holder_is_gone = other.is_some_and(|lease| store.is_gone(&lease.by));
        if other.is_some() && !holder_is_gone {
            store.measure_clock().await?;
        }
        Ok(Caller {
            owner: self.owner.clone(),
            holder_is_gone,
        })
    }

    /// Gives back tokens that are not needed any more, and waits for it.
    pub(super) async fn revoke(&self, id: &AttemptId, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Revoke(token) = effect {
                revocation::revoke(self, id, &token).await;
            }
        }
    }
}

fn pauses() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(50))
        .with_jitter()
}

fn is_unstored(error: &Error) -> bool {
    matches!(error, Error::Store(_))
}
