//! The end of a login: from the callback to the stored session (RFC 6749 §4.1.2 to §4.1.4). What
//! happens is decided by [`switchback_protocol::attempt`]; this module stores, sends and reports.
//! Calls for the same attempt share one task, which continues if its callers are cancelled.
//!
//! Before you change this: the store has the state `Exchanging` before the code is sent, since a
//! code may be sent only once (RFC 6749 §4.1.2).

mod events;

use std::sync::Arc;

use switchback_protocol::attempt::{self, Attempt, AttemptId, Effect, Input, Outcome, Phase};
use switchback_protocol::callback::Callback;
use switchback_protocol::grant::{self, Grant};
use switchback_protocol::lease::Lease;
use switchback_protocol::time::Time;
use switchback_protocol::token::{TokenFailure, TokenResponse};
use switchback_protocol::{Purpose, Rule, Secret};

use crate::background::BackgroundTask;
use crate::backoff::PollBackoff;
use crate::client::{Failure, Link, OAuthClient, Redemption, Step};
use crate::peer::Peer;
use crate::ports::TransportError;
use crate::single_flight::SingleFlight;
use crate::store::{AttemptDecision, GrantStore as _};
use crate::{event, requests, revocation};
use events::{event_for_callback, event_for_input, with_timeline};

pub use events::failure_note;

/// The result of a login.
#[derive(Clone)]
pub struct CompletedLogin {
    /// The outcome.
    pub outcome: Outcome,
    /// The session, if the person is logged in.
    pub session: Option<NewSession>,
}

/// A new session.
#[derive(Clone)]
pub struct NewSession {
    /// The purpose of the login.
    pub purpose: Purpose,
    /// The scopes that were requested and not granted.
    pub denied_scopes: Vec<String>,
}

/// The completions in progress, by attempt. Each result carries the id of its `state`, since one
/// attempt can have several.
pub type Completions<E> = SingleFlight<AttemptId, (AttemptId, Result<CompletedLogin, E>)>;

/// Completes an attempt with a callback link. Calls at the same time share one task, which
/// continues if its callers are cancelled.
///
/// # Errors
/// The errors of [`OAuthClient::error`] and of the store.
pub async fn complete<C: OAuthClient>(
    client: &Arc<C>,
    completions: &Completions<C::Error>,
    id: &AttemptId,
    link: Link,
) -> Result<CompletedLogin, C::Error> {
    let state = AttemptId::of(&link.callback.state);
    loop {
        let work = || {
            let (client, id, link) = (Arc::clone(client), id.clone(), link.clone());
            let state = state.clone();
            async move {
                let step = Step::Exchange;
                let result = CompleteTask { client, id, step }.run(&link).await;
                (state, result)
            }
        };
        let Some(shared) = completions.join(id.clone(), work).await else {
            return Err(client.error(Step::Exchange, Failure::TaskEnded));
        };
        // The shared task may have been for another link of the same login.
        let (of, result) = shared.result;
        if shared.started_here || of == state {
            return result;
        }
    }
}

/// The detached task of one completion.
struct CompleteTask<C> {
    client: Arc<C>,
    id: AttemptId,
    /// The step that is being carried out, for errors.
    step: Step,
}

