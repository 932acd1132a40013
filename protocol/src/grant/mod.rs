//! What keeps a person logged in: an access token, a refresh token, and the rule that
//! a refresh token is used once.
//!
//! ```text
//!                      token is over           answered, by CAS
//!            ┌──▶ Ready ───────────▶ Rotating ─────────────────▶ Ready, with the new pair
//!            │      ▲       lease    │  │ │ │
//!            │      │    not sent    │  │ │ │ refused, or in unknown words twice
//!            │      └────────────────┘  │ │ └───────▶ Over (why) ◀─── refused, again: true
//!            │     no answer, or in     │ │
//!            │  unknown words at first  │ │ holder gone, or lease run out
//!            │                          ▼ ▼
//!            └─────────────────── Interrupted ──▶ Rotating, again: true
//!                  late answer          once the old access token is over
//!
//!   logging out, from everywhere: nothing is stored any more, and that is final
//! ```
//!
//! A service ends the whole grant when a refresh token is used twice (RFC 9700 §4.14.2), so
//! the mark `Rotating` is stored before the token is sent: who sends ([`Lease`]), and
//! whether the token may have been sent before (`again`). A process that finds the mark waits
//! for its holder while the [`Lease`] holds. After that the token may be used up: the old
//! access token serves while it lives, then the refresh token is tried again, and a refusal
//! is [`SessionEnd::RotationInterrupted`], not a mystery.
//!
//! A refusal in words that no standard knows is taken for a lost answer once. Where the next
//! answer is one again, and the access token is over, the refresh token is dead.
//!
//! [`step`] decides: what is stored, and what happens, give what is to be stored and what
//! is to be done. Its caller stores the new state by compare and set on
//! [`Grant::generation`], starts over where somebody else was faster, and then does what
//! the [`Effect`]s ask, in their order.

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
use crate::stored::{self as form_on_disk, Generation, Unreadable};
use crate::time::Time;
use crate::token::{Field, TokenFailure, TokenResponse};
use crate::{OAuthError, Purpose, Secret};

mod step;

pub use step::step;

/// The tokens of one login and where they stand, as they are stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    version: u32,
    /// Which state of it this is: the next one is stored only where this one still is.
    #[serde(default)]
    pub generation: Generation,
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
    /// Who logged in, once it was read: a later answer about somebody else is refused. It
    /// outlives the tokens, so that a next login can be held to the same person.
    #[serde(with = "stored_option", default)]
    subject: Option<Secret>,
    /// Who it must be, until it is known who it is.
    #[serde(
        with = "stored_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    expected: Option<Secret>,
    /// Kept for the day that it is verified; nothing here trusts it.
    #[serde(with = "stored_option", default)]
    id_token: Option<Secret>,
    /// What the service said when it last refused to refresh it, where it has not done so since;
    /// once it is over, when it ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refusal: Option<OAuthError>,
    /// For how long the service asked not to be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pause: Option<Pause>,
    /// A backend's session, where it is not one of tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cookies: Option<Jar>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Access {
    #[serde(with = "stored")]
    token: Secret,
    /// When it was asked for: its life is counted from there.
    issued_at: Time,
    /// By the wall clock.
    expires_at: i64,
}

impl Access {
    fn life(&self) -> i64 {
        self.expires_at.saturating_sub(self.issued_at.wall)
    }

    /// Whether it lives for so many seconds more. One whose age nobody can tell may be over.
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
    /// A service that asks for more is asked again after this.
    const LONGEST: u32 = 3600;

    fn left(&self, now: &Time) -> Option<u32> {
        let passed = u32::try_from(now.since(&self.since)?).ok()?;
        let left = self.seconds.min(Self::LONGEST).checked_sub(passed)?;
        (left > 0).then_some(left)
    }
}

/// Where a grant stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Phase {
    /// The refresh token was not used.
    Ready,
    /// The refresh token is, or is about to be, on its way.
    Rotating {
        /// By whom, and since when. Version 1 did not say.
        #[serde(default)]
        lease: Option<Lease>,
        /// Names this rotation: the generation with which the mark was stored.
        #[serde(default)]
        rotation: Generation,
        /// Whether the token may have been on its way before.
        again: bool,
        /// In which rotation that was, where it is known: its answer may come yet, as long
        /// as this one has sent nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        follows: Option<Generation>,
    },
    /// The refresh token was sent, and no answer came.
    Interrupted {
        /// Since when.
        since: Time,
        /// The rotation that was interrupted: its answer may come yet.
        #[serde(default)]
        rotation: Generation,
    },
    /// It is over.
    Over(SessionEnd),
}

