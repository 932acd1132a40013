//! A grant: what follows from one approval, from its code to its last token.

use std::sync::Arc;

use super::now::Now;
use super::request::AuthorizationRequest;
use crate::oauth::pkce::Challenge;
use crate::oauth::scope::Scope;
use crate::trace::Status;
use crate::{Lifetimes, Misbehaviour, Person, Purpose, RegisteredClient};

/// The most access tokens of one grant that are good at a time. Older ones go first, as
/// if they had expired.
const MOST_ACCESS_TOKENS: usize = 16;

/// Why a grant is over that the person ended.
pub(super) const ENDED: &str = "the session was ended from the Truid app";

/// A grant.
pub(super) struct Grant {
    pub(super) client: Arc<RegisteredClient>,
    pub(super) purpose: Purpose,
    pub(super) scope: Scope,
    /// Who approved.
    pub(super) person: Arc<Person>,
    pub(super) phase: Phase,
    /// The flow that it belongs to.
    pub(super) flow: u64,
    /// Whether the service was told that the grant is over, where it could not know it before:
    /// the person ended the session, or it was idle too long.
    pub(super) end_reported: bool,
    /// A refresh token that was used up, on demand, without another in its place. The
    /// service keeps it, as RFC 6749 section 6 has it, and does nothing wrong by using it.
    pub(super) withheld: Option<u32>,
}

/// How far a grant is.
pub(super) enum Phase {
    /// The code is out.
    Code(Box<CodePhase>),
    /// The code was exchanged.
    Tokens(Tokens),
    /// It ended early, and this is why.
    Revoked(&'static str),
}

/// What a code is held against.
pub(super) struct CodePhase {
    pub(super) redirect_uri: String,
    pub(super) challenge: Challenge,
    /// When it was given out.
    pub(super) since: Now,
    /// From when on the code is refused.
    pub(super) deadline: Now,
    /// What was wrong, on demand, with the callback that it came in.
    pub(super) callback: Option<Misbehaviour>,
}

/// The tokens of a grant.
pub(super) struct Tokens {
    /// The generation of the refresh token that is good. All before it were used.
    pub(super) refresh: u32,
    /// The generation of the newest access token. It goes on where a refresh token does
    /// not rotate.
    newest: u32,
    /// Access tokens that may still be good.
    access: Vec<AccessToken>,
    /// The lifetime of the newest access token, in seconds.
    lifetime: i64,
    /// From when on nothing of the grant is good, if it ends by itself.
    pub(super) ends: Option<i64>,
}

/// An access token that was given out.
struct AccessToken {
    generation: u32,
    /// The seconds for which it is good.
    life: i64,
    expires: Now,
    /// Where it is narrower than the grant's.
    scope: Option<Scope>,
}

impl Grant {
    /// The grant of a request that was approved.
    pub(super) fn new(
        request: &AuthorizationRequest,
        person: Arc<Person>,
        (since, deadline): (Now, Now),
        callback: Option<Misbehaviour>,
    ) -> Self {
        Grant {
            client: Arc::clone(&request.client),
            purpose: request.purpose,
            scope: request.scope.clone(),
            phase: Phase::Code(Box::new(CodePhase {
                redirect_uri: request.redirect_uri.clone(),
                challenge: request.challenge,
                since,
                deadline,
                callback,
            })),
            person,
            flow: request.flow,
            end_reported: false,
            withheld: None,
        }
    }

    /// The time from which the code is refused. None if the code is no longer good.
    pub(super) fn code_deadline(&self, now: i64) -> Option<Now> {
        match &self.phase {
            Phase::Code(code) if now < code.deadline.sandbox => Some(code.deadline),
            _ => None,
        }
    }

    /// Whether nothing can come of it any more.
    pub(super) fn is_over(&self, now: i64) -> bool {
        match &self.phase {
            Phase::Code(code) => now >= code.deadline.sandbox,
            Phase::Tokens(tokens) => tokens.ends.is_some_and(|ends| now >= ends),
            Phase::Revoked(_) => true,
        }
    }

