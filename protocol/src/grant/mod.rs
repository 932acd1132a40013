//! What keeps a person logged in: an access token, a refresh token, and the rule that
//! a refresh token is used once.
//!
//! ```text
//!                 expires soon                answered
//!        ┌────▶ Ready ─────────▶ Rotating ────────────▶ Ready, with the new pair
//!        │        ▲                │ │ │
//!        │        │    not sent    │ │ │ refused
//!        │        └────────────────┘ │ └────────▶ Over
//!        │ answered                  │ no answer, or the process died
//!        │                           ▼
//!        └──── Rotating ◀────── Interrupted
//!                     once the old access token is over
//! ```
//!
//! Truid ends the whole grant when a refresh token is used twice (RFC 9700 §4.14.2), so
//! the mark `Rotating` is stored before the token is sent. Whoever finds the mark knows
//! that the token may be used up: the old access token serves while it lives, then the
//! refresh token is tried again, and a refusal is
//! [`Ended::RotationInterrupted`], not a mystery.
//!
//! [`Grant::step`] decides; its caller first stores the new state, then does what the
//! [`Effect`] asks.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::http::Rule;
use crate::secret::{stored, stored_option};
use crate::stored::{self as form_on_disk, Unreadable};
use crate::token::{TokenFailure, TokenResponse};
use crate::{OAuthError, Purpose, Secret};

/// The tokens of one login and where they stand, as they are stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    version: u32,
    /// What the person logged in for.
    pub purpose: Purpose,
    /// When, in seconds since the epoch.
    pub since: i64,
    /// The scope that was asked for.
    pub asked: Vec<String>,
    /// The scope that was granted.
    pub granted: Vec<String>,
    /// Where it stands.
    pub phase: Phase,
    access: Option<Access>,
    #[serde(with = "stored_option", default)]
    refresh_token: Option<Secret>,
    /// Who logged in, once it was read: a later answer about somebody else is refused.
    #[serde(with = "stored_option", default)]
    subject: Option<Secret>,
    /// Kept for the day that it is verified; nothing here trusts it.
    #[serde(with = "stored_option", default)]
    id_token: Option<Secret>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Access {
    #[serde(with = "stored")]
    token: Secret,
    /// When it was asked for: its life is counted from there.
    issued_at: i64,
    expires_at: i64,
}

/// Where a grant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Phase {
    /// The refresh token was not used.
    Ready,
    /// The refresh token is, or is about to be, on its way.
    Rotating {
        /// Seconds since the epoch.
        since: i64,
        /// Whether it may have been on its way before.
        again: bool,
    },
    /// The refresh token was sent, and no answer came.
    Interrupted {
        /// Seconds since the epoch.
        since: i64,
    },
    /// It is over.
    Over(Ended),
}

/// Why a session is over, and the person must log in again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Ended {
    /// Somebody logged out here.
    LoggedOut,
    /// The service ended it: the person logged out there, or was idle for too long.
    Revoked,
    /// The access token is over, and there is no refresh token.
    Expired,
    /// The service refused a refresh token whose first answer was lost: the app was
    /// killed, or the connection broke, between sending and storing.
    RotationInterrupted,
    /// There is no such session in this store.
    NoSession,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LoggedOut => "the person logged out",
            Self::Revoked => "the service ended the session",
            Self::Expired => "the access token expired and the service gave no refresh token",
            Self::RotationInterrupted => {
                "a refresh was interrupted before its answer could be stored, and the service \
                 does not accept the old refresh token any more"
            }
            Self::NoSession => "there is no such session in the store",
        })
    }
}

/// What happens to a grant.
#[derive(Clone, Debug)]
pub enum Input<'a> {
    /// Somebody needs an access token.
    Use {
        /// Seconds since the epoch.
        now: i64,
        /// A token that lives for less than this many seconds is refreshed first.
        skew: i64,
        /// A token that a resource just refused (401), whatever its lifetime says.
        rejected: Option<&'a Secret>,
    },
    /// The token endpoint answered with tokens.
    Answered {
        /// When it was asked, in seconds since the epoch.
        asked_at: i64,
        /// The tokens.
        tokens: TokenResponse,
        /// Seconds that the access token lives where the answer does not say.
        lifetime: i64,
    },
    /// The token endpoint answered otherwise.
    Failed {
        /// Seconds since the epoch.
        now: i64,
        /// How.
        failure: TokenFailure,
    },
    /// The request never left.
    NotSent {
        /// Seconds since the epoch.
        now: i64,
    },
    /// The request left, and no answer came back.
    Lost {
        /// Seconds since the epoch.
        now: i64,
    },
    /// Somebody logs out.
    LogOut,
}