/// Why a session is over, and the person must log in again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionEnd {
    /// Somebody logged out here.
    LoggedOut,
    /// The service ended it: the person logged out there, or was idle for too long.
    Revoked,
    /// The access token is over, and there is no refresh token.
    Expired,
    /// The service refused a refresh token whose first answer was lost: the app was
    /// killed, or the connection broke, between sending and storing. Or it refused it twice in
    /// a row, in words that no standard knows.
    RotationInterrupted,
    /// The service answered a refresh with the tokens of another person, or with an ID token
    /// that names nobody. They were dropped.
    OtherPerson,
    /// The service's backend does not accept the session any more.
    EndedByBackend,
    /// What was stored of it is damaged. It was set aside in the store.
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
                "a refresh brought no tokens that could be stored, and the service does not accept \
                 the old refresh token any more"
            }
            Self::OtherPerson => {
                "the service answered a refresh with the tokens of another person, or with an ID \
                 token that cannot be read"
            }
            Self::EndedByBackend => "the service's backend does not accept the session any more",
            Self::Damaged => "what was stored of the session is damaged, and was set aside",
            Self::NoSession => "there is no such session in the store",
        })
    }
}

/// What happens to a grant.
#[derive(Clone, Debug)]
pub enum Input {
    /// Somebody needs an access token.
    Use {
        /// What time it is.
        now: Time,
        /// A token that lives for less than this many seconds is refreshed first.
        skew: i64,
        /// A token that a resource just refused (401), whatever its lifetime says.
        rejected: Option<Secret>,
        /// Who would refresh it.
        caller: Caller,
    },
    /// The token endpoint answered with tokens.
    Answered {
        /// Which rotation it is the answer to.
        rotation: Generation,
        /// When it was asked.
        asked_at: Time,
        /// The tokens.
        tokens: TokenResponse,
        /// Seconds that the access token lives where the answer does not say.
        lifetime: i64,
    },
    /// The token endpoint answered otherwise.
    Failed {
        /// Which rotation it is the answer to.
        rotation: Generation,
        /// What time it is.
        now: Time,
        /// How.
        failure: TokenFailure,
    },
    /// The request never left.
    NotSent {
        /// Which rotation it was for.
        rotation: Generation,
        /// What time it is.
        now: Time,
    },
    /// The request left, and no answer came back.
    Lost {
        /// Which rotation it was for.
        rotation: Generation,
        /// What time it is.
        now: Time,
    },
    /// A resource of the service said who the person is (OpenID Connect Core §5.3.2).
    Identified {
        /// Who.
        subject: Secret,
    },
    /// The backend's own API has answered, and has set cookies.
    CookiesSet {
        /// Where.
        url: String,
        /// The `Set-Cookie` headers.
        set_cookie: Vec<Secret>,
        /// When they were sent, by the backend's clock.
        date: Option<i64>,
        /// What time it is.
        now: Time,
    },
    /// The backend's own API does not accept the session.
    RejectedByBackend {
        /// Where.
        url: String,
        /// What was sent: the access token, or the `Cookie` header, empty where no cookie
        /// belongs there. Where the session has another one by now, that was not turned away.
        sent: Secret,
        /// What time it is.
        now: Time,
    },
    /// Somebody logs out.
    LogOut,
}

/// What to do next, after the new state has been stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Here is an access token that lives.
    ReturnToken(Secret),
    /// Send this refresh token, once, while the lease lets you, and say what came of it.
    Refresh {
        /// The refresh token.
        token: Secret,
        /// Names the rotation, for the answer.
        rotation: Generation,
        /// Until when.
        lease: Lease,
    },
    /// Somebody else refreshes: look again soon, and after so many seconds at the latest.
    Wait {
        /// Seconds.
        at_most: i64,
    },
    /// It went on without us: look again.
    Reload,
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
    LoginRequired(SessionEnd),
    /// Tell the service, where it can be told (RFC 7009), that this token is not needed any
    /// more.
    Revoke(Secret),
    /// There is no token, and never will be: the session is one of cookies.
    OnlyCookies,
    /// It is the person that it was before.
    SamePerson,
    /// It is somebody else: nothing was changed.
    OtherPerson,
}

impl Grant {
    /// The form that is stored now.
    pub const VERSION: u32 = 3;

    /// A grant from the answer to a code.
    ///
    /// `asked_at` is when the code was sent, `lifetime` counts in seconds where the answer
    /// does not say how long its access token lives. Whose it is, is not known yet.
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

    /// The same, of whom the login has verified to be this person.
    pub fn of(mut self, subject: Option<Secret>) -> Self {
        self.subject = subject;
        self
    }

