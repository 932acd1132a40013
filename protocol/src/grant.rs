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
        let usable = !matches!(self.phase, Phase::Over(_));
        (usable && now < access.expires_at - skew.min(life / 4)).then_some(&access.token)
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
            Input::Lost { now } => {
                self.interrupted(now);
                self.give_while_it_lives(now, Effect::try_again())
            }
            Input::LogOut => self.end(Ended::LoggedOut),
        }
    }

    fn on_use(&mut self, now: i64, skew: i64, rejected: Option<&Secret>) -> Effect {
        if let (Some(access), Some(rejected)) = (&self.access, rejected)
            && access.token == *rejected
        {
            self.access = None;
        }
        // The refresh token may be used up: the access token serves to its last second.
        let skew = if self.phase == Phase::Ready { skew } else { 0 };
        if let Some(token) = self.fresh(now, skew) {
            return Effect::Give(token.clone());
        }
        let Some(refresh_token) = self.refresh_token.clone() else {
            let over = match rejected {
                Some(_) => Ended::Revoked,
                None => Ended::Expired,
            };
            return match self.fresh(now, 0) {
                Some(token) => Effect::Give(token.clone()),
                None => self.end(over),
            };
        };
        let again = self.phase != Phase::Ready;
        self.phase = Phase::Rotating { since: now, again };
        Effect::Refresh(refresh_token)
    }

    fn on_failure(&mut self, now: i64, failure: TokenFailure) -> Effect {
        match failure {
            TokenFailure::Refused(error) => {
                let again = matches!(self.phase, Phase::Rotating { again: true, .. });
                match error.code.as_str() {
                    "invalid_grant" if again => self.end(Ended::RotationInterrupted),
                    "invalid_grant" | "access_denied" => self.end(Ended::Revoked),
                    _ => {
                        self.back();
                        Effect::Misconfigured(error)
                    }
                }
            }
            TokenFailure::Busy { retry_after } => {
                self.back();
                let later = Effect::TryAgain {
                    retry_after,
                    broken: None,
                };
                self.give_while_it_lives(now, later)
            }
            TokenFailure::Failed(status) => self.broken(now, Rule::Status(status)),
            TokenFailure::Broken(rule) => self.broken(now, rule),
        }
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
mod tests {
    use super::*;
    use alloc::vec;

    fn tokens(n: u32, expires_in: i64) -> TokenResponse {
        TokenResponse {
            access_token: alloc::format!("A{n}").into(),
            expires_in: Some(expires_in),
            refresh_token: Some(alloc::format!("R{n}").into()),
            scope: None,
            id_token: None,
        }
    }

    fn grant() -> Grant {
        Grant::new(Purpose::Login, vec!["a".into()], 0, tokens(1, 100), 300)
    }

    fn use_at(grant: &mut Grant, now: i64) -> Effect {
        grant.step(Input::Use {
            now,
            skew: 20,
            rejected: None,
        })
    }

    fn give(n: u32) -> Effect {
        Effect::Give(alloc::format!("A{n}").into())
    }

    fn refused(code: &str) -> TokenFailure {
        TokenFailure::Refused(OAuthError::new(code, None, &[]))
    }

    #[test]
    fn a_token_is_refreshed_before_it_expires_and_the_mark_comes_first() {
        let mut grant = grant();
        assert_eq!(use_at(&mut grant, 79), give(1));
        assert_eq!(grant.phase, Phase::Ready);
        assert_eq!(use_at(&mut grant, 80), Effect::Refresh("R1".into()));
        assert_eq!(
            grant.phase,
            Phase::Rotating {
                since: 80,
                again: false
            }
        );
        let answered = Input::Answered {
            asked_at: 80,
            tokens: tokens(2, 100),
            lifetime: 300,
        };
        assert_eq!(grant.step(answered), give(2));
        assert_eq!(use_at(&mut grant, 159), give(2));
        assert_eq!(use_at(&mut grant, 160), Effect::Refresh("R2".into()));
    }

    #[test]
    fn a_short_life_is_not_refreshed_all_the_time() {
        let mut grant = Grant::new(Purpose::Login, vec![], 0, tokens(1, 8), 300);
        assert_eq!(use_at(&mut grant, 5), give(1));
        assert_eq!(use_at(&mut grant, 6), Effect::Refresh("R1".into()));
    }

    #[test]
    fn after_a_lost_answer_the_old_token_serves_then_the_refresh_token_is_tried_again() {
        let mut grant = grant();
        use_at(&mut grant, 80);
        assert_eq!(grant.step(Input::Lost { now: 85 }), give(1));
        assert_eq!(use_at(&mut grant, 99), give(1));
        assert_eq!(use_at(&mut grant, 100), Effect::Refresh("R1".into()));
        let failure = refused("invalid_grant");
        assert_eq!(
            grant.step(Input::Failed { now: 101, failure }),
            Effect::LoginRequired(Ended::RotationInterrupted)
        );
        assert_eq!(
            use_at(&mut grant, 102),
            Effect::LoginRequired(Ended::RotationInterrupted)
        );
    }

    #[test]
    fn a_mark_that_a_dead_process_left_is_a_lost_answer() {
        let mut grant = grant();
        use_at(&mut grant, 80);
        let mut found = Grant::from_json(&grant.to_json()).unwrap();
        assert_eq!(use_at(&mut found, 81), give(1));
        assert_eq!(use_at(&mut found, 100), Effect::Refresh("R1".into()));
        let answered = Input::Answered {
            asked_at: 100,
            tokens: tokens(2, 100),
            lifetime: 300,
        };
        assert_eq!(found.step(answered), give(2));
        assert_eq!(found.phase, Phase::Ready);
    }

    #[test]
    fn a_request_that_never_left_changes_nothing() {
        let mut grant = grant();
        use_at(&mut grant, 120);
        assert_eq!(grant.step(Input::NotSent { now: 121 }), Effect::try_again());
        assert_eq!(grant.phase, Phase::Ready);
        use_at(&mut grant, 122);
        grant.step(Input::Lost { now: 123 });
        use_at(&mut grant, 124);
        grant.step(Input::NotSent { now: 125 });
        assert_eq!(grant.phase, Phase::Interrupted { since: 124 });
    }

    #[test]
    fn the_service_ended_the_session() {
        let mut grant = grant();
        use_at(&mut grant, 120);
        let failure = refused("invalid_grant");
        assert_eq!(
            grant.step(Input::Failed { now: 121, failure }),
            Effect::LoginRequired(Ended::Revoked)
        );
        assert_eq!(grant.fresh(121, 0), None);
    }

    #[test]
    fn a_refused_client_does_not_log_the_person_out() {
        let mut grant = grant();
        use_at(&mut grant, 120);
        let failure = refused("invalid_client");
        let effect = grant.step(Input::Failed { now: 121, failure });
        assert!(matches!(effect, Effect::Misconfigured(_)));
        assert_eq!(grant.phase, Phase::Ready);
    }

    #[test]
    fn busy_before_rotation_is_later_and_any_other_5xx_is_interrupted() {
        let mut grant = grant();
        use_at(&mut grant, 120);
        let failure = TokenFailure::Busy {
            retry_after: Some(9),
        };
        assert_eq!(
            grant.step(Input::Failed { now: 121, failure }),
            Effect::TryAgain {
                retry_after: Some(9),
                broken: None
            }
        );
        assert_eq!(grant.phase, Phase::Ready);
        use_at(&mut grant, 122);
        let failure = TokenFailure::Failed(500);
        grant.step(Input::Failed { now: 123, failure });
        assert_eq!(grant.phase, Phase::Interrupted { since: 123 });
    }

    #[test]
    fn logging_out_wins_over_a_refresh_in_flight() {
        let mut grant = grant();
        use_at(&mut grant, 80);
        grant.step(Input::LogOut);
        let late = Input::Answered {
            asked_at: 80,
            tokens: tokens(2, 100),
            lifetime: 300,
        };
        assert_eq!(grant.step(late), Effect::LoginRequired(Ended::LoggedOut));
        let json = grant.to_json();
        let text = core::str::from_utf8(&json).unwrap();
        assert!(!text.contains("A1") && !text.contains("R1"), "{text}");
    }

    #[test]
    fn a_token_that_a_resource_refused_is_not_given_again() {
        let mut grant = grant();
        let (older, token) = (Secret::from("A0"), Secret::from("A1"));
        let input = |rejected| Input::Use {
            now: 1,
            skew: 20,
            rejected: Some(rejected),
        };
        // Somebody else's complaint about an older token changes nothing.
        assert_eq!(grant.step(input(&older)), give(1));
        assert_eq!(grant.step(input(&token)), Effect::Refresh("R1".into()));
        let mut lone = grant.clone();
        lone.refresh_token = None;
        lone.phase = Phase::Ready;
        assert_eq!(
            lone.step(input(&token)),
            Effect::LoginRequired(Ended::Revoked)
        );
    }

    #[test]
    fn without_a_refresh_token_the_access_token_is_all_there_is() {
        let mut first = tokens(1, 100);
        first.refresh_token = None;
        let mut grant = Grant::new(Purpose::IdentityVerification, vec![], 0, first, 300);
        assert_eq!(use_at(&mut grant, 99), give(1));
        assert_eq!(
            use_at(&mut grant, 100),
            Effect::LoginRequired(Ended::Expired)
        );
    }

    #[test]
    fn a_narrower_scope_is_reported() {
        let mut narrow = tokens(1, 100);
        narrow.scope = Some("a".into());
        let asked = vec!["a".into(), "b".into()];
        let grant = Grant::new(Purpose::Login, asked, 0, narrow, 300);
        assert_eq!(grant.withheld(), ["b"]);
    }

    #[test]
    fn one_grant_is_about_one_person() {
        let mut grant = grant();
        assert_eq!(grant.hold_to("me"), Ok(true));
        assert_eq!(grant.hold_to("me"), Ok(false));
        assert_eq!(grant.hold_to("you"), Err(Rule::Subject));
    }

    /// Written by version 1 and never changed again: a later version must read it.
    #[test]
    fn the_frozen_form_of_version_1_is_read() {
        let fixture = include_bytes!("../fixtures/grant-v1.json");
        let mut grant = Grant::from_json(fixture).unwrap();
        assert_eq!(grant.purpose, Purpose::Login);
        assert_eq!(grant.expires_at(), Some(1_700_000_060));
        assert_eq!(grant.withheld(), ["truid.app/data-point/email"]);
        assert_eq!(
            use_at(&mut grant, 1_700_000_000),
            Effect::Give("frozen-access-token".into())
        );
        assert_eq!(
            use_at(&mut grant, 1_700_000_060),
            Effect::Refresh("frozen-refresh-token".into())
        );
        assert_eq!(
            grant.phase,
            Phase::Rotating {
                since: 1_700_000_060,
                again: true
            }
        );
    }

    #[test]
    fn a_later_version_is_said_to_be_one() {
        assert_eq!(
            Grant::from_json(br#"{"version":2,"all":"new"}"#),
            Err(Unreadable::Version { found: 2, known: 1 })
        );
        assert_eq!(
            Grant::from_json(b"{\"version\":1}"),
            Err(Unreadable::Damaged)
        );
        assert_eq!(Grant::from_json(b"\xff"), Err(Unreadable::Damaged));
    }
}
