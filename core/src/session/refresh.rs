//! The one task that refreshes a session: it stores, sends and reports what
//! [`switchback_protocol::grant`] decides.

use std::sync::Arc;

use switchback_protocol::Secret;
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::{Effect, Input};
use switchback_protocol::lease::{Caller, Lease};
use switchback_protocol::stored::Generation;
use switchback_protocol::token::TokenFailure;

use super::SessionState;
use crate::awake::Awake;
use crate::error::Error;
use crate::event;
use crate::patience::Pauses;
use crate::ports::TransportError;
use crate::service::Service;
use crate::token_request::TOKEN_ENDPOINT;

const WHAT: &str = "the session could not be refreshed";

/// What the driver does next.
enum Next {
    Done(Result<Secret, Error>),
    /// Tell the machine what came of it.
    Say(Input),
    /// Ask the machine anew.
    Ask,
}

impl SessionState {
    /// A token that is not the rejected one where the service gives another, by one refresh
    /// for all who wait.
    pub(super) async fn refreshed(
        self: &Arc<Self>,
        rejected: Option<Secret>,
    ) -> Result<Secret, Error> {
        loop {
            let state = Arc::clone(self);
            let complaint = rejected.clone();
            let work = || async move { state.refresh(complaint).await };
            let Some(landed) = self.refreshes.join((), work).await else {
                return Err(Error::interrupted(WHAT));
            };
            // Somebody else's run may have begun before the complaint, and give the very
            // token. Our own has done what can be done.
            match landed.result {
                Ok(token) if !landed.own && rejected.as_ref() == Some(&token) => {}
                result => return result,
            }
        }
    }

    /// Runs in a task of its own.
    async fn refresh(self: &Arc<Self>, rejected: Option<Secret>) -> Result<Secret, Error> {
        // Before the lease: whoever holds it should not be put to sleep.
        let awake = Awake::keep(&self.client.platform.critical).await;
        let mut pauses = Pauses::new();
        let mut failed = None;
        let mut next = Next::Ask;
        loop {
            let effect = match next {
                Next::Done(result) => return result,
                Next::Ask => self.ask(rejected.clone()).await,
                Next::Say(input) => self.say(input).await,
            };
            next = match effect {
                Err(error) => return self.while_it_lives(error, rejected.as_ref()),
                Ok(Some(Effect::Refresh {
                    token,
                    rotation,
                    lease,
                })) => {
                    let sent = self.send(token, rotation, &lease, &awake, &mut failed);
                    Next::Say(sent.await)
                }
                Ok(Some(Effect::Wait { at_most })) => {
                    if pauses.is_first() {
                        event::log(event::REFRESH_WAITING, self.id.attempt(), None);
                    }
                    match pauses.next(at_most, &awake).await {
                        true => Next::Ask,
                        false => Next::Done(Err(Error::interrupted(WHAT))),
                    }
                }
                Ok(Some(other)) => self.end(other, failed.take()),
                Ok(None) => Next::Ask,
            };
        }
    }

    /// Somebody needs a token: what is to be done?
    async fn ask(&self, rejected: Option<Secret>) -> Result<Option<Effect>, Error> {
        let client = Arc::clone(&self.client);
        let using = move |caller: Caller| Input::Use {
            now: client.now(),
            skew: client.refresh_skew,
            rejected: rejected.clone(),
            caller,
        };
        let decided = self.client.records.decide(self.id.attempt(), using);
        Ok(self.learn(decided.await?))
    }

    /// What came of a request: it is not lost because the store cannot be read or written
    /// at this moment.
    async fn say(&self, input: Input) -> Result<Option<Effect>, Error> {
        let records = &self.client.records;
        let decided = records.decide_or_keep(self.id.attempt(), input).await?;
        Ok(self.learn(decided))
    }

    /// The store failed: nothing was sent, or what came back is kept until it can be stored.
    /// An old token that still lives will do, unless somebody has complained about it.
    fn while_it_lives(&self, error: Error, rejected: Option<&Secret>) -> Result<Secret, Error> {
        match self.grant.load().fresh(&self.client.now(), 0) {
            Some(token)
                if matches!(error, Error::StoreLocked | Error::Store(_)) && rejected.is_none() =>
            {
                Ok(token.clone())
            }
            _ => Err(error),
        }
    }

    /// Sends the refresh token, once, while the lease lets us.
    async fn send(
        &self,
        token: Secret,
        rotation: Generation,
        lease: &Lease,
        awake: &Awake,
        failed: &mut Option<TransportError>,
    ) -> Input {
        let (client, id) = (&self.client, self.id.attempt());
        let Some(request) = client.service.refresh(&token) else {
            let now = client.now();
            return Input::NotSent { rotation, now };
        };
        event::log(event::REFRESH_SENT, id, None);
        let sent = client
            .ask_for_tokens(request, &[&token], lease, awake)
            .await;
        let now = sent.answered_at;
        match sent.answer {
            Ok(Ok(tokens)) => Input::Answered {
                rotation,
                asked_at: sent.asked_at,
                tokens,
                lifetime: client.service.provider().access_token_lifetime(),
            },
            Ok(Err(failure)) => {
                log_failure(id, &failure);
                Input::Failed {
                    rotation,
                    now,
                    failure,
                }
            }
            Err(error) => {
                let not_sent = matches!(error, TransportError::NotSent(_));
                let (name, input) = match not_sent {
                    true => (event::REFRESH_NOT_SENT, Input::NotSent { rotation, now }),
                    false => (event::REFRESH_UNANSWERED, Input::Lost { rotation, now }),
                };
                event::log(name, id, Some(&error));
                *failed = Some(error);
                input
            }
        }
    }

    /// Nothing more is to be done: this is what its callers are told.
    fn end(&self, effect: Effect, failed: Option<TransportError>) -> Next {
        Next::Done(match effect {
            Effect::Give(token) => Ok(token),
            Effect::LoginRequired(why) => Err(self.over(why)),
            Effect::Misconfigured(error) => Err(Error::configuration(format_args!(
                "the service refuses this client: {error}; check {}",
                match self.client.service {
                    Service::Direct(_) => {
                        "the client id and that it is registered as a public client"
                    }
                    Service::Mediated(_) => "that the backend and this app are of one version",
                }
            ))),
            Effect::OnlyCookies => Err(Error::configuration(
                "the backend's session is a cookie, and has no access token: ask \
                 `authorize` what to send",
            )),
            Effect::TryAgain {
                broken: Some(rule), ..
            } => Err(Error::Protocol {
                endpoint: TOKEN_ENDPOINT,
                rule,
            }),
            Effect::TryAgain { retry_after, .. } => Err(Error::TryAgain {
                what: WHAT,
                retry_after,
                source: failed.map(Arc::new),
            }),
            _ => return Next::Ask,
        })
    }
}

fn log_failure(id: &AttemptId, failure: &TokenFailure) {
    match failure {
        TokenFailure::Refused(error) => event::log(event::REFRESH_REFUSED, id, Some(error)),
        TokenFailure::Busy { .. } => event::log(event::REFRESH_NOT_SENT, id, Some(&"busy")),
        TokenFailure::Failed(status) => event::log(event::REFRESH_UNANSWERED, id, Some(status)),
        TokenFailure::Broken(rule) => event::log(event::REFRESH_UNANSWERED, id, Some(rule)),
    }
}
