//! What all handles of one session share, and the one task that refreshes it.

use std::sync::Arc;

use arc_swap::ArcSwap;
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::{Effect, Ended, Grant, Input, Phase};
use switchback_protocol::http::{Request, Response, Rule};
use switchback_protocol::token::{self, TokenFailure};
use switchback_protocol::{OAuthError, Secret};
use tokio::sync::Mutex;

use super::SessionId;
use crate::client::Inner;
use crate::error::Error;
use crate::event;
use crate::flights::Flights;
use crate::ports::TransportError;
use crate::turns::whole;

const TOKEN_ENDPOINT: &str = "the token endpoint";
const WHAT: &str = "the session could not be refreshed";

pub(crate) struct SessionState {
    pub(super) id: SessionId,
    pub(super) client: Arc<Inner>,
    /// What is stored, for those who only read.
    pub(super) grant: ArcSwap<Grant>,
    /// Held while the grant is read, decided upon and stored, never while waiting for the
    /// network: so that a log-out and the end of a refresh come one after the other.
    /// Whoever holds it runs in a task of its own, and is not cancelled half way.
    turn: Mutex<()>,
    refreshes: Flights<(), Result<Secret, Error>>,
}

/// Where the grant is taken from before something is decided, and whether the decision
/// may be lost.
#[derive(Clone, Copy, PartialEq)]
enum Known {
    /// From the store: somebody else may have changed it. A decision that cannot be stored
    /// was never taken.
    Stored,
    /// From here, behind a mark that this task has stored: an answer is in our hands, and
    /// is not lost because the store cannot be read or written at this moment.
    Here,
}

impl SessionState {
    pub(crate) fn new(id: SessionId, client: Arc<Inner>, grant: Grant) -> Self {
        Self {
            id,
            client,
            grant: ArcSwap::from_pointee(grant),
            turn: Mutex::new(()),
            refreshes: Flights::default(),
        }
    }
}

impl SessionState {
    pub(super) async fn access_token(self: &Arc<Self>) -> Result<Secret, Error> {
        let (now, skew) = (self.client.now(), self.client.refresh_skew);
        if let Some(token) = self.grant.load().fresh(now, skew) {
            return Ok(token.clone());
        }
        self.refreshed(None).await
    }

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
    async fn refresh(&self, rejected: Option<Secret>) -> Result<Secret, Error> {
        let (client, id) = (&self.client, self.id.attempt());
        let mut input = Input::Use {
            now: client.now(),
            skew: client.refresh_skew,
            rejected: rejected.as_ref(),
        };
        let mut known = Known::Stored;
        let mut what_failed: Option<TransportError> = None;
        loop {
            let answered = matches!(input, Input::Answered { .. });
            let decided = self.decide(known, |grant| grant.step(input)).await;
            let effect = match (decided, self.grant.load().fresh(client.now(), 0)) {
                (Ok(effect), _) => effect,
                // Nothing was sent, and the old token still lives: that will do.
                (Err(Error::StoreLocked | Error::Store(_)), Some(token))
                    if known == Known::Stored && rejected.is_none() =>
                {
                    return Ok(token.clone());
                }
                (Err(error), _) => return Err(error),
            };
            known = Known::Here;
            if answered {
                event::log(event::REFRESH_DONE, id, None);
            }
            let refresh_token = match effect {
                Effect::Refresh(refresh_token) => refresh_token,
                Effect::Give(token) => return Ok(token),
                Effect::LoginRequired(reason) => {
                    event::log(event::SESSION_OVER, id, Some(&reason));
                    return Err(Error::LoginRequired { reason });
                }
                Effect::Misconfigured(error) => {
                    return Err(Error::configuration(format_args!(
                        "the service refuses this client: {error}; check the client id and that \
                         it is registered as a public client"
                    )));
                }
                Effect::TryAgain {
                    broken: Some(rule), ..
                } => {
                    return Err(Error::Protocol {
                        endpoint: TOKEN_ENDPOINT,
                        rule,
                    });
                }
                Effect::TryAgain { retry_after, .. } => {
                    return Err(Error::TryAgain {
                        what: WHAT,
                        retry_after,
                        source: what_failed.map(Arc::new),
                    });
                }
            };
            let provider = client.registration.provider();
            let request = token::refresh(
                &provider.token_endpoint(),
                client.registration.client_id(),
                &refresh_token,
            );
            event::log(event::REFRESH_SENT, id, None);
            let asked_at = client.now();
            let answer = client.platform.http.send(request).await;
            let now = client.now();
            input = match answer {
                Ok(response) => match token::read(&response, &[&refresh_token]) {
                    Ok(tokens) => Input::Answered {
                        asked_at,
                        tokens,
                        lifetime: provider.access_token_lifetime(),
                    },
                    Err(failure) => {
                        log_failure(id, &failure);
                        Input::Failed { now, failure }
                    }
                },
                Err(TransportError::TooLong) => {
                    let failure = TokenFailure::Broken(Rule::TooLong);
                    log_failure(id, &failure);
                    Input::Failed { now, failure }
                }
                Err(error) => {
                    let (name, input) = match error {
                        TransportError::NotSent(_) => {
                            (event::REFRESH_NOT_SENT, Input::NotSent { now })
                        }
                        _ => (event::REFRESH_UNANSWERED, Input::Lost { now }),
                    };
                    event::log(name, id, Some(&error));
                    what_failed = Some(error);
                    input
                }
            };
        }
    }

