//! The end of a login: one run for all who complete the same attempt. It stores, sends and
//! reports what [`switchback_protocol::attempt`] decides.

use std::sync::Arc;

use switchback_protocol::Secret;
use switchback_protocol::attempt::{self, Attempt, AttemptId, Effect, Input, Outcome, Phase};
use switchback_protocol::callback::Callback;
use switchback_protocol::grant::{self, Grant};
use switchback_protocol::lease::Lease;
use switchback_protocol::time::Time;
use switchback_protocol::token::TokenFailure;

use crate::background::BackgroundTask;
use crate::backoff::Pauses;
use crate::client::{Failure, Link, OAuthClient, Redeemed, Step};
use crate::event;
use crate::ports::TransportError;
use crate::requests;
use crate::revocation;
use crate::single_flight::SingleFlight;
use crate::store::{DecidedAttempt, GrantStore as _, Stepped};

/// What became of a login.
#[derive(Clone)]
pub struct Completed {
    /// What became of it.
    pub outcome: Outcome,
    /// The session, where the person is logged in.
    pub grant: Option<Arc<Grant>>,
}

/// Runs that are under way, by attempt. Each says for which `state` it is: one attempt may
/// have several.
pub type Completions<E> = SingleFlight<AttemptId, (AttemptId, Result<Completed, E>)>;

/// Completes an attempt with the link that came back. Callers that come at the same time
/// share one run, which goes on when they are cancelled.
///
/// # Errors
/// Those of [`OAuthClient::error`] and of the store.
pub async fn complete<C: OAuthClient>(
    client: &Arc<C>,
    completions: &Completions<C::Error>,
    id: &AttemptId,
    link: Link,
) -> Result<Completed, C::Error> {
    let state = AttemptId::of(&link.callback.state);
    loop {
        let work = || {
            let (client, id, link) = (Arc::clone(client), id.clone(), link.clone());
            let state = state.clone();
            async move {
                let step = Step::Exchange;
                let result = Run { client, id, step }.run(&link).await;
                (state, result)
            }
        };
        let Some(shared) = completions.join(id.clone(), work).await else {
            return Err(client.error(Step::Exchange, Failure::CutOff));
        };
        // The run of another caller may have been for another link of the same login.
        let (of, result) = shared.result;
        if shared.own || of == state {
            return result;
        }
    }
}

/// Runs in a task of its own.
struct Run<C> {
    client: Arc<C>,
    id: AttemptId,
    /// What is done with the callback.
    step: Step,
}

