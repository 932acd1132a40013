//! The transitions of an attempt: [`step()`] takes the stored state and one event, and returns the
//! next state and what to do. The table of the transitions is in [`attempt`](super).
//!
//! Before you change this: the caller stores the next state before it carries out the effect. So
//! the phase `Exchanging` is stored before the code leaves (RFC 6749 §4.1.2: a code is used once),
//! and after a crash it says that the code may have been used. What an answer of a server means is
//! decided in [`status`](mod@crate::status); here is what follows from it.

use alloc::vec;
use alloc::vec::Vec;

use super::{Attempt, Effect, Input, Outcome, Phase, StoredSession};
use crate::callback::{Answer, Callback};
use crate::lease::{Caller, Lease};
use crate::oauth_error::readable;
use crate::rule::Rule;
use crate::status::{Refusal, RequestKind, refusal};
use crate::time::Time;
use crate::token::TokenFailure;
use crate::{OAuthError, Secret};

/// Applies one event to the stored attempt. Returns the attempt to store and the actions for the
/// caller: one, and before it [`Effect::EndSession`] if the session must be deleted.
///
/// `None` means that no attempt is stored: it was started elsewhere, or was deleted. No event
/// restores it. A session that its code has led to meanwhile stays.
pub fn step(stored: Option<&Attempt>, input: &Input) -> (Option<Attempt>, Vec<Effect>) {
    let Some(stored) = stored else {
        return (None, without_attempt(input));
    };
    let mut next = stored.clone();
    let effects = next.on(input);
    if next != *stored {
        next.generation = stored.generation.saturating_add(1);
    }
    (Some(next), effects)
}

fn without_attempt(input: &Input) -> Vec<Effect> {
    match input {
        Input::SessionStored => vec![Effect::Done(Outcome::LoggedIn)],
        Input::OtherPerson => other_person(),
        _ => vec![Effect::Done(Outcome::Unknown)],
    }
}

fn other_person() -> Vec<Effect> {
    vec![Effect::EndSession, Effect::Done(Outcome::OtherPerson)]
}

impl Effect {
    fn try_again() -> Self {
        Self::TryAgain {
            retry_after: None,
            broken: None,
        }
    }
}

impl Attempt {
    fn on(&mut self, input: &Input) -> Vec<Effect> {
        let effect = match input {
            Input::Callback {
                callback,
                now,
                caller,
                session,
            } => match (&self.phase, session) {
                (Phase::OtherPerson, StoredSession::Absent) => Effect::Done(Outcome::OtherPerson),
                (Phase::OtherPerson, _) => return other_person(),
                (_, session) => self.on_callback(callback, now, caller, *session),
            },
            Input::SessionStored => self.completed(),
            Input::OtherPerson => {
                self.phase = Phase::OtherPerson;
                return other_person();
            }
            Input::Failed { lease, .. }
            | Input::Declined { lease }
            | Input::Refused { lease, .. }
            | Input::Forgotten { lease, .. }
            | Input::NotSent { lease }
            | Input::Lost { lease }
                if self.lease() != Some(lease) =>
            {
                Effect::Reload
            }
            Input::Failed { failure, .. } => self.on_failure(failure),
            Input::Declined { .. } => {
                self.phase = Phase::Declined;
                Effect::Done(Outcome::Declined)
            }
            Input::Refused { error, .. } => self.refused(error),
            // The backend may have accepted this callback before, and then deleted the login.
            Input::Forgotten { error, .. } if self.may_have_been_sent() => self.refused(error),
            Input::Forgotten { .. } => {
                self.phase = Phase::Forgotten;
                Effect::Done(Outcome::Forgotten)
            }
            Input::NotSent { .. } => {
                self.code_was_not_used();
                Effect::try_again()
            }
            Input::Lost { .. } => {
                self.release_lease();
                Effect::try_again()
            }
        };
        vec![effect]
    }

    fn on_failure(&mut self, failure: &TokenFailure) -> Effect {
        match failure {
            TokenFailure::Refused(error) => self.on_refusal(error),
            TokenFailure::Busy { retry_after } => {
                self.code_was_not_used();
                Effect::TryAgain {
                    retry_after: *retry_after,
                    broken: None,
                }
            }
            TokenFailure::Failed(_) => {
                self.release_lease();
                Effect::try_again()
            }
            TokenFailure::Broken(Rule::Nonce) => {
                let says = "the ID token does not repeat the nonce of this login";
                self.phase = Phase::Refused(OAuthError::new("nonce_mismatch", Some(says), &[]));
                Effect::Broken(Rule::Nonce)
            }
            TokenFailure::Broken(rule) => {
                self.release_lease();
                Effect::TryAgain {
                    retry_after: None,
                    broken: Some(*rule),
                }
            }
        }
    }

    fn on_refusal(&mut self, error: &OAuthError) -> Effect {
        let request = match self.mediated {
            Some(_) => RequestKind::Callback,
            None => RequestKind::Code,
        };
        match refusal(request, error.kind()) {
            Refusal::Temporary | Refusal::TemporaryOnce => {
                self.release_lease();
                Effect::try_again()
            }
            Refusal::Misconfigured | Refusal::MisconfiguredOnce => {
                self.code_was_not_used();
                Effect::Misconfigured(error.clone())
            }
            Refusal::Final | Refusal::Forgotten => self.refused(error),
        }
    }

