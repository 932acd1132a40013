//! [`Grant`]: one approval, with its code and all its tokens.

use std::sync::Arc;

use super::now::Now;
use super::request::AuthorizationRequest;
use crate::oauth::pkce::Challenge;
use crate::oauth::scope::Scope;
use crate::signing::Signed;
use crate::trace::Status;
use crate::{Lifetimes, Misbehaviour, Person, Purpose, RegisteredClient};

/// The maximum number of valid access tokens of one grant. The oldest ones are dropped, as if
/// they had expired.
const MAX_ACCESS_TOKENS: usize = 16;

/// The reason if the person ended the grant.
pub(super) const ENDED: &str = "the person ended the session in the Truid app";

/// A grant.
pub(super) struct Grant {
    pub(super) client: Arc<RegisteredClient>,
    pub(super) purpose: Purpose,
    pub(super) scope: Scope,
    /// The person who approved.
    pub(super) person: Arc<Person>,
    pub(super) phase: Phase,
    /// The number of its flow.
    pub(super) flow: u64,
    /// Whether an answer reported the end of the grant to the service. Before that, the service
    /// could not know that the person ended the session or that it was idle for too long.
    pub(super) end_reported: bool,
    /// The generation of a refresh token that a misbehaviour used up without issuing a new one.
    /// The service keeps the old one (RFC 6749 section 6), so its use is not a finding.
    pub(super) withheld: Option<u32>,
    /// What the person signed, if this is a signing.
    pub(super) signed: Option<Box<Signed>>,
}

/// The phase of a grant.
pub(super) enum Phase {
    /// The code was issued and not exchanged yet.
    Code(Box<CodePhase>),
    /// The code was exchanged.
    Tokens(Tokens),
    /// The grant was revoked, for this reason.
    Revoked(&'static str),
}

/// The data against which a token request with the code is checked.
pub(super) struct CodePhase {
    pub(super) redirect_uri: String,
    pub(super) challenge: Challenge,
    /// When the code was issued.
    pub(super) since: Now,
    /// When the code expires.
    pub(super) deadline: Now,
    /// The misbehaviour of the callback with the code.
    pub(super) callback: Option<Misbehaviour>,
}

/// The tokens of a grant.
pub(super) struct Tokens {
    /// The generation of the valid refresh token. All earlier ones were used.
    pub(super) refresh: u32,
    /// The generation of the newest access token. It also grows if the refresh token does not
    /// rotate.
    newest: u32,
    /// Access tokens that can still be valid.
    access: Vec<AccessToken>,
    /// The lifetime of the newest access token, in seconds.
    lifetime: i64,
    /// When the grant expires, in seconds since 1970-01-01; `None` if it never does.
    pub(super) ends: Option<i64>,
}

/// An access token.
struct AccessToken {
    generation: u32,
    /// The lifetime, in seconds.
    life: i64,
    expires: Now,
    /// The scope, if it is narrower than that of the grant.
    scope: Option<Scope>,
}

impl Grant {
    /// The grant of an approved request.
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
            signed: None,
        }
    }

    /// The time when the code expires; `None` if the code is not valid any more.
    pub(super) fn code_deadline(&self, now: i64) -> Option<Now> {
        match &self.phase {
            Phase::Code(code) if now < code.deadline.sandbox => Some(code.deadline),
            _ => None,
        }
    }

    /// Whether the grant can have no further effect.
    pub(super) fn has_ended(&self, now: i64) -> bool {
        match &self.phase {
            Phase::Code(code) => now >= code.deadline.sandbox,
            Phase::Tokens(tokens) => tokens.ends.is_some_and(|ends| now >= ends),
            Phase::Revoked(_) => true,
        }
    }

    /// Whether the service could know that the grant was revoked for this reason. If the person
    /// ended the session, the service learns it from the first refusal, so the first call returns
    /// `false`.
    pub(super) fn service_could_know(&mut self, why: &'static str) -> bool {
        why != ENDED || self.report_end()
    }

    /// Records that an answer reports the end of the grant. Returns whether an earlier one did.
    pub(super) fn report_end(&mut self) -> bool {
        std::mem::replace(&mut self.end_reported, true)
    }

    /// The status of a flow with this grant.
    pub(super) fn status(&self) -> Status {
        match self.phase {
            Phase::Code(_) => Status::Approved,
            Phase::Tokens(_) => Status::LoggedIn,
            Phase::Revoked(_) => Status::Revoked,
        }
    }

    /// The scope of a valid access token.
    ///
    /// # Errors
    /// The token is not valid; the value says whether the service could know that.
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
    /// The first tokens of a grant, and the lifetime of the access token in seconds.
    pub(super) fn first(purpose: Purpose, lifetimes: &Lifetimes, now: Now) -> (Tokens, i64) {
        let lifetime = match purpose {
            Purpose::Login => {
                let first = lifetimes.first_login_access_token;
                first.min(lifetimes.access_token)
            }
            Purpose::Onboarding | Purpose::IdentityVerification | Purpose::Signing => {
                lifetimes.access_token
            }
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
                Purpose::Signing => Some(now.sandbox.saturating_add(lifetimes.signing)),
            },
        };
        let expires_in = tokens.issue(None, now);
        (tokens, expires_in)
    }

    /// The next tokens. The previous refresh token is used up; earlier access tokens remain valid
    /// until they expire (a guess).
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

    /// Adds an access token, and returns its lifetime in seconds: at most that of the grant.
    fn issue(&mut self, scope: Option<Scope>, now: Now) -> i64 {
        let left = self.ends.map(|ends| ends.saturating_sub(now.sandbox));
        let life = left.map_or(self.lifetime, |left| self.lifetime.min(left));
        self.access.retain(|token| !token.expires.has_come(now));
        if self.access.len() >= MAX_ACCESS_TOKENS {
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

    /// The remaining seconds of the newest access token, if they are more than half of its
    /// lifetime.
    pub(super) fn early(&self, now: Now) -> Option<i64> {
        let newest = self.access.last()?;
        let left = newest.expires.left(now);
        (left.saturating_mul(2) > newest.life).then_some(left)
    }
}
