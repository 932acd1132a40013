//! The state that all handles of a session share: the grant in memory, and the events of the
//! session.
//!
//! Before you change this: two readers can report the stored grant in any order. An older
//! generation must not replace a newer one, and nothing may undo a log-out.

use std::sync::Arc;

use arc_swap::ArcSwap;
use switchback_driver::refresh;
use switchback_driver::{GrantDecision, GrantStore as _, event, log, revocation};
use switchback_protocol::Rule;
use switchback_protocol::Secret;
use switchback_protocol::cookies::Jar;
use switchback_protocol::grant::{Effect, Grant, Input, SessionEnd};
use tokio::sync::watch;

use super::ClientState;
use super::SessionId;
use super::event::{SessionEvent, between};
use crate::error::Error;
use crate::records::Loaded;
use crate::task;

pub(crate) struct SessionState {
    pub(crate) id: SessionId,
    pub(crate) client: Arc<ClientState>,
    /// The grant as it was last read or stored.
    pub(crate) grant: ArcSwap<Grant>,
    pub(crate) events: watch::Sender<Option<SessionEvent>>,
}

impl SessionState {
    pub(crate) fn new(id: SessionId, client: Arc<ClientState>, grant: Grant) -> Self {
        Self {
            id,
            client,
            events: watch::Sender::new(grant.ended().map(SessionEvent::LoginRequired)),
            grant: ArcSwap::from_pointee(grant),
        }
    }

    pub(crate) fn id(&self) -> &SessionId {
        &self.id
    }

    /// The backend's cookies, if the session consists of cookies.
    pub(crate) fn cookies(&self) -> Option<Jar> {
        self.grant.load().cookies().cloned()
    }

    pub(crate) async fn access_token(self: &Arc<Self>) -> Result<Secret, Error> {
        let (now, skew) = (self.client.now(), self.client.refresh_skew);
        if let Some(token) = self.grant.load().fresh(&now, skew) {
            return Ok(token.clone());
        }
        self.refreshed(None).await
    }

    /// A valid token; a new one if `rejected` is the current token and the service issues another.
    /// All callers share one refresh.
    pub(crate) async fn refreshed(
        self: &Arc<Self>,
        rejected: Option<&Secret>,
    ) -> Result<Secret, Error> {
        let (client, id) = (&self.client, self.id.attempt());
        let refreshed = refresh::refresh(client, &client.refreshes, id, rejected).await;
        match refreshed {
            Ok(refreshed) => Ok(refreshed.token),
            Err(error) => self.old_token_or(error, rejected),
        }
    }

    /// If the store failed, either nothing was sent, or the answer stays in memory until it can be
    /// stored. The old token is good enough while it is valid, unless the caller has rejected it.
    fn old_token_or(&self, error: Error, rejected: Option<&Secret>) -> Result<Secret, Error> {
        match self.grant.load().fresh(&self.client.now(), 0) {
            Some(token)
                if matches!(error, Error::StoreLocked | Error::Store(_)) && rejected.is_none() =>
            {
                Ok(token.clone())
            }
            _ => Err(error),
        }
    }

    /// Replaces the grant in memory by the stored one, unless the one in memory is newer: two
    /// readers may report in any order. `gone` is the reason if there is no stored grant and the
    /// session had not ended before.
    pub(crate) fn replace_grant(&self, stored: Option<Arc<Grant>>, gone: SessionEnd) {
        self.change(|before| match stored {
            Some(stored) => {
                let is_late = stored.generation < before.generation
                    || before.ended() == Some(SessionEnd::LoggedOut);
                (!is_late).then_some(stored)
            }
            None => (!before.is_over()).then(|| Arc::new(before.clone().over(gone))),
        });
    }

    /// Ends the session by a log-out, in any state.
    pub(crate) fn logged_out(&self) {
        self.change(|before| Some(Arc::new(before.clone().over(SessionEnd::LoggedOut))));
    }

    fn change(&self, next: impl FnOnce(&Grant) -> Option<Arc<Grant>>) {
        self.events.send_if_modified(|last| {
            let before = self.grant.load();
            let Some(now) = next(&before) else {
                return false;
            };
            let change = between(&before, &now);
            self.grant.store(now);
            *last = change.or(*last);
            change.is_some()
        });
    }

    /// Takes over a stored decision.
    pub(crate) fn apply_decision(&self, decided: &GrantDecision) {
        let gone = match decided.damaged {
            true => SessionEnd::Damaged,
            false => SessionEnd::LoggedOut,
        };
        self.replace_grant(decided.grant.clone(), gone);
    }

