//! The token endpoint (RFC 6749 sections 3.2, 4.1.3, 5 and 6).

use serde::Serialize;

use super::World;
use super::grant::{Phase, Rotation, Tokens};
use super::reference::{Kind, Reference};
use crate::oauth::form::Form;
use crate::oauth::incoming::Incoming;
use crate::oauth::pkce::Verifier;
use crate::trace::{Actor, Status, Trail};
use crate::truid::function::Function;
use crate::{Finding, Misbehaviour, Refusal, RegisteredClient};

/// A good answer (RFC 6749 section 5.1).
#[derive(Serialize)]
pub(crate) struct TokenAnswer {
    pub(crate) access_token: String,
    /// In lower case, as Truid has it.
    pub(crate) token_type: &'static str,
    /// Seconds.
    pub(crate) expires_in: i64,
    /// Empty where the one before stays good.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) refresh_token: String,
    pub(crate) scope: String,
}

/// From this age on a code is exchanged late, in seconds.
const LATE: i64 = 25;

const REUSED_CODE: &str = "the code was used twice";
const REUSED_REFRESH_TOKEN: &str = "a refresh token was used twice";
/// Why a grant is over that the person ended.
pub(super) const ENDED: &str = "the session was ended from the Truid app";

impl World {
    /// A token request.
    ///
    /// # Errors
    /// Those of RFC 6749 section 5.2.
    pub(crate) fn token(
        &mut self,
        trail: &mut Trail,
        incoming: &Incoming<'_>,
        now: i64,
    ) -> Result<TokenAnswer, Refusal> {
        let answer = self.grant_type(trail, incoming, now);
        if answer.is_err() {
            self.counters.refused_token_requests += 1;
        }
        answer
    }

    fn grant_type(
        &mut self,
        trail: &mut Trail,
        incoming: &Incoming<'_>,
        now: i64,
    ) -> Result<TokenAnswer, Refusal> {
        let form = incoming.form()?;
        let authorization = incoming.authorization()?;
        form.once()?;
        let grant_type = form.need("grant_type", Finding::GrantType)?;
        let client = self.authenticate(trail.flow, form, authorization, now)?;
        match grant_type {
            "authorization_code" => self.exchange(trail, form, &client, now),
            "refresh_token" => self.refresh(trail, form, &client, now),
            _ => Err(Refusal::new(
                "unsupported_grant_type",
                Finding::GrantType,
                "grant_type must be authorization_code or refresh_token",
            )),
        }
    }

    /// A code for tokens (RFC 6749 section 4.1.3, RFC 7636 section 4.5). A request that is
    /// refused for its redirect URI or verifier leaves the code as it was (a guess).
    fn exchange(
        &mut self,
        trail: &mut Trail,
        form: &Form<'_>,
        client: &RegisteredClient,
        now: i64,
    ) -> Result<TokenAnswer, Refusal> {
        let reference = self.reference(form, "code", Kind::Code, Finding::CodeUnknown)?;
        let expired = |what: &str| Refusal::grant(Finding::CodeExpired, what);
        if reference.generation != 0 {
            return Err(Refusal::grant(
                Finding::RepetitionUnchecked,
                "this is the second code of a callback that had two; refuse such a callback",
            ));
        }
        let grant = self
            .grants
            .get_mut(reference.entry)
            .ok_or_else(|| expired("the code has expired; start a new authorization request"))?;
        if grant.client.client_id != client.client_id {
            return Err(Refusal::grant(
                Finding::OtherClient,
                "the code was given to another client",
            ));
        }
        let code = match &mut grant.phase {
            Phase::Code(code) => code,
            // RFC 6749 section 4.1.2: whoever else holds the code may hold its tokens. So
            // this comes before the rest of the request is looked at.
            Phase::Tokens(_) => {
                grant.phase = Phase::Revoked(REUSED_CODE);
                self.revoked(reference.entry);
                return Err(Refusal::grant(
                    Finding::CodeReused,
                    "the code was used before; a code can be used once, and all tokens of this grant are now revoked",
                ));
            }
            Phase::Revoked(why) => {
                let why = *why;
                let finding = if why == REUSED_CODE {
                    Finding::CodeReused
                } else {
                    Finding::GrantRevoked
                };
                return Err(Refusal::grant(
                    finding,
                    format!(
                        "the grant of this code was revoked, since {why}; start a new authorization request"
                    ),
                ));
            }
        };
        let redirect_uri = form.need("redirect_uri", Finding::TokenRedirectUri)?;
        let verifier = form.need("code_verifier", Finding::VerifierWrong)?;
        let verifier = Verifier::parse(verifier).ok_or_else(|| {
            Refusal::request(
                Finding::VerifierWrong,
                "code_verifier must be 43 to 128 characters out of letters, digits and -._~",
            )
        })?;
        if trail.is(Misbehaviour::CodeRefused) {
            code.deadline = code.deadline.min(now);
            let refusal = expired("the code has expired; start a new authorization request");
            return Err(refusal.blames(false));
        }
        if now >= code.deadline {
            return Err(expired(
                "the code has expired; exchange it at once, or start a new authorization request",
            ));
        }
        if code.redirect_uri != redirect_uri {
            return Err(Refusal::grant(
                Finding::TokenRedirectUri,
                "redirect_uri must equal the one in the authorization request, character for character",
            ));
        }
        if !code.challenge.matches(&verifier) {
            return Err(Refusal::grant(
                Finding::VerifierWrong,
                "code_verifier is not the one whose SHA-256 was the code_challenge",
            ));
        }
        let age = now.saturating_sub(code.since);
        if age >= LATE {
            trail.find(Finding::CodeLate, format!("the code was {age} seconds old"));
        }
        if let Some((finding, detail)) = code.callback.and_then(unchecked) {
            trail.find(finding, detail);
        }
        if trail.is(Misbehaviour::ScopeNarrowed) {
            grant.scope = grant.scope.first();
        }
        if trail.is(Misbehaviour::RotatedTokenWithheld) {
            grant.withheld = Some(0);
        }
        let scope = grant.scope.text(&grant.client);
        let (tokens, expires_in) = Tokens::first(grant.function, &self.lifetimes, now);
        grant.phase = Phase::Tokens(tokens);
        self.counters.code_exchanges += 1;
        if let Some(flow) = self.trace.get_mut(grant.flow) {
            flow.status = Status::LoggedIn;
            flow.scope = Some(grant.scope.clone());
        }
        Ok(self.answer(reference.entry, 0, expires_in, scope))
    }

