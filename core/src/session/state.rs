//! What all handles of one session share.

use std::sync::Arc;

use arc_swap::ArcSwap;
use switchback_protocol::Secret;
use switchback_protocol::grant::{Effect, Ended, Grant, Input};
use switchback_protocol::http::Rule;
use tokio::sync::watch;

use super::SessionId;
use super::change::{Change, between};
use crate::client::Inner;
use crate::error::Error;
use crate::event;
use crate::flights::Flights;
use crate::records::{Decided, Found};
use crate::whole::whole;

pub(crate) struct SessionState {
    pub(super) id: SessionId,
    pub(super) client: Arc<Inner>,
    /// What was stored when it was last looked at, for those who only read.
    pub(super) grant: ArcSwap<Grant>,
    pub(super) changes: watch::Sender<Option<Change>>,
    pub(super) refreshes: Flights<(), Result<Secret, Error>>,
}

impl SessionState {
    pub(crate) fn new(id: SessionId, client: Arc<Inner>, grant: Grant) -> Self {
        Self {
            id,
            client,
            changes: watch::Sender::new(grant.ended().map(Change::NeedsLogin)),
            grant: ArcSwap::from_pointee(grant),
            refreshes: Flights::default(),
        }
    }

    pub(super) async fn access_token(self: &Arc<Self>) -> Result<Secret, Error> {
        let (now, skew) = (self.client.now(), self.client.refresh_skew);
        if let Some(token) = self.grant.load().fresh(&now, skew) {
            return Ok(token.clone());
        }
        self.refreshed(None).await
    }

    /// Takes over what is stored now. An older state than the one that is known here does
    /// not replace it: two who look at the same time may say so in either order.
    pub(super) fn take_over(&self, stored: Option<Grant>, otherwise: Ended) {
        self.changes.send_if_modified(|last| {
            let before = self.grant.load();
            let now = match &stored {
                Some(grant) if grant.generation < before.generation => return false,
                _ if before.ended() == Some(Ended::LoggedOut) => return false,
                Some(grant) => grant.clone(),
                None => Grant::clone(&before).over(otherwise),
            };
            let change = between(&before, &now);
            self.grant.store(Arc::new(now));
            *last = change.or(*last);
            change.is_some()
        });
    }

    /// What was decided is stored: it is known here from now on.
    pub(super) fn learn(&self, decided: Decided) -> Vec<Effect> {
        let otherwise = match decided.damaged {
            true => Ended::Damaged,
            false => Ended::LoggedOut,
        };
        self.take_over(decided.grant, otherwise);
        decided.effects
    }

    pub(super) fn ended(&self) -> Option<Ended> {
        self.grant.load().ended()
    }

    /// Takes over what is stored, and stores what is not.
    pub(crate) async fn reload(&self) -> Result<(), Error> {
        let found = self.client.records.grant(self.id.attempt()).await?;
        let otherwise = match found {
            Found::Damaged => Ended::Damaged,
            _ => Ended::LoggedOut,
        };
        self.take_over(found.entry(), otherwise);
        Ok(())
    }

    pub(super) async fn hold_to(
        self: &Arc<Self>,
        endpoint: &'static str,
        subject: &str,
    ) -> Result<(), Error> {
        if self
            .grant
            .load()
            .subject()
            .is_some_and(|known| known.is(subject))
        {
            return Ok(());
        }
        let (state, subject) = (Arc::clone(self), Secret::from(subject));
        let identify = move |_| Input::Identified {
            subject: subject.clone(),
        };
        let effects = whole("the session could not be stored", async move {
            let records = &state.client.records;
            let decided = records.decide(state.id.attempt(), identify).await?;
            Ok(state.learn(decided))
        })
        .await?;
        match effects.first() {
            Some(Effect::LoginRequired(_)) => Err(self.over()),
            Some(Effect::OtherPerson) => Err(Error::Protocol {
                endpoint,
                rule: Rule::Subject,
            }),
            _ => Ok(()),
        }
    }

    /// It is over, and this is why.
    pub(super) fn over(&self) -> Error {
        let reason = self.ended().unwrap_or(Ended::NoSession);
        event::log(event::SESSION_OVER, self.id.attempt(), Some(&reason));
        Error::LoginRequired { reason }
    }
}