/// What to do next, after the new state has been stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Here is an access token that lives.
    Give(Secret),
    /// Send this refresh token, once.
    Refresh(Secret),
    /// Not now: the session lives, the service was not reached.
    TryAgain {
        /// Seconds to wait, where the service said so.
        retry_after: Option<u32>,
        /// What the service sent, where it sent something.
        broken: Option<Rule>,
    },
    /// The service refuses this client, not this person: the configuration is wrong.
    Misconfigured(OAuthError),
    /// It is over.
    LoginRequired(Ended),
}

impl Grant {
    /// The form that is stored now.
    pub const VERSION: u32 = 1;

    /// A grant from the answer to a code.
    ///
    /// `asked_at` is when the code was sent, `lifetime` counts where the answer does not
    /// say how long its access token lives; both in seconds.
    pub fn new(
        purpose: Purpose,
        asked: Vec<String>,
        asked_at: i64,
        tokens: TokenResponse,
        lifetime: i64,
    ) -> Self {
        let mut grant = Self {
            version: Self::VERSION,
            purpose,
            since: asked_at,
            granted: asked.clone(),
            asked,
            phase: Phase::Ready,
            access: None,
            refresh_token: None,
            subject: None,
            id_token: None,
        };
        grant.take(asked_at, tokens, lifetime);
        grant
    }

    /// The access token, if it lives for `skew` seconds more: nothing is stored, locked or
    /// allocated for it.
    ///
    /// A token that lives short is not refreshed all the time: the skew is at most a
    /// quarter of its life.
    pub fn fresh(&self, now: i64, skew: i64) -> Option<&Secret> {
        let access = self.access.as_ref()?;
        let life = access.expires_at - access.issued_at;
        (!self.is_over() && now < access.expires_at - skew.min(life / 4)).then_some(&access.token)
    }

    /// When the access token expires, in seconds since the epoch.
    pub fn expires_at(&self) -> Option<i64> {
        self.access.as_ref().map(|access| access.expires_at)
    }

    /// Whether there is a refresh token.
    pub fn is_refreshable(&self) -> bool {
        self.refresh_token.is_some()
    }

