//! The tokens of a session as a state machine: an access token, a refresh token, and the rule
//! that a refresh token is used once (RFC 6749 §6, RFC 9700 §4.14.2).
//!
//! ```text
//!                      token expired           answered, by CAS
//!            ┌──▶ Ready ───────────▶ Rotating ─────────────────▶ Ready, with the new pair
//!            │      ▲       lease    │  │ │ │
//!            │      │    not sent    │  │ │ │ refused, or an unknown error twice
//!            │      └────────────────┘  │ │ └───────▶ Over (reason) ◀─── refused, again: true
//!            │     no answer, or        │ │
//!            │   first unknown error    │ │ holder has ended, or lease has expired
//!            │                          ▼ ▼
//!            └─────────────────── Interrupted ──▶ Rotating, again: true
//!                  late answer          after the old access token has expired
//!
//!   log-out, from every phase: the stored grant is deleted, and no event restores it
//! ```
//!
//! | event ([`Input`]) | phase before | phase after | to do ([`Effect`]) |
//! |---|---|---|---|
//! | use, access token valid | any but `Over` | unchanged | `ReturnToken` |
//! | use, access token due | `Ready` | `Rotating` | `Refresh` |
//! | use, access token expired | `Rotating`, lease holds | unchanged | `Wait` |
//! | use, access token expired | `Interrupted`, or no lease holds | `Rotating`, `again` | `Refresh` |
//! | use, no refresh token | `Ready` | `Over(Expired)` | `LoginRequired` |
//! | answer with tokens | `Rotating`, `Interrupted` | `Ready` | `ReturnToken` |
//! | answer with tokens of another person | the same | `Over(OtherPerson)` | `Revoke`, `LoginRequired` |
//! | `invalid_grant` and similar | `Rotating` | `Over` | `LoginRequired` |
//! | refused client, busy, not sent | `Rotating` | `Ready` [^again] | `Misconfigured`, `TryAgain` |
//! | lost answer, 5xx, first unknown error | `Rotating` | `Interrupted` | `TryAgain` |
//! | any report about an old rotation | any | unchanged | `Reload` |
//! | log-out | any | deleted | `Revoke` |
//!
//! After a failed refresh, `ReturnToken` replaces `TryAgain` and `Misconfigured` while the old
//! access token is valid.
//!
//! [^again]: `Interrupted`, if the refresh token may have been sent before.
//!
//! [`step()`] makes one transition. Its caller stores the new state by compare and set on
//! [`Grant::generation`], starts again if another process was faster, and then carries out the
//! effects in their order.
//!
//! Before you change it: a service ends the whole grant when a refresh token is used twice
//! (RFC 9700 §4.14.2). Therefore `Rotating` is stored before the token is sent, with the sender's
//! [`Lease`] and with `again`, which says whether the token may have been sent before. A process
//! that finds `Rotating` waits while the lease holds. Then it uses the old access token until that
//! expires, and only then sends the refresh token again. A refusal of this second request is
//! [`SessionEnd::RotationInterrupted`]: the cause is a lost answer, not a log-out.
//!
//! An error code that no standard defines counts as a lost answer once. If the next answer is such
//! an error again and the access token has expired, the session ends.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::cookies::Jar;
use crate::identity::id_token_subject;
use crate::lease::{Caller, Lease};
use crate::rule::Rule;
use crate::secret::{stored, stored_option};
use crate::signature::SignRequest;
use crate::status::{Refusal, RequestKind, refusal};
use crate::stored::{self as stored_form, Generation, Unreadable};
use crate::time::Time;
use crate::token::{Field, TokenFailure, TokenResponse};
use crate::{OAuthError, Purpose, Secret};

mod step;

pub use step::step;

