//! A login from its start to its end, as a state machine (RFC 6749 §4.1, RFC 7636, RFC 9207 §2.4).
//!
//! An attempt outlives the process that started it: the app stores it before it opens the URL,
//! and finds it again by the `state` of the callback.
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
//! | event ([`Input`]) | phase before | phase after | to do ([`Effect`]) |
//! |---|---|---|---|
//! | callback with a code | `Open` | `Exchanging` | `Exchange` |
//! | callback with a code | `Exchanging`, lease holds | unchanged | `Wait` |
//! | callback with a code | `Exchanging`, no lease holds | `Exchanging`, `again` | `Exchange` |
//! | callback, session stored | any but `OtherPerson` | `Completed` | `Done` |
//! | callback, session unconfirmed | any but `OtherPerson` | unchanged | `Confirm` |
//! | callback after the deadline | `Open`, `Exchanging` | unchanged | `Done(Expired)` |
//! | callback with another issuer | `Open`, `Exchanging` | `Refused` | `Broken` |
//! | callback with an error | `Open` | `Declined`, `Refused` | `Done` |
//! | session stored | any | `Completed` | `Done(LoggedIn)` |
//! | tokens of another person | any | `OtherPerson` | `EndSession`, `Done` |
//! | refused by the token endpoint | `Exchanging` | `Refused` | `Done` |
//! | refused client, busy, not sent | `Exchanging` | `Open` [^again] | `Misconfigured`, `TryAgain` |
//! | lost answer, 5xx, unreadable answer | `Exchanging` | `Exchanging`, no lease | `TryAgain` |
//! | any report under an old lease | any | unchanged | `Reload` |
//!
//! [^again]: `Exchanging` without a lease, if the code may have been sent before.
//!
//! [`step()`] makes one transition. Its caller stores the new state by compare and set on
//! [`Attempt::generation`], starts again if another process was faster, and then carries out the
//! effects in their order.
//!
//! Before you change it: a code is single use, and a process can end at any point. Therefore
//! `Exchanging` is stored before the code is sent. A process that finds `Exchanging` first looks
//! for the session, and sends the code a second time only if there is none. If the first request
//! arrived after all, the server revokes its tokens at the second (RFC 6749 §4.1.2), and the
//! refusal says `interrupted`.
//!
//! A login through a backend has the same machine: the app forwards the whole callback, with any
//! content, in place of the code, and the answer of the backend decides.

mod id;
mod mediated;
mod step;
mod timeline;

use alloc::borrow::Cow;
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
use crate::signature::SignRequest;
use crate::stored::{self as stored_form, Generation, Unreadable};
use crate::time::Time;
use crate::token::{Field, TokenFailure, TokenResponse};
use crate::{Environment, OAuthError, Origin, Purpose, Random, RedirectUri, Registration, Secret};

pub use id::{AttemptId, InvalidId};
use mediated::Mediated;
pub use step::step;
pub use timeline::{Timeline, TimelineEntry};

/// The caller's part of an attempt.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoginRequest {
    /// The purpose of the login.
    pub purpose: Purpose,
    /// The data points to request, one in each entry. Empty in mediated mode, where the backend
    /// decides.
    pub scope: Vec<String>,
    /// Whether to send a `nonce` (OpenID Connect Core §3.1.2.1). An ID token that does not repeat
    /// it refuses the login. False in mediated mode.
    pub nonce: bool,
    /// More parameters of the authorization request, without
    /// [`RESERVED_PARAMETERS`](crate::authorization::RESERVED_PARAMETERS). In mediated mode, any
    /// parameters for the backend.
    pub extra: BTreeMap<String, String>,
    /// The person who must log in: the subject of an earlier session.
    pub subject: Option<Secret>,
    /// What the person signs, if the purpose is [`Purpose::Signing`]. `None` in mediated mode,
    /// where the backend decides.
    pub sign: Option<SignRequest>,
}

impl LoginRequest {
    /// A login for this purpose that requests these data points.
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
            sign: None,
        }
    }

    /// A login in which the person signs a document. It also requests these data points of the
    /// signatory.
    pub fn signing<S: Into<String>>(
        request: SignRequest,
        scope: impl IntoIterator<Item = S>,
    ) -> Self {
        Self {
            sign: Some(request),
            ..Self::new(Purpose::Signing, scope)
        }
    }

    /// A login for this purpose through a backend, which decides the data points.
    pub fn mediated(purpose: Purpose) -> Self {
        Self::new(purpose, [""; 0])
    }

    /// Accepts only the person with this subject, which comes from an earlier session. A login by
    /// another person is refused.
    pub fn for_person(mut self, subject: Secret) -> Self {
        self.subject = Some(subject);
        self
    }
}

