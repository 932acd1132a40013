//! Grants, and the one place where the grant machine meets the store.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use switchback_driver::task::lock;
use switchback_driver::{Commit, Decided, event, log};
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::{self, Effect, Grant, Input};
use switchback_protocol::lease::Caller;
use zeroize::Zeroizing;

use super::{Found, Record as _, Records, Shelf};
use crate::error::Error;
use crate::ports::StoreError;

/// What exists nowhere else, since the store did not take it: new tokens, above all. It is
/// stored at the next chance, before anything else is decided.
#[derive(Default)]
pub(super) struct Unsaved(Mutex<HashMap<AttemptId, Arc<News>>>);

enum News {
    /// The session of a login.
    Begun(Arc<Grant>),
    /// What came back from the service. The machine says what it is worth by then.
    Said(Input),
}

impl Records {
    /// The session as it is stored, with what the store did not take before; and what is to
    /// be done about tokens that are worth nothing any more.
    pub(crate) async fn grant(&self, id: &AttemptId) -> Result<(Found<Grant>, Vec<Effect>), Error> {
        let id = id.clone();
        self.blocking(move |shelf| {
            let dropped = shelf.save(&id)?;
            Ok((shelf.load(&id)?, dropped))
        })
        .await
    }

    /// Removes a session for good, whatever state it is in, and gives what can be read of it,
    /// and what is to be done about its tokens.
    pub(crate) async fn take_grant(
        &self,
        id: &AttemptId,
    ) -> Result<(Option<Grant>, Vec<Effect>), Error> {
        let id = id.clone();
        self.blocking(move |shelf| {
            let key = shelf.key(Grant::KIND, &id);
            let _section = shelf.process_lock.enter()?;
            let stored = match shelf.store.get(&key) {
                Ok(json) => json.map(Zeroizing::new),
                // It goes all the same.
                Err(StoreError::Corrupt(_) | StoreError::KeyLost(_)) => None,
                Err(error) => return Err(error),
            };
            shelf.store.delete(&key)?;
            let stored = stored.and_then(|json| Grant::from_json(&json).ok());
            let (newest, mut effects) = match shelf.news().remove(&id).as_deref() {
                None => (stored, Vec::new()),
                Some(News::Begun(grant)) => {
                    (stored.or_else(|| Some(Grant::clone(grant))), Vec::new())
                }
                Some(News::Said(input)) => grant::step(stored.as_ref(), input),
            };
            effects.extend(grant::step(newest.as_ref(), &Input::LogOut).1);
            Ok((newest, revocations(effects)))
        })
        .await
    }
}

impl Shelf {
    fn news(&self) -> MutexGuard<'_, HashMap<AttemptId, Arc<News>>> {
        lock(&self.unsaved.0)
    }

    pub(super) fn keep_new(&self, id: &AttemptId, grant: Arc<Grant>) -> Result<(), StoreError> {
        self.keep(id, News::Begun(grant));
        self.save(id).map(drop)
    }

    /// As [`decide`](Self::decide), for what came back from the service: whatever the store
    /// does at this moment, it is kept until it is stored.
    pub(super) fn decide_answer(
        &self,
        id: &AttemptId,
        input: Input,
    ) -> Result<Decided, StoreError> {
        let news = self.keep(id, News::Said(input.clone()));
        let decided = self.decide(id, |_| input.clone())?;
        self.forget_news(id, &news);
        Ok(decided)
    }

    fn keep(&self, id: &AttemptId, news: News) -> Arc<News> {
        let news = Arc::new(news);
        self.news().insert(id.clone(), Arc::clone(&news));
        news
    }

    /// Forgets what is stored now, and nothing newer.
    fn forget_news(&self, id: &AttemptId, stored: &Arc<News>) {
        let mut all = self.news();
        if all.get(id).is_some_and(|news| Arc::ptr_eq(news, stored)) {
            all.remove(id);
        }
    }

    /// Stores what the store did not take before, and gives what is to be done about tokens
    /// that are worth nothing any more.
    pub(super) fn save(&self, id: &AttemptId) -> Result<Vec<Effect>, StoreError> {
        let Some(news) = self.news().get(id).cloned() else {
            return Ok(Vec::new());
        };
        let effects = match &*news {
            News::Said(input) => {
                let effects = self.decide(id, |_| input.clone())?.effects;
                log_done(id, input, &effects);
                effects
            }
            News::Begun(grant) => {
                let json = grant.to_json();
                let _section = self.process_lock.enter()?;
                // A session is removed in the section, too.
                if self.news().contains_key(id)
                    && matches!(self.load_in_section::<Grant>(id)?, Found::Nothing)
                {
                    self.store.put(&self.key(Grant::KIND, id), &json)?;
                }
                Vec::new()
            }
        };
        self.forget_news(id, &news);
        Ok(revocations(effects))
    }

    /// Decides, and stores what was decided, by compare and set.
    pub(super) fn decide(
        &self,
        id: &AttemptId,
        input: impl Fn(Caller) -> Input,
    ) -> Result<Decided, StoreError> {
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
                return Ok(Decided {
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

/// A new pair is stored, where its token may be given out.
fn log_done(id: &AttemptId, input: &Input, effects: &[Effect]) {
    let given = effects
        .iter()
        .any(|effect| matches!(effect, Effect::ReturnToken(_)));
    if given && matches!(input, Input::Answered { .. }) {
        log::event(event::REFRESH_DONE, id, None);
    }
}
