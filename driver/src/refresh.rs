//! The refresh of a grant (RFC 6749 §6). What happens is decided by [`switchback_protocol::grant`];
//! this module stores, sends and reports. All callers that need a refresh of the same grant share
//! one task.
//!
//! Before you change this: the store has the mark of the rotation before the refresh token is sent,
//! and the new tokens before a caller gets one. A crash in between then never sends a refresh token
//! twice and never loses a session silently.

use std::sync::Arc;

use switchback_protocol::Secret;
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::{Effect, Grant, Input};
use switchback_protocol::lease::{Caller, Lease};
use switchback_protocol::stored::Generation;
use switchback_protocol::token::TokenFailure;

use crate::background::BackgroundTask;
use crate::backoff::PollBackoff;
use crate::client::{Failure, OAuthClient, Step};
use crate::complete::failure_note;
use crate::event;
use crate::ports::TransportError;
use crate::requests;
use crate::revocation;
use crate::single_flight::SingleFlight;
use crate::store::{GrantDecision, GrantStore as _};

/// A valid access token, and its grant.
#[derive(Clone)]
pub struct Refreshed {
    /// The access token.
    pub token: Secret,
    /// The grant, as stored after the refresh.
    pub grant: Arc<Grant>,
}

/// The refreshes in progress, by attempt.
pub type Refreshes<E> = SingleFlight<AttemptId, Result<Refreshed, E>>;

/// Returns a valid access token; a new one if `rejected` is the current token and the service
/// issues another. All callers in all processes share one refresh, which continues if its callers
/// are cancelled.
///
/// # Errors
/// The errors of [`OAuthClient::error`] and of the store.
pub async fn refresh<C: OAuthClient>(
    client: &Arc<C>,
    refreshes: &Refreshes<C::Error>,
    id: &AttemptId,
    rejected: Option<&Secret>,
) -> Result<Refreshed, C::Error> {
    loop {
        let work = || {
            let (client, id) = (Arc::clone(client), id.clone());
            let rejected = rejected.cloned();
            let run = RefreshTask {
                client,
                id,
                rejected,
                no_answer: None,
            };
            run.run()
        };
        let Some(shared) = refreshes.join(id.clone(), work).await else {
            return Err(client.error(Step::Refresh, Failure::TaskEnded));
        };
        // A shared refresh may have begun before this token was rejected, and may return the same
        // token. Only a refresh that this caller started is final.
        match shared.result {
            Ok(refreshed) if !shared.started_here && rejected == Some(&refreshed.token) => {}
            result => return result,
        }
    }
}

/// The detached task of one refresh.
struct RefreshTask<C> {
    client: Arc<C>,
    id: AttemptId,
    rejected: Option<Secret>,
    /// Why the last request had no answer.
    no_answer: Option<TransportError>,
}

impl<C: OAuthClient> RefreshTask<C> {
    async fn run(mut self) -> Result<Refreshed, C::Error> {
        // Before the lease is taken: the system must not suspend its holder.
        let background = self.client.background_task().await;
        let mut pauses = PollBackoff::default();
        let mut input = None;
        loop {
            let is_new_token = matches!(input, Some(Input::Answered { .. }));
            let decided = match input.take() {
                Some(input) => self.store_answer(input).await?,
                None => self.request_token().await?,
            };
            let (grant, effect) = self.apply(decided);
            match effect {
                Some(Effect::ReturnToken(token)) => {
                    let Some(grant) = grant else { continue };
                    if is_new_token {
                        self.client.report(event::REFRESH_DONE, &self.id, None);
                    }
                    return Ok(Refreshed { token, grant });
                }
                Some(Effect::Refresh {
                    token,
                    rotation,
                    lease,
                }) => {
                    input = Some(
                        self.send_refresh(&token, rotation, &lease, &background)
                            .await,
                    )
                }
                Some(Effect::Wait { at_most }) => {
                    if pauses.is_first() {
                        self.client.report(event::REFRESH_WAITING, &self.id, None);
                    }
                    if !pauses.next(at_most, &background).await {
                        return Err(self.error(Failure::try_again()));
                    }
                }
                Some(other) => {
                    if let Some(failure) = self.failure(other, grant.as_deref()) {
                        return Err(self.error(failure));
                    }
                }
                None => {}
            }
        }
    }

