//! The token endpoint (RFC 6749 sections 3.2, 4.1.3, 5 and 6).

use serde::Serialize;

use super::World;
use super::grant::{Phase, Tokens};
use crate::form::Form;
use crate::function::Function;
use crate::pkce::Verifier;
use crate::ticket::{Kind, Ticket};
use crate::{Refusal, RegisteredClient};

/// A good answer (RFC 6749 section 5.1).
#[derive(Serialize)]
pub(crate) struct TokenAnswer {
    pub(crate) access_token: String,
    /// In lower case, as Truid has it.
    pub(crate) token_type: &'static str,
    /// Seconds.
    pub(crate) expires_in: i64,
    pub(crate) refresh_token: String,
    pub(crate) scope: String,
}

const REUSED_CODE: &str = "the code was used twice";
const REUSED_REFRESH_TOKEN: &str = "a refresh token was used twice";
const ENDED: &str = "the session was ended from the Truid app";

impl World {
    /// A token request. `form` is what came of reading the body.
    ///
    /// # Errors
    /// Those of RFC 6749 section 5.2.
    pub(crate) fn token(
        &mut self,
        form: Result<&Form<'_>, Refusal>,
        authorization: Option<&str>,
        now: i64,
    ) -> Result<TokenAnswer, Refusal> {
        let answer = form.and_then(|form| self.grant_type(form, authorization, now));
        if answer.is_err() {
            self.counters.refused_token_requests += 1;
        }
        answer
    }

    fn grant_type(
        &mut self,
        form: &Form<'_>,
        authorization: Option<&str>,
        now: i64,
    ) -> Result<TokenAnswer, Refusal> {
        form.once()?;
        let grant_type = form.need("grant_type")?;
        let client = self.authenticate(form, authorization)?;
        match grant_type {
            "authorization_code" => self.exchange(form, &client, now),
            "refresh_token" => self.refresh(form, &client, now),
            _ => Err(Refusal::new(
                "unsupported_grant_type",
                "grant_type must be authorization_code or refresh_token",
            )),
        }
    }

    /// A code for tokens (RFC 6749 section 4.1.3, RFC 7636 section 4.5). A request that is
    /// refused for its redirect URI or verifier leaves the code as it was (a guess).
    fn exchange(
        &mut self,
        form: &Form<'_>,
        client: &RegisteredClient,
        now: i64,
    ) -> Result<TokenAnswer, Refusal> {
        let ticket = self.ticket(form, "code", Kind::Code)?;
        let grant = self.grants.get_mut(ticket.entry).ok_or_else(|| {
            Refusal::grant("the code has expired; start a new authorization request")
        })?;
        if grant.client.client_id != client.client_id {
            return Err(Refusal::grant("the code was given to another client"));
        }
        let code = match &grant.phase {
            Phase::Code(code) => code,
            // RFC 6749 section 4.1.2: whoever else holds the code may hold its tokens. So
            // this comes before the rest of the request is looked at.
            Phase::Tokens(_) => {
                grant.phase = Phase::Revoked(REUSED_CODE);
                self.counters.revoked_grants += 1;
                return Err(Refusal::grant(
                    "the code was used before; a code can be used once, and all tokens of this grant are now revoked",
                ));
            }
            Phase::Revoked(why) => {
                return Err(Refusal::grant(format!(
                    "the grant of this code was revoked, since {why}; start a new authorization request"
                )));
            }
        };
        let redirect_uri = form.need("redirect_uri")?;
        let verifier = form.need("code_verifier")?;
        let verifier = Verifier::parse(verifier).ok_or_else(|| {
            Refusal::request(
                "code_verifier must be 43 to 128 characters out of letters, digits and -._~",
            )
        })?;
        if now >= code.deadline {
            return Err(Refusal::grant(
                "the code has expired; exchange it at once, or start a new authorization request",
            ));
        }
        if code.redirect_uri != redirect_uri {
            return Err(Refusal::grant(
                "redirect_uri must equal the one in the authorization request, character for character",
            ));
        }
        if !code.challenge.matches(&verifier) {
            return Err(Refusal::grant(
                "code_verifier is not the one whose SHA-256 was the code_challenge",
            ));
        }
        let (tokens, expires_in) = Tokens::first(grant.function, &self.lifetimes, now);
        grant.phase = Phase::Tokens(tokens);
        let scope = grant.scope.text(&grant.client);
        self.counters.code_exchanges += 1;
        Ok(self.answer(ticket.entry, 0, expires_in, scope))
    }