impl<C: OAuthClient> CompleteTask<C> {
    async fn run(mut self, link: &Link) -> Result<CompletedLogin, C::Error> {
        // Before the lease is taken: the system must not suspend its holder.
        let background = self.client.background_task().await;
        let mut pauses = PollBackoff::default();
        let mut confirmed = false;
        loop {
            let mut decided = self.on_callback(&link.callback).await?;
            let grant = decided.grant.take();
            let effect = decided.effects.pop().unwrap_or(Effect::Reload);
            let (attempt, redeemed) = match (effect, decided.attempt) {
                (Effect::Exchange { code, lease }, Some(attempt)) => {
                    self.step = Step::Exchange;
                    let redeemed = self.exchange(&attempt, &code, &lease, &background).await;
                    (attempt, redeemed)
                }
                (Effect::Forward { lease }, Some(attempt)) => {
                    self.step = Step::Forward;
                    let sent = attempt.clone();
                    let forwarded = self.client.forward(sent, link, &lease, &background);
                    let redeemed = forwarded.await;
                    (attempt, redeemed)
                }
                (Effect::Wait { at_most }, _) => {
                    if pauses.is_first() {
                        self.client.report(event::CODE_WAITING, &self.id, None);
                    }
                    if !pauses.next(at_most, &background).await {
                        return Err(self.error(Failure::try_again()));
                    }
                    continue;
                }
                // The session was confirmed in this call, and is unconfirmed again: the next call
                // checks it.
                (Effect::Confirm, _) if confirmed => {
                    return Err(self.error(Failure::try_again()));
                }
                (Effect::Confirm, _) => {
                    if let Some(grant) = grant
                        && !self.client.is_expected_person(&self.id, &grant).await?
                    {
                        return self.other_person().await;
                    }
                    confirmed = true;
                    continue;
                }
                (Effect::Reload, _) => continue,
                (Effect::Done(Outcome::OtherPerson), _) => {
                    if decided.effects.contains(&Effect::EndSession) {
                        self.client.end_session(&self.id).await?;
                    }
                    return self.result(Effect::Done(Outcome::OtherPerson), None, None);
                }
                (effect, _) => return self.result(effect, grant.as_deref(), None),
            };
            match redeemed {
                Redemption::Grant(grant) => return self.store_session(&attempt, *grant).await,
                Redemption::Failed { input, note, error } => {
                    let effect = self.store_failure(&attempt, input, note).await;
                    if effect != Effect::Reload {
                        return self.result(effect, None, error);
                    }
                }
            }
        }
    }

    /// Gives the callback to the attempt machine and stores the next state.
    async fn on_callback(&self, callback: &Callback) -> Result<AttemptDecision, C::Error> {
        let note = self.client.callback_note(&callback.answer);
        let client = Arc::clone(&self.client);
        let (received, details) = (callback.clone(), note.clone());
        let step = move |stored: Option<&Attempt>, caller, session| {
            let stored = stored.filter(|attempt| attempt.matches(&received));
            // Read the clock after the holder of the lease was checked: that check may take some
            // time.
            let now = client.sender().now();
            let input = Input::Callback {
                callback: received.clone(),
                now,
                caller,
                session,
            };
            let (next, effects) = attempt::step(stored, &input);
            // A repeated link that changes nothing is written to the log only.
            let changes = stored.zip(next.as_ref()).is_some_and(|(stored, next)| {
                stored.phase != next.phase || stored.phase == Phase::Open
            });
            let name = event_for_callback(&effects).filter(|_| C::KEEPS_TIMELINE && changes);
            let received = (event::CALLBACK_RECEIVED, Some(details.clone()));
            let lines = name.map(|name| [received, (name, None)]);
            let lines = lines.into_iter().flatten();
            with_timeline((next, effects), stored, now, lines)
        };
        let mut decided = self.client.store().decide_callback(&self.id, step).await?;
        let dropped = std::mem::take(&mut decided.dropped);
        revocation::spawn_revocations(&self.client, &self.id, dropped);
        if let Some(name) = event_for_callback(&decided.effects) {
            let (client, id) = (&self.client, &self.id);
            client.report(event::CALLBACK_RECEIVED, id, Some(&note));
            client.report(name, id, None);
        }
        let attempt = decided.attempt.as_ref();
        let issuer = attempt.and_then(|attempt| attempt.unconfigured_issuer(callback));
        if let Some(issuer) = issuer {
            let (client, id) = (&self.client, &self.id);
            client.report(event::ISSUER_NOT_CONFIGURED, id, Some(&issuer));
        }
        Ok(decided)
    }

