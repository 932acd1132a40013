//! The transitions of a grant: [`step()`] takes the stored state and one event, and returns the next
//! state and what to do. The table of the transitions is in [`grant`](super).
//!
//! Before you change this: a refresh token that arrives twice can end the whole session (RFC 9700
//! §4.14.2). So every branch answers one question: may the server have used the refresh token?
//! Without new tokens, only a certain "no" makes the grant `Ready` again. What an answer of a
//! server means is decided in [`status`](mod@crate::status); here is what follows from it.

use super::*;

/// Applies one event to the stored grant. Returns the grant to store and the actions for the
/// caller: at most one, besides [`Effect::Revoke`].
///
/// `None` means that no grant is stored: before a login and after a log-out. No event restores
/// a session.
pub fn step(stored: Option<&Grant>, input: &Input) -> (Option<Grant>, Vec<Effect>) {
    let Some(stored) = stored else {
        let why = match input {
            Input::Use { .. }
            | Input::Identified { .. }
            | Input::CookiesSet { .. }
            | Input::RejectedByBackend { .. } => SessionEnd::NoSession,
            _ => SessionEnd::LoggedOut,
        };
        return (None, after_the_end(input, why));
    };
    if let Input::LogOut = input {
        return (None, stored.revocations());
    }
    if let Some(ended) = stored.ended() {
        return (Some(stored.clone()), after_the_end(input, ended));
    }
    let mut next = stored.clone();
    let effects = next.on(input);
    if next != *stored {
        next.generation = stored.generation.saturating_add(1);
    }
    (Some(next), effects)
}

/// An event after the end. Tokens of a late answer are revoked.
fn after_the_end(input: &Input, why: SessionEnd) -> Vec<Effect> {
    match input {
        Input::Answered { tokens, .. } => vec![revoke(tokens), Effect::LoginRequired(why)],
        Input::LogOut => vec![],
        _ => vec![Effect::LoginRequired(why)],
    }
}

fn revoke(tokens: &TokenResponse) -> Effect {
    Effect::Revoke(tokens.token_to_revoke().clone())
}

impl Grant {
    /// The token to revoke: with a refresh token the service ends the whole grant (RFC 7009 §2.1).
    fn revocations(&self) -> Vec<Effect> {
        let access = self.access.as_ref().map(|access| &access.token);
        let token = self.refresh_token.as_ref().or(access);
        token.cloned().map(Effect::Revoke).into_iter().collect()
    }

    fn on(&mut self, input: &Input) -> Vec<Effect> {
        match input {
            Input::Use {
                now,
                skew,
                rejected,
                caller,
            } => vec![self.on_use(now, *skew, rejected.as_ref(), caller)],
            Input::Answered {
                rotation,
                asked_at,
                tokens,
                lifetime,
            } => self.on_answer(*rotation, *asked_at, tokens, *lifetime),
            Input::Identified { subject } => vec![match self.bind_to_subject(subject) {
                Ok(()) => Effect::SamePerson,
                Err(_) => Effect::OtherPerson,
            }],
            Input::Failed { rotation, .. }
            | Input::NotSent { rotation, .. }
            | Input::Lost { rotation, .. }
                if !self.is_rotating(*rotation) =>
            {
                vec![Effect::Reload]
            }
            Input::Failed {
                rotation,
                now,
                failure,
            } => vec![self.on_failure(*rotation, now, failure)],
            Input::NotSent { now, .. } => {
                self.token_was_not_used(now);
                vec![self.token_or(now, Effect::try_again())]
            }
            Input::Lost { rotation, now } => vec![self.answer_was_lost(*rotation, now, None)],
            Input::CookiesSet {
                url,
                set_cookie,
                date,
                now,
            } => {
                if let Some(jar) = &mut self.cookies {
                    jar.store(url, set_cookie.iter().map(Secret::expose), *date, now);
                }
                vec![]
            }
            Input::RejectedByBackend { url, sent, now } => self
                .rejected_by_backend(url, sent, now)
                .into_iter()
                .collect(),
            Input::LogOut => vec![],
        }
    }

