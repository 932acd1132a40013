//! The database as the [`GrantStore`] of the driver.

use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use switchback_driver::{
    AttemptDecision, AttemptTransition, Commit, GrantDecision, GrantStore, event, log, revocation,
};
use switchback_protocol::attempt::{Attempt, AttemptId, StoredSession};
use switchback_protocol::grant::{self, Effect, Grant};
use switchback_protocol::lease::{Caller, Lease};

use super::Inner;
use super::begin::Initiator;
use crate::error::Error;

impl GrantStore for Inner {
    type Error = Error;

    /// The returned grant has its access token, even if the database does not store that token.
    async fn decide(
        &self,
        id: &AttemptId,
        input: impl Fn(Caller) -> grant::Input + Send + Sync + 'static,
    ) -> Result<GrantDecision, Error> {
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
                // The state machine revokes the tokens of the grant that is removed here.
                (Some(seen), None) => {
                    let id = id.as_str().into();
                    database.remove_grant(seen.generation, id).await?
                }
                _ => Commit::Committed,
            };
            if done == Commit::Committed {
                // For every cause of the end: the cache must not serve the grant's sessions any more.
                if next.as_ref().is_none_or(Grant::is_over) {
                    self.evict(id.as_str());
                }
                return Ok(GrantDecision {
                    grant: next.map(Arc::new),
                    effects,
                    damaged: false,
                });
            }
        }
    }

    /// Retries for some minutes. If the database does not take the new tokens, they are revoked.
    async fn decide_answer(
        &self,
        id: &AttemptId,
        input: grant::Input,
    ) -> Result<GrantDecision, Error> {
        let backoff = backoff().with_max_delay(Duration::from_secs(5));
        let store = || {
            let input = input.clone();
            self.decide(id, move |_| input.clone())
        };
        let notify = |error: &Error, _| log::event(event::STORE_UNWRITABLE, id, Some(error));
        let stored = store.retry(backoff.with_max_times(60)).when(is_store_error);
        let decided = stored.notify(notify).await;
        if let (Err(_), grant::Input::Answered { tokens, .. }) = (&decided, &input) {
            let token = tokens.token_to_revoke().clone();
            self.revoke(id, vec![Effect::Revoke(token)]).await;
        }
        decided
    }

    /// Retries for a short time. If the database does not take the tokens, they are revoked.
    async fn add(&self, id: &AttemptId, grant: Arc<Grant>) -> Result<(), Error> {
        let store = || async {
            let row = self.grant_row(id.as_str(), &grant)?;
            Ok(self.platform.store.add_grant(row).await?)
        };
        let added = store
            .retry(backoff().with_max_times(5))
            .when(is_store_error);
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
        step: impl Fn(Option<&Attempt>, Caller, StoredSession) -> AttemptTransition
        + Send
        + Sync
        + 'static,
    ) -> Result<AttemptDecision, Error> {
        loop {
            let stored = self.attempt(id.as_str()).await?;
            let attempt = stored.as_ref().map(|(_, attempt)| attempt);
            // The order matters: first whether the holder of the lease has ended, then whether it
            // has stored a grant. In the opposite order, the holder could store one in between.
            let caller = self.caller(attempt.and_then(Attempt::lease)).await?;
            let grant = self.grant(id.as_str()).await?;
            let stepped = step(attempt, caller, StoredSession::of(grant.as_ref()));
            if let Some(decided) = self.store_attempt(id, stored, stepped).await? {
                let grant = grant.map(Arc::new);
                return Ok(AttemptDecision { grant, ..decided });
            }
        }
    }

    async fn decide_attempt(
        &self,
        id: &AttemptId,
        step: impl Fn(Option<&Attempt>) -> AttemptTransition + Send + Sync + 'static,
    ) -> Result<AttemptDecision, Error> {
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
    /// Stores the next state of an attempt if it changed. `None`: another writer was faster.
    async fn store_attempt(
        &self,
        id: &AttemptId,
        stored: Option<(Initiator, Attempt)>,
        stepped: AttemptTransition,
    ) -> Result<Option<AttemptDecision>, Error> {
        let done = match (stored, &stepped.0) {
            (Some((initiator, seen)), Some(next)) if seen != *next => {
                let row = self.attempt_row(id.as_str(), initiator, next)?;
                let database = &self.platform.store;
                database.replace_attempt(seen.generation, row).await?
            }
            _ => Commit::Committed,
        };
        Ok((done == Commit::Committed).then(|| stepped.into()))
    }

    /// Measures the database's clock before a lease of another node is judged: an older
    /// measurement could show a running lease as expired if the clock was set meanwhile.
    async fn caller(&self, lease: Option<&Lease>) -> Result<Caller, Error> {
        let store = &self.platform.store;
        let other = lease.filter(|lease| lease.by != self.owner);
        let holder_has_ended = other.is_some_and(|lease| store.is_gone(&lease.by));
        if other.is_some() && !holder_has_ended {
            store.measure_clock().await?;
        }
        Ok(Caller {
            owner: self.owner.clone(),
            holder_has_ended,
        })
    }

    /// Revokes tokens that are no longer needed, and waits for the result.
    pub(super) async fn revoke(&self, id: &AttemptId, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Revoke(token) = effect {
                revocation::revoke(self, id, &token).await;
            }
        }
    }
}

fn backoff() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(50))
        .with_jitter()
}

fn is_store_error(error: &Error) -> bool {
    matches!(error, Error::Store(_))
}
