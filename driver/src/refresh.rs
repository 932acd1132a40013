//! The one task that refreshes a grant: it stores, sends and reports what
//! [`switchback_protocol::grant`] decides.

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

/// An access token that is good, and the grant that it belongs to.
#[derive(Clone)]
pub struct Refreshed {
    /// The access token.
    pub token: Secret,
    /// The grant as it is stored now.
    pub grant: Arc<Grant>,
}

/// Refreshes that are under way.
pub type Refreshes<E> = SingleFlight<AttemptId, Result<Refreshed, E>>;

/// An access token that is good, and is not the one that was rejected where the service gives
/// another: by one refresh for all who wait, in all processes. It goes on when its callers are
/// cancelled.
///
/// # Errors
/// Those of [`OAuthClient::error`] and of the store.
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
        // The run of another caller may have begun before this complaint, and give the very
        // token. Our own has done what can be done.
        match shared.result {
            Ok(refreshed) if !shared.started_here && rejected == Some(&refreshed.token) => {}
            result => return result,
        }
    }
}

/// Runs in a task of its own.
struct RefreshTask<C> {
    client: Arc<C>,
    id: AttemptId,
    rejected: Option<Secret>,
    /// Why the last request brought no answer.
    no_answer: Option<TransportError>,
}

impl<C: OAuthClient> RefreshTask<C> {
    async fn run(mut self) -> Result<Refreshed, C::Error> {
        // Before the lease: its holder should not be put to sleep.
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
                Some(Effect::Give(token)) => {
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

    /// A caller needs a token: what is to be done?
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

    /// What input of a request: it is not lost because the store cannot be read or written
    /// at this moment.
    async fn store_answer(&self, input: Input) -> Result<GrantDecision, C::Error> {
        self.client.store().decide_answer(&self.id, input).await
    }

    /// What was decided is stored. Tokens that are not needed any more are given back; the one
    /// other thing that is to be done is given.
    fn apply(&self, decided: GrantDecision) -> (Option<Arc<Grant>>, Option<Effect>) {
        self.client.decision_stored(&self.id, &decided);
        let mut left = revocation::spawn_revocations(&self.client, &self.id, decided.effects);
        (decided.grant, left.pop())
    }

    /// Sends the refresh token, once, while the lease lets us.
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

    /// Why there is no token. `None`: another process went on with it.
    fn failure(&mut self, effect: Effect, grant: Option<&Grant>) -> Option<Failure> {
        Some(match effect {
            Effect::LoginRequired(why) => {
                let why = self.client.end_reason(&self.id, why);
                let said = grant.and_then(Grant::last_words).cloned();
                let note = match &said {
                    Some(error) => format!("{why}: {error}"),
                    None => why.to_string(),
                };
                self.client
                    .report(event::SESSION_OVER, &self.id, Some(&note));
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
