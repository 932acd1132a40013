//! The one task that refreshes a grant: it stores, sends and reports what
//! [`switchback_protocol::grant`] decides.

use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use switchback::event;
use switchback::ports::TransportError;
use switchback_protocol::Secret;
use switchback_protocol::grant::{Effect, Ended, Grant, Input};
use switchback_protocol::lease::Lease;
use switchback_protocol::stored::Generation;
use switchback_protocol::token::{self, TokenFailure};

use super::provider::TOKEN_ENDPOINT;
use super::{Inner, PATIENCE, looks, until_next};
use crate::error::Error;
use crate::log::log;

impl Inner {
    /// A grant whose access token is good, and is not the one that was refused: by one
    /// refresh for all who wait, on all nodes.
    pub(super) async fn rotated(
        self: &Arc<Self>,
        id: &str,
        rejected: Option<Secret>,
    ) -> Result<Arc<Grant>, Error> {
        loop {
            let (inner, key, complaint) = (Arc::clone(self), id.to_owned(), rejected.clone());
            let work = || {
                let key = key.clone();
                async move { inner.rotate(&key, complaint).await }
            };
            let landed = tokio::time::timeout(PATIENCE, self.rotations.join(key.clone(), work));
            let Ok(landed) = landed.await else {
                return Err(Error::TryAgain {
                    retry_after: Some(1),
                });
            };
            let Some(landed) = landed else {
                return Err(Error::Process("a refresh was cut off"));
            };
            match landed.result {
                // Somebody else's run may have begun before the complaint.
                Ok(grant) if !landed.own && has(&grant, rejected.as_ref()) => {}
                result => return result,
            }
        }
    }

    /// Runs in a task of its own.
    async fn rotate(&self, id: &str, rejected: Option<Secret>) -> Result<Arc<Grant>, Error> {
        let mut looks = looks();
        let mut said = None;
        loop {
            let came = matches!(said, Some(Input::Answered { .. }));
            let (grant, effects) = match said.take() {
                Some(input) => self.insist(id, &input).await?,
                None => {
                    let rejected = rejected.clone();
                    self.decide(id, move |caller| Input::Use {
                        now: self.now(),
                        skew: self.config.refresh_skew,
                        rejected: rejected.clone(),
                        caller,
                    })
                    .await?
                }
            };
            let mut effects = effects;
            let next = effects.pop();
            self.revoke(id, effects).await;
            match (next, grant) {
                (Some(Effect::Give(_)), Some(grant)) => {
                    if came {
                        log(event::REFRESH_DONE, id, None);
                    }
                    return Ok(Arc::new(grant));
                }
                (
                    Some(Effect::Refresh {
                        token,
                        rotation,
                        lease,
                    }),
                    Some(_),
                ) => said = Some(self.refresh(id, token, rotation, &lease).await),
                (Some(Effect::Wait { at_most }), _) => until_next(&mut looks, at_most).await,
                (Some(Effect::LoginRequired(why)), _) => return Err(self.over(id, why)),
                (
                    Some(Effect::TryAgain {
                        broken: Some(rule), ..
                    }),
                    _,
                ) => {
                    return Err(Error::Protocol {
                        endpoint: TOKEN_ENDPOINT,
                        rule,
                    });
                }
                (Some(Effect::TryAgain { retry_after, .. }), _) => {
                    return Err(Error::TryAgain { retry_after });
                }
                (Some(Effect::Misconfigured(error)), _) => {
                    return Err(Error::Misconfigured(format!(
                        "the provider refuses this client: {error}; compare client id and \
                         authentication with what is registered there"
                    )));
                }
                _ => {}
            }
        }
    }

    /// Stores what came back from the provider, which exists nowhere else, however often the
    /// database must be asked.
    async fn insist(&self, id: &str, input: &Input) -> Result<(Option<Grant>, Vec<Effect>), Error> {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(50))
            .with_max_delay(Duration::from_secs(5))
            .with_jitter()
            .with_max_times(60);
        let store = || self.decide(id, |_| input.clone());
        let is_unstored = |error: &Error| matches!(error, Error::Store(_));
        let notify = |error: &Error, _| log(event::STORE_UNWRITABLE, id, Some(error));
        store.retry(pauses).when(is_unstored).notify(notify).await
    }

    async fn refresh(&self, id: &str, token: Secret, rotation: Generation, lease: &Lease) -> Input {
        let endpoint = self.provider().token_endpoint();
        let request = token::refresh(&endpoint, Some(self.registration().client_id()), &token);
        log(event::REFRESH_SENT, id, None);
        self.counters.refreshes_sent.add();
        let sent = self.ask_for_tokens(request, &[&token], lease).await;
        let now = sent.answered_at;
        match sent.answer {
            Ok(Ok(tokens)) => {
                self.counters.refreshed.add();
                Input::Answered {
                    rotation,
                    asked_at: sent.asked_at,
                    tokens,
                    lifetime: self.provider().access_token_lifetime(),
                }
            }
            Ok(Err(failure)) => {
                let (name, note) = match &failure {
                    TokenFailure::Refused(error) => (event::REFRESH_REFUSED, error.to_string()),
                    TokenFailure::Busy { .. } => (event::REFRESH_NOT_SENT, "busy".into()),
                    TokenFailure::Failed(status) => (event::REFRESH_UNANSWERED, status.to_string()),
                    TokenFailure::Broken(rule) => (event::REFRESH_UNANSWERED, rule.to_string()),
                };
                log(name, id, Some(&note));
                Input::Failed {
                    rotation,
                    now,
                    failure,
                }
            }
            Err(error) => {
                let (name, input) = match error {
                    TransportError::NotSent(_) => {
                        (event::REFRESH_NOT_SENT, Input::NotSent { rotation, now })
                    }
                    _ => (event::REFRESH_UNANSWERED, Input::Lost { rotation, now }),
                };
                log(name, id, Some(&error));
                input
            }
        }
    }

    pub(super) fn over(&self, id: &str, why: Ended) -> Error {
        self.counters.sessions_over.add();
        log(event::SESSION_OVER, id, Some(&why));
        Error::LoginRequired(why)
    }
}

/// Whether this is the grant with that token.
fn has(grant: &Grant, token: Option<&Secret>) -> bool {
    token.is_some_and(|token| grant.access_token() == Some(token))
}