    /// Takes over a stored decision, revokes tokens that are no longer needed, and returns the
    /// other effect, of which there is at most one.
    pub(crate) fn apply_and_revoke(&self, decided: GrantDecision) -> Option<Effect> {
        self.apply_decision(&decided);
        let id = self.id.attempt();
        revocation::spawn_revocations(&self.client, id, decided.effects).pop()
    }

    /// Whether the login was for a certain person, and it is not confirmed yet that the session is
    /// theirs. Such a session is not shown to the app.
    pub(crate) fn is_unconfirmed(&self) -> bool {
        self.grant.load().is_unconfirmed()
    }

    pub(crate) fn ended(&self) -> Option<SessionEnd> {
        self.grant.load().ended()
    }

    /// Replaces the grant in memory by the stored one, after storing what could not be stored
    /// before.
    pub(crate) async fn reload(&self) -> Result<(), Error> {
        let found = self.client.grant(self.id.attempt()).await?;
        let gone = match found {
            Loaded::Damaged => SessionEnd::Damaged,
            _ => SessionEnd::LoggedOut,
        };
        self.replace_grant(found.entry().map(Arc::new), gone);
        Ok(())
    }

    pub(crate) async fn check_subject(
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
        let effect = task::run("the session could not be stored", async move {
            let records = &state.client.records;
            let decided = records.decide(state.id.attempt(), identify).await?;
            Ok(state.apply_and_revoke(decided))
        })
        .await?;
        match effect {
            Some(Effect::LoginRequired(why)) => Err(self.login_required(why)),
            Some(Effect::OtherPerson) => Err(Error::Protocol {
                endpoint,
                rule: Rule::Subject,
            }),
            _ => Ok(()),
        }
    }

    /// The reason why the session has ended. If the store has no session any more, the reason in
    /// memory is more precise.
    pub(crate) fn end_reason(&self, why: SessionEnd) -> SessionEnd {
        match why {
            SessionEnd::NoSession | SessionEnd::LoggedOut => self.ended().unwrap_or(why),
            why => why,
        }
    }

    /// The error for a session that has ended.
    pub(crate) fn login_required(&self, why: SessionEnd) -> Error {
        let reason = self.end_reason(why);
        log::event(event::SESSION_OVER, self.id.attempt(), Some(&reason));
        let said = self.grant.load().ending_error().cloned();
        Error::LoginRequired { reason, said }
    }
}

#[cfg(test)]
mod tests {
    use switchback_protocol::http::{Request, Response};
    use switchback_protocol::token::{Field, TokenResponse};
    use switchback_protocol::{Provider, Purpose};

    use super::*;
    use crate::ports::{
        BoxFuture, HttpTransport, Platform, SystemClock, SystemEntropy, Time, TransportError,
    };
    use crate::{Client, Config, store};

    struct Unreachable;

    impl HttpTransport for Unreachable {
        fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            Box::pin(std::future::ready(Err(TransportError::NotSent(
                "unreachable".into(),
            ))))
        }
    }

    fn grant(generation: u64) -> Grant {
        let tokens = TokenResponse {
            access_token: format!("access-{generation}").into(),
            expires_in: Some(100),
            refresh_token: Field::Absent,
            scope: Field::Absent,
            id_token: Field::Absent,
        };
        let mut grant = Grant::new(Purpose::Login, vec![], Time::wall(0), tokens, 100);
        grant.generation = generation;
        grant
    }

    fn state() -> SessionState {
        let platform = Platform::from_parts(
            Arc::new(SystemClock),
            Arc::new(SystemEntropy),
            Arc::new(Unreachable),
            Arc::new(store::Memory::new()),
        );
        let config = Config::direct(Provider::truid(), "app", "https://app.example/callback");
        let client = Client::new(config, platform).unwrap();
        let id = "0123456789abcdef0123456789abcdef".parse().unwrap();
        SessionState::new(id, client.inner, grant(2))
    }

    fn token(state: &SessionState) -> Option<String> {
        let grant = state.grant.load();
        let token = grant.fresh(&Time::wall(1), 0)?;
        Some(token.expose().to_owned())
    }

    #[test]
    fn older_grant_does_not_replace_a_newer_one() {
        let state = state();
        state.replace_grant(Some(Arc::new(grant(3))), SessionEnd::LoggedOut);
        assert_eq!(token(&state).as_deref(), Some("access-3"));
        state.replace_grant(Some(Arc::new(grant(2))), SessionEnd::LoggedOut);
        assert_eq!(token(&state).as_deref(), Some("access-3"));
    }

    #[test]
    fn late_grant_does_not_undo_a_log_out() {
        let state = state();
        state.replace_grant(None, SessionEnd::LoggedOut);
        state.replace_grant(Some(Arc::new(grant(9))), SessionEnd::LoggedOut);
        assert_eq!(
            (token(&state), state.ended()),
            (None, Some(SessionEnd::LoggedOut))
        );
    }
}