    /// Sends the code, at most once.
    async fn exchange(
        &self,
        attempt: &Attempt,
        code: &Secret,
        lease: &Lease,
        background: &BackgroundTask,
    ) -> Redemption<C::Error> {
        let request = match requests::exchange(&*self.client, attempt, code) {
            Ok(request) => request,
            Err(error) => return no_answer(&*self.client, self.step, lease, error),
        };
        let sent =
            self.client
                .sender()
                .send_for_tokens(request, self.client.peer(), lease, background);
        let sent = sent.await;
        match sent.answer {
            Ok(Ok(tokens)) => self.grant(attempt, sent.asked_at, tokens, lease),
            Ok(Err(failure)) => failed(failure, lease),
            Err(error) => no_answer(&*self.client, self.step, lease, error),
        }
    }

    /// Checks that the tokens belong to this login, and revokes them if they do not.
    fn grant(
        &self,
        attempt: &Attempt,
        asked_at: Time,
        tokens: TokenResponse,
        lease: &Lease,
    ) -> Redemption<C::Error> {
        let client_id = match self.client.peer() {
            Peer::Provider(registration) => registration.client_id(),
            Peer::Backend(_) => "",
        };
        let subject = match attempt.identify(&tokens, client_id) {
            Ok(subject) => subject,
            Err(rule) => {
                let revoke = grant::Effect::Revoke(tokens.token_to_revoke().clone());
                revocation::spawn_revocations(&self.client, &self.id, vec![revoke]);
                return failed(TokenFailure::Broken(rule), lease);
            }
        };
        let lifetime = self.client.peer().provider().access_token_lifetime();
        let (purpose, asked) = (attempt.purpose, attempt.scope.clone());
        let grant = Grant::new(purpose, asked, asked_at, tokens, lifetime);
        let grant = grant.of(subject).signing(attempt.sign_request().cloned());
        Redemption::Grant(Box::new(grant))
    }

    /// Stores the session first, then the attempt: after a crash in between, the next call finds
    /// the session.
    async fn store_session(
        &self,
        attempt: &Attempt,
        mut grant: Grant,
    ) -> Result<CompletedLogin, C::Error> {
        let expected = attempt.subject();
        if expected.is_some_and(|subject| grant.expect(subject).is_err()) {
            let (_, dropped) = grant::step(Some(&grant), &grant::Input::LogOut);
            revocation::spawn_revocations(&self.client, &self.id, dropped);
            return self.other_person().await;
        }
        let grant = Arc::new(grant);
        self.client
            .store()
            .add(&self.id, Arc::clone(&grant))
            .await?;
        if !self.client.is_expected_person(&self.id, &grant).await? {
            return self.other_person().await;
        }
        // The person is logged in even if the attempt cannot be written.
        if let Err(error) = self.store_input(Input::SessionStored, None).await {
            self.report_unwritable(&error);
        }
        self.result(Effect::Done(Outcome::LoggedIn), Some(&grant), None)
    }

    /// Stores the attempt first and then removes the session, so that a call in between gets the
    /// same outcome.
    async fn other_person(&self) -> Result<CompletedLogin, C::Error> {
        self.store_input(Input::OtherPerson, None).await?;
        self.client.end_session(&self.id).await?;
        self.result(Effect::Done(Outcome::OtherPerson), None, None)
    }

    /// Stores why a request brought no session, and returns what to do next. If the store fails,
    /// the last state that was stored decides.
    async fn store_failure(&self, attempt: &Attempt, input: Input, note: Option<String>) -> Effect {
        let (_, expected) = attempt::step(Some(attempt), &input);
        let name = event_for_input(self.step, &input, &expected);
        let effects = match self.store_input(input, note.clone()).await {
            Ok(effects) => effects,
            Err(error) => {
                self.report(name, note.as_deref());
                self.report_unwritable(&error);
                expected
            }
        };
        effects.into_iter().last().unwrap_or(Effect::Reload)
    }

