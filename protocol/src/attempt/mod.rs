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
//! [`step`] decides: what is stored, and what happens, give what is to be stored and what
//! is to be done. Its caller stores the new state by compare and set on
//! [`Attempt::generation`], starts over where another was faster, and then does what the
//! [`Effect`]s ask, in their order. `Exchanging` is stored before the code is sent, so that
//! a process that dies in between leaves a mark: the next one looks for the session, and
//! sends the code once more only where there is none. Should the first have arrived
//! after all, its tokens are revoked by the second, and the answer is a refusal with
//! the reason known. While its holder lives the mark is a [`Lease`], and others wait.
//!
//! Through a backend it is the same, with the whole callback in place of the code: it is
//! forwarded whatever it says, under the same mark, and the backend's answer ends it.

mod id;
mod mediated;
mod step;
mod timeline;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::authorization::{AuthorizationError, AuthorizationRequest};
use crate::callback::Callback;
use crate::grant::Grant;
use crate::identity::id_token::IdToken;
use crate::lease::{Caller, Lease};
use crate::oauth_error::readable;
use crate::rule::Rule;
use crate::secret::{stored, stored_option};
use crate::stored::{self as form_on_disk, Generation, Unreadable};
use crate::time::Time;
use crate::token::{Field, TokenFailure, TokenResponse};
use crate::{Environment, OAuthError, Origin, Purpose, Random, RedirectUri, Registration, Secret};

pub use id::{AttemptId, InvalidId};
use mediated::Mediated;
pub use step::step;
pub use timeline::{Timeline, TimelineEntry};

/// What a login is to be: the caller's half of an attempt.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoginRequest {
    /// What for.
    pub purpose: Purpose,
    /// Data points to ask for, one an entry. In mediated mode the backend decides, and this
    /// is empty.
    pub scope: Vec<String>,
    /// Send a `nonce` for the ID token to repeat (OpenID Connect Core §3.1.2.1): where one comes
    /// that does not, nobody is logged in. False in mediated mode.
    pub nonce: bool,
    /// More parameters for the authorization request, none of
    /// [`RESERVED_PARAMETERS`](crate::authorization::RESERVED_PARAMETERS); in mediated mode
    /// for the backend, whatever they are.
    pub extra: BTreeMap<String, String>,
    /// Whoever logs in must be this person, by the subject of an earlier session.
    pub subject: Option<Secret>,
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
            subject: None,
        }
    }

    /// A login for this purpose through a backend, which decides what it asks for.
    pub fn mediated(purpose: Purpose) -> Self {
        Self::new(purpose, [""; 0])
    }

    /// Whoever logs in must be the person of an earlier session, by its subject: somebody
    /// else's login is dropped, and does not take that person's place silently.
    pub fn for_person(mut self, subject: Secret) -> Self {
        self.subject = Some(subject);
        self
    }
}

impl fmt::Debug for LoginRequest {
    /// Without the values of `extra`, which may be about a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginRequest")
            .field("purpose", &self.purpose)
            .field("scope", &self.scope)
            .field("nonce", &self.nonce)
            .field("extra", &self.extra.keys())
            .finish()
    }
}

/// One login, from its beginning to its end, as it is stored.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    version: u32,
    /// Which state of it this is: the next one is stored only where this one still is.
    #[serde(default)]
    pub generation: Generation,
    /// What for.
    pub purpose: Purpose,
    /// The data points that were asked for.
    pub scope: Vec<String>,
    /// The redirect URI that was sent, and must be sent again with the code.
    pub redirect_uri: String,
    /// When it began.
    pub begun_at: Time,
    /// When a callback comes too late by the wall clock, in seconds since the epoch.
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
    /// The issuer that a callback must name, where one is configured.
    #[serde(default)]
    issuer: Option<String>,
    /// The host of the service, where none is: an issuer there is the service's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    #[serde(default)]
    extra: BTreeMap<String, String>,
    #[serde(with = "stored_option", default)]
    subject: Option<Secret>,
    /// Whether it was refused after its code may have been spent.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    interrupted: bool,
    /// Where it goes through a backend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mediated: Option<Mediated>,
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
        /// By whom, and since when. Version 1 did not say.
        #[serde(default)]
        lease: Option<Lease>,
        /// Whether a mark of an earlier process was found: the code may have been spent.
        again: bool,
    },
    /// There is, or was, a session.
    Completed,
    /// The person declined.
    Declined,
    /// The service refused.
    Refused(OAuthError),
    /// Somebody else logged in than was asked for; the tokens were dropped.
    OtherPerson,
    /// The backend does not know this login any more.
    Forgotten,
}

/// What there is of an attempt's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredSession {
    /// Nothing: it was not stored yet, or was removed.
    Absent,
    /// It is there, and it is not known yet whether it belongs to the person whom the login
    /// was for.
    Unconfirmed,
    /// It is there.
    Active,
    /// It is there, and over.
    Ended,
}

impl StoredSession {
    /// What there is, by the grant that is stored.
    pub fn of(grant: Option<&Grant>) -> Self {
        match grant {
            None => Self::Absent,
            Some(grant) if grant.is_over() => Self::Ended,
            Some(grant) if grant.is_unconfirmed() => Self::Unconfirmed,
            Some(_) => Self::Active,
        }
    }
}