impl fmt::Debug for LoginRequest {
    /// Without the values of `extra`, which may be personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginRequest")
            .field("purpose", &self.purpose)
            .field("scope", &self.scope)
            .field("nonce", &self.nonce)
            .field("extra", &self.extra.keys())
            .finish()
    }
}

/// One login, in its stored form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    version: u32,
    /// The number of this state. A store replaces the state only if this number is unchanged.
    #[serde(default)]
    pub generation: Generation,
    /// The purpose of the login.
    pub purpose: Purpose,
    /// The requested data points.
    pub scope: Vec<String>,
    /// The redirect URI of the authorization request. The token request repeats it.
    pub redirect_uri: String,
    /// When the login started.
    pub begun_at: Time,
    /// The last time for a callback by the wall clock, in seconds since the epoch.
    pub deadline: i64,
    /// The phase.
    pub phase: Phase,
    /// The events so far.
    pub timeline: Timeline,
    #[serde(with = "stored")]
    state: Secret,
    #[serde(with = "stored")]
    code_verifier: Secret,
    #[serde(with = "stored_option", default)]
    nonce: Option<Secret>,
    /// The configured issuer, which a callback must name.
    #[serde(default)]
    issuer: Option<String>,
    /// Without a configured issuer, the host of the service. An issuer on this host is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    #[serde(default)]
    extra: BTreeMap<String, String>,
    #[serde(with = "stored_option", default)]
    subject: Option<Secret>,
    /// What the person signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sign: Option<SignRequest>,
    /// Whether the code may have been used before it was refused.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    interrupted: bool,
    /// The data of a login through a backend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mediated: Option<Mediated>,
}

/// The phase of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Phase {
    /// The URL was returned to the app, and no callback has come.
    Open,
    /// The code was sent, or is about to be sent.
    Exchanging {
        /// The sender's lease. `None` after a lost answer, and in version 1.
        #[serde(default)]
        lease: Option<Lease>,
        /// Whether the code may have been sent before.
        again: bool,
    },
    /// A session was stored. It may have ended since.
    Completed,
    /// The person declined.
    Declined,
    /// The service refused.
    Refused(OAuthError),
    /// The person who logged in is not the requested one. The tokens were deleted.
    OtherPerson,
    /// The backend no longer knows this login.
    Forgotten,
}

/// The state of an attempt's session in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredSession {
    /// It was not stored yet, or was deleted.
    Absent,
    /// It is stored, but its person is not known yet, and the login accepts one person only.
    Unconfirmed,
    /// It is stored and has not ended.
    Active,
    /// It is stored and has ended.
    Ended,
}

impl StoredSession {
    /// The state of this stored grant.
    pub fn of(grant: Option<&Grant>) -> Self {
        match grant {
            None => Self::Absent,
            Some(grant) if grant.is_over() => Self::Ended,
            Some(grant) if grant.is_unconfirmed() => Self::Unconfirmed,
            Some(_) => Self::Active,
        }
    }
}

/// An event.
///
/// An input with a lease reports the result of a request that was sent under this lease. If the
/// attempt has another lease now, the report is too late and changes nothing.
#[derive(Clone, Debug)]
pub enum Input {
    /// A callback with this attempt's `state` arrived.
    Callback {
        /// The callback.
        callback: Callback,
        /// The time of this event.
        now: Time,
        /// The process that received it.
        caller: Caller,
        /// The state of this attempt's session.
        session: StoredSession,
    },
    /// The session is stored.
    SessionStored,
    /// The tokens belong to a person whom the login does not accept.
    OtherPerson,
    /// The token endpoint or the backend returned no session.
    Failed {
        /// The lease of the request.
        lease: Lease,
        /// The reason.
        failure: TokenFailure,
    },
    /// The forwarded callback says that the person declined.
    Declined {
        /// The lease of the request.
        lease: Lease,
    },
    /// The forwarded callback or the backend refused the login permanently.
    Refused {
        /// The lease of the request.
        lease: Lease,
        /// The reason.
        error: OAuthError,
    },
    /// The backend no longer knows this login.
    Forgotten {
        /// The lease of the request.
        lease: Lease,
        /// The error in the backend's answer.
        error: OAuthError,
    },
    /// The request was not sent: there was no network.
    NotSent {
        /// The lease of the request.
        lease: Lease,
    },
    /// The request was sent, and no answer came that says whether the code was used.
    Lost {
        /// The lease of the request.
        lease: Lease,
    },
}