/// The tokens of one session and their phase, in the stored form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    version: u32,
    /// The number of this state. A store replaces the state only if this number is unchanged.
    #[serde(default)]
    pub generation: Generation,
    /// The purpose of the login.
    pub purpose: Purpose,
    /// When the person logged in, in seconds since the epoch.
    pub since: i64,
    /// The requested scope tokens.
    pub asked: Vec<String>,
    /// The granted scope tokens.
    pub granted: Vec<String>,
    /// The phase.
    pub phase: Phase,
    access: Option<Access>,
    #[serde(with = "stored_option", default)]
    refresh_token: Option<Secret>,
    /// The person who logged in, once known. A later answer about another person is refused. The
    /// subject outlives the tokens, so that the next login can be limited to the same person.
    #[serde(with = "stored_option", default)]
    subject: Option<Secret>,
    /// The only person whom the login accepts, until the subject is known.
    #[serde(
        with = "stored_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    expected: Option<Secret>,
    /// Unverified. This crate does not trust it.
    #[serde(with = "stored_option", default)]
    id_token: Option<Secret>,
    /// The error of the last refresh, if the service refused it. After the end of the session, the
    /// error that ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refusal: Option<OAuthError>,
    /// The time for which the service accepts no refresh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pause: Option<Pause>,
    /// The session at a backend that uses cookies in place of tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cookies: Option<Jar>,
    /// What the person signed. The signature is compared with it, also after the attempt was
    /// removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sign: Option<SignRequest>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Access {
    #[serde(with = "stored")]
    token: Secret,
    /// When it was requested. Its lifetime counts from this time.
    issued_at: Time,
    /// When it expires by the wall clock, in seconds since the epoch.
    expires_at: i64,
}

impl Access {
    fn life(&self) -> i64 {
        self.expires_at.saturating_sub(self.issued_at.wall)
    }

    /// Whether it stays valid for `seconds` more. If the clocks cannot say how old it is, it does
    /// not count as valid.
    fn lives(&self, now: &Time, seconds: i64) -> bool {
        let age = now.since(&self.issued_at);
        age.is_some_and(|age| age < self.life() - seconds)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Pause {
    since: Time,
    seconds: u32,
}

impl Pause {
    /// The longest pause, in seconds. A longer `Retry-After` is cut to it.
    const LONGEST: u32 = 3600;

    fn left(&self, now: &Time) -> Option<u32> {
        let passed = u32::try_from(now.since(&self.since)?).ok()?;
        let left = self.seconds.min(Self::LONGEST).checked_sub(passed)?;
        (left > 0).then_some(left)
    }
}

/// The phase of a grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Phase {
    /// The refresh token was not sent.
    Ready,
    /// The refresh token was sent, or is about to be sent.
    Rotating {
        /// The sender's lease. Version 1 did not store it.
        #[serde(default)]
        lease: Option<Lease>,
        /// The id of this rotation: the generation that stored this phase.
        #[serde(default)]
        rotation: Generation,
        /// Whether the token may have been sent before.
        again: bool,
        /// The earlier rotation, if known. Its answer is accepted until this rotation sends the
        /// token.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        follows: Option<Generation>,
    },
    /// The refresh token was sent, and no usable answer came.
    Interrupted {
        /// When it was interrupted.
        since: Time,
        /// The interrupted rotation. Its answer is still accepted.
        #[serde(default)]
        rotation: Generation,
    },
    /// The session has ended.
    Over(SessionEnd),
}

/// Why a session has ended, so that the person must log in again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionEnd {
    /// The app logged the person out.
    LoggedOut,
    /// The service ended it: the person logged out there, or was inactive for too long.
    Revoked,
    /// The access token has expired, and there is no refresh token.
    Expired,
    /// The service refused a refresh token whose first answer was lost: the app was killed, or
    /// the connection broke, between sending and storing. Or the service refused it twice in
    /// a row with error codes that no standard defines.
    RotationInterrupted,
    /// The service answered a refresh with the tokens of another person, or with an ID token
    /// without a readable subject. The tokens were deleted.
    OtherPerson,
    /// The service's backend no longer accepts the session.
    EndedByBackend,
    /// The stored session is damaged. It was moved to another name in the store.
    Damaged,
    /// There is no such session in this store.
    NoSession,
}

impl fmt::Display for SessionEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LoggedOut => "the person logged out",
            Self::Revoked => "the service ended the session",
            Self::Expired => "the access token expired and the service gave no refresh token",
            Self::RotationInterrupted => {
                "the answer to a refresh was lost or could not be used, and the service no longer \
                accepts the old refresh token"
            }
            Self::OtherPerson => {
                "the service answered a refresh with the tokens of another person, or with an ID \
                 token that cannot be read"
            }
            Self::EndedByBackend => "the service's backend no longer accepts the session",
            Self::Damaged => {
                "the stored session is damaged and was moved to another name in the store"
            }
            Self::NoSession => "there is no such session in the store",
        })
    }
}

