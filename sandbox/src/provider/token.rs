//! The token endpoint (RFC 6749 sections 3.2 and 5), and the revocation of grants.

use serde::Serialize;

use super::Provider;
use super::grant::{ENDED, Phase};
use super::reference::{Kind, Reference};
use crate::oauth::form::Form;
use crate::oauth::incoming::Incoming;
use crate::trace::{Actor, RequestContext, Status};
use crate::{Finding, Purpose, Refusal};

/// A successful answer (RFC 6749 section 5.1).
#[derive(Serialize)]
pub(crate) struct TokenAnswer {
    pub(crate) access_token: String,
    /// In lower case, as in Truid's answers.
    pub(crate) token_type: &'static str,
    /// In seconds.
    pub(crate) expires_in: i64,
    /// Empty if the previous refresh token remains valid.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) refresh_token: String,
    /// Empty if a signing shares no data.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) scope: String,
}

impl Provider {
    /// Handles a token request.
    ///
    /// # Errors
    /// Those of RFC 6749 section 5.2.
    pub(crate) fn token(
        &mut self,
        context: &mut RequestContext,
        incoming: &Incoming<'_>,
        now: i64,
    ) -> Result<TokenAnswer, Refusal> {
        let answer = self.grant_type(context, incoming, now);
        if answer.is_err() {
            self.counters.refused_token_requests += 1;
        }
        answer
    }

    fn grant_type(
        &mut self,
        context: &mut RequestContext,
        incoming: &Incoming<'_>,
        now: i64,
    ) -> Result<TokenAnswer, Refusal> {
        let form = incoming.form()?;
        let authorization = incoming.authorization()?;
        form.once()?;
        let grant_type = form.need("grant_type", Finding::GrantType)?;
        let client = self.authenticate(context, form, authorization, now)?;
        match grant_type {
            "authorization_code" => self.exchange(context, form, &client, now),
            "refresh_token" => self.refresh(context, form, &client, now),
            _ => Err(Refusal::new(
                "unsupported_grant_type",
                Finding::GrantType,
                "grant_type must be authorization_code or refresh_token",
            )),
        }
    }

    /// Reads a code or token from a token request.
    pub(super) fn reference(
        &self,
        form: &Form<'_>,
        name: &str,
        kind: Kind,
        finding: Finding,
    ) -> Result<Reference, Refusal> {
        let text = form.need(name, finding)?;
        let reference = self.references.read(text).ok_or_else(|| {
            let joined = self.references.within(text).count() > 1;
            match kind {
                Kind::Code if joined => Refusal::grant(
                    Finding::RepetitionUnchecked,
                    "code contains both codes of a callback with a repeated code, joined by the framework of the service; refuse such a callback",
                ),
                _ => Refusal::grant(finding, format!("the sandbox did not issue this {name}")),
            }
        })?;
        if reference.kind == kind {
            return Ok(reference);
        }
        Err(Refusal::grant(
            finding,
            format!(
                "{name} contains {}; send {}",
                reference.kind.words(),
                kind.words()
            ),
        ))
    }

    pub(super) fn answer(
        &self,
        entry: u64,
        generation: u32,
        expires_in: i64,
        scope: String,
    ) -> TokenAnswer {
        TokenAnswer {
            access_token: self.references.issue(Kind::Access, entry, generation),
            token_type: "bearer",
            expires_in,
            refresh_token: self.references.issue(Kind::Refresh, entry, generation),
            scope,
        }
    }

    /// Revokes a grant, for this reason.
    pub(super) fn revoke(&mut self, entry: u64, why: &'static str) {
        let Some(grant) = self.grants.get_mut(entry) else {
            return;
        };
        grant.phase = Phase::Revoked(why);
        self.counters.revoked_grants += 1;
        if let Some(flow) = self.trace.get_mut(grant.flow) {
            flow.status = Status::Revoked;
        }
    }

    /// Ends a grant as the person; returns `false` if it has no tokens.
    pub(super) fn end(&mut self, entry: u64) -> bool {
        let grant = self.grants.get(entry);
        if !grant.is_some_and(|grant| matches!(grant.phase, Phase::Tokens(_))) {
            return false;
        }
        self.revoke(entry, ENDED);
        true
    }

    /// Ends all login sessions with a service, as a person can in the Truid app. Returns how many
    /// ended. A code that was not exchanged is not a session yet. `at` is in milliseconds.
    pub(crate) fn end_sessions(&mut self, client_id: &str, at: i64) -> usize {
        let now = at.div_euclid(1_000);
        let sessions = self.grants.iter().filter(|(_, grant)| {
            grant.client.client_id == client_id
                && grant.purpose == Purpose::Login
                && !grant.has_ended(now)
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
