//! [`GrantStore`] over the secure store.

use std::sync::Arc;

use switchback_driver::{AttemptDecision, AttemptTransition, Commit, GrantDecision, GrantStore};
use switchback_protocol::attempt::{Attempt, AttemptId, StoredSession};
use switchback_protocol::grant::{self, Grant};
use switchback_protocol::lease::Caller;

use super::{BlockingRecords, Records};
use crate::error::Error;
use crate::ports::StoreError;

impl GrantStore for Records {
    type Error = Error;

    async fn decide(
        &self,
        id: &AttemptId,
        input: impl Fn(Caller) -> grant::Input + Send + Sync + 'static,
    ) -> Result<GrantDecision, Error> {
        let id = id.clone();
        self.blocking(move |records| {
            let dropped = records.save(&id)?;
            let mut decided = records.decide(&id, input)?;
            decided.effects.splice(..0, dropped);
            Ok(decided)
        })
        .await
    }

    /// The input stays in memory until it is stored, even if the store fails at this moment.
    async fn decide_answer(
        &self,
        id: &AttemptId,
        input: grant::Input,
    ) -> Result<GrantDecision, Error> {
        let id = id.clone();
        self.blocking(move |records| records.decide_answer(&id, input))
            .await
    }

    /// The grant stays in memory until it is stored, even if the store fails at this moment.
    async fn add(&self, id: &AttemptId, grant: Arc<Grant>) -> Result<(), Error> {
        let id = id.clone();
        self.blocking(move |records| records.add_grant(&id, grant))
            .await
    }

    async fn decide_callback(
        &self,
        id: &AttemptId,
        step: impl Fn(Option<&Attempt>, Caller, StoredSession) -> AttemptTransition
        + Send
        + Sync
        + 'static,
    ) -> Result<AttemptDecision, Error> {
        let id = id.clone();
        self.blocking(move |records| {
            let mut dropped = Vec::new();
            loop {
                let stored = records.load::<Attempt>(&id)?.entry();
                // Before the session is read: a holder that has ended by now has stored the
                // session, or never will.
                let caller = records.caller(stored.as_ref().and_then(Attempt::lease));
                // Includes tokens of an earlier run that could not be stored then.
                dropped.extend(records.save(&id)?);
                let grant = records.load::<Grant>(&id)?.entry();
                let stepped = step(stored.as_ref(), caller, StoredSession::of(grant.as_ref()));
                if let Some(decided) = records.store(&id, stored, stepped)? {
                    return Ok(AttemptDecision {
                        grant: grant.map(Arc::new),
                        dropped,
                        ..decided
                    });
                }
            }
        })
        .await
    }

    async fn decide_attempt(
        &self,
        id: &AttemptId,
        step: impl Fn(Option<&Attempt>) -> AttemptTransition + Send + Sync + 'static,
    ) -> Result<AttemptDecision, Error> {
        let id = id.clone();
        self.blocking(move |records| {
            loop {
                let stored = records.load::<Attempt>(&id)?.entry();
                let stepped = step(stored.as_ref());
                if let Some(decided) = records.store(&id, stored, stepped)? {
                    return Ok(decided);
                }
            }
        })
        .await
    }
}

impl BlockingRecords {
    /// Stores the next state of an attempt, if it has changed. `None` if another writer was faster.
    fn store(
        &self,
        id: &AttemptId,
        stored: Option<Attempt>,
        stepped: AttemptTransition,
    ) -> Result<Option<AttemptDecision>, StoreError> {
        let done = match (&stored, &stepped.0) {
            (Some(seen), Some(next)) if seen != next => {
                self.commit(id, Some(seen.generation), next)?
            }
            _ => Commit::Committed,
        };
        Ok((done == Commit::Committed).then(|| stepped.into()))
    }
}
