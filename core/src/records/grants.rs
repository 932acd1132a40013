//! Grants in the store: the only place in this crate that runs [`grant::step`] and stores its
//! result.
//!
//! Before you change this: the service has already replaced the old refresh token when its answer
//! arrives. So the answer stays in memory until the store has it, and no input is decided before.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use switchback_driver::task::lock;
use switchback_driver::{Commit, GrantDecision, event, log};
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::{self, Effect, Grant, Input};
use switchback_protocol::lease::Caller;
use zeroize::Zeroizing;

use super::{BlockingRecords, Loaded, Record as _, Records};
use crate::error::Error;
use crate::ports::StoreError;

/// Changes that the store has rejected and that exist nowhere else; most important, new tokens.
/// They are stored at the next access, before anything else is decided.
#[derive(Default)]
pub(super) struct UnsavedChanges(Mutex<HashMap<AttemptId, Arc<UnsavedChange>>>);

enum UnsavedChange {
    /// The session of a login.
    NewGrant(Arc<Grant>),
    /// The answer of the service. The grant machine decides what it means when it is stored.
    Answer(Input),
}

impl Records {
    /// The stored session, including changes that could not be stored before; and the effects for
    /// tokens that are no longer needed.
    pub(crate) async fn grant(
        &self,
        id: &AttemptId,
    ) -> Result<(Loaded<Grant>, Vec<Effect>), Error> {
        let id = id.clone();
        self.blocking(move |records| {
            let dropped = records.save(&id)?;
            Ok((records.load(&id)?, dropped))
        })
        .await
    }

    /// Removes a session permanently, in any state. Returns what can be read of it, and the effects
    /// for its tokens.
    pub(crate) async fn take_grant(
        &self,
        id: &AttemptId,
    ) -> Result<(Option<Grant>, Vec<Effect>), Error> {
        let id = id.clone();
        self.blocking(move |records| {
            let key = records.key(Grant::KIND, &id);
            let _section = records.process_lock.enter()?;
            let stored = match records.store.get(&key) {
                Ok(json) => json.map(Zeroizing::new),
                // An unreadable entry is removed, too.
                Err(StoreError::Corrupt(_) | StoreError::KeyLost(_)) => None,
                Err(error) => return Err(error),
            };
            records.store.delete(&key)?;
            let stored = stored.and_then(|json| Grant::from_json(&json).ok());
            let (newest, mut effects) = match records.unsaved().remove(&id).as_deref() {
                None => (stored, Vec::new()),
                Some(UnsavedChange::NewGrant(grant)) => {
                    (stored.or_else(|| Some(Grant::clone(grant))), Vec::new())
                }
                Some(UnsavedChange::Answer(input)) => grant::step(stored.as_ref(), input),
            };
            effects.extend(grant::step(newest.as_ref(), &Input::LogOut).1);
            Ok((newest, revocations(effects)))
        })
        .await
    }
}

impl BlockingRecords {
    fn unsaved(&self) -> MutexGuard<'_, HashMap<AttemptId, Arc<UnsavedChange>>> {
        lock(&self.unsaved_changes.0)
    }

    pub(super) fn add_grant(&self, id: &AttemptId, grant: Arc<Grant>) -> Result<(), StoreError> {
        self.remember_unsaved(id, UnsavedChange::NewGrant(grant));
        self.save(id).map(drop)
    }

    /// As [`decide`](Self::decide), for an answer of the service, which stays in memory until it is
    /// stored.
    pub(super) fn decide_answer(
        &self,
        id: &AttemptId,
        input: Input,
    ) -> Result<GrantDecision, StoreError> {
        let change = self.remember_unsaved(id, UnsavedChange::Answer(input.clone()));
        let decided = self.decide(id, |_| input.clone())?;
        self.forget_unsaved(id, &change);
        Ok(decided)
    }

    fn remember_unsaved(&self, id: &AttemptId, change: UnsavedChange) -> Arc<UnsavedChange> {
        let change = Arc::new(change);
        self.unsaved().insert(id.clone(), Arc::clone(&change));
        change
    }

    /// Forgets a change that is stored now, but not a newer one.
    fn forget_unsaved(&self, id: &AttemptId, stored: &Arc<UnsavedChange>) {
        let mut all = self.unsaved();
        if all
            .get(id)
            .is_some_and(|change| Arc::ptr_eq(change, stored))
        {
            all.remove(id);
        }
    }

    /// Stores the change that could not be stored before, and returns the effects for tokens that
    /// are no longer needed.
    pub(super) fn save(&self, id: &AttemptId) -> Result<Vec<Effect>, StoreError> {
        let Some(change) = self.unsaved().get(id).cloned() else {
            return Ok(Vec::new());
        };
        let effects = match &*change {
            UnsavedChange::Answer(input) => {
                let effects = self.decide(id, |_| input.clone())?.effects;
                log_refreshed(id, input, &effects);
                effects
            }
            UnsavedChange::NewGrant(grant) => {
                let json = grant.to_json();
                let _section = self.process_lock.enter()?;
                // A log-out also removes the session inside the section.
                if self.unsaved().contains_key(id)
                    && matches!(self.load_in_section::<Grant>(id)?, Loaded::Absent)
                {
                    self.store.put(&self.key(Grant::KIND, id), &json)?;
                }
                Vec::new()
            }
        };
        self.forget_unsaved(id, &change);
        Ok(revocations(effects))
    }

    /// Gives an input to the grant machine and stores the result by compare and set.
    pub(super) fn decide(
        &self,
        id: &AttemptId,
        input: impl Fn(Caller) -> Input,
    ) -> Result<GrantDecision, StoreError> {
        loop {
            let stored = self.load::<Grant>(id)?.entry();
            let caller = self.caller(stored.as_ref().and_then(Grant::lease));
            let (next, effects) = grant::step(stored.as_ref(), &input(caller));
            let done = match &next {
                Some(changed) if next != stored => {
                    self.commit(id, stored.map(|grant| grant.generation), changed)?
                }
                _ => Commit::Committed,
            };
            if done == Commit::Committed {
                return Ok(GrantDecision {
                    damaged: next.is_none() && self.was_set_aside(Grant::KIND, id)?,
                    grant: next.map(Arc::new),
                    effects,
                });
            }
        }
    }
}

fn revocations(effects: Vec<Effect>) -> Vec<Effect> {
    let revocations = effects.into_iter();
    revocations
        .filter(|effect| matches!(effect, Effect::Revoke(_)))
        .collect()
}

/// Reports new tokens that are stored and may be used.
fn log_refreshed(id: &AttemptId, input: &Input, effects: &[Effect]) {
    let given = effects
        .iter()
        .any(|effect| matches!(effect, Effect::ReturnToken(_)));
    if given && matches!(input, Input::Answered { .. }) {
        log::event(event::REFRESH_DONE, id, None);
    }
}