impl<C: OAuthClient> Run<C> {
    async fn run(mut self, link: &Link) -> Result<Completed, C::Error> {
        // Before the lease: its holder should not be put to sleep.
        let background = self.client.background_task().await;
        let mut pauses = Pauses::default();
        loop {
            let mut decided = self.on_callback(&link.callback).await?;
            let grant = decided.grant.take();
            let Some(effect) = decided.effects.pop() else {
                continue;
            };
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
                        return Err(self.failed(Failure::try_again()));
                    }
                    continue;
                }
                (Effect::Confirm, _) => {
                    if let Some(grant) = grant
                        && !self.client.is_expected_person(&self.id, &grant).await?
                    {
                        return self.other_person().await;
                    }
                    continue;
                }
                (Effect::LookAgain, _) => continue,
                (Effect::Done(Outcome::OtherPerson), _) => {
                    if decided.effects.contains(&Effect::EndSession) {
                        self.client.end_session(&self.id).await?;
                    }
                    return self.told(Effect::Done(Outcome::OtherPerson), None, None);
                }
                (effect, _) => return self.told(effect, grant, None),
            };
            match redeemed {
                Redeemed::Grant(grant) => return self.keep(&attempt, *grant).await,
                Redeemed::Failed { input, note, error } => {
                    let effect = self.say_of(&attempt, input, note).await;
                    if effect != Effect::LookAgain {
                        return self.told(effect, None, error);
                    }
                }
            }
        }
    }

    /// A callback came: what is to be done?
    async fn on_callback(&self, callback: &Callback) -> Result<DecidedAttempt, C::Error> {
        let note = self.client.callback_note(&callback.answer);
        let now = self.client.sender().now();
        let (came, noted) = (callback.clone(), note.clone());
        let step = move |stored: Option<&Attempt>, caller, session| {
            let stored = stored.filter(|attempt| attempt.matches(&came));
            let input = Input::Callback {
                callback: came.clone(),
                now,
                caller,
                session,
            };
            let (next, effects) = attempt::step(stored, &input);
            // A repeated link that changes nothing leaves its trace in the log only.
            let changes = stored.zip(next.as_ref()).is_some_and(|(stored, next)| {
                stored.phase != next.phase || stored.phase == Phase::Open
            });
            let lines = [
                (event::CALLBACK_RECEIVED, Some(noted.clone())),
                (of_callback(&effects), None),
            ];
            let lines = lines.into_iter().filter(|_| changes);
            noting((next, effects), stored, now, lines)
        };
        let decided = self.client.store().decide_callback(&self.id, step).await?;
        let DecidedAttempt { dropped, .. } = &decided;
        revocation::later(&self.client, &self.id, dropped.clone());
        let waits = matches!(decided.effects.last(), Some(Effect::Wait { .. }));
        if decided.attempt.is_some() && !waits {
            let (client, id) = (&self.client, &self.id);
            client.report(event::CALLBACK_RECEIVED, id, Some(&note));
            client.report(of_callback(&decided.effects), id, None);
        }
        Ok(decided)
    }

    /// Sends the code, once.
    async fn exchange(
        &self,
        attempt: &Attempt,
        code: &Secret,
        lease: &Lease,
        background: &BackgroundTask,
    ) -> Redeemed<C::Error> {
        let request = match requests::exchange(&*self.client, attempt, code) {
            Ok(request) => request,
            Err(error) => return self.no_answer(lease, error),
        };
        let sent =
            self.client
                .sender()
                .send_for_tokens(request, self.client.peer(), lease, background);
        let sent = sent.await;
        match sent.answer {
            Ok(Ok(tokens)) => Redeemed::Grant(Box::new(Grant::new(
                attempt.purpose,
                attempt.scope.clone(),
                sent.asked_at,
                tokens,
                self.client.peer().provider().access_token_lifetime(),
            ))),
            Ok(Err(failure)) => Redeemed::Failed {
                note: Some(note_of(&failure)),
                input: Input::Failed {
                    lease: lease.clone(),
                    failure,
                },
                error: None,
            },
            Err(error) => self.no_answer(lease, error),
        }
    }

    fn no_answer(&self, lease: &Lease, error: TransportError) -> Redeemed<C::Error> {
        let (input, note) = no_answer(lease, &error);
        Redeemed::Failed {
            input,
            note: Some(note),
            error: Some(self.failed(Failure::network(error))),
        }
    }

    /// The session first, then the attempt: a crash in between is recovered by looking whether
    /// there is a session.
    async fn keep(&self, attempt: &Attempt, mut grant: Grant) -> Result<Completed, C::Error> {
        let expected = attempt.subject();
        if expected.is_some_and(|subject| grant.expect(subject).is_err()) {
            let (_, dropped) = grant::step(Some(&grant), &grant::Input::LogOut);
            revocation::later(&self.client, &self.id, dropped);
            return self.other_person().await;
        }
        self.client.store().add(&self.id, grant.clone()).await?;
        if !self.client.is_expected_person(&self.id, &grant).await? {
            return self.other_person().await;
        }
        // It is true whether or not it can be written down.
        let effect = Effect::Done(Outcome::LoggedIn);
        match self
            .say(Input::SessionStored, event::LOGIN_COMPLETED, None)
            .await
        {
            Ok(_) => self.told(effect, Some(grant), None),
            Err(error) => {
                self.unwritable(&error);
                self.told(effect, Some(grant), None)
            }
        }
    }

    /// The attempt first, then the session: a caller that comes in between is told that it is
    /// another person.
    async fn other_person(&self) -> Result<Completed, C::Error> {
        let name = event::LOGIN_OTHER_PERSON;
        self.say(Input::OtherPerson, name, None).await?;
        self.client.end_session(&self.id).await?;
        self.told(Effect::Done(Outcome::OtherPerson), None, None)
    }

    /// Says what came of a request, and gives what is to be done by what is stored then.
    /// Where nothing can be stored, that is decided by what this run had stored before.
    async fn say_of(&self, attempt: &Attempt, input: Input, note: Option<String>) -> Effect {
        let effect = |mut effects: Vec<Effect>| effects.pop().unwrap_or(Effect::LookAgain);
        let (_, effects) = attempt::step(Some(attempt), &input);
        let expected = effect(effects);
        let name = of_failure(self.step, &input, &expected);
        match self.say(input, name, note).await {
            Ok(effects) => effect(effects),
            Err(error) => {
                self.unwritable(&error);
                expected
            }
        }
    }

    async fn say(
        &self,
        input: Input,
        name: &'static str,
        note: Option<String>,
    ) -> Result<Vec<Effect>, C::Error> {
        let note_text = note.as_ref().map(|note| note as &dyn std::fmt::Display);
        self.client.report(name, &self.id, note_text);
        let now = self.client.sender().now();
        let step = move |stored: Option<&Attempt>| {
            let line = [(name, note.clone())];
            noting(attempt::step(stored, &input), stored, now, line)
        };
        let decided = self.client.store().decide_attempt(&self.id, step).await?;
        Ok(decided.effects)
    }

    fn unwritable(&self, error: &C::Error) {
        let (client, id) = (&self.client, &self.id);
        client.report(event::STORE_UNWRITABLE, id, Some(error));
    }

    fn failed(&self, failure: Failure) -> C::Error {
        self.client.error(self.step, failure)
    }

    /// What its callers are told. `error` says more about why they may try again.
    fn told(
        &self,
        effect: Effect,
        grant: Option<Grant>,
        error: Option<C::Error>,
    ) -> Result<Completed, C::Error> {
        match effect {
            Effect::Done(outcome) => Ok(Completed {
                grant: grant.filter(|_| outcome == Outcome::LoggedIn).map(Arc::new),
                outcome,
            }),
            Effect::Misconfigured(error) => Err(self.failed(Failure::Misconfigured(error))),
            Effect::Broken(rule) => Err(self.client.error(Step::Callback, Failure::Broken(rule))),
            Effect::TryAgain {
                broken: Some(rule), ..
            } => Err(self.failed(Failure::Broken(rule))),
            Effect::TryAgain { retry_after, .. } => Err(error.unwrap_or_else(|| {
                self.failed(Failure::TryAgain {
                    retry_after,
                    source: None,
                })
            })),
            // These are done, and not told.
            Effect::Exchange { .. }
            | Effect::Forward { .. }
            | Effect::Wait { .. }
            | Effect::LookAgain
            | Effect::Confirm
            | Effect::EndSession => Err(self.failed(Failure::try_again())),
        }
    }
}