/// What happens to an attempt.
///
/// An input with a lease says what came of a request that was sent under it. Where the
/// attempt has another lease by then, the input comes too late and changes nothing.
#[derive(Clone, Debug)]
pub enum Input {
    /// A callback with this attempt's state came.
    Callback {
        /// The callback.
        callback: Callback,
        /// What time it is.
        now: Time,
        /// Who has it.
        caller: Caller,
        /// What there is of this attempt's session.
        session: StoredSession,
    },
    /// The session is stored.
    SessionStored,
    /// The tokens are another person's than this login was for.
    OtherPerson,
    /// The token endpoint, or the backend, gave no session.
    Failed {
        /// Under which lease it was asked.
        lease: Lease,
        /// Why.
        failure: TokenFailure,
    },
    /// The person declined: the callback that was forwarded says so.
    Declined {
        /// Under which lease it was forwarded.
        lease: Lease,
    },
    /// The login was refused for good: by the callback that was forwarded, or by the backend.
    Refused {
        /// Under which lease it was forwarded.
        lease: Lease,
        /// Why.
        error: OAuthError,
    },
    /// The backend does not know this login any more.
    Forgotten {
        /// Under which lease it was asked.
        lease: Lease,
        /// What it says about it.
        error: OAuthError,
    },
    /// The request never left: the network was not there.
    NotSent {
        /// Under which lease.
        lease: Lease,
    },
    /// The request left, and no answer came back that says whether the code was used.
    Lost {
        /// Under which lease.
        lease: Lease,
    },
}

/// What became of a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is a session.
    LoggedIn,
    /// There was a session, and it is gone.
    Replayed,
    /// The person declined.
    Declined,
    /// The service refused.
    Refused {
        /// In the service's words.
        error: OAuthError,
        /// Whether the code may have been spent by a process that died before it could
        /// store what it got.
        interrupted: bool,
    },
    /// The callback came after the deadline.
    Expired,
    /// Another person logged in than was asked for.
    OtherPerson,
    /// The backend does not know this login any more: only a new one helps.
    Forgotten,
    /// There is no such attempt.
    Unknown,
}

/// What to do next, after the new state has been stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send this code to the token endpoint, with [`Attempt::code_verifier`], while the
    /// lease lets you, and say what came of it.
    Exchange {
        /// The code.
        code: Secret,
        /// Until when.
        lease: Lease,
    },
    /// Forward the callback to the backend, with [`Attempt::cookies`], while the lease lets
    /// you, and say what came of it.
    Forward {
        /// Until when.
        lease: Lease,
    },
    /// Another process has sent the code: look again soon, and after so many seconds at the
    /// latest.
    Wait {
        /// Seconds.
        at_most: i64,
    },
    /// Another process went on with it: look again.
    Reload,
    /// Ask the service whose the session is, then look again.
    Confirm,
    /// Remove the session: it is another person's.
    EndSession,
    /// The same link may be tried again.
    TryAgain {
        /// Seconds to wait, where the service said so.
        retry_after: Option<u32>,
        /// What the service sent, where it broke a rule.
        broken: Option<Rule>,
    },
    /// The service refuses this client, not this person: the configuration is wrong. The
    /// code was not used.
    Misconfigured(OAuthError),
    /// The callback names this issuer, none is configured, and it is not on the service's own
    /// host. The configuration is to say whether it is the service's. The code was not used.
    UnknownIssuer(String),
    /// The callback or the tokens are not of this login, which is refused.
    Broken(Rule),
    /// Nothing more is to be done.
    Done(Outcome),
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("id", &self.id())
            .field("purpose", &self.purpose)
            .field("deadline", &self.deadline)
            .field("phase", &self.phase)
            .finish_non_exhaustive()
    }
}

impl Attempt {
    /// The form that is stored now.
    pub const VERSION: u32 = 3;