/// The result of a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is a session.
    LoggedIn,
    /// The login was completed before, and its session has ended.
    Replayed,
    /// The person declined.
    Declined,
    /// The service refused.
    Refused {
        /// The service's error.
        error: OAuthError,
        /// Whether an earlier process may have used the code and ended before it stored the
        /// tokens.
        interrupted: bool,
    },
    /// The callback came after the deadline.
    Expired,
    /// The person who logged in is not the one that the login accepts.
    OtherPerson,
    /// The backend no longer knows this login: start a new one.
    Forgotten,
    /// No such attempt is stored.
    Unknown,
}

/// An action for the caller, after it has stored the new state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send this code to the token endpoint with [`Attempt::code_verifier`], if
    /// [`Lease::may_send`] allows it, and report the result.
    Exchange {
        /// The code.
        code: Secret,
        /// The lease to report under.
        lease: Lease,
    },
    /// Forward the callback to the backend with [`Attempt::cookies`], if [`Lease::may_send`]
    /// allows it, and report the result.
    Forward {
        /// The lease to report under.
        lease: Lease,
    },
    /// Another process has sent the code: read the stored attempt again until it has changed.
    Wait {
        /// The seconds after which its lease expires.
        at_most: i64,
    },
    /// Another process has changed the attempt: read the stored one again.
    Reload,
    /// Request user info or a presentation to learn whose session it is, then apply the callback
    /// again.
    Confirm,
    /// Delete the session: it is another person's.
    EndSession,
    /// The same callback may be applied again.
    TryAgain {
        /// Seconds to wait, if the service says so.
        retry_after: Option<u32>,
        /// The rule that the service's answer broke, if it broke one.
        broken: Option<Rule>,
    },
    /// The service refuses the client, not the person: the configuration is wrong. The code was
    /// not used.
    Misconfigured(OAuthError),
    /// No issuer is configured, and the callback names this one, which is not on the service's
    /// host. The configuration must say whether it is the service's. The code was not used.
    UnknownIssuer(String),
    /// The callback or the tokens do not belong to this login. The login is refused.
    Broken(Rule),
    /// The login has this result.
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
    /// The version of the stored form.
    pub const VERSION: u32 = 3;

    /// Starts an attempt. `timeout` is in seconds.
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
            sign: request.sign,
            interrupted: false,
            mediated: None,
        }
    }

    /// Its id.
    pub fn id(&self) -> AttemptId {
        AttemptId::of(&self.state)
    }

    /// The PKCE verifier, for the token request.
    pub fn code_verifier(&self) -> &Secret {
        &self.code_verifier
    }

    /// The subject of the ID token that came with the tokens. `None` if there is no ID token, or
    /// it is not for this client or not from the configured issuer.
    ///
    /// # Errors
    /// [`Rule::Nonce`]: the ID token is unreadable or does not repeat the `nonce`, so it may belong
    /// to another login (OpenID Connect Core §3.1.3.7, rule 11).
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

    /// The issuer that a callback names while none is configured. Log it, so that a developer
    /// configures it.
    pub fn unconfigured_issuer(&self, callback: &Callback) -> Option<String> {
        let is_open = self.issuer.is_none() && self.mediated.is_none();
        let named = callback.issuer.as_deref().filter(|_| is_open);
        named.map(|issuer| readable(issuer, &[]))
    }

    /// Whether an issuer is on the host of the service, on a parent domain or on a subdomain.
    fn is_on_own_host(&self, issuer: &str) -> bool {
        let Some((origin, host)) = Origin::of(issuer).zip(self.host.as_deref()) else {
            return false;
        };
        let is_below = |below: &str, above: &str| {
            // A top-level domain is the parent of unrelated hosts, and an IP address has no parent.
            let is_domain = above.contains('.') && above.ends_with(|c: char| c.is_alphabetic());
            let rest = below.strip_suffix(above).filter(|_| is_domain);
            rest.is_some_and(|rest| rest.ends_with('.'))
        };
        origin.host() == host || is_below(origin.host(), host) || is_below(host, origin.host())
    }

    /// What the person signs, if this login is for that.
    pub fn sign_request(&self) -> Option<&SignRequest> {
        self.sign.as_ref()
    }

    /// The person who must log in, if the request named one.
    pub fn subject(&self) -> Option<&Secret> {
        self.subject.as_ref()
    }

    /// The lease of the process that exchanges the code now.
    pub fn lease(&self) -> Option<&Lease> {
        match &self.phase {
            Phase::Exchanging { lease, .. } => lease.as_ref(),
            _ => None,
        }
    }

    /// The authorization URL. It is the same at each call.
    ///
    /// # Errors
    /// The request is invalid. Call this before you store the attempt.
    pub fn url(&self, registration: &Registration) -> Result<String, AuthorizationError> {
        let provider = registration.provider();
        let mut extra = Cow::Borrowed(&self.extra);
        if self.purpose == Purpose::Signing {
            let sign = self
                .sign
                .as_ref()
                .ok_or(AuthorizationError::NothingToSign)?;
            if let Some(text) = sign.text_with_control_character() {
                return Err(AuthorizationError::ControlCharacter(text));
            }
            let parameters = provider.signing_parameters(sign);
            extra.to_mut().extend(parameters);
        }
        AuthorizationRequest {
            purpose: self.purpose,
            scope: &self.scope,
            state: self.state.expose(),
            code_verifier: self.code_verifier.expose(),
            nonce: self.nonce.as_ref().map(Secret::expose),
            extra: &extra,
        }
        .url(registration)
    }

    /// Whether it waits for a callback or its answer, before the deadline.
    pub fn is_pending(&self, now: &Time) -> bool {
        matches!(self.phase, Phase::Open | Phase::Exchanging { .. }) && !self.is_expired(now)
    }

    /// Whether a process that holds a lease exchanges the code now. `holder_has_ended` says that
    /// this process is known to have ended.
    pub fn is_being_exchanged(&self, now: &Time, holder_has_ended: bool) -> bool {
        let lease = self.lease().filter(|_| !holder_has_ended);
        lease.is_some_and(|lease| lease.holds(now))
    }

    /// Whether the code or callback may have been sent before the current request.
    pub fn may_have_been_sent(&self) -> bool {
        matches!(self.phase, Phase::Exchanging { again: true, .. })
    }

    /// Whether the deadline has passed. If the clocks cannot say how much time has passed, the
    /// attempt has not expired: the service checks the lifetime of the code.
    fn is_expired(&self, now: &Time) -> bool {
        let timeout = self.deadline.saturating_sub(self.begun_at.wall);
        now.since(&self.begun_at)
            .is_some_and(|passed| passed >= timeout)
    }

    /// Whether a callback belongs to this attempt: it came to the redirect URI of the request and
    /// has the `state` of the request, compared in constant time.
    ///
    /// If the servers name no issuer, a separate redirect URI for each server prevents mix-up
    /// (RFC 9700 §4.4.2.2).
    pub fn matches(&self, callback: &Callback) -> bool {
        self.has_redirect_uri(&callback.redirect_uri)
            && (self.has_state(&callback.state) || self.awaits_unknown_state())
    }

    /// Whether this is the redirect URI of the request, in any equivalent spelling.
    pub fn has_redirect_uri(&self, redirect_uri: &str) -> bool {
        let sent = || RedirectUri::new(&self.redirect_uri, Environment::Test);
        self.redirect_uri == redirect_uri || sent().is_ok_and(|sent| sent.matches(redirect_uri))
    }

    /// The stored form. The bytes have secrets.
    pub fn to_json(&self) -> Zeroizing<Vec<u8>> {
        stored_form::write(self)
    }

    /// Reads the stored form of this version or an earlier one.
    pub fn from_json(json: &[u8]) -> Result<Self, Unreadable> {
        let mut attempt: Self = stored_form::read(json, Self::VERSION)?;
        // The next write uses the current version.
        attempt.version = Self::VERSION;
        Ok(attempt)
    }
}

#[cfg(test)]
mod tests;