    /// Gives an input to the attempt machine, and stores and reports the result.
    async fn store_input(
        &self,
        input: Input,
        note: Option<String>,
    ) -> Result<Vec<Effect>, C::Error> {
        let now = self.client.sender().now();
        let (step, sent_input, details) = (self.step, input.clone(), note.clone());
        let step = move |stored: Option<&Attempt>| {
            let (next, effects) = attempt::step(stored, &sent_input);
            let name = event_for_input(step, &sent_input, &effects).filter(|_| C::KEEPS_TIMELINE);
            let line = name.map(|name| (name, details.clone()));
            with_timeline((next, effects), stored, now, line)
        };
        let decided = self.client.store().decide_attempt(&self.id, step).await?;
        let name = event_for_input(self.step, &input, &decided.effects);
        self.report(name, note.as_deref());
        Ok(decided.effects)
    }

    fn report(&self, name: Option<&'static str>, note: Option<&str>) {
        if let Some(name) = name {
            let note = note.as_ref().map(|note| note as &dyn std::fmt::Display);
            self.client.report(name, &self.id, note);
        }
    }

    fn report_unwritable(&self, error: &C::Error) {
        let (client, id) = (&self.client, &self.id);
        client.report(event::STORE_UNWRITABLE, id, Some(error));
    }

    fn error(&self, failure: Failure) -> C::Error {
        self.client.error(self.step, failure)
    }

    /// The result for the callers. `error` has the details if they may try again.
    fn result(
        &self,
        effect: Effect,
        grant: Option<&Grant>,
        error: Option<C::Error>,
    ) -> Result<CompletedLogin, C::Error> {
        match effect {
            Effect::Done(outcome) => Ok(CompletedLogin {
                session: grant
                    .filter(|_| outcome == Outcome::LoggedIn)
                    .map(|grant| NewSession {
                        purpose: grant.purpose,
                        denied_scopes: grant.denied_scopes(),
                    }),
                outcome,
            }),
            Effect::Misconfigured(error) => Err(self.error(Failure::Misconfigured(error))),
            Effect::UnknownIssuer(issuer) => {
                let failure = Failure::UnknownIssuer(issuer);
                Err(self.client.error(Step::Callback, failure))
            }
            Effect::Broken(Rule::Issuer) => {
                let failure = Failure::Broken(Rule::Issuer);
                Err(self.client.error(Step::Callback, failure))
            }
            Effect::Broken(rule) => Err(self.error(Failure::Broken(rule))),
            Effect::TryAgain {
                broken: Some(rule), ..
            } => Err(self.error(Failure::Broken(rule))),
            Effect::TryAgain { retry_after, .. } => Err(error.unwrap_or_else(|| {
                self.error(Failure::TryAgain {
                    retry_after,
                    source: None,
                })
            })),
            // These effects are carried out by `run` and are never results.
            Effect::Exchange { .. }
            | Effect::Forward { .. }
            | Effect::Wait { .. }
            | Effect::Reload
            | Effect::Confirm
            | Effect::EndSession => Err(self.error(Failure::try_again())),
        }
    }
}

/// An answer without tokens, as input for the attempt machine.
fn failed<E>(failure: TokenFailure, lease: &Lease) -> Redemption<E> {
    Redemption::Failed {
        note: Some(failure_note(&failure)),
        input: Input::Failed {
            lease: lease.clone(),
            failure,
        },
        error: None,
    }
}

/// A request without an answer: the input for the attempt machine, and the error for the caller.
pub fn no_answer<C: OAuthClient>(
    client: &C,
    step: Step,
    lease: &Lease,
    error: TransportError,
) -> Redemption<C::Error> {
    let (lease, note) = (lease.clone(), error.to_string());
    let input = match error {
        TransportError::NotSent(_) | TransportError::Local(_) => Input::NotSent { lease },
        TransportError::TooLong => Input::Failed {
            lease,
            failure: TokenFailure::Broken(Rule::TooLong),
        },
        TransportError::Lost(_) => Input::Lost { lease },
    };
    Redemption::Failed {
        input,
        note: Some(note),
        error: Some(client.error(step, Failure::network(error))),
    }
}