    /// Ends the session, unless the rejected token or cookie was replaced meanwhile. If no cookie
    /// belongs to the URL, the backend rejected none, and the cookies for other URLs stay.
    fn rejected_by_backend(&mut self, url: &str, sent: &Secret, now: &Time) -> Option<Effect> {
        let ours = match &self.cookies {
            Some(jar) => match jar.header(url, now) {
                None if sent.expose().is_empty() && jar.has_valid_cookie(now) => return None,
                ours => ours,
            },
            // Another caller is refreshing the token now.
            None if self.access.is_none() && self.phase != Phase::Ready => {
                return Some(Effect::Reload);
            }
            None => self.access.as_ref().map(|access| access.token.clone()),
        };
        if ours.is_some_and(|ours| ours != *sent) {
            return Some(Effect::Reload);
        }
        self.end(SessionEnd::EndedByBackend);
        Some(Effect::LoginRequired(SessionEnd::EndedByBackend))
    }

    fn on_use(
        &mut self,
        now: &Time,
        skew: i64,
        rejected: Option<&Secret>,
        caller: &Caller,
    ) -> Effect {
        if self.cookies.is_some() {
            return Effect::OnlyCookies;
        }
        // The refresh token may be used up, so the access token is used until it expires.
        let skew = if self.phase == Phase::Ready { skew } else { 0 };
        let is_rejected = |token: &Secret| rejected == Some(token);
        if let Some(token) = self.fresh(now, skew)
            && !is_rejected(token)
        {
            return Effect::ReturnToken(token.clone());
        }
        let Some(refresh_token) = self.refresh_token.clone() else {
            return match self.fresh(now, 0) {
                // One resource refused it, but others may accept the only token: keep it.
                Some(token) if is_rejected(token) => Effect::LoginRequired(SessionEnd::Revoked),
                Some(token) => Effect::ReturnToken(token.clone()),
                None => {
                    self.end(SessionEnd::Expired);
                    Effect::LoginRequired(SessionEnd::Expired)
                }
            };
        };
        if let Some(at_most) = self
            .lease()
            .and_then(|lease| lease.seconds_to_wait(caller, now))
        {
            return Effect::Wait { at_most };
        }
        if let Some(left) = self.pause.as_ref().and_then(|pause| pause.left(now)) {
            return match self.fresh(now, 0) {
                Some(token) if !is_rejected(token) => Effect::ReturnToken(token.clone()),
                _ => Effect::TryAgain {
                    retry_after: Some(left),
                    broken: None,
                },
            };
        }
        if self.access.as_ref().is_some_and(|a| is_rejected(&a.token)) {
            self.access = None;
        }
        let lease = Lease::new(&caller.owner, *now);
        let rotation = self.generation.saturating_add(1);
        let follows = match self.phase {
            Phase::Rotating { rotation, .. } | Phase::Interrupted { rotation, .. } => {
                Some(rotation)
            }
            _ => None,
        };
        self.phase = Phase::Rotating {
            lease: Some(lease.clone()),
            rotation,
            again: follows.is_some(),
            follows,
        };
        Effect::Refresh {
            token: refresh_token,
            rotation,
            lease,
        }
    }

    fn is_rotating(&self, rotation: Generation) -> bool {
        matches!(self.phase, Phase::Rotating { rotation: ours, .. } if ours == rotation)
    }

    fn on_answer(
        &mut self,
        rotation: Generation,
        asked_at: Time,
        tokens: &TokenResponse,
        lifetime: i64,
    ) -> Vec<Effect> {
        let interrupted =
            matches!(self.phase, Phase::Interrupted { rotation: ours, .. } if ours == rotation);
        if !interrupted && !self.is_rotating(rotation) {
            // Another process took over and may have sent the old refresh token again. Its answer
            // has newer tokens than these.
            return vec![Effect::Reload];
        }
        if self.is_another_persons(&tokens.id_token) {
            self.end(SessionEnd::OtherPerson);
            return vec![
                revoke(tokens),
                Effect::LoginRequired(SessionEnd::OtherPerson),
            ];
        }
        self.store_tokens(asked_at, tokens.clone(), lifetime);
        self.phase = match tokens.refresh_token {
            // The server issued a new refresh token that cannot be read. The old one may be used
            // up.
            Field::Unreadable => Phase::Interrupted {
                since: asked_at,
                rotation,
            },
            _ => Phase::Ready,
        };
        // Even a token with a lifetime of 0 is returned: it was just issued.
        vec![Effect::ReturnToken(tokens.access_token.clone())]
    }

