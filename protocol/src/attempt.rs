//! Where a login stands. An attempt outlives the process that began it: it is written
//! before its URL is handed out, and found again by the `state` of the callback.
//!
//! ```text
//!            begin                 code                  tokens
//!   (none) ─────────▶ Open ─────────────▶ Exchanging ─────────────▶ Completed
//!                      │ ▲   not sent         │  │
//!                      │ └────────────────────┘  │ refused by the token endpoint
//!      declined/refused│                         ▼
//!                      └───────────────────▶ Refused, Declined
//! ```
//!
//! [`Attempt::step`] says what happens; its caller first stores the new state, then does
//! what the [`Effect`] asks. `Exchanging` is stored before the code is sent, so that a
//! process that dies in between leaves a mark: the next one looks for the session, and
//! sends the code once more only where there is none. Should the first have arrived
//! after all, its tokens are revoked by the second, and the answer is a refusal with
//! the reason known.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::authorization::{AuthorizationError, AuthorizationRequest};
use crate::callback::{Answer, Callback};
use crate::http::Rule;
use crate::secret::{Fingerprint, stored, stored_option};
use crate::stored::{self as form_on_disk, Unreadable};
use crate::{OAuthError, Purpose, Random, Registration, Secret};

/// Names an attempt, and the session that may come of it, everywhere it can be seen:
/// logs, timelines, the store. Derived from `state` by SHA-256 and cut to 132 bits, so
/// that the callback leads to it and it leads back to nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttemptId(String);

impl AttemptId {
    /// The attempt that a `state` belongs to.
    pub fn of(state: &Secret) -> Self {
        Self(Fingerprint::of(state.expose()).as_str()[..22].into())
    }

    /// An id that was shown or stored before. Any text will do: one that names nothing
    /// finds nothing.
    pub fn from_text(id: &str) -> Self {
        Self(id.into())
    }

    /// 22 characters of base64url.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a login is to be: the caller's half of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginRequest {
    /// What for.
    pub purpose: Purpose,
    /// Data points to ask for, one an entry.
    pub scope: Vec<String>,
    /// Send a `nonce` for the ID token to repeat (OpenID Connect Core §3.1.2.1).
    pub nonce: bool,
    /// More parameters for the authorization request, none of
    /// [`RESERVED_PARAMETERS`](crate::authorization::RESERVED_PARAMETERS).
    pub extra: BTreeMap<String, String>,
}

impl LoginRequest {
    /// A login for this purpose that asks for these data points.
    ///
    /// ```
    /// use switchback_protocol::{Purpose, attempt::LoginRequest, provider::truid::DataPoint};
    /// let request = LoginRequest::new(Purpose::Login, [DataPoint::Name, DataPoint::Email]);
    /// assert_eq!(request.scope[1], "truid.app/data-point/email");
    /// ```
    pub fn new<S: Into<String>>(purpose: Purpose, scope: impl IntoIterator<Item = S>) -> Self {
        Self {
            purpose,
            scope: scope.into_iter().map(Into::into).collect(),
            nonce: false,
            extra: BTreeMap::new(),
        }
    }
}

/// One login, from its beginning to its end, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    version: u32,
    /// What for.
    pub purpose: Purpose,
    /// The data points that were asked for.
    pub scope: Vec<String>,
    /// The redirect URI that was sent, and must be sent again with the code.
    pub redirect_uri: String,
    /// When it began, in seconds since the epoch.
    pub begun_at: i64,
    /// When a callback comes too late, in seconds since the epoch.
    pub deadline: i64,
    /// Where it stands.
    pub phase: Phase,
    /// What happened so far.
    pub timeline: Timeline,
    #[serde(with = "stored")]
    state: Secret,
    #[serde(with = "stored")]
    code_verifier: Secret,
    #[serde(with = "stored_option", default)]
    nonce: Option<Secret>,
    #[serde(default)]
    issuer: Option<String>,
    #[serde(default)]
    extra: BTreeMap<String, String>,
}

/// Where an attempt stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Phase {
    /// The person is on their way; no callback came yet.
    Open,
    /// A code was, or is about to be, sent.
    Exchanging {
        /// Whether a mark of an earlier process was found: the code may have been spent.
        again: bool,
    },
    /// There is, or was, a session.
    Completed,
    /// The person declined.
    Declined,
    /// The service refused.
    Refused(OAuthError),
}

/// What happens to an attempt.
#[derive(Clone, Debug)]
pub enum Input<'a> {
    /// A callback with this attempt's state came.
    Callback {
        /// The callback.
        callback: &'a Callback,
        /// Seconds since the epoch.
        now: i64,
        /// Whether this attempt's session is there.
        session: bool,
    },
    /// The session is stored.
    Exchanged,
    /// The token endpoint refused the code.
    Refused(OAuthError),
    /// The code never left: the network was not there.
    NotSent,
}

