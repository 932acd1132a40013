//! The secure store as the store that the driver works with.

use std::sync::Arc;

use switchback_driver::{Commit, Decided, DecidedAttempt, GrantStore, Stepped};
use switchback_protocol::attempt::{Attempt, AttemptId, StoredSession};
use switchback_protocol::grant::{self, Grant};
use switchback_protocol::lease::Caller;

use super::{Records, Shelf};
use crate::error::Error;
use crate::ports::StoreError;

impl GrantStore for Records {
    type Error = Error;

    async fn decide(
        &self,
        id: &AttemptId,
        input: impl Fn(Caller) -> grant::Input + Send + Sync + 'static,
    ) -> Result<Decided, Error> {
        let id = id.clone();
        self.blocking(move |shelf| {
            let dropped = shelf.save(&id)?;
            let mut decided = shelf.decide(&id, input)?;
            decided.effects.splice(..0, dropped);
            Ok(decided)
        })
        .await
    }

    /// Whatever the store does at this moment, the input is kept in memory until it is stored.
    async fn decide_answer(&self, id: &AttemptId, input: grant::Input) -> Result<Decided, Error> {
        let id = id.clone();
        self.blocking(move |shelf| shelf.decide_answer(&id, input))
            .await
    }

    /// Whatever the store does at this moment, the grant is kept in memory until it is stored.
    async fn add(&self, id: &AttemptId, grant: Arc<Grant>) -> Result<(), Error> {
        let id = id.clone();
        self.blocking(move |shelf| shelf.keep_new(&id, grant)).await
    }

    async fn decide_callback(
        &self,
        id: &AttemptId,
        step: impl Fn(Option<&Attempt>, Caller, StoredSession) -> Stepped + Send + Sync + 'static,
    ) -> Result<DecidedAttempt, Error> {
        let id = id.clone();
        self.blocking(move |shelf| {
            let mut dropped = Vec::new();
            loop {
                let stored = shelf.load::<Attempt>(&id)?.entry();
                // Before the session is looked for: a holder that is gone by now has stored
                // it, or never will.
                let caller = shelf.caller(stored.as_ref().and_then(Attempt::lease));
                // With tokens that an earlier run got, and the store did not take.
                dropped.extend(shelf.save(&id)?);
                let grant = shelf.load::<Grant>(&id)?.entry();
                let stepped = step(stored.as_ref(), caller, StoredSession::of(grant.as_ref()));
                if let Some(decided) = shelf.store(&id, stored, stepped)? {
                    return Ok(DecidedAttempt {
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
        step: impl Fn(Option<&Attempt>) -> Stepped + Send + Sync + 'static,
    ) -> Result<DecidedAttempt, Error> {
        let id = id.clone();
        self.blocking(move |shelf| {
            loop {
                let stored = shelf.load::<Attempt>(&id)?.entry();
                let stepped = step(stored.as_ref());
                if let Some(decided) = shelf.store(&id, stored, stepped)? {
                    return Ok(decided);
                }
            }
        })
        .await
    }
}

impl Shelf {
    /// Stores the next state of an attempt, where it is another. `None`: another writer was
    /// faster.
    fn store(
        &self,
        id: &AttemptId,
        stored: Option<Attempt>,
        stepped: Stepped,
    ) -> Result<Option<DecidedAttempt>, StoreError> {
        let done = match (&stored, &stepped.0) {
            (Some(seen), Some(next)) if seen != next => {
                self.commit(id, Some(seen.generation), next)?
            }
            _ => Commit::Committed,
        };
        Ok((done == Commit::Committed).then(|| stepped.into()))
    }
}