    fn refused(&mut self, error: &OAuthError) -> Effect {
        self.interrupted = self.may_have_been_sent();
        self.phase = Phase::Refused(error.clone());
        refused(error, self.interrupted)
    }

    /// The current request certainly did not use the code.
    fn code_was_not_used(&mut self) {
        if matches!(self.phase, Phase::Exchanging { again: false, .. }) {
            self.phase = Phase::Open;
        }
        self.release_lease();
    }

    /// The holder no longer waits for an answer.
    fn release_lease(&mut self) {
        if let Phase::Exchanging { lease, .. } = &mut self.phase {
            *lease = None;
        }
    }

    /// Deletes verifier and cookies, which are not needed any more.
    fn completed(&mut self) -> Effect {
        self.phase = Phase::Completed;
        self.code_verifier = Secret::from("");
        if let Some(mediated) = &mut self.mediated {
            mediated.forget();
        }
        Effect::Done(Outcome::LoggedIn)
    }

    fn on_callback(
        &mut self,
        callback: &Callback,
        now: &Time,
        caller: &Caller,
        session: StoredSession,
    ) -> Effect {
        // If the session was stored, the login is complete in every phase.
        match session {
            StoredSession::Active => return self.completed(),
            StoredSession::Unconfirmed => return Effect::Confirm,
            StoredSession::Ended => {
                self.completed();
                return Effect::Done(Outcome::Replayed);
            }
            StoredSession::Absent => {}
        }
        let again = match self.may_send(callback, now, caller) {
            Ok(again) => again,
            Err(effect) => return effect,
        };
        if self.is_expired(now) {
            return Effect::Done(Outcome::Expired);
        }
        if let Some(mediated) = &mut self.mediated {
            // The app forwards any answer, and the backend decides.
            mediated.forwarded = Some(callback.state.clone());
            let lease = self.start_exchanging(caller, now, again);
            return Effect::Forward { lease };
        }
        self.on_answer(callback, now, caller, again)
    }

    /// `Ok`: this phase accepts a callback; the value says whether the code may have been sent
    /// before. `Err`: the action to take instead.
    fn may_send(&self, callback: &Callback, now: &Time, caller: &Caller) -> Result<bool, Effect> {
        let done = |outcome| Err(Effect::Done(outcome));
        match &self.phase {
            _ if self.was_refused_with_another_state(&callback.state) => Ok(false),
            Phase::Open => Ok(false),
            Phase::Exchanging { lease, .. } => {
                let seconds_to_wait = lease
                    .as_ref()
                    .and_then(|lease| lease.seconds_to_wait(caller, now));
                match seconds_to_wait {
                    Some(at_most) => Err(Effect::Wait { at_most }),
                    None => Ok(true),
                }
            }
            Phase::Completed => done(Outcome::Replayed),
            Phase::Declined => done(Outcome::Declined),
            Phase::OtherPerson => done(Outcome::OtherPerson),
            Phase::Forgotten => done(Outcome::Forgotten),
            Phase::Refused(error) => Err(refused(error, self.interrupted)),
        }
    }

    fn on_answer(
        &mut self,
        callback: &Callback,
        now: &Time,
        caller: &Caller,
        again: bool,
    ) -> Effect {
        match (&self.issuer, &callback.issuer) {
            // RFC 9207 section 2.4: if the issuer is not the configured one, this is a mix-up.
            (Some(expected), named) if named.as_ref() != Some(expected) => {
                let says = "the callback did not name the issuer that is configured";
                self.phase = Phase::Refused(OAuthError::new("issuer_mismatch", Some(says), &[]));
                return Effect::Broken(Rule::Issuer);
            }
            // Without a configured issuer, local policy decides (the same section). An issuer on
            // the service's own host is accepted, so that logins continue when a service starts to
            // send `iss`. Another issuer may be a mix-up: the code is not sent, and can be sent
            // later.
            (None, Some(named))
                if matches!(callback.answer, Answer::Code(_)) && !self.is_on_own_host(named) =>
            {
                return Effect::UnknownIssuer(readable(named, &[]));
            }
            _ => {}
        }
        match &callback.answer {
            Answer::Code(code) => {
                let lease = self.start_exchanging(caller, now, again);
                Effect::Exchange {
                    code: code.clone(),
                    lease,
                }
            }
            // A code was sent before. This second answer is late or forged, and is ignored.
            Answer::Declined | Answer::Refused(_) if again => Effect::try_again(),
            Answer::Declined => {
                self.phase = Phase::Declined;
                Effect::Done(Outcome::Declined)
            }
            Answer::Refused(error) => {
                self.phase = Phase::Refused(error.clone());
                refused(error, false)
            }
        }
    }

    /// Stores that this caller is about to send.
    fn start_exchanging(&mut self, caller: &Caller, now: &Time, again: bool) -> Lease {
        let lease = Lease::new(&caller.owner, *now);
        self.phase = Phase::Exchanging {
            lease: Some(lease.clone()),
            again,
        };
        lease
    }
}

fn refused(error: &OAuthError, interrupted: bool) -> Effect {
    Effect::Done(Outcome::Refused {
        error: error.clone(),
        interrupted,
    })
}
