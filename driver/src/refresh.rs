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
use crate::backoff::Pauses;
use crate::client::{Failure, OAuthClient, Step};
use crate::complete::note_of;
use crate::event;
use crate::ports::TransportError;
use crate::requests;
use crate::revocation;
use crate::single_flight::SingleFlight;
use crate::store::{Decided, GrantStore as _};

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
            let run = Run {
                client,
                id,
                rejected,
                no_answer: None,
            };
            run.run()
        };
        let Some(shared) = refreshes.join(id.clone(), work).await else {
            return Err(client.error(Step::Refresh, Failure::CutOff));
        };
        // The run of another caller may have begun before this complaint, and give the very
        // token. Our own has done what can be done.
        match shared.result {
            Ok(refreshed) if !shared.own && rejected == Some(&refreshed.token) => {}
            result => return result,
        }
    }
}

/// Runs in a task of its own.
struct Run<C> {
    client: Arc<C>,
    id: AttemptId,
    rejected: Option<Secret>,
    /// Why the last request brought no answer.
    no_answer: Option<TransportError>,
}

impl<C: OAuthClient> Run<C> {
    async fn run(mut self) -> Result<Refreshed, C::Error> {
        // Before the lease: its holder should not be put to sleep.
        let background = self.client.background_task().await;
        let mut pauses = Pauses::default();
        let mut came = None;
        loop {
            let came_with_tokens = matches!(came, Some(Input::Answered { .. }));
            let decided = match came.take() {
                Some(input) => self.say(input).await?,
                None => self.ask().await?,
            };
            let (grant, effect) = self.learn(decided);
            match effect {
                Some(Effect::ReturnToken(token)) => {
                    let Some(grant) = grant else { continue };
                    if came_with_tokens {
                        self.client.report(event::REFRESH_DONE, &self.id, None);
                    }
                    return Ok(Refreshed { token, grant });
                }
                Some(Effect::Refresh {
                    token,
                    rotation,
                    lease,
                }) => came = Some(self.send(&token, rotation, &lease, &background).await),
                Some(Effect::Wait { at_most }) => {
                    if pauses.is_first() {
                        self.client.report(event::REFRESH_WAITING, &self.id, None);
                    }
                    if !pauses.next(at_most, &background).await {
                        return Err(self.failed(Failure::try_again()));
                    }
                }
                Some(other) => {
                    if let Some(failure) = self.failure(other, grant.as_deref()) {
                        return Err(self.failed(failure));
                    }
                }
                None => {}
            }
        }
    }

    /// A caller needs a token: what is to be done?
    async fn ask(&self) -> Result<Decided, C::Error> {
        let (client, rejected) = (Arc::clone(&self.client), self.rejected.clone());
        let input = move |caller: Caller| Input::Use {
            now: client.sender().now(),
            skew: client.refresh_skew(),
            rejected: rejected.clone(),
            caller,
        };
        self.client.store().decide(&self.id, input).await
    }

    /// What came of a request: it is not lost because the store cannot be read or written
    /// at this moment.
    async fn say(&self, input: Input) -> Result<Decided, C::Error> {
        self.client.store().decide_answer(&self.id, input).await
    }

    /// What was decided is stored. Tokens that are not needed any more are given back; the one
    /// other thing that is to be done is given.
    fn learn(&self, decided: Decided) -> (Option<Arc<Grant>>, Option<Effect>) {
        self.client.stored(&self.id, &decided);
        let mut left = revocation::later(&self.client, &self.id, decided.effects);
        (decided.grant, left.pop())
    }

    /// Sends the refresh token, once, while the lease lets us.
    async fn send(
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
                client.report(name, id, Some(&note_of(&failure)));
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
                let why = self.client.why_over(&self.id, why);
                let said = grant.and_then(Grant::ending_error).cloned();
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

    fn failed(&self, failure: Failure) -> C::Error {
        self.client.error(Step::Refresh, failure)
    }
}