    /// What was asked for and not granted.
    pub fn withheld(&self) -> Vec<String> {
        let missing = self.asked.iter().filter(|s| !self.granted.contains(s));
        missing.cloned().collect()
    }

    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Over(_))
    }

    /// The ID token as it came, unverified.
    pub fn unverified_id_token(&self) -> Option<&Secret> {
        self.id_token.as_ref()
    }

    /// Holds the grant to one person: the first answer says who it is, and a later one
    /// about somebody else breaks the protocol (OpenID Connect Core §5.3.2). True where
    /// there is something new to store.
    pub fn hold_to(&mut self, subject: &str) -> Result<bool, Rule> {
        match &self.subject {
            None => {
                self.subject = Some(Secret::from(subject));
                Ok(true)
            }
            Some(known) if known.is(subject) => Ok(false),
            Some(_) => Err(Rule::Subject),
        }
    }

    /// One thing happens. Store the grant where it changed, then do what is asked.
    pub fn step(&mut self, input: Input<'_>) -> Effect {
        if let Phase::Over(ended) = self.phase {
            // Final: a late answer is dropped, it cannot log anybody in again.
            return Effect::LoginRequired(ended);
        }
        match input {
            Input::Use {
                now,
                skew,
                rejected,
            } => self.on_use(now, skew, rejected),
            Input::Answered {
                asked_at,
                tokens,
                lifetime,
            } => {
                // It is given whatever its lifetime says: it just came.
                let token = tokens.access_token.clone();
                self.take(asked_at, tokens, lifetime);
                self.phase = Phase::Ready;
                Effect::Give(token)
            }
            Input::Failed { now, failure } => self.on_failure(now, failure),
            Input::NotSent { now } => {
                self.back();
                self.give_while_it_lives(now, Effect::try_again())
            }
            Input::Lost { now } => self.lost(now),
            Input::LogOut => self.end(Ended::LoggedOut),
        }
    }

    fn on_use(&mut self, now: i64, skew: i64, rejected: Option<&Secret>) -> Effect {
        // The refresh token may be used up: the access token serves to its last second.
        let skew = if self.phase == Phase::Ready { skew } else { 0 };
        let is_rejected = |token: &Secret| rejected == Some(token);
        if let Some(token) = self.fresh(now, skew)
            && !is_rejected(token)
        {
            return Effect::Give(token.clone());
        }
        let Some(refresh_token) = self.refresh_token.clone() else {
            return match self.fresh(now, 0) {
                // One resource refused it. That is no reason to throw away the only token.
                Some(token) if is_rejected(token) => Effect::LoginRequired(Ended::Revoked),
                Some(token) => Effect::Give(token.clone()),
                None => self.end(Ended::Expired),
            };
        };
        if self.access.as_ref().is_some_and(|a| is_rejected(&a.token)) {
            self.access = None;
        }
        let again = self.phase != Phase::Ready;
        self.phase = Phase::Rotating { since: now, again };
        Effect::Refresh(refresh_token)
    }

    fn on_failure(&mut self, now: i64, failure: TokenFailure) -> Effect {
        match failure {
            TokenFailure::Refused(error) => self.on_refusal(now, error),
            TokenFailure::Busy { retry_after } => {
                self.back();
                let later = Effect::TryAgain {
                    retry_after,
                    broken: None,
                };
                self.give_while_it_lives(now, later)
            }
            TokenFailure::Failed(_) => self.lost(now),
            TokenFailure::Broken(rule) => self.broken(now, rule),
        }
    }

    fn on_refusal(&mut self, now: i64, error: OAuthError) -> Effect {
        let again = matches!(self.phase, Phase::Rotating { again: true, .. });
        match error.code.as_str() {
            "invalid_grant" if again => self.end(Ended::RotationInterrupted),
            "invalid_grant" | "access_denied" => self.end(Ended::Revoked),
            // These are about the client and the request: the token was not looked at.
            "invalid_client"
            | "unauthorized_client"
            | "invalid_request"
            | "invalid_scope"
            | "unsupported_grant_type" => {
                self.back();
                self.give_while_it_lives(now, Effect::Misconfigured(error))
            }
            // `server_error`, `temporarily_unavailable`, or what a gateway makes up.
            _ => self.lost(now),
        }
    }

    /// It left, and what came back does not say whether it was used.
    fn lost(&mut self, now: i64) -> Effect {
        self.interrupted(now);
        self.give_while_it_lives(now, Effect::try_again())
    }

    /// The service may have rotated before it failed.
    fn broken(&mut self, now: i64, rule: Rule) -> Effect {
        self.interrupted(now);
        let later = Effect::TryAgain {
            retry_after: None,
            broken: Some(rule),
        };
        self.give_while_it_lives(now, later)
    }

    /// The refresh token was certainly not used this time.
    fn back(&mut self) {
        if let Phase::Rotating { since, again } = self.phase {
            self.phase = if again {
                Phase::Interrupted { since }
            } else {
                Phase::Ready
            };
        }
    }

    fn interrupted(&mut self, now: i64) {
        self.phase = Phase::Interrupted { since: now };
    }

    fn end(&mut self, why: Ended) -> Effect {
        self.phase = Phase::Over(why);
        self.access = None;
        self.refresh_token = None;
        self.subject = None;
        self.id_token = None;
        Effect::LoginRequired(why)
    }

    fn give_while_it_lives(&self, now: i64, otherwise: Effect) -> Effect {
        match self.fresh(now, 0) {
            Some(token) => Effect::Give(token.clone()),
            None => otherwise,
        }
    }

    fn take(&mut self, asked_at: i64, tokens: TokenResponse, lifetime: i64) {
        self.access = Some(Access {
            token: tokens.access_token,
            issued_at: asked_at,
            expires_at: asked_at.saturating_add(tokens.expires_in.unwrap_or(lifetime)),
        });
        if tokens.refresh_token.is_some() {
            self.refresh_token = tokens.refresh_token;
        }
        if tokens.id_token.is_some() {
            self.id_token = tokens.id_token;
        }
        if let Some(scope) = tokens.scope {
            self.granted = scope.split_ascii_whitespace().map(Into::into).collect();
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

impl Effect {
    fn try_again() -> Self {
        Self::TryAgain {
            retry_after: None,
            broken: None,
        }
    }
}

#[cfg(test)]
mod tests;
