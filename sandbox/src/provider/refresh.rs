//! The exchange of a refresh token for new tokens (RFC 6749 section 6), with rotation (RFC 9700
//! section 4.14.2): the second use of a refresh token ends the grant.
//!
//! Before you change this: Truid's example ends the grant at the second use, also if the first answer
//! was lost. Clients are tested against exactly that.

use super::Provider;
use super::grant::{Phase, Rotation};
use super::reference::{Kind, Reference};
use super::token::TokenAnswer;
use crate::oauth::form::Form;
use crate::trace::RequestContext;
use crate::{Finding, Misbehaviour, Refusal, RegisteredClient};

const REUSED: &str = "a refresh token was used twice";

impl Provider {
    /// Exchanges a refresh token for new tokens.
    pub(super) fn refresh(
        &mut self,
        context: &mut RequestContext,
        form: &Form<'_>,
        client: &RegisteredClient,
        now: i64,
    ) -> Result<TokenAnswer, Refusal> {
        let finding = Finding::RefreshTokenUnknown;
        let reference = self.reference(form, "refresh_token", Kind::Refresh, finding)?;
        if context.is(Misbehaviour::SessionEnded) {
            self.end(reference.entry);
        }
        self.check_refresh_token(reference, client, now)?;
        self.rotate(context, reference, form.get("scope"), now)
    }

    /// Checks that the refresh token belongs to this client, was not used and has not expired.
    fn check_refresh_token(
        &mut self,
        reference: Reference,
        client: &RegisteredClient,
        now: i64,
    ) -> Result<(), Refusal> {
        let grant = self.grants.get_mut(reference.entry);
        let grant = grant.ok_or_else(unknown_grant)?;
        if grant.client.client_id != client.client_id {
            return Err(Refusal::grant(
                Finding::OtherClient,
                "the refresh token was issued to another client",
            ));
        }
        let tokens = match &grant.phase {
            Phase::Tokens(tokens) => tokens,
            Phase::Code(_) => return Err(not_exchanged()),
            Phase::Revoked(why) => {
                let why = *why;
                let finding = match why {
                    REUSED => Finding::RefreshTokenReused,
                    _ => Finding::GrantRevoked,
                };
                let what = format!(
                    "the grant of this refresh token was revoked because {why}; log in again"
                );
                let could_know = grant.service_could_know(why);
                return Err(Refusal::grant(finding, what).finding_if(could_know));
            }
        };
        if reference.generation != tokens.refresh {
            let withheld = grant.withheld == Some(reference.generation);
            self.revoke(reference.entry, REUSED);
            let refusal = Refusal::grant(
                Finding::RefreshTokenReused,
                "the refresh token was used before; each can be used once, and all tokens of this grant are revoked now; log in again",
            );
            return Err(refusal.finding_if(!withheld));
        }
        if tokens.ends.is_some_and(|ends| now >= ends) {
            let refusal = Refusal::grant(
                Finding::RefreshTokenExpired,
                "the refresh token has expired: the session was idle for too long or the grant reached its maximum age; log in again",
            );
            // No answer says how long a refresh token is valid, so the first use is no finding.
            return Err(refusal.finding_if(grant.report_end()));
        }
        Ok(())
    }

    /// Issues new tokens for a valid refresh token, with the misbehaviour of this request. `scope`
    /// is the requested scope.
    fn rotate(
        &mut self,
        context: &mut RequestContext,
        reference: Reference,
        scope: Option<&str>,
        now: i64,
    ) -> Result<TokenAnswer, Refusal> {
        let now = self.moment(now);
        let grant = self.grants.get_mut(reference.entry);
        let grant = grant.ok_or_else(unknown_grant)?;
        let Phase::Tokens(tokens) = &mut grant.phase else {
            return Err(not_exchanged());
        };
        let narrow = scope.map(|text| grant.scope.narrow(text, &grant.client));
        let narrow = narrow.transpose()?;
        if context.is(Misbehaviour::ScopeNarrowed) {
            grant.scope = grant.scope.first();
            if let Some(flow) = self.trace.get_mut(grant.flow) {
                flow.scope = Some(grant.scope.clone());
            }
        }
        if context.is(Misbehaviour::RotatedTokenWithheld) {
            grant.withheld = Some(reference.generation);
        }
        if grant.purpose.keeps_access_tokens()
            && let Some(left) = tokens.early(now)
        {
            context.find(
                Finding::RefreshEarly,
                format!("the access token was valid for another {left} seconds"),
            );
        }
        if context.is(Misbehaviour::OtherSubject) {
            let mut others = self.people.iter();
            let other = others.find(|other| other.id != grant.person.id);
            grant.person = other.unwrap_or(&grant.person).clone();
        }
        let scope = narrow.as_ref().unwrap_or(&grant.scope).text(&grant.client);
        let rotation = if context.is(Misbehaviour::TokenNotRotated) {
            Rotation::KeepRefreshToken
        } else {
            Rotation::Rotate
        };
        let expires_in = tokens.rotate(grant.purpose, &self.lifetimes, narrow, rotation, now);
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
}

fn unknown_grant() -> Refusal {
    Refusal::grant(
        Finding::RefreshTokenExpired,
        "the sandbox does not store the grant of this refresh token any more; log in again",
    )
}

fn not_exchanged() -> Refusal {
    Refusal::grant(Finding::RefreshTokenUnknown, "the code was not exchanged")
}