    /// A backend's session of which there is nothing but cookies. It is never refreshed, and
    /// lives until the backend turns it away.
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
        }
    }

    /// The cookies that are the session, where it is one of cookies.
    pub fn cookies(&self) -> Option<&Jar> {
        self.cookies.as_ref()
    }

    /// The access token, if it lives for `skew` seconds more: nothing is stored, locked or
    /// allocated for it.
    ///
    /// A token that lives short is not refreshed all the time: the skew is at most a
    /// quarter of its life.
    pub fn fresh(&self, now: &Time, skew: i64) -> Option<&Secret> {
        let access = self.access.as_ref()?;
        let lives = !self.is_over() && access.lives(now, skew.min(access.life() / 4));
        lives.then_some(&access.token)
    }

    /// The access token, whether it lives or not.
    pub fn access_token(&self) -> Option<&Secret> {
        self.access.as_ref().map(|access| &access.token)
    }

    /// When the access token expires by the wall clock, in seconds since the epoch.
    pub fn expires_at(&self) -> Option<i64> {
        self.access.as_ref().map(|access| access.expires_at)
    }

    /// Whether another state of this grant has the same access token.
    pub fn has_same_token_as(&self, other: &Self) -> bool {
        let token = |grant: &Self| grant.access.as_ref().map(|access| access.token.clone());
        token(self) == token(other)
    }

    /// Whether there is a refresh token.
    pub fn is_refreshable(&self) -> bool {
        self.refresh_token.is_some()
    }

    /// What was asked for and not granted.
    pub fn denied_scopes(&self) -> Vec<String> {
        let missing = self.asked.iter().filter(|s| !self.granted.contains(s));
        missing.cloned().collect()
    }

    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        self.ended().is_some()
    }

    /// Why it is over, where it is.
    pub fn ended(&self) -> Option<SessionEnd> {
        match self.phase {
            Phase::Over(ended) => Some(ended),
            _ => None,
        }
    }

    /// What the service said when it ended it, where it did.
    pub fn ending_error(&self) -> Option<&OAuthError> {
        self.refusal.as_ref().filter(|_| self.is_over())
    }

    /// The ID token as it came, unverified.
    pub fn unverified_id_token(&self) -> Option<&Secret> {
        self.id_token.as_ref()
    }

    /// Who logged in, where it was read.
    pub fn subject(&self) -> Option<&Secret> {
        self.subject.as_ref()
    }

    /// Demands that it is this person's. Where it is known whose it is, and it is somebody
    /// else's, that breaks the demand at once; where not, it is nobody's until it is known.
    pub fn expect(&mut self, subject: &Secret) -> Result<(), Rule> {
        match &self.subject {
            Some(_) => self.bind_to_subject(subject),
            None => {
                self.expected = Some(subject.clone());
                Ok(())
            }
        }
    }

    /// Whether it must be somebody's of whom it is not known yet that it is.
    pub fn is_unconfirmed(&self) -> bool {
        self.expected.is_some()
    }

    /// Who is refreshing it, where somebody is.
    pub fn lease(&self) -> Option<&Lease> {
        match &self.phase {
            Phase::Rotating { lease, .. } => lease.as_ref(),
            _ => None,
        }
    }

    /// Holds the grant to one person: the first answer says who it is, and a later one
    /// about somebody else breaks the protocol (OpenID Connect Core §5.3.2, §12.2).
    pub fn bind_to_subject(&mut self, subject: &Secret) -> Result<(), Rule> {
        let known = self.subject.as_ref().or(self.expected.as_ref());
        if known.is_some_and(|known| known != subject) {
            return Err(Rule::Subject);
        }
        self.subject = Some(subject.clone());
        self.expected = None;
        Ok(())
    }

    /// Whether tokens that came belong to another person, or may do so: an ID token that came
    /// with them must name who it was before (OpenID Connect Core §12.2). One that cannot be
    /// read names nobody.
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

    /// Without its access token, which is asked for anew when it is needed.
    pub fn without_access_token(mut self) -> Self {
        self.access = None;
        self
    }

    /// Without its refresh token: it is good for as long as its access token lives.
    pub fn without_refresh_token(mut self) -> Self {
        self.refresh_token = None;
        self
    }

    /// As it is once it is over: for those who still hold it.
    pub fn over(mut self, why: SessionEnd) -> Self {
        self.end(why);
        if why == SessionEnd::LoggedOut {
            self.subject = None;
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
                let words = scope.split_ascii_whitespace();
                self.granted = words
                    .flat_map(|word| self.split_scope_token(word))
                    .collect();
            }
            // What was granted is not known: nothing counts as granted.
            Field::Unreadable => self.granted.clear(),
            Field::Absent => {}
        }
    }

    /// A word of a granted scope. Some services write commas between words: such a word is
    /// several ones where one of them was asked for.
    fn split_scope_token(&self, word: &str) -> Vec<String> {
        let is_asked = |word: &str| self.asked.iter().any(|asked| asked == word);
        match !is_asked(word) && word.split(',').any(is_asked) {
            true => word.split(',').map(Into::into).collect(),
            false => [word.into()].into(),
        }
    }

    /// Writes it as it is stored. The bytes hold secrets.
    pub fn to_json(&self) -> Zeroizing<Vec<u8>> {
        form_on_disk::write(self)
    }

    /// Reads what [`to_json`](Self::to_json) of this or an earlier version wrote.
    pub fn from_json(json: &[u8]) -> Result<Self, Unreadable> {
        let mut grant: Self = form_on_disk::read(json, Self::VERSION)?;
        // It is written as what it is read as.
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