/// What to do next, after the new state has been stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send this code to the token endpoint, with [`Attempt::code_verifier`].
    Exchange(Secret),
    /// The session is there: say so.
    LoggedIn,
    /// The session was there and is gone.
    Replayed,
    /// The person declined.
    Declined,
    /// The service refused. `interrupted`: the code may have been spent by a process
    /// that died before it could store what it got.
    Refused {
        /// In the service's words.
        error: OAuthError,
        /// See above.
        interrupted: bool,
    },
    /// The callback came after the deadline.
    Expired,
    /// The callback is not from whom it should be: end it.
    Broken(Rule),
    /// The same link may be tried again.
    TryAgain,
}

impl Attempt {
    /// The form that is stored now.
    pub const VERSION: u32 = 1;

    /// Begins an attempt.
    ///
    /// `state`, `code_verifier` and `nonce` are fresh random values, `timeout` is in
    /// seconds.
    pub fn begin(
        registration: &Registration,
        request: LoginRequest,
        [state, code_verifier, nonce]: &[Random; 3],
        now: i64,
        timeout: i64,
    ) -> Self {
        Self {
            version: Self::VERSION,
            purpose: request.purpose,
            scope: request.scope,
            redirect_uri: registration.redirect_uri().as_str().into(),
            begun_at: now,
            deadline: now.saturating_add(timeout),
            phase: Phase::Open,
            timeline: Timeline::default(),
            state: state.into(),
            code_verifier: code_verifier.into(),
            nonce: request.nonce.then(|| nonce.into()),
            issuer: registration.provider().issuer().map(Into::into),
            extra: request.extra,
        }
    }

    /// Its name.
    pub fn id(&self) -> AttemptId {
        AttemptId::of(&self.state)
    }

    /// The PKCE verifier, for the token request.
    pub fn code_verifier(&self) -> &Secret {
        &self.code_verifier
    }

    /// The `nonce` that an ID token must repeat.
    pub fn nonce(&self) -> Option<&Secret> {
        self.nonce.as_ref()
    }

    /// The authorization URL: the same whenever it is asked for.
    ///
    /// # Errors
    /// Where the request cannot be sent like this: ask for the URL before storing anything.
    pub fn url(&self, registration: &Registration) -> Result<String, AuthorizationError> {
        AuthorizationRequest {
            purpose: self.purpose,
            scope: &self.scope,
            state: self.state.expose(),
            code_verifier: self.code_verifier.expose(),
            nonce: self.nonce.as_ref().map(Secret::expose),
            extra: &self.extra,
        }
        .url(registration)
    }

    /// Whether it still waits for its callback.
    pub fn is_pending(&self, now: i64) -> bool {
        matches!(self.phase, Phase::Open | Phase::Exchanging { .. }) && now < self.deadline
    }

    /// Whether a callback has the state of this attempt, compared in constant time.
    pub fn matches(&self, callback: &Callback) -> bool {
        self.state == callback.state
    }

    /// One thing happens. Store the attempt, then do what is asked.
    pub fn step(&mut self, input: Input<'_>) -> Effect {
        match input {
            Input::Callback {
                callback,
                now,
                session,
            } => self.on_callback(callback, now, session),
            Input::Exchanged => {
                self.phase = Phase::Completed;
                Effect::LoggedIn
            }
            Input::Refused(error) => {
                let interrupted = matches!(self.phase, Phase::Exchanging { again: true });
                self.phase = Phase::Refused(error.clone());
                Effect::Refused { error, interrupted }
            }
            Input::NotSent => {
                if self.phase == (Phase::Exchanging { again: false }) {
                    self.phase = Phase::Open;
                }
                Effect::TryAgain
            }
        }
    }