    /// Begins an attempt.
    ///
    /// `state`, `code_verifier` and `nonce` are fresh random values, `timeout` is in
    /// seconds.
    pub fn begin(
        registration: &Registration,
        request: LoginRequest,
        [state, code_verifier, nonce]: &[Random; 3],
        now: Time,
        timeout: i64,
    ) -> Self {
        let redirect_uri = registration.redirect_uris().of(request.purpose);
        let redirect_uri = redirect_uri.as_str().into();
        Self {
            version: Self::VERSION,
            generation: 0,
            purpose: request.purpose,
            scope: request.scope,
            redirect_uri,
            begun_at: now,
            deadline: now.wall.saturating_add(timeout),
            phase: Phase::Open,
            timeline: Timeline::default(),
            state: state.into(),
            code_verifier: code_verifier.into(),
            nonce: request.nonce.then(|| nonce.into()),
            issuer: registration.provider().issuer().map(Into::into),
            host: match registration.provider().issuer() {
                Some(_) => None,
                None => Origin::of(registration.provider().base_url())
                    .map(|origin| origin.host().into()),
            },
            extra: request.extra,
            subject: request.subject,
            interrupted: false,
            mediated: None,
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

    /// Who logged in, by the ID token that came with the tokens, where one came that is for this
    /// client and from the expected issuer.
    ///
    /// # Errors
    /// [`Rule::Nonce`]: it does not repeat the `nonce` that was sent, or cannot be read. It may
    /// be of another login (OpenID Connect Core §3.1.3.7, rule 11).
    pub fn identify(
        &self,
        tokens: &TokenResponse,
        client_id: &str,
    ) -> Result<Option<Secret>, Rule> {
        let id_token = match &tokens.id_token {
            Field::Absent => return Ok(None),
            Field::Unreadable => None,
            Field::Present(id_token) => IdToken::read(id_token),
        };
        let repeated = id_token.as_ref().map(|id_token| &id_token.nonce);
        let is_repeated =
            |nonce| matches!(repeated, Some(Field::Present(repeated)) if repeated == nonce);
        if !self.nonce.as_ref().is_none_or(is_repeated) {
            return Err(Rule::Nonce);
        }
        let id_token = id_token.filter(|known| known.is_for(client_id, self.issuer.as_deref()));
        Ok(id_token.and_then(|id_token| id_token.subject.ok()))
    }

    /// The issuer that a callback names though none is configured. What is to be configured is
    /// worth a line in the log.
    pub fn unconfigured_issuer(&self, callback: &Callback) -> Option<String> {
        let is_open = self.issuer.is_none() && self.mediated.is_none();
        let named = callback.issuer.as_deref().filter(|_| is_open);
        named.map(|issuer| readable(issuer, &[]))
    }

    /// Whether an issuer is on the host of the service, or on one above or below it.
    fn is_on_own_host(&self, issuer: &str) -> bool {
        let Some((origin, host)) = Origin::of(issuer).zip(self.host.as_deref()) else {
            return false;
        };
        let is_below = |below: &str, above: &str| {
            // A whole country is above many, and there is nothing above an address.
            let is_domain = above.contains('.') && above.ends_with(|c: char| c.is_alphabetic());
            let rest = below.strip_suffix(above).filter(|_| is_domain);
            rest.is_some_and(|rest| rest.ends_with('.'))
        };
        origin.host() == host || is_below(origin.host(), host) || is_below(host, origin.host())
    }

    /// Who must log in, where that was said.
    pub fn subject(&self) -> Option<&Secret> {
        self.subject.as_ref()
    }

    /// Who is exchanging the code, where somebody is.
    pub fn lease(&self) -> Option<&Lease> {
        match &self.phase {
            Phase::Exchanging { lease, .. } => lease.as_ref(),
            _ => None,
        }
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
    pub fn is_pending(&self, now: &Time) -> bool {
        matches!(self.phase, Phase::Open | Phase::Exchanging { .. }) && !self.is_expired(now)
    }

    /// Whether its code is under way at this moment, as far as is known of who sent it.
    pub fn is_being_exchanged(&self, now: &Time, holder_has_ended: bool) -> bool {
        let lease = self.lease().filter(|_| !holder_has_ended);
        lease.is_some_and(|lease| lease.holds(now))
    }

    /// Whether its code, or its callback, may have arrived before it is sent this time.
    pub fn may_have_been_sent(&self) -> bool {
        matches!(self.phase, Phase::Exchanging { again: true, .. })
    }

    /// Whether a callback comes too late. Where nobody can tell how much time has passed, it
    /// is in time: the service knows how long a code lives.
    fn is_expired(&self, now: &Time) -> bool {
        let timeout = self.deadline.saturating_sub(self.begun_at.wall);
        now.since(&self.begun_at)
            .is_some_and(|passed| passed >= timeout)
    }

    /// Whether a callback is this attempt's: it came to the redirect URI that was sent, and has
    /// its state, compared in constant time.
    ///
    /// The redirect URI tells one authorization server from another where none says who it is
    /// (RFC 9700 §4.4.2.2).
    pub fn matches(&self, callback: &Callback) -> bool {
        self.has_redirect_uri(&callback.redirect_uri)
            && (self.has_state(&callback.state) || self.awaits_unknown_state())
    }

    /// Whether this is the redirect URI that was sent, however it is written now.
    pub fn has_redirect_uri(&self, redirect_uri: &str) -> bool {
        let sent = || RedirectUri::new(&self.redirect_uri, Environment::Test);
        self.redirect_uri == redirect_uri || sent().is_ok_and(|sent| sent.leads_here(redirect_uri))
    }

    /// Writes it as it is stored. The bytes hold secrets.
    pub fn to_json(&self) -> Zeroizing<Vec<u8>> {
        form_on_disk::write(self)
    }

    /// Reads what [`to_json`](Self::to_json) of this or an earlier version wrote.
    pub fn from_json(json: &[u8]) -> Result<Self, Unreadable> {
        let mut attempt: Self = form_on_disk::read(json, Self::VERSION)?;
        // It is written as what it is read as.
        attempt.version = Self::VERSION;
        Ok(attempt)
    }
}

#[cfg(test)]
mod tests;