    /// Gives the machine the request for a token.
    async fn request_token(&self) -> Result<GrantDecision, C::Error> {
        let (client, rejected) = (Arc::clone(&self.client), self.rejected.clone());
        let input = move |caller: Caller| Input::Use {
            now: client.sender().now(),
            skew: client.refresh_skew(),
            rejected: rejected.clone(),
            caller,
        };
        self.client.store().decide(&self.id, input).await
    }

    /// Gives the machine the answer to a request. The answer is not lost if the store cannot be
    /// read or written at this moment.
    async fn store_answer(&self, input: Input) -> Result<GrantDecision, C::Error> {
        self.client.store().decide_answer(&self.id, input).await
    }

    /// Takes over a stored decision: revokes tokens that are no longer needed, and returns the
    /// other effect, of which there is at most one.
    fn apply(&self, decided: GrantDecision) -> (Option<Arc<Grant>>, Option<Effect>) {
        self.client.decision_stored(&self.id, &decided);
        let mut left = revocation::spawn_revocations(&self.client, &self.id, decided.effects);
        (decided.grant, left.pop())
    }

    /// Sends the refresh token, at most once, while the lease holds.
    async fn send_refresh(
        &mut self,
        token: &Secret,
        rotation: Generation,
        lease: &Lease,
        background: &BackgroundTask,
    ) -> Input {
        let request = match requests::refresh(&*self.client, token) {
            Ok(request) => request,
            Err(error) => {
                let now = self.client.sender().now();
                let (client, id) = (&self.client, &self.id);
                client.report(event::REFRESH_NOT_SENT, id, Some(&error));
                self.no_answer = Some(error);
                return Input::NotSent { rotation, now };
            }
        };
        let (client, id) = (&self.client, &self.id);
        client.report(event::REFRESH_SENT, id, None);
        let sender = client.sender();
        let sent = sender
            .send_for_tokens(request, client.peer(), lease, background)
            .await;
        let now = sent.answered_at;
        match sent.answer {
            Ok(Ok(tokens)) => Input::Answered {
                rotation,
                asked_at: sent.asked_at,
                tokens,
                lifetime: client.peer().provider().access_token_lifetime(),
            },
            Ok(Err(failure)) => {
                let name = match failure {
                    TokenFailure::Refused(_) => event::REFRESH_REFUSED,
                    TokenFailure::Busy { .. } => event::REFRESH_NOT_SENT,
                    TokenFailure::Failed(_) | TokenFailure::Broken(_) => event::REFRESH_UNANSWERED,
                };
                client.report(name, id, Some(&failure_note(&failure)));
                Input::Failed {
                    rotation,
                    now,
                    failure,
                }
            }
            Err(error) => {
                let (name, input) = match error.is_not_sent() {
                    true => (event::REFRESH_NOT_SENT, Input::NotSent { rotation, now }),
                    false => (event::REFRESH_UNANSWERED, Input::Lost { rotation, now }),
                };
                client.report(name, id, Some(&error));
                self.no_answer = Some(error);
                input
            }
        }
    }

    /// Why there is no token. `None` if another process has continued the refresh: read the store
    /// again.
    fn failure(&mut self, effect: Effect, grant: Option<&Grant>) -> Option<Failure> {
        Some(match effect {
            Effect::LoginRequired(why) => {
                let why = self.client.end_reason(&self.id, why);
                let said = grant.and_then(Grant::ending_error).cloned();
                let note = match &said {
                    Some(error) => format!("{why}: {error}"),
                    None => why.to_string(),
                };
                match grant.is_none_or(Grant::is_over) {
                    true => self
                        .client
                        .report(event::SESSION_OVER, &self.id, Some(&note)),
                    // The grant has no refresh token, and a resource refused its access token.
                    false => self.client.report(event::TOKEN_REFUSED, &self.id, None),
                }
                Failure::LoginRequired { why, said }
            }
            Effect::Misconfigured(error) => Failure::Misconfigured(error),
            Effect::OnlyCookies => Failure::OnlyCookies,
            Effect::TryAgain {
                broken: Some(rule), ..
            } => Failure::Broken(rule),
            Effect::TryAgain { retry_after, .. } => Failure::TryAgain {
                retry_after,
                source: self.no_answer.take().map(Arc::new),
            },
            _ => return None,
        })
    }

    fn error(&self, failure: Failure) -> C::Error {
        self.client.error(Step::Refresh, failure)
    }
}