    fn on_callback(&mut self, callback: &Callback, now: i64, session: bool) -> Effect {
        if session {
            // Whatever the mark says: the session was stored, so the login is done.
            self.phase = Phase::Completed;
            return Effect::LoggedIn;
        }
        let again = match &self.phase {
            Phase::Completed => return Effect::Replayed,
            Phase::Declined => return Effect::Declined,
            Phase::Refused(error) => {
                return Effect::Refused {
                    error: error.clone(),
                    interrupted: false,
                };
            }
            Phase::Open => false,
            Phase::Exchanging { .. } => true,
        };
        if now >= self.deadline {
            return Effect::Expired;
        }
        if self.issuer.is_some() && callback.issuer != self.issuer {
            self.phase = Phase::Refused(OAuthError::new(
                "issuer_mismatch",
                Some("the callback named another issuer, or none"),
                &[],
            ));
            return Effect::Broken(Rule::Issuer);
        }
        match &callback.answer {
            Answer::Code(code) => {
                self.phase = Phase::Exchanging { again };
                Effect::Exchange(code.clone())
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

    /// Writes it as it is stored. The bytes hold secrets.
    pub fn to_json(&self) -> Zeroizing<Vec<u8>> {
        form_on_disk::write(self)
    }

    /// Reads what [`to_json`](Self::to_json) of this or an earlier version wrote.
    pub fn from_json(json: &[u8]) -> Result<Self, Unreadable> {
        form_on_disk::read(json, Self::VERSION)
    }
}

/// What happened to an attempt and when, for the app to show or to send to support.
/// No secret and no claim is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timeline(Vec<Moment>);

/// One line of a [`Timeline`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Seconds since the epoch.
    pub at: i64,
    /// A stable name, `callback.received` for example: see `docs/diagnostics.md`.
    pub event: String,
    /// More about it, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Timeline {
    /// A timeline does not grow for ever: later lines than this replace the last.
    const LONGEST: usize = 64;

    /// Adds a line.
    pub fn add(&mut self, at: i64, event: &str, note: Option<String>) {
        if self.0.len() >= Self::LONGEST {
            self.0.pop();
        }
        self.0.push(Moment {
            at,
            event: event.into(),
            note,
        });
    }

    /// All lines, oldest first.
    pub fn moments(&self) -> &[Moment] {
        &self.0
    }
}

impl fmt::Display for Timeline {
    /// One line each: seconds from the first, event, note.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = self.0.first().map_or(0, |first| first.at);
        for moment in &self.0 {
            write!(f, "{:>5} s  {}", moment.at - start, moment.event)?;
            match &moment.note {
                Some(note) => writeln!(f, "  ({note})")?,
                None => writeln!(f)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Provider;
    use alloc::string::ToString as _;

    fn registration(provider: Provider) -> Registration {
        Registration::new(provider, "client", "https://example.com/cb", false).unwrap()
    }

    fn begun() -> Attempt {
        let random = [1, 2, 3].map(|n| Random::new(&[n; 32]));
        let request = LoginRequest::new(Purpose::Login, ["a"]);
        let registration = registration(Provider::truid());
        Attempt::begin(&registration, request, &random, 1000, 600)
    }

    fn callback(answer: Answer) -> Callback {
        Callback {
            state: (&Random::new(&[1; 32])).into(),
            issuer: None,
            answer,
        }
    }

    fn code() -> Callback {
        callback(Answer::Code("C".into()))
    }

    fn at(attempt: &mut Attempt, callback: &Callback, now: i64, session: bool) -> Effect {
        attempt.step(Input::Callback {
            callback,
            now,
            session,
        })
    }

    fn invalid_grant() -> OAuthError {
        OAuthError::new("invalid_grant", None, &[])
    }

    #[test]
    fn the_callback_finds_its_attempt() {
        let attempt = begun();
        assert!(attempt.matches(&code()));
        assert_eq!(attempt.id(), AttemptId::of(&code().state));
        assert_eq!(attempt.id().as_str().len(), 22);
        assert!(attempt.is_pending(1599) && !attempt.is_pending(1600));
    }

    #[test]
    fn a_code_is_exchanged_once_and_the_same_link_gives_the_same_session() {
        let mut attempt = begun();
        let effect = at(&mut attempt, &code(), 1100, false);
        assert_eq!(effect, Effect::Exchange("C".into()));
        assert_eq!(attempt.phase, Phase::Exchanging { again: false });
        assert_eq!(attempt.step(Input::Exchanged), Effect::LoggedIn);
        assert_eq!(at(&mut attempt, &code(), 1101, true), Effect::LoggedIn);
        assert_eq!(at(&mut attempt, &code(), 9999, true), Effect::LoggedIn);
        assert_eq!(at(&mut attempt, &code(), 9999, false), Effect::Replayed);
    }

    #[test]
    fn a_process_that_died_after_storing_the_session_has_logged_in() {
        let mut attempt = begun();
        at(&mut attempt, &code(), 1100, false);
        let mut found = Attempt::from_json(&attempt.to_json()).unwrap();
        assert_eq!(at(&mut found, &code(), 1105, true), Effect::LoggedIn);
        assert_eq!(found.phase, Phase::Completed);
    }

    #[test]
    fn a_process_that_died_before_storing_the_session_is_followed_by_one_more_try() {
        let mut attempt = begun();
        at(&mut attempt, &code(), 1100, false);
        let mut found = Attempt::from_json(&attempt.to_json()).unwrap();
        let effect = at(&mut found, &code(), 1105, false);
        assert_eq!(effect, Effect::Exchange("C".into()));
        assert_eq!(
            found.step(Input::Refused(invalid_grant())),
            Effect::Refused {
                error: invalid_grant(),
                interrupted: true
            }
        );
    }

    #[test]
    fn a_code_that_never_left_can_be_tried_again() {
        let mut attempt = begun();
        at(&mut attempt, &code(), 1100, false);
        assert_eq!(attempt.step(Input::NotSent), Effect::TryAgain);
        assert_eq!(attempt.phase, Phase::Open);
        at(&mut attempt, &code(), 1101, false);
        assert_eq!(
            attempt.step(Input::Refused(invalid_grant())),
            Effect::Refused {
                error: invalid_grant(),
                interrupted: false
            }
        );
    }

    #[test]
    fn declined_stays_declined() {
        let mut attempt = begun();
        let declined = callback(Answer::Declined);
        assert_eq!(at(&mut attempt, &declined, 1001, false), Effect::Declined);
        assert_eq!(at(&mut attempt, &code(), 1002, false), Effect::Declined);
    }

    #[test]
    fn a_refusal_behind_a_code_cannot_take_it_back() {
        let mut attempt = begun();
        at(&mut attempt, &code(), 1100, false);
        let declined = callback(Answer::Declined);
        assert_eq!(at(&mut attempt, &declined, 1101, false), Effect::TryAgain);
        assert_eq!(attempt.phase, Phase::Exchanging { again: false });
    }

    #[test]
    fn too_late_is_expired() {
        let mut attempt = begun();
        assert_eq!(at(&mut attempt, &code(), 1600, false), Effect::Expired);
        assert_eq!(attempt.phase, Phase::Open);
    }

    #[test]
    fn a_promised_issuer_must_be_named() {
        let random = [1, 2, 3].map(|n| Random::new(&[n; 32]));
        let registration = registration(Provider::truid().with_issuer("https://id.example"));
        for (issuer, good) in [
            (Some("https://id.example"), true),
            (Some("https://id.example/"), false),
            (Some("https://evil.example"), false),
            (None, false),
        ] {
            let request = LoginRequest::new(Purpose::Login, ["a"]);
            let mut attempt = Attempt::begin(&registration, request, &random, 0, 9);
            let mut callback = code();
            callback.issuer = issuer.map(Into::into);
            let effect = at(&mut attempt, &callback, 1, false);
            assert_eq!(effect == Effect::Exchange("C".into()), good, "{issuer:?}");
            assert_eq!(effect == Effect::Broken(Rule::Issuer), !good, "{issuer:?}");
        }
    }

    #[test]
    fn the_url_is_the_same_whenever_it_is_asked_for() {
        let attempt = begun();
        let registration = registration(Provider::truid());
        let found = Attempt::from_json(&attempt.to_json()).unwrap();
        assert_eq!(
            found.url(&registration).unwrap(),
            attempt.url(&registration).unwrap()
        );
    }

    #[test]
    fn a_timeline_is_bounded_and_readable() {
        let mut timeline = Timeline::default();
        timeline.add(10, "login.begun", None);
        timeline.add(12, "callback.received", Some("code".into()));
        assert_eq!(
            timeline.to_string(),
            "    0 s  login.begun\n    2 s  callback.received  (code)\n"
        );
        for n in 0..100 {
            timeline.add(n, "x", None);
        }
        assert_eq!(timeline.moments().len(), Timeline::LONGEST);
    }

    /// Written by version 1 and never changed again: a later version must read it.
    #[test]
    fn the_frozen_form_of_version_1_is_read() {
        let fixture = include_bytes!("../fixtures/attempt-v1.json");
        let mut attempt = Attempt::from_json(fixture).unwrap();
        assert_eq!(attempt.phase, Phase::Exchanging { again: false });
        assert_eq!(attempt.nonce().unwrap().expose(), "frozen-nonce");
        assert_eq!(attempt.timeline.moments()[0].event, "login.begun");
        let callback = Callback {
            state: "frozen-state".into(),
            issuer: Some("https://id.example".into()),
            answer: Answer::Code("C".into()),
        };
        assert!(attempt.matches(&callback));
        let effect = at(&mut attempt, &callback, 1_700_000_001, false);
        assert_eq!(effect, Effect::Exchange("C".into()));
        assert_eq!(attempt.code_verifier().expose(), "frozen-verifier");
    }
}