/// An event.
#[derive(Clone, Debug)]
pub enum Input {
    /// A caller needs an access token.
    Use {
        /// The time of this event.
        now: Time,
        /// A token that expires in less than this many seconds is refreshed first. At most
        /// a quarter of its lifetime counts.
        skew: i64,
        /// A token that a resource has just refused (401), although it has not expired.
        rejected: Option<Secret>,
        /// The process that would refresh it.
        caller: Caller,
    },
    /// The token endpoint answered with tokens.
    Answered {
        /// The rotation of the request.
        rotation: Generation,
        /// When the request was sent.
        asked_at: Time,
        /// The tokens.
        tokens: TokenResponse,
        /// The lifetime of the access token, in seconds, if the answer does not say it.
        lifetime: i64,
    },
    /// The token endpoint answered without tokens.
    Failed {
        /// The rotation of the request.
        rotation: Generation,
        /// The time of this event.
        now: Time,
        /// The answer.
        failure: TokenFailure,
    },
    /// The request was not sent.
    NotSent {
        /// The rotation of the request.
        rotation: Generation,
        /// The time of this event.
        now: Time,
    },
    /// The request was sent, and no answer came.
    Lost {
        /// The rotation of the request.
        rotation: Generation,
        /// The time of this event.
        now: Time,
    },
    /// A resource of the service named the person (OpenID Connect Core §5.3.2).
    Identified {
        /// The subject.
        subject: Secret,
    },
    /// The backend's own API has set cookies.
    CookiesSet {
        /// The URL of the request.
        url: String,
        /// The `Set-Cookie` headers of the answer.
        set_cookie: Vec<Secret>,
        /// The `Date` of the answer, in seconds since the epoch.
        date: Option<i64>,
        /// The time of this event.
        now: Time,
    },
    /// The backend's own API does not accept the session.
    RejectedByBackend {
        /// The URL of the request.
        url: String,
        /// The access token or the `Cookie` header of the request; empty if no cookie belongs to
        /// this URL. If the session has another one now, the rejection is outdated.
        sent: Secret,
        /// The time of this event.
        now: Time,
    },
    /// The app logs the person out.
    LogOut,
}

/// An action for the caller, after it has stored the new state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Return this access token, which is valid.
    ReturnToken(Secret),
    /// Send this refresh token once, if [`Lease::may_send`] allows it, and report the result.
    Refresh {
        /// The refresh token.
        token: Secret,
        /// The rotation to report.
        rotation: Generation,
        /// The lease.
        lease: Lease,
    },
    /// Another process refreshes: read the stored grant again until it has changed.
    Wait {
        /// The seconds after which its lease expires.
        at_most: i64,
    },
    /// Another process has changed the grant: read the stored one again.
    Reload,
    /// The session has not ended, and the service could not be reached now.
    TryAgain {
        /// Seconds to wait, if the service says so.
        retry_after: Option<u32>,
        /// The rule that the service's answer broke, if it broke one.
        broken: Option<Rule>,
    },
    /// The service refuses the client, not the person: the configuration is wrong.
    Misconfigured(OAuthError),
    /// The session has ended.
    LoginRequired(SessionEnd),
    /// Revoke this token, which is not needed any more, if the service has a revocation endpoint
    /// (RFC 7009).
    Revoke(Secret),
    /// The session has cookies and no token.
    OnlyCookies,
    /// The session belongs to this person.
    SamePerson,
    /// The session belongs to another person. Nothing was changed.
    OtherPerson,
}

impl Grant {
    /// The version of the stored form.
    pub const VERSION: u32 = 3;

    /// A grant with the tokens of a code exchange. Its subject is not known yet.
    ///
    /// `asked_at` is when the code was sent. `lifetime` is the lifetime of the access token in
    /// seconds, if the answer does not say it.
    pub fn new(
        purpose: Purpose,
        asked: Vec<String>,
        asked_at: Time,
        tokens: TokenResponse,
        lifetime: i64,
    ) -> Self {
        let mut grant = Self::empty(purpose, asked, asked_at);
        grant.store_tokens(asked_at, tokens, lifetime);
        grant
    }