    /// Any answer but a refusal resets the stored refusal: only two in a row end the session.
    fn on_failure(&mut self, rotation: Generation, now: &Time, failure: &TokenFailure) -> Effect {
        match failure {
            TokenFailure::Refused(error) => self.on_refusal(rotation, now, error),
            TokenFailure::Busy { retry_after } => {
                self.refusal = None;
                self.token_was_not_used(now);
                self.pause = retry_after.map(|seconds| Pause {
                    since: *now,
                    seconds,
                });
                let later = Effect::TryAgain {
                    retry_after: *retry_after,
                    broken: None,
                };
                self.token_or(now, later)
            }
            TokenFailure::Failed(_) => {
                self.refusal = None;
                self.answer_was_lost(rotation, now, None)
            }
            TokenFailure::Broken(rule) => {
                self.refusal = None;
                self.answer_was_lost(rotation, now, Some(*rule))
            }
        }
    }

    fn on_refusal(&mut self, rotation: Generation, now: &Time, error: &OAuthError) -> Effect {
        let again = matches!(self.phase, Phase::Rotating { again: true, .. });
        let is_repeated = self.refusal.replace(error.clone()).is_some();
        let meaning = refusal(RequestKind::Refresh, error.kind());
        if matches!(meaning, Refusal::Temporary | Refusal::Misconfigured) {
            self.refusal = None;
        }
        match meaning {
            Refusal::Final | Refusal::Forgotten if again && error.is("invalid_grant") => {
                self.refused(SessionEnd::RotationInterrupted, error)
            }
            Refusal::Final | Refusal::Forgotten => self.refused(SessionEnd::Revoked, error),
            // The same kind of refusal twice in a row is not temporary.
            Refusal::TemporaryOnce | Refusal::MisconfiguredOnce
                if is_repeated && self.fresh(now, 0).is_none() =>
            {
                self.refused(SessionEnd::RotationInterrupted, error)
            }
            Refusal::Temporary | Refusal::TemporaryOnce => {
                self.answer_was_lost(rotation, now, None)
            }
            Refusal::Misconfigured | Refusal::MisconfiguredOnce => {
                self.token_was_not_used(now);
                self.token_or(now, Effect::Misconfigured(error.clone()))
            }
        }
    }

    fn refused(&mut self, ended: SessionEnd, error: &OAuthError) -> Effect {
        self.end(ended);
        self.refusal = Some(error.clone());
        Effect::LoginRequired(ended)
    }

    /// The request was sent, and no answer says whether the refresh token was used.
    fn answer_was_lost(
        &mut self,
        rotation: Generation,
        now: &Time,
        broken: Option<Rule>,
    ) -> Effect {
        self.phase = Phase::Interrupted {
            since: *now,
            rotation,
        };
        let later = Effect::TryAgain {
            retry_after: None,
            broken,
        };
        self.token_or(now, later)
    }

    /// The current request certainly did not use the refresh token. If an earlier request may have
    /// used it, the answer to that request is still accepted.
    fn token_was_not_used(&mut self, now: &Time) {
        if let Phase::Rotating { again, follows, .. } = self.phase {
            self.phase = match again {
                true => Phase::Interrupted {
                    since: *now,
                    rotation: follows.unwrap_or_default(),
                },
                false => Phase::Ready,
            };
        }
    }

    fn token_or(&self, now: &Time, otherwise: Effect) -> Effect {
        match self.fresh(now, 0) {
            Some(token) => Effect::ReturnToken(token.clone()),
            None => otherwise,
        }
    }
}