    /// A refresh token for new tokens (RFC 6749 section 6), with rotation (RFC 9700
    /// section 4.14.2): the second use of one ends the grant.
    fn refresh(
        &mut self,
        trail: &mut Trail,
        form: &Form<'_>,
        client: &RegisteredClient,
        now: i64,
    ) -> Result<TokenAnswer, Refusal> {
        let finding = Finding::RefreshTokenUnknown;
        let reference = self.reference(form, "refresh_token", Kind::Refresh, finding)?;
        if trail.is(Misbehaviour::SessionEnded) {
            self.end(reference.entry);
        }
        let people = &self.people;
        let grant = self.grants.get_mut(reference.entry).ok_or_else(|| {
            Refusal::grant(
                Finding::RefreshTokenExpired,
                "the grant of this refresh token is no longer known; log in again",
            )
        })?;
        if grant.client.client_id != client.client_id {
            return Err(Refusal::grant(
                Finding::OtherClient,
                "the refresh token was given to another client",
            ));
        }
        let tokens = match &mut grant.phase {
            Phase::Tokens(tokens) => tokens,
            Phase::Code(_) => {
                return Err(Refusal::grant(finding, "the code was not exchanged"));
            }
            Phase::Revoked(why) => {
                let why = *why;
                let known = why != ENDED || std::mem::replace(&mut grant.end_reported, true);
                let finding = if why == REUSED_REFRESH_TOKEN {
                    Finding::RefreshTokenReused
                } else {
                    Finding::GrantRevoked
                };
                let what = format!(
                    "the grant of this refresh token was revoked, since {why}; log in again"
                );
                return Err(Refusal::grant(finding, what).blames(known));
            }
        };
        if reference.generation != tokens.refresh {
            let withheld = grant.withheld == Some(reference.generation);
            grant.phase = Phase::Revoked(REUSED_REFRESH_TOKEN);
            self.revoked(reference.entry);
            let refusal = Refusal::grant(
                Finding::RefreshTokenReused,
                "the refresh token was used before; each can be used once, and all tokens of this grant are now revoked; log in again",
            );
            return Err(refusal.blames(!withheld));
        }
        if tokens.ends.is_some_and(|ends| now >= ends) {
            return Err(Refusal::grant(
                Finding::RefreshTokenExpired,
                "the refresh token has expired: the session was idle too long or the grant has come to its end; log in again",
            ));
        }
        let narrow = match form.get("scope") {
            Some(text) => Some(grant.scope.narrow(text, &grant.client)?),
            None => None,
        };
        if trail.is(Misbehaviour::ScopeNarrowed) {
            grant.scope = grant.scope.first();
            if let Some(flow) = self.trace.get_mut(grant.flow) {
                flow.scope = Some(grant.scope.clone());
            }
        }
        if trail.is(Misbehaviour::RotatedTokenWithheld) {
            grant.withheld = Some(reference.generation);
        }
        if let Some(left) = tokens.early(now) {
            trail.find(
                Finding::RefreshEarly,
                format!("the access token was good for another {left} seconds"),
            );
        }
        if trail.is(Misbehaviour::OtherSubject) {
            let other = people.iter().find(|other| other.id != grant.person.id);
            grant.person = other.unwrap_or(&grant.person).clone();
        }
        let scope = narrow.as_ref().unwrap_or(&grant.scope).text(&grant.client);
        let rotation = if trail.is(Misbehaviour::TokenNotRotated) {
            Rotation::KeepRefreshToken
        } else {
            Rotation::Rotate
        };
        let expires_in = tokens.rotate(grant.function, &self.lifetimes, narrow, rotation, now);
        let (refresh, access) = (tokens.refresh, tokens.access_generation());
        self.counters.refreshes += 1;
        let answer = self.answer(reference.entry, access, expires_in, scope);
        Ok(TokenAnswer {
            refresh_token: match rotation {
                Rotation::Rotate => self
                    .references
                    .issue(Kind::Refresh, reference.entry, refresh),
                Rotation::KeepRefreshToken => String::new(),
            },
            ..answer
        })
    }