    /// The same grant with the subject that the login has verified.
    pub fn of(mut self, subject: Option<Secret>) -> Self {
        self.subject = subject;
        self
    }

    /// The same grant with the document that the person was asked to sign.
    pub fn signing(mut self, request: Option<SignRequest>) -> Self {
        self.sign = request;
        self
    }

    /// A session at a backend that uses cookies. It is never refreshed, and ends when the backend
    /// rejects it.
    pub fn of_cookies(purpose: Purpose, since: Time, cookies: Jar) -> Self {
        Self {
            cookies: Some(cookies),
            ..Self::empty(purpose, Vec::new(), since)
        }
    }

    fn empty(purpose: Purpose, asked: Vec<String>, since: Time) -> Self {
        Self {
            version: Self::VERSION,
            generation: 1,
            purpose,
            since: since.wall,
            granted: asked.clone(),
            asked,
            phase: Phase::Ready,
            access: None,
            refresh_token: None,
            subject: None,
            expected: None,
            id_token: None,
            refusal: None,
            pause: None,
            cookies: None,
            sign: None,
        }
    }

    /// What the person was asked to sign, if the login was for that.
    pub fn sign_request(&self) -> Option<&SignRequest> {
        self.sign.as_ref()
    }

    /// The cookies of the session. `None` if it has tokens.
    pub fn cookies(&self) -> Option<&Jar> {
        self.cookies.as_ref()
    }

    /// The access token, if it stays valid for `skew` seconds more. Does not allocate.
    ///
    /// At most a quarter of the token's lifetime counts as skew, so that a token with a short
    /// lifetime is not refreshed at every use.
    pub fn fresh(&self, now: &Time, skew: i64) -> Option<&Secret> {
        let access = self.access.as_ref()?;
        let lives = !self.is_over() && access.lives(now, skew.min(access.life() / 4));
        lives.then_some(&access.token)
    }

    /// The access token, valid or expired.
    pub fn access_token(&self) -> Option<&Secret> {
        self.access.as_ref().map(|access| &access.token)
    }

    /// When the access token expires by the wall clock, in seconds since the epoch.
    pub fn expires_at(&self) -> Option<i64> {
        self.access.as_ref().map(|access| access.expires_at)
    }

    /// Whether the other grant has the same access token.
    pub fn has_same_token_as(&self, other: &Self) -> bool {
        let token = |grant: &Self| grant.access.as_ref().map(|access| access.token.clone());
        token(self) == token(other)
    }

    /// Whether there is a refresh token.
    pub fn is_refreshable(&self) -> bool {
        self.refresh_token.is_some()
    }

    /// The requested scope tokens that were not granted.
    pub fn denied_scopes(&self) -> Vec<String> {
        let missing = self.asked.iter().filter(|s| !self.granted.contains(s));
        missing.cloned().collect()
    }

    /// Whether the session has ended.
    pub fn is_over(&self) -> bool {
        self.ended().is_some()
    }

    /// Why the session has ended, if it has.
    pub fn ended(&self) -> Option<SessionEnd> {
        match self.phase {
            Phase::Over(ended) => Some(ended),
            _ => None,
        }
    }

    /// The service's error that ended the session, if an error did.
    pub fn ending_error(&self) -> Option<&OAuthError> {
        self.refusal.as_ref().filter(|_| self.is_over())
    }

    /// The ID token, **unverified**.
    pub fn unverified_id_token(&self) -> Option<&Secret> {
        self.id_token.as_ref()
    }

    /// The person who logged in, if known.
    pub fn subject(&self) -> Option<&Secret> {
        self.subject.as_ref()
    }

    /// Limits the grant to this person. If its subject is not known yet, the grant stays
    /// unconfirmed until [`bind_to_subject`](Self::bind_to_subject).
    ///
    /// # Errors
    /// [`Rule::Subject`]: the grant belongs to another person.
    pub fn expect(&mut self, subject: &Secret) -> Result<(), Rule> {
        match &self.subject {
            Some(_) => self.bind_to_subject(subject),
            None => {
                self.expected = Some(subject.clone());
                Ok(())
            }
        }
    }

    /// Whether the grant is limited to one person and its subject is not known yet.
    pub fn is_unconfirmed(&self) -> bool {
        self.expected.is_some()
    }