    /// Whether the service could know that the grant was revoked for this reason. If the person
    /// ended the session, the service learns it from the first refusal, so the first call says
    /// no.
    pub(super) fn service_could_know(&mut self, why: &'static str) -> bool {
        why != ENDED || self.was_told()
    }

    /// Whether the service was told before that the grant is over. It is told now.
    pub(super) fn was_told(&mut self) -> bool {
        std::mem::replace(&mut self.end_reported, true)
    }

    /// How far a flow is whose grant this is.
    pub(super) fn status(&self) -> Status {
        match self.phase {
            Phase::Code(_) => Status::Approved,
            Phase::Tokens(_) => Status::LoggedIn,
            Phase::Revoked(_) => Status::Revoked,
        }
    }

    /// The scope of an access token that is good now. For one that is not, whether the service
    /// could know it.
    pub(super) fn access(&self, generation: u32, now: Now) -> Result<&Scope, bool> {
        let Phase::Tokens(tokens) = &self.phase else {
            return Err(true);
        };
        let mut all = tokens.access.iter();
        let token = all
            .find(|token| token.generation == generation)
            .ok_or(true)?;
        if now.sandbox >= token.expires.sandbox {
            return Err(token.expires.has_come(now));
        }
        Ok(token.scope.as_ref().unwrap_or(&self.scope))
    }
}

/// Whether a refresh token is used up by a refresh.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rotation {
    Rotate,
    KeepRefreshToken,
}

impl Tokens {
    /// The first tokens of a grant, and the seconds for which the access token is good.
    pub(super) fn first(purpose: Purpose, lifetimes: &Lifetimes, now: Now) -> (Tokens, i64) {
        let lifetime = match purpose {
            Purpose::Login => {
                let first = lifetimes.first_login_access_token;
                first.min(lifetimes.access_token)
            }
            Purpose::Onboarding | Purpose::IdentityVerification => lifetimes.access_token,
        };
        let mut tokens = Tokens {
            refresh: 0,
            newest: 0,
            access: Vec::with_capacity(1),
            lifetime,
            ends: match purpose {
                Purpose::Onboarding => None,
                Purpose::Login => Some(now.sandbox.saturating_add(lifetimes.idle_login)),
                Purpose::IdentityVerification => {
                    Some(now.sandbox.saturating_add(lifetimes.identity_verification))
                }
            },
        };
        let expires_in = tokens.issue(None, now);
        (tokens, expires_in)
    }

    /// The next tokens. The refresh token before is used up; access tokens that are out
    /// stay good until they expire (a guess).
    pub(super) fn rotate(
        &mut self,
        purpose: Purpose,
        lifetimes: &Lifetimes,
        scope: Option<Scope>,
        rotation: Rotation,
        now: Now,
    ) -> i64 {
        self.newest += 1;
        if rotation == Rotation::Rotate {
            self.refresh += 1;
        }
        if purpose == Purpose::Login {
            self.lifetime = self.lifetime.saturating_mul(2).min(lifetimes.access_token);
            self.ends = Some(now.sandbox.saturating_add(lifetimes.idle_login));
        }
        self.issue(scope, now)
    }

    /// Notes an access token of this generation and gives the seconds for which it is
    /// good: never longer than the grant.
    fn issue(&mut self, scope: Option<Scope>, now: Now) -> i64 {
        let left = self.ends.map(|ends| ends.saturating_sub(now.sandbox));
        let life = left.map_or(self.lifetime, |left| self.lifetime.min(left));
        self.access.retain(|token| !token.expires.has_come(now));
        if self.access.len() >= MOST_ACCESS_TOKENS {
            self.access.remove(0);
        }
        self.access.push(AccessToken {
            generation: self.newest,
            life,
            expires: now.after(life),
            scope,
        });
        life
    }

    /// The generation of the newest access token.
    pub(super) fn access_generation(&self) -> u32 {
        self.newest
    }

    /// The seconds for which the newest access token is still good, where that is more
    /// than half of its life.
    pub(super) fn early(&self, now: Now) -> Option<i64> {
        let newest = self.access.last()?;
        let left = newest.expires.left(now);
        (left.saturating_mul(2) > newest.life).then_some(left)
    }
}
