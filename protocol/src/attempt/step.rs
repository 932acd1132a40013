//! The decisions: the next state, and what is to be done once it is stored.

use super::{Attempt, Effect, Input, Kept, Phase};
use crate::callback::{Answer, Callback};
use crate::http::Rule;
use crate::lease::{Caller, Lease};
use crate::time::Time;
use crate::{OAuthError, Secret};

impl Attempt {
    /// One thing happens. Store the attempt, then do what is asked.
    pub fn step(&mut self, input: Input<'_>) -> Effect {
        match input {
            Input::Callback {
                callback,
                now,
                caller,
                session,
            } => self.on_callback(callback, &now, caller, session),
            Input::Exchanged => self.completed(),
            Input::OtherPerson => {
                self.phase = Phase::OtherPerson;
                Effect::OtherPerson
            }
            Input::Refused { lease, .. }
            | Input::Declined { lease }
            | Input::Forgotten { lease }
            | Input::NotSent { lease }
            | Input::Lost { lease }
                if self.lease() != Some(lease) =>
            {
                Effect::TryAgain
            }
            Input::Declined { .. } => {
                self.phase = Phase::Declined;
                Effect::Declined
            }
            Input::Forgotten { .. } => {
                self.phase = Phase::Forgotten;
                Effect::Forgotten
            }
            Input::Refused { error, .. } => {
                let interrupted = matches!(self.phase, Phase::Exchanging { again: true, .. });
                self.phase = Phase::Refused(error.clone());
                Effect::Refused { error, interrupted }
            }
            Input::NotSent { .. } => {
                if matches!(self.phase, Phase::Exchanging { again: false, .. }) {
                    self.phase = Phase::Open;
                }
                self.let_go()
            }
            Input::Lost { .. } => self.let_go(),
        }
    }

    /// Nobody is waiting for an answer any more.
    fn let_go(&mut self) -> Effect {
        if let Phase::Exchanging { lease, .. } = &mut self.phase {
            *lease = None;
        }
        Effect::TryAgain
    }

    /// Verifier and cookies have done their work, and are not kept.
    fn completed(&mut self) -> Effect {
        self.phase = Phase::Completed;
        self.code_verifier = Secret::from("");
        if let Some(mediated) = &mut self.mediated {
            mediated.forget();
        }
        Effect::LoggedIn
    }

    fn on_callback(
        &mut self,
        callback: &Callback,
        now: &Time,
        caller: &Caller,
        session: Kept,
    ) -> Effect {
        if self.phase == Phase::OtherPerson {
            return Effect::OtherPerson;
        }
        // Whatever the mark says: the session was stored, so the login is done.
        match session {
            Kept::Alive => return self.completed(),
            Kept::Over => {
                self.completed();
                return Effect::Replayed;
            }
            Kept::Nothing => {}
        }
        let again = match &self.phase {
            _ if self.was_refused_another(&callback.state) => false,
            Phase::Completed => return Effect::Replayed,
            Phase::Declined => return Effect::Declined,
            Phase::OtherPerson => return Effect::OtherPerson,
            Phase::Forgotten => return Effect::Forgotten,
            Phase::Refused(error) => {
                return Effect::Refused {
                    error: error.clone(),
                    interrupted: false,
                };
            }
            Phase::Open => false,
            Phase::Exchanging { lease, .. } => {
                let binds = lease.as_ref().and_then(|lease| lease.binds(caller, now));
                if let Some(at_most) = binds {
                    return Effect::Wait { at_most };
                }
                true
            }
        };
        if self.is_expired(now) {
            return Effect::Expired;
        }
        if let Some(mediated) = &mut self.mediated {
            // Whatever it says: the backend judges it.
            mediated.forwarded = Some(callback.state.clone());
            let lease = self.exchanging(caller, now, again);
            return Effect::Forward { lease };
        }
        // RFC 9207 section 2.4: another one than was promised is a mix-up, and so may be
        // one where none was.
        if callback.issuer != self.issuer {
            self.phase = Phase::Refused(OAuthError::new(
                "issuer_mismatch",
                Some("the callback named an issuer that was not expected, or not the expected one"),
                &[],
            ));
            return Effect::Broken(Rule::Issuer);
        }
        match &callback.answer {
            Answer::Code(code) => {
                let lease = self.exchanging(caller, now, again);
                Effect::Exchange {
                    code: code.clone(),
                    lease,
                }
            }
            // A code was sent before: this is a late or forged second answer, and the
            // first one counts.
            Answer::Declined | Answer::Refused(_) if again => Effect::TryAgain,
            Answer::Declined => {
                self.phase = Phase::Declined;
                Effect::Declined
            }
            Answer::Refused(error) => {
                self.phase = Phase::Refused(error.clone());
                Effect::Refused {
                    error: error.clone(),
                    interrupted: false,
                }
            }
        }
    }

    /// The mark: somebody is about to send.
    fn exchanging(&mut self, caller: &Caller, now: &Time, again: bool) -> Lease {
        let lease = Lease::new(&caller.owner, *now);
        self.phase = Phase::Exchanging {
            lease: Some(lease.clone()),
            again,
        };
        lease
    }
}