/// What the attempt machine is told where no answer came, and why for the log.
pub fn no_answer(lease: &Lease, error: &TransportError) -> (Input, String) {
    let lease = lease.clone();
    let input = match error {
        TransportError::NotSent(_) => Input::NotSent { lease },
        TransportError::TooLong => Input::Failed {
            lease,
            failure: TokenFailure::Broken(switchback_protocol::Rule::TooLong),
        },
        TransportError::Lost(_) => Input::Lost { lease },
    };
    (input, error.to_string())
}

/// Adds lines to the timeline of the next state.
fn noting(
    (mut next, effects): Stepped,
    stored: Option<&Attempt>,
    now: Time,
    lines: impl IntoIterator<Item = (&'static str, Option<String>)>,
) -> Stepped {
    if let (Some(next), Some(stored)) = (&mut next, stored) {
        for (name, note) in lines {
            next.timeline.add(now.wall, name, note);
            next.generation = stored.generation.saturating_add(1);
        }
    }
    (next, effects)
}

/// The words of a failure, for the log.
pub fn note_of(failure: &TokenFailure) -> String {
    match failure {
        TokenFailure::Refused(error) => error.to_string(),
        TokenFailure::Busy { .. } => "busy".into(),
        TokenFailure::Failed(status) => format!("status {status}"),
        TokenFailure::Broken(rule) => rule.to_string(),
    }
}

/// The name of what a callback leads to.
fn of_callback(effects: &[Effect]) -> &'static str {
    match effects.last() {
        Some(Effect::Exchange { .. }) => event::CODE_SENT,
        Some(Effect::Forward { .. }) => event::CALLBACK_FORWARDED,
        Some(Effect::Broken(_) | Effect::Done(Outcome::Refused { .. })) => event::LOGIN_REFUSED,
        Some(Effect::Done(outcome)) => match outcome {
            Outcome::LoggedIn => event::LOGIN_COMPLETED,
            Outcome::Declined => event::LOGIN_DECLINED,
            Outcome::Expired => event::LOGIN_EXPIRED,
            Outcome::OtherPerson => event::LOGIN_OTHER_PERSON,
            Outcome::Forgotten => event::LOGIN_FORGOTTEN,
            _ => event::LOGIN_REPLAYED,
        },
        Some(Effect::Wait { .. }) => event::CODE_WAITING,
        _ => event::CODE_UNANSWERED,
    }
}

/// The name of what came of a request.
fn of_failure(step: Step, input: &Input, effect: &Effect) -> &'static str {
    let [not_sent, unanswered, refused] = match step {
        Step::Forward => [
            event::CALLBACK_NOT_SENT,
            event::CALLBACK_UNANSWERED,
            event::LOGIN_REFUSED,
        ],
        _ => [
            event::CODE_NOT_SENT,
            event::CODE_UNANSWERED,
            event::CODE_REFUSED,
        ],
    };
    match (effect, input) {
        (Effect::Done(Outcome::Declined), _) => event::LOGIN_DECLINED,
        (Effect::Done(Outcome::Forgotten), _) => event::LOGIN_FORGOTTEN,
        (Effect::Done(_) | Effect::Misconfigured(_), _) => refused,
        (_, Input::NotSent { .. }) => not_sent,
        (
            _,
            Input::Failed {
                failure: TokenFailure::Busy { .. },
                ..
            },
        ) => not_sent,
        _ => unanswered,
    }
}
