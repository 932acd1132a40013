//! What opens a session: a cookie, or for an app without cookies an access token and a
//! refresh token. None of them is the provider's.
//!
//! The refresh token rotates. The successors of one are made from it and from a key of ours,
//! so that whoever sends it twice at once, or again after a lost answer, gets the same pair
//! again, on whichever node. Once the new pair was used, the old token is spent, and whoever
//! comes with it ends the session: one of the two is a thief (RFC 9700 §4.14.2).

use serde::Serialize;
use switchback_protocol::grant::Ended;
use switchback_protocol::provider::Retention;
use switchback_protocol::{Purpose, Secret};

use super::{Inner, Service};
use crate::credential::Credential;
use crate::error::Error;
use crate::store::{Commit, SessionRow};

/// A refresh token of an app's session was used twice, and the session is ended.
const REUSED: &str = "session.token-reused";

/// The session of somebody who was onboarded lives for so many seconds, to finish what they
/// came for.
const ONBOARDING: i64 = 3600;

/// What an app without cookies gets (RFC 6749 §5.1).
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Shown with each request.
    pub access_token: Secret,
    /// For how many seconds it is good.
    pub expires_in: i64,
    /// For the next pair.
    pub refresh_token: Secret,
}

/// As it is sent.
#[derive(Serialize)]
pub(crate) struct TokenAnswer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) function: Option<&'a str>,
    access_token: &'a str,
    token_type: &'static str,
    expires_in: i64,
    refresh_token: &'a str,
}

impl Tokens {
    pub(crate) fn answer<'a>(&'a self, function: Option<&'a str>) -> TokenAnswer<'a> {
        TokenAnswer {
            function,
            access_token: self.access_token.expose(),
            token_type: "bearer",
            expires_in: self.expires_in,
            refresh_token: self.refresh_token.expose(),
        }
    }
}

impl Service {
    /// The next pair of tokens for an app.
    ///
    /// # Errors
    /// [`Error::LoginRequired`] where the session is over, or the token was used before, which
    /// ends it; [`Error::Store`].
    pub async fn refresh(&self, refresh_token: &str) -> Result<Tokens, Error> {
        let inner = &self.inner;
        let none = || Error::LoginRequired(Ended::NoSession);
        let shown = Credential::read(refresh_token).ok_or_else(none)?;
        loop {
            let name = shown.name().text();
            let found = inner.session_row(name).await?;
            let (row, grant) = found.ok_or_else(none)?;
            let grant = inner.read_grant(&grant)?;
            if let Some(why) = grant.ended() {
                return Err(Error::LoginRequired(why));
            }
            let hash = shown.hash();
            let is = |stored: &Option<Vec<u8>>| stored.as_ref().is_some_and(|s| hash.is(s));
            let is_newest = is(&row.refresh_hash);
            let is_again = is(&row.previous_refresh_hash) && !row.is_used;
            if row.refresh_hash.is_none() {
                return Err(none());
            }
            if !is_newest && !is_again {
                inner.counters.reused.add();
                tracing::warn!(target: "switchback", event = REUSED, id = row.grant_id);
                inner.end(&row, grant.purpose).await?;
                return Err(Error::LoginRequired(Ended::Revoked));
            }
            let now = inner.now().wall;
            let left = row.remove_at.saturating_sub(now);
            if left <= 0 {
                return Err(Error::LoginRequired(Ended::Expired));
            }
            let given = is_again.then_some(&row);
            let (access, refresh) = inner.successors(&shown, given).ok_or_else(none)?;
            let seen = row.generation;
            let lifetime = inner.config.token_lifetime.min(left);
            let next = SessionRow {
                generation: seen.saturating_add(1),
                access_hash: access.hash().bytes().into(),
                access_expires_at: now.saturating_add(lifetime),
                refresh_hash: Some(refresh.hash().bytes().into()),
                previous_refresh_hash: Some(hash.bytes().into()),
                // No refresh makes a session live longer than it may.
                remove_at: row.remove_at,
                is_used: false,
                replaces: row.replaces,
                // What the app has until the answer comes.
                previous_access_hash: if is_newest {
                    Some(row.access_hash)
                } else {
                    row.previous_access_hash
                },
                previous_access_expires_at: match is_newest {
                    true => Some(row.access_expires_at),
                    false => row.previous_access_expires_at,
                },
                id: row.id,
                grant_id: row.grant_id,
            };
            if inner.replace_session(seen, next).await? == Commit::Committed {
                inner.sessions.remove(&shown.name());
                inner.counters.tokens_refreshed.add();
                return Ok(Tokens {
                    access_token: access.text(),
                    expires_in: lifetime,
                    refresh_token: refresh.text(),
                });
            }
        }
    }
}

impl Inner {
    /// Opens a session of a grant that was just made: what is to be shown from now on.
    pub(super) async fn issue(
        &self,
        grant_id: &str,
        purpose: Purpose,
        wants_tokens: bool,
        replaces: Option<String>,
    ) -> Result<(Credential, Option<Tokens>), Error> {
        let now = self.now().wall;
        let first = self.new_credential()?;
        let refresh = match wants_tokens {
            true => Some(Credential::again(first.name(), &self.chance()?)),
            false => None,
        };
        let ends = match self.provider().retention(purpose) {
            Retention::Engagement => ONBOARDING.min(self.config.session_lifetime),
            _ => self.config.session_lifetime,
        };
        let opens_for = match wants_tokens {
            true => self.config.token_lifetime.min(ends),
            false => ends,
        };
        let row = SessionRow {
            id: first.name().text(),
            grant_id: grant_id.into(),
            generation: 1,
            remove_at: now.saturating_add(ends),
            access_hash: first.hash().bytes().into(),
            access_expires_at: now.saturating_add(opens_for),
            previous_access_hash: None,
            previous_access_expires_at: None,
            refresh_hash: refresh.as_ref().map(|token| token.hash().bytes().into()),
            previous_refresh_hash: None,
            replaces,
            is_used: false,
        };
        if self.add_session(row).await? == Commit::Lost {
            return Err(Error::LoginRequired(Ended::LoggedOut));
        }
        let tokens = refresh.map(|refresh| Tokens {
            access_token: first.text(),
            expires_in: opens_for,
            refresh_token: refresh.text(),
        });
        Ok((first, tokens))
    }

    /// The pair that follows a refresh token. It is the same as was given for it before, also
    /// where another node has the keys in another order, as it is while they are replaced.
    fn successors(
        &self,
        shown: &Credential,
        given: Option<&SessionRow>,
    ) -> Option<(Credential, Credential)> {
        let [access, refresh] = ["access", "refresh"].map(|which| {
            let text = shown.text();
            let secrets = self.platform.keys.derive(which, text.expose().as_bytes());
            let again = |secret| Credential::again(shown.name(), secret);
            secrets
                .iter()
                .map(|secret| again(secret))
                .collect::<Vec<_>>()
        });
        let mut pairs: Vec<_> = access.into_iter().zip(refresh).collect();
        let is_given = |pair: &(Credential, Credential)| {
            given.is_some_and(|row| pair.0.hash().is(&row.access_hash))
        };
        let which = pairs.iter().position(is_given).unwrap_or_default();
        (which < pairs.len()).then(|| pairs.swap_remove(which))
    }
}