    /// The lease of the process that refreshes now.
    pub fn lease(&self) -> Option<&Lease> {
        match &self.phase {
            Phase::Rotating { lease, .. } => lease.as_ref(),
            _ => None,
        }
    }

    /// Binds the grant to one person: the first call sets the subject (OpenID Connect Core §5.3.2,
    /// §12.2).
    ///
    /// # Errors
    /// [`Rule::Subject`]: the grant belongs to another person.
    pub fn bind_to_subject(&mut self, subject: &Secret) -> Result<(), Rule> {
        let known = self.subject.as_ref().or(self.expected.as_ref());
        if known.is_some_and(|known| known != subject) {
            return Err(Rule::Subject);
        }
        self.subject = Some(subject.clone());
        self.expected = None;
        Ok(())
    }

    /// Whether the tokens of an answer may belong to another person: an ID token in it must have
    /// the known subject (OpenID Connect Core §12.2). An unreadable ID token has no subject.
    fn is_another_persons(&self, id_token: &Field<Secret>) -> bool {
        let named = match id_token {
            Field::Absent => return false,
            Field::Unreadable => None,
            Field::Present(id_token) => id_token_subject(id_token),
        };
        let known = self.subject.clone().or_else(|| self.expected.clone());
        let known = known.or_else(|| id_token_subject(self.id_token.as_ref()?));
        known.is_some() && known != named
    }

    /// The grant without its access token. A later use refreshes it.
    pub fn without_access_token(mut self) -> Self {
        self.access = None;
        self
    }

    /// The grant without its refresh token. It ends when the access token expires.
    pub fn without_refresh_token(mut self) -> Self {
        self.refresh_token = None;
        self
    }

    /// The grant in phase `Over`, for callers that still have a copy of it.
    pub fn over(mut self, why: SessionEnd) -> Self {
        self.end(why);
        if why == SessionEnd::LoggedOut {
            self.subject = None;
            self.sign = None;
        }
        self
    }

    fn end(&mut self, why: SessionEnd) {
        self.phase = Phase::Over(why);
        self.access = None;
        self.refresh_token = None;
        self.id_token = None;
        self.refusal = None;
        self.pause = None;
        self.cookies = None;
    }

    fn store_tokens(&mut self, asked_at: Time, tokens: TokenResponse, lifetime: i64) {
        let life = tokens.expires_in.unwrap_or(lifetime);
        self.access = Some(Access {
            token: tokens.access_token,
            issued_at: asked_at,
            expires_at: asked_at.wall.saturating_add(life),
        });
        self.pause = None;
        self.refusal = None;
        if let Field::Present(refresh_token) = tokens.refresh_token {
            self.refresh_token = Some(refresh_token);
        }
        if let Field::Present(id_token) = tokens.id_token {
            self.id_token = Some(id_token);
        }
        match tokens.scope {
            Field::Present(scope) => {
                let parts = scope.split_ascii_whitespace();
                self.granted = parts
                    .flat_map(|word| self.split_scope_token(word))
                    .collect();
            }
            // The granted scope is unknown: nothing counts as granted.
            Field::Unreadable => self.granted.clear(),
            Field::Absent => {}
        }
    }

    /// Some services separate scope tokens by commas. Splits such a text if one of its parts was
    /// requested.
    fn split_scope_token(&self, word: &str) -> Vec<String> {
        let is_asked = |word: &str| self.asked.iter().any(|asked| asked == word);
        match !is_asked(word) && word.split(',').any(is_asked) {
            true => word.split(',').map(Into::into).collect(),
            false => [word.into()].into(),
        }
    }

    /// The stored form. The bytes have secrets.
    pub fn to_json(&self) -> Zeroizing<Vec<u8>> {
        stored_form::write(self)
    }

    /// Reads the stored form of this version or an earlier one.
    pub fn from_json(json: &[u8]) -> Result<Self, Unreadable> {
        let mut grant: Self = stored_form::read(json, Self::VERSION)?;
        // The next write uses the current version.
        grant.version = Self::VERSION;
        Ok(grant)
    }
}

impl Effect {
    fn try_again() -> Self {
        Self::TryAgain {
            retry_after: None,
            broken: None,
        }
    }
}

#[cfg(test)]
mod cookie_tests;
#[cfg(test)]
mod person_tests;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod refusal_tests;
#[cfg(test)]
mod tests;