    /// A reference out of a token request.
    fn reference(
        &self,
        form: &Form<'_>,
        name: &str,
        kind: Kind,
        finding: Finding,
    ) -> Result<Reference, Refusal> {
        let text = form.need(name, finding)?;
        let reference = self.references.read(text).ok_or_else(|| {
            Refusal::grant(finding, format!("no such {name} was ever given out here"))
        })?;
        if reference.kind == kind {
            return Ok(reference);
        }
        Err(Refusal::grant(
            finding,
            format!(
                "{name} holds {}; send {}",
                reference.kind.words(),
                kind.words()
            ),
        ))
    }

    fn answer(&self, entry: u64, generation: u32, expires_in: i64, scope: String) -> TokenAnswer {
        TokenAnswer {
            access_token: self.references.issue(Kind::Access, entry, generation),
            token_type: "bearer",
            expires_in,
            refresh_token: self.references.issue(Kind::Refresh, entry, generation),
            scope,
        }
    }

    /// Notes that a grant was revoked.
    fn revoked(&mut self, entry: u64) {
        self.counters.revoked_grants += 1;
        let flow = self.grants.get(entry).map(|grant| grant.flow);
        if let Some(flow) = flow.and_then(|flow| self.trace.get_mut(flow)) {
            flow.status = Status::Revoked;
        }
    }

    /// The person ends what came of one approval, if there are tokens of it.
    pub(super) fn end(&mut self, entry: u64) -> bool {
        let Some(grant) = self.grants.get_mut(entry) else {
            return false;
        };
        if !matches!(grant.phase, Phase::Tokens(_)) {
            return false;
        }
        grant.phase = Phase::Revoked(ENDED);
        self.revoked(entry);
        true
    }

    /// Ends all login sessions with a service, as a person can from the Truid app. Gives
    /// how many there were. A code that was not exchanged is no session yet. `at` is in
    /// milliseconds.
    pub(crate) fn end_sessions(&mut self, client_id: &str, at: i64) -> usize {
        let now = at.div_euclid(1_000);
        let sessions = self.grants.iter().filter(|(_, grant)| {
            grant.client.client_id == client_id
                && grant.function == Function::LoginSession
                && !grant.is_over(now)
        });
        let sessions = sessions.map(|(entry, grant)| (entry, grant.flow));
        let sessions: Vec<(u64, u64)> = sessions.collect();
        let mut ended = 0;
        for (entry, flow) in sessions {
            if self.end(entry) {
                ended += 1;
                let way = (Actor::TruidApp, Actor::Truid);
                self.signal(flow, at, way, "The person ends the session", None, None);
            }
        }
        ended
    }
}

/// What it means that the code of such a callback was exchanged.
fn unchecked(callback: Misbehaviour) -> Option<(Finding, &'static str)> {
    match callback {
        Misbehaviour::CallbackWrongState => Some((
            Finding::StateUnchecked,
            "the callback had another state, and its code was exchanged",
        )),
        Misbehaviour::CallbackNoState => Some((
            Finding::StateUnchecked,
            "the callback had no state, and its code was exchanged",
        )),
        Misbehaviour::CallbackWrongIssuer => Some((
            Finding::IssuerUnchecked,
            "the callback had the iss of somebody else, and its code was exchanged",
        )),
        Misbehaviour::CallbackRepeated => Some((
            Finding::RepetitionUnchecked,
            "the callback had two codes, and one was exchanged",
        )),
        _ => None,
    }
}