    /// A refresh token for new tokens (RFC 6749 section 6), with rotation (RFC 9700
    /// section 4.14.2): the second use of one ends the grant.
    fn refresh(
        &mut self,
        form: &Form<'_>,
        client: &RegisteredClient,
        now: i64,
    ) -> Result<TokenAnswer, Refusal> {
        let ticket = self.ticket(form, "refresh_token", Kind::Refresh)?;
        let grant = self.grants.get_mut(ticket.entry).ok_or_else(|| {
            Refusal::grant("the grant of this refresh token is no longer known; log in again")
        })?;
        if grant.client.client_id != client.client_id {
            return Err(Refusal::grant(
                "the refresh token was given to another client",
            ));
        }
        let tokens = match &mut grant.phase {
            Phase::Tokens(tokens) => tokens,
            Phase::Code(_) => return Err(Refusal::grant("the code was not exchanged")),
            Phase::Revoked(why) => {
                return Err(Refusal::grant(format!(
                    "the grant of this refresh token was revoked, since {why}; log in again"
                )));
            }
        };
        if ticket.generation != tokens.refresh {
            grant.phase = Phase::Revoked(REUSED_REFRESH_TOKEN);
            self.counters.revoked_grants += 1;
            return Err(Refusal::grant(
                "the refresh token was used before; each can be used once, and all tokens of this grant are now revoked; log in again",
            ));
        }
        if tokens.ends.is_some_and(|ends| now >= ends) {
            return Err(Refusal::grant(
                "the refresh token has expired: the session was idle too long or the grant has come to its end; log in again",
            ));
        }
        let narrow = match form.get("scope") {
            Some(text) => Some(grant.scope.narrow(text, &grant.client)?),
            None => None,
        };
        let scope = narrow.as_ref().unwrap_or(&grant.scope).text(&grant.client);
        let expires_in = tokens.rotate(grant.function, &self.lifetimes, narrow, now);
        let generation = tokens.refresh;
        self.counters.refreshes += 1;
        Ok(self.answer(ticket.entry, generation, expires_in, scope))
    }

    /// A ticket out of a token request.
    fn ticket(&self, form: &Form<'_>, name: &str, kind: Kind) -> Result<Ticket, Refusal> {
        let ticket = self
            .mint
            .read(form.need(name)?)
            .ok_or_else(|| Refusal::grant(format!("no such {name} was ever given out here")))?;
        if ticket.kind == kind {
            return Ok(ticket);
        }
        Err(Refusal::grant(format!(
            "{name} holds {}; send {}",
            ticket.kind.words(),
            kind.words()
        )))
    }

    fn answer(&self, entry: u64, generation: u32, expires_in: i64, scope: String) -> TokenAnswer {
        TokenAnswer {
            access_token: self.mint.write(Kind::Access, entry, generation),
            token_type: "bearer",
            expires_in,
            refresh_token: self.mint.write(Kind::Refresh, entry, generation),
            scope,
        }
    }

    /// Ends all login sessions with a service, as a person can from the Truid app. Gives
    /// how many there were. A code that was not exchanged is no session yet.
    pub(crate) fn end_sessions(&mut self, client_id: &str, now: i64) -> usize {
        let mut ended = 0;
        for grant in self.grants.values_mut() {
            if grant.client.client_id == client_id
                && grant.function == Function::LoginSession
                && matches!(grant.phase, Phase::Tokens(_))
                && !grant.is_over(now)
            {
                grant.phase = Phase::Revoked(ENDED);
                ended += 1;
            }
        }
        self.counters.revoked_grants += ended as u64;
        ended
    }
}
