//! The part of an attempt that only a login through a backend has.
//!
//! The backend chooses the `state`, and a new one when the login is opened again. Therefore the id
//! of such an attempt comes from separate random bytes. A callback belongs to the attempt that has
//! its `state`. If the backend pushes the authorization request to the provider (RFC 9126), the app
//! may not see `state`: then the callback belongs to the one attempt that awaits an unknown state.
//!
//! Before you change this: in the last case nothing in the callback proves that it belongs to this
//! login. The backend proves it, by the cookies that it has set at the start.

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

/// The number of `state` values that an attempt stores. A further one replaces the oldest.
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
    /// The known `state` values of its callbacks.
    states: Vec<State>,
    /// Whether a callback may have a `state` that the app has not seen.
    #[serde(rename = "is_blind")]
    awaits_unknown_state: bool,
    /// The `state` of the callback that was forwarded last.
    #[serde(
        with = "stored_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) forwarded: Option<Secret>,
    /// The session under which the login was started.
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
        // Compares all values, so that the time does not depend on the position.
        let mut known = false;
        for State(ours) in &self.states {
            known |= ours == state;
        }
        known
    }

    /// After completion: deletes cookies and URL, and accepts only known callbacks.
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
    /// Starts an attempt with the backend's answer to the start request. `key` is a fresh random
    /// value for the id. `begun_under` is the session under which the login was started, if any.
    /// `timeout` is in seconds.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a separate part of the stored login"
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
            sign: request.sign,
            interrupted: false,
            mediated: Some(mediated),
        }
    }

    /// Stores the backend's next URL for the same login.
    pub fn reopened(&mut self, started: Started, cookies: Jar, now: Time) {
        if let Some(mediated) = &mut self.mediated {
            mediated.opened(started, cookies, now);
        }
    }

    /// The backend's URL for the app to open.
    pub fn mediated_url(&self) -> Option<&Secret> {
        self.mediated.as_ref().map(|mediated| &mediated.url)
    }

    /// The last time to open the URL, in seconds since the epoch. `None` if there is no limit.
    pub fn open_by(&self) -> Option<i64> {
        let mediated = self.mediated.as_ref()?;
        Some(mediated.opened_at.wall.saturating_add(mediated.life?))
    }

    /// Whether the same URL may be opened again: it is not single use and has not expired.
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

    /// Stores the cookies of an answer in this login.
    pub fn take_cookies(&mut self, url: &str, response: &Response, now: &Time) {
        if let Some(mediated) = self.mediated.as_mut()
            && self.phase != Phase::Completed
        {
            mediated.cookies.store_from(url, response, now);
        }
    }

    /// The session under which this login was started, if any.
    pub fn begun_under(&self) -> Option<&AttemptId> {
        self.mediated.as_ref()?.begun_under.as_ref()
    }

    /// More parameters of the start request.
    pub fn extra(&self) -> &alloc::collections::BTreeMap<String, String> {
        &self.extra
    }

    /// Whether this attempt has this `state`.
    pub fn has_state(&self, state: &Secret) -> bool {
        match &self.mediated {
            Some(mediated) => mediated.has_state(state),
            None => self.state == *state,
        }
    }

    /// Whether a callback with an unknown `state` may be this attempt's. The caller allows one such
    /// attempt at a time for each redirect URI.
    pub fn awaits_unknown_state(&self) -> bool {
        self.mediated
            .as_ref()
            .is_some_and(|mediated| mediated.awaits_unknown_state)
    }

    /// Whether the attempt was refused because of a callback with another `state`. That callback
    /// may have been forged, so this one is still accepted.
    pub(super) fn was_refused_with_another_state(&self, state: &Secret) -> bool {
        let forwarded = self
            .mediated
            .as_ref()
            .and_then(|mediated| mediated.forwarded.as_ref());
        let is_refused = matches!(
            self.phase,
            // Some backends answer 401 to any invalid callback.
            Phase::Refused(_) | Phase::Declined | Phase::Forgotten
        );
        is_refused && forwarded.is_some_and(|forwarded| forwarded != state)
    }
}

#[cfg(test)]
mod tests;