    /// Takes the grant as it is known, decides, stores what changed: in this order, and one
    /// at a time. What is decided counts only once it is stored.
    async fn decide<T>(
        &self,
        known: Known,
        decision: impl FnOnce(&mut Grant) -> T,
    ) -> Result<T, Error> {
        let _turn = self.turn.lock().await;
        let records = &self.client.records;
        let id = self.id.attempt();
        let before = match known {
            Known::Here => Grant::clone(&self.grant.load()),
            Known::Stored => match records.grant(id).await? {
                Some(stored) => stored,
                None => {
                    let reason = self.ended().unwrap_or(Ended::NoSession);
                    return Err(Error::LoginRequired { reason });
                }
            },
        };
        let mut next = before.clone();
        let decided = decision(&mut next);
        match known {
            Known::Here if next != before => records.keep_grant(id, &next).await?,
            Known::Stored if next != before || records.is_unsaved(id) => {
                records.put_grant(id, &next).await?;
            }
            _ => {}
        }
        self.grant.store(Arc::new(next));
        Ok(decided)
    }

    pub(super) fn ended(&self) -> Option<Ended> {
        match self.grant.load().phase {
            Phase::Over(ended) => Some(ended),
            _ => None,
        }
    }

    /// Reads a protected resource. A token that is refused is refreshed once.
    pub(super) async fn resource(
        self: &Arc<Self>,
        endpoint: &'static str,
        request: impl Fn(&Secret) -> Request,
    ) -> Result<Response, Error> {
        let mut token = self.access_token().await?;
        let mut response = self.get(endpoint, request(&token)).await?;
        if response.status == 401 {
            token = self.refreshed(Some(token)).await?;
            response = self.get(endpoint, request(&token)).await?;
        }
        match response.status {
            400 | 403 => Err(Error::configuration(format_args!(
                "{endpoint} refused the request: {}; ask for the data point in the scope, and \
                 check the claims",
                refusal(&response, &token)
            ))),
            429 | 500..=599 => Err(Error::TryAgain {
                what: "the identity could not be read",
                retry_after: response.retry_after(),
                source: None,
            }),
            _ => Ok(response),
        }
    }

    async fn get(&self, endpoint: &'static str, request: Request) -> Result<Response, Error> {
        match self.client.platform.http.send(request).await {
            Ok(response) => Ok(response),
            Err(TransportError::TooLong) => Err(Error::Protocol {
                endpoint,
                rule: Rule::TooLong,
            }),
            Err(error) => Err(Error::network("the identity could not be read", error)),
        }
    }

    pub(super) async fn hold_to(
        self: &Arc<Self>,
        endpoint: &'static str,
        subject: &str,
    ) -> Result<(), Error> {
        let mut known = Grant::clone(&self.grant.load());
        let held = match known.hold_to(subject) {
            Ok(true) => {
                let (state, subject) = (Arc::clone(self), Secret::from(subject));
                whole("the session could not be stored", async move {
                    let decision = |grant: &mut Grant| grant.hold_to(subject.expose());
                    state.decide(Known::Stored, decision).await
                })
                .await?
            }
            known => known,
        };
        held.map(drop)
            .map_err(|rule| Error::Protocol { endpoint, rule })
    }

    /// Takes over what is stored, and stores what is not.
    pub(crate) async fn reload(self: &Arc<Self>) -> Result<(), Error> {
        let state = Arc::clone(self);
        whole("the session could not be read", async move {
            state.decide(Known::Stored, |_| ()).await
        })
        .await
    }

    pub(crate) async fn log_out(self: &Arc<Self>) -> Result<(), Error> {
        let state = Arc::clone(self);
        whole("the session could not be removed", async move {
            let _turn = state.turn.lock().await;
            let id = state.id.attempt();
            state.client.records.delete_grant(id).await?;
            let mut over = Grant::clone(&state.grant.load());
            over.step(Input::LogOut);
            state.grant.store(Arc::new(over));
            event::log(event::SESSION_LOGGED_OUT, id, None);
            Ok(())
        })
        .await
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

/// What a resource says about why it refuses.
fn refusal(response: &Response, token: &Secret) -> OAuthError {
    OAuthError::read(response, &[token])
        .unwrap_or_else(|| OAuthError::new("no reason given", None, &[]))
}
