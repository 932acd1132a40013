//! The exchange of a code for tokens (RFC 6749 section 4.1.3, RFC 7636 section 4.5).

use super::Provider;
use super::grant::{CodePhase, Phase, Tokens};
use super::now::Now;
use super::reference::Kind;
use super::token::TokenAnswer;
use crate::clients::redirect_uri;
use crate::oauth::form::Form;
use crate::oauth::pkce::Verifier;
use crate::trace::{RequestContext, Status};
use crate::{Finding, Misbehaviour, Refusal, RegisteredClient};

/// From this age on, in seconds, the exchange of a code counts as late.
const LATE: i64 = 25;

const REUSED: &str = "the code was used twice";

impl Provider {
    /// Exchanges a code for tokens. A refusal because of the redirect URI or the verifier does not
    /// use the code up (a guess).
    pub(super) fn exchange(
        &mut self,
        context: &mut RequestContext,
        form: &Form<'_>,
        client: &RegisteredClient,
        now: i64,
    ) -> Result<TokenAnswer, Refusal> {
        let reference = self.reference(form, "code", Kind::Code, Finding::CodeUnknown)?;
        if reference.generation != 0 {
            return Err(Refusal::grant(
                Finding::RepetitionUnchecked,
                "this is the second code of a callback with a repeated code; refuse such a callback",
            ));
        }
        self.check_code_unused(reference.entry, client)?;
        let at = self.moment(now);
        let grant = self.grants.get_mut(reference.entry);
        let grant = grant.ok_or_else(unknown_grant)?;
        let Phase::Code(code) = &mut grant.phase else {
            return Err(unknown_grant());
        };
        code.check(context, form, at)?;
        code.note(context, at);
        if context.is(Misbehaviour::ScopeNarrowed) {
            grant.scope = grant.scope.first();
        }
        if context.is(Misbehaviour::RotatedTokenWithheld) {
            grant.withheld = Some(0);
        }
        let scope = grant.scope.text(&grant.client);
        let (tokens, expires_in) = Tokens::first(grant.purpose, &self.lifetimes, at);
        grant.phase = Phase::Tokens(tokens);
        self.counters.code_exchanges += 1;
        if let Some(flow) = self.trace.get_mut(grant.flow) {
            flow.status = Status::LoggedIn;
            flow.scope = Some(grant.scope.clone());
        }
        Ok(self.answer(reference.entry, 0, expires_in, scope))
    }

    /// Checks that the code belongs to this client and was not used before. A second use ends the
    /// grant, because two parties may have the code (RFC 6749 section 4.1.2). So this comes
    /// before all other checks.
    fn check_code_unused(&mut self, entry: u64, client: &RegisteredClient) -> Result<(), Refusal> {
        let grant = self.grants.get(entry).ok_or_else(unknown_grant)?;
        if grant.client.client_id != client.client_id {
            return Err(Refusal::grant(
                Finding::OtherClient,
                "the code was issued to another client",
            ));
        }
        match grant.phase {
            Phase::Code(_) => Ok(()),
            Phase::Tokens(_) => {
                self.revoke(entry, REUSED);
                Err(Refusal::grant(
                    Finding::CodeReused,
                    "the code was used before; a code can be used once, and all tokens of this grant are revoked now",
                ))
            }
            Phase::Revoked(why) => {
                let finding = match why {
                    REUSED => Finding::CodeReused,
                    _ => Finding::GrantRevoked,
                };
                Err(Refusal::grant(
                    finding,
                    format!(
                        "the grant of this code was revoked because {why}; start a new authorization request"
                    ),
                ))
            }
        }
    }
}

impl CodePhase {
    /// Checks a request against the authorization request that the code came from.
    fn check(
        &mut self,
        context: &RequestContext,
        form: &Form<'_>,
        now: Now,
    ) -> Result<(), Refusal> {
        let given = form.need("redirect_uri", Finding::TokenRedirectUri)?;
        let verifier = form.need("code_verifier", Finding::VerifierWrong)?;
        let verifier = Verifier::parse(verifier).ok_or_else(|| {
            let mistake = Verifier::mistake(verifier);
            Refusal::request(
                Finding::VerifierWrong,
                format!("code_verifier must have 43 to 128 characters, only letters, digits and -._~: {mistake}"),
            )
        })?;
        if context.is(Misbehaviour::CodeRefused) {
            self.deadline = now;
            return Err(unknown_grant().finding_if(false));
        }
        if now.sandbox >= self.deadline.sandbox {
            let refusal = Refusal::grant(
                Finding::CodeExpired,
                "the code has expired; start a new authorization request, and exchange its code immediately",
            );
            return Err(refusal.finding_if(self.deadline.has_come(now)));
        }
        if self.redirect_uri != given {
            let own = &self.redirect_uri;
            let how = redirect_uri::difference(own, given);
            return Err(Refusal::grant(
                Finding::TokenRedirectUri,
                format!(
                    "redirect_uri must equal the one in the authorization request, character for character: compared with {own}, it has {how}"
                ),
            ));
        }
        if !self.challenge.matches(&verifier) {
            let why = self.challenge.mismatch(&verifier);
            return Err(Refusal::grant(Finding::VerifierWrong, why));
        }
        Ok(())
    }

    /// Adds the findings of a successful exchange.
    fn note(&self, context: &mut RequestContext, now: Now) {
        let age = self.since.age(now);
        if age >= LATE {
            context.find(Finding::CodeLate, format!("the code was {age} seconds old"));
        }
        if let Some((finding, detail)) = self.callback.and_then(unchecked) {
            context.find(finding, detail);
        }
    }
}

/// The refusal of a code whose grant is no longer stored.
fn unknown_grant() -> Refusal {
    Refusal::grant(
        Finding::CodeExpired,
        "the code has expired; start a new authorization request",
    )
}

/// The finding if a service exchanges the code of a callback that it should have refused.
fn unchecked(callback: Misbehaviour) -> Option<(Finding, &'static str)> {
    match callback {
        Misbehaviour::CallbackWrongState => Some((
            Finding::StateUnchecked,
            "the callback had a wrong state, and the client exchanged its code",
        )),
        Misbehaviour::CallbackNoState => Some((
            Finding::StateUnchecked,
            "the callback had no state, and the client exchanged its code",
        )),
        Misbehaviour::CallbackWrongIssuer => Some((
            Finding::IssuerUnchecked,
            "the callback had the iss of another issuer, and the client exchanged its code",
        )),
        Misbehaviour::CallbackRepeated => Some((
            Finding::RepetitionUnchecked,
            "the callback had two codes, and the client exchanged one of them",
        )),
        _ => None,
    }
}
