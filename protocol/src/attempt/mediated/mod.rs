//! The part of an attempt that only a login through a backend has.
//!
//! Such an attempt is named by chance of its own, and not by its `state`: the backend makes
//! that, and another one whenever the login is opened again. A callback belongs to the
//! attempt that knows its `state`; where the backend has pushed its request to the provider
//! and does not say, to the one attempt that does not know its own.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Attempt, AttemptId, LoginRequest, Phase, Timeline};
use crate::cookies::Jar;
use crate::http::Response;
use crate::mediated::start::Started;
use crate::secret::{stored, stored_option};
use crate::time::Time;
use crate::{Random, RedirectUri, Secret};

/// A login that was opened more often than this forgets its first `state`.
const MOST_STATES: usize = 4;

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mediated {
    #[serde(with = "stored")]
    url: Secret,
    opened_at: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    life: Option<i64>,
    #[serde(default)]
    single_use: bool,
    cookies: Jar,
    /// What its callbacks may carry, as far as it is known.
    states: Vec<State>,
    /// Whether there may be one that is not known.
    #[serde(rename = "is_blind")]
    awaits_unknown_state: bool,
    /// Of the callback that was forwarded last.
    #[serde(
        with = "stored_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) forwarded: Option<Secret>,
    /// The session that it began under.
    #[serde(rename = "under", default, skip_serializing_if = "Option::is_none")]
    begun_under: Option<AttemptId>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct State(#[serde(with = "stored")] Secret);

impl Mediated {
    fn opened(&mut self, started: Started, cookies: Jar, now: Time) {
        self.url = started.url;
        self.opened_at = now;
        self.life = started.life;
        self.single_use = started.single_use;
        self.cookies = cookies;
        match started.state {
            Some(state) => {
                if self.states.len() >= MOST_STATES {
                    self.states.remove(0);
                }
                self.states.push(State(state));
            }
            None => self.awaits_unknown_state = true,
        }
    }

    pub(super) fn has_state(&self, state: &Secret) -> bool {
        // All of them, whichever it is.
        let mut known = false;
        for State(ours) in &self.states {
            known |= ours == state;
        }
        known
    }

    /// What it was for is done. The link that did it is known from now on, and no other.
    pub(super) fn forget(&mut self) {
        if let Some(forwarded) = self.forwarded.take()
            && !self.has_state(&forwarded)
        {
            self.states.push(State(forwarded));
        }
        self.cookies = Jar::default();
        self.url = Secret::from("");
        self.awaits_unknown_state = false;
    }
}

impl Attempt {
    /// Begins an attempt through a backend, which has answered. `key` is fresh chance, and
    /// names it; `under` is the session that it belongs to, where it belongs to one.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is one thing that a login is made of"
    )]
    pub fn begin_mediated(
        redirect_uri: &RedirectUri,
        request: LoginRequest,
        key: &Random,
        started: Started,
        cookies: Jar,
        begun_under: Option<AttemptId>,
        now: Time,
        timeout: i64,
    ) -> Self {
        let mut mediated = Mediated {
            url: Secret::from(""),
            opened_at: now,
            life: None,
            single_use: false,
            cookies: Jar::default(),
            states: Vec::new(),
            awaits_unknown_state: false,
            forwarded: None,
            begun_under,
        };
        mediated.opened(started, cookies, now);
        Self {
            version: Self::VERSION,
            generation: 0,
            purpose: request.purpose,
            scope: Vec::new(),
            redirect_uri: redirect_uri.as_str().into(),
            begun_at: now,
            deadline: now.wall.saturating_add(timeout),
            phase: Phase::Open,
            timeline: Timeline::default(),
            state: key.into(),
            code_verifier: Secret::from(""),
            nonce: None,
            issuer: None,
            host: None,
            extra: request.extra,
            subject: request.subject,
            interrupted: false,
            mediated: Some(mediated),
        }
    }

    /// The backend has given another URL for the same login.
    pub fn reopened(&mut self, started: Started, cookies: Jar, now: Time) {
        if let Some(mediated) = &mut self.mediated {
            mediated.opened(started, cookies, now);
        }
    }

    /// What the backend wants opened.
    pub fn mediated_url(&self) -> Option<&Secret> {
        self.mediated.as_ref().map(|mediated| &mediated.url)
    }

    /// Until when the URL may be opened, in seconds since the epoch, where that is limited.
    pub fn open_by(&self) -> Option<i64> {
        let mediated = self.mediated.as_ref()?;
        Some(mediated.opened_at.wall.saturating_add(mediated.life?))
    }

    /// Whether the URL may be handed out again: it may be opened more than once, and in time.
    pub fn may_open_again(&self, now: &Time) -> bool {
        let Some(mediated) = &self.mediated else {
            return true;
        };
        let age = now.since(&mediated.opened_at);
        let in_time = mediated
            .life
            .is_none_or(|life| age.is_some_and(|age| age < life));
        in_time && !mediated.single_use
    }

    /// The backend's cookies for this login.
    pub fn cookies(&self) -> Jar {
        let mediated = self.mediated.as_ref();
        mediated.map_or_else(Jar::default, |mediated| mediated.cookies.clone())
    }

    /// Takes the cookies of an answer to this login.
    pub fn take_cookies(&mut self, url: &str, response: &Response, now: &Time) {
        if let Some(mediated) = self.mediated.as_mut()
            && self.phase != Phase::Completed
        {
            mediated.cookies.store_from(url, response, now);
        }
    }

    /// The session that this login belongs to, where it was begun under one.
    pub fn begun_under(&self) -> Option<&AttemptId> {
        self.mediated.as_ref()?.begun_under.as_ref()
    }

    /// More parameters for the backend.
    pub fn extra(&self) -> &alloc::collections::BTreeMap<String, String> {
        &self.extra
    }

    /// Whether a callback with this `state` is known to be this attempt's.
    pub fn has_state(&self, state: &Secret) -> bool {
        match &self.mediated {
            Some(mediated) => mediated.has_state(state),
            None => self.state == *state,
        }
    }

    /// Whether a callback whose `state` nobody knows may be this attempt's. There is one such
    /// at a time for each redirect URI.
    pub fn awaits_unknown_state(&self) -> bool {
        self.mediated
            .as_ref()
            .is_some_and(|mediated| mediated.awaits_unknown_state)
    }

    /// Whether a refusal was of another callback than this one. A link may be forged: one
    /// with a `state` of its own does not end the login for the one that comes after it.
    pub(super) fn was_refused_with_another_state(&self, state: &Secret) -> bool {
        let forwarded = self
            .mediated
            .as_ref()
            .and_then(|mediated| mediated.forwarded.as_ref());
        let is_refused = matches!(
            self.phase,
            // Some backends answer 401 to whatever is wrong with a callback.
            Phase::Refused(_) | Phase::Declined | Phase::Forgotten
        );
        is_refused && forwarded.is_some_and(|forwarded| forwarded != state)
    }
}

#[cfg(test)]
mod tests;
