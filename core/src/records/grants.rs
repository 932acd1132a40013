//! Grants, and the one place where the grant machine meets the store.

use std::collections::HashMap;
use std::sync::Mutex;

use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::{self, Effect, Grant, Input};
use switchback_protocol::lease::Caller;
use switchback_protocol::stored::Generation;
use zeroize::Zeroizing;

use super::{Commit, Found, Record as _, Records, Shelf, unpoisoned};
use crate::error::Error;
use crate::ports::StoreError;

/// What was decided: it is stored.
pub(crate) struct Decided {
    /// What is stored now; `None` where there is no session any more.
    pub(crate) grant: Option<Grant>,
    pub(crate) effects: Vec<Effect>,
    /// What was stored before was damaged.
    pub(crate) damaged: bool,
}

/// States that exist nowhere else, since the store did not take them: new tokens, above
/// all. Each is stored at the next chance, where what it was made from is still there.
#[derive(Default)]
pub(super) struct Unsaved(Mutex<HashMap<AttemptId, (Option<Generation>, Grant)>>);

impl Records {
    /// The session as it is stored, with what the store did not take before.
    pub(crate) async fn grant(&self, id: &AttemptId) -> Result<Found<Grant>, Error> {
        let id = id.clone();
        self.blocking(move |shelf| {
            shelf.save(&id)?;
            shelf.load(&id)
        })
        .await
    }

    /// One thing happens to a session: decides, and stores what was decided, by compare and
    /// set. `input` is made anew whenever somebody else was faster.
    pub(crate) async fn decide(
        &self,
        id: &AttemptId,
        input: impl Fn(Caller) -> Input + Send + 'static,
    ) -> Result<Decided, Error> {
        let id = id.clone();
        self.blocking(move |shelf| {
            shelf.save(&id)?;
            shelf.decide(&id, input)
        })
        .await
    }

    /// As [`decide`](Self::decide), for what came back from the service and exists nowhere
    /// else: where the store does not take it at this moment, it is kept here. `marked` is
    /// the state behind which it was asked.
    pub(crate) async fn decide_or_keep(
        &self,
        id: &AttemptId,
        marked: Grant,
        input: Input,
    ) -> Result<Decided, Error> {
        let id = id.clone();
        self.blocking(move |shelf| {
            let decided = shelf.decide(&id, |_| input.clone());
            if decided.is_err()
                && let (Some(next), _) = grant::step(Some(&marked), &input)
            {
                shelf.unsaved().insert(id, (Some(marked.generation), next));
            }
            decided
        })
        .await
    }

    /// Stores the grant of a login, which exists nowhere else.
    pub(crate) async fn keep_new_grant(&self, id: &AttemptId, grant: Grant) -> Result<(), Error> {
        let id = id.clone();
        self.blocking(move |shelf| {
            shelf.unsaved().insert(id.clone(), (None, grant));
            shelf.save(&id)
        })
        .await
    }

    /// Removes a session for good, whatever state it is in, and gives what can be read of
    /// it.
    pub(crate) async fn take_grant(&self, id: &AttemptId) -> Result<Option<Grant>, Error> {
        let id = id.clone();
        self.blocking(move |shelf| {
            let key = shelf.key(Grant::KIND, &id);
            let section = shelf.critical.enter()?;
            let stored = shelf.store.get(&key)?.map(Zeroizing::new);
            shelf.store.delete(&key)?;
            drop(section);
            let newer = shelf.unsaved().remove(&id).map(|(_, grant)| grant);
            Ok(newer.or_else(|| Grant::from_json(&stored?).ok()))
        })
        .await
    }
}

impl Shelf {
    fn unsaved(
        &self,
    ) -> std::sync::MutexGuard<'_, HashMap<AttemptId, (Option<Generation>, Grant)>> {
        unpoisoned(&self.unsaved.0)
    }

    /// Stores what the store did not take before.
    fn save(&self, id: &AttemptId) -> Result<(), StoreError> {
        let unsaved = self.unsaved().get(id).cloned();
        if let Some((seen, next)) = unsaved {
            // Where somebody took over, or logged out, it is worth nothing any more.
            self.commit(id, seen, &next)?;
            self.unsaved().remove(id);
        }
        Ok(())
    }

    fn decide(
        &self,
        id: &AttemptId,
        input: impl Fn(Caller) -> Input,
    ) -> Result<Decided, StoreError> {
        loop {
            let found = self.load::<Grant>(id)?;
            let damaged = matches!(found, Found::Damaged);
            let stored = found.entry();
            let holder = stored.as_ref().and_then(Grant::lease);
            let caller = Caller {
                owner: self.owner.clone(),
                holder_is_gone: self.is_gone(holder.map(|lease| &lease.by)),
            };
            let (next, effects) = grant::step(stored.as_ref(), &input(caller));
            let done = match &next {
                Some(changed) if next != stored => {
                    if changed.lease().is_some() {
                        self.announce()?;
                    }
                    self.commit(id, stored.map(|grant| grant.generation), changed)?
                }
                _ => Commit::Committed,
            };
            if done == Commit::Committed {
                return Ok(Decided {
                    grant: next,
                    effects,
                    damaged,
                });
            }
        }
    }
}
