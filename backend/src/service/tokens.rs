//! The credentials of a session: a cookie, or an access token and a refresh token for an app
//! without cookies. The provider's tokens never leave the service.
//!
//! The refresh token rotates. The next pair of tokens is derived from the refresh token and a
//! sealing key. An app that sends the same token twice at once, or again after a lost answer,
//! therefore gets the same pair again, on every node. After the new pair was used, the old token
//! is spent. If it is sent again, the session ends, because one of the two senders is a thief (RFC
//! 9700 section 4.14.2).
//!
//! A thief who sends each token right after the app gets the same pairs as the app. So the service
//! counts the tokens that were sent more than once, and ends the session if too many follow each
//! other. One token that is sent again and again does not end the session; after
//! `MAX_REPEATS_OF_ONE` times the service refuses it.
//!
//! Half of a refresh token is a tag, made with a sealing key. The tag distinguishes a spent token
//! from a forged one, and only a spent token ends a session. A person who knows the name of a
//! session or its access token cannot end it this way.

use serde::Serialize;
use subtle::ConstantTimeEq as _;
use switchback_driver::{OAuthClient as _, event};
use switchback_protocol::grant::SessionEnd;
use switchback_protocol::provider::Retention;
use switchback_protocol::{Purpose, Secret};
use zeroize::Zeroizing;

use super::{Inner, Service, is_in_login_cookie};
use crate::credential::{Credential, Hash, SessionName};
use crate::error::Error;
use crate::store::{Commit, SessionRow};

/// The log event for a spent refresh token, which ended its session.
const REUSED: &str = "session.token-reused";

/// The log event for a refresh token that was sent again before the new pair was used.
const REPEATED: &str = "session.token-repeated";

/// How many consecutive refresh tokens may be sent more than once.
const MAX_REPEATED_TOKENS: u8 = 10;

/// How often one refresh token may be sent again. An app has fewer concurrent requests.
const MAX_REPEATS_OF_ONE: u8 = 100;

/// The length of the first half of a refresh token's secret; the other half is its tag.
const VALUE_BYTES: usize = 16;

/// The lifetime of a session after an onboarding or a signing, in seconds, so that the person can
/// finish it.
const SHORT_SESSION: i64 = 3600;

/// The tokens of an app's session (RFC 6749 section 5.1).
#[derive(Clone, Debug)]
pub struct Tokens {
    /// The access token for each request.
    pub access_token: Secret,
    /// The lifetime of the access token in seconds.
    pub expires_in: i64,
    /// The refresh token for the next pair.
    pub refresh_token: Secret,
}

/// The JSON body of the token response.
#[derive(Serialize)]
pub(crate) struct TokenResponseBody<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: i64,
    refresh_token: &'a str,
}

impl Tokens {
    pub(crate) fn body(&self) -> TokenResponseBody<'_> {
        TokenResponseBody {
            access_token: self.access_token.expose(),
            token_type: "bearer",
            expires_in: self.expires_in,
            refresh_token: self.refresh_token.expose(),
        }
    }
}

impl Service {
    /// Exchanges a refresh token of an app for the next pair.
    ///
    /// # Errors
    /// [`Error::LoginRequired`] if the session has ended, or if the token is spent, which ends the
    /// session; [`Error::Store`].
    pub async fn refresh(&self, refresh_token: &str) -> Result<Tokens, Error> {
        let inner = &self.inner;
        let none = || Error::LoginRequired(SessionEnd::NoSession);
        let presented = Credential::read(refresh_token).ok_or_else(none)?;
        // Another node ended the session: remove it from the cache of this node.
        let ended = |why| {
            inner.sessions.remove(&presented.name());
            Error::LoginRequired(why)
        };
        loop {
            let name = presented.name().text();
            let found = inner.session_row(name).await?;
            let (row, grant) = found.ok_or_else(|| ended(SessionEnd::NoSession))?;
            let grant = inner.read_grant(&grant)?;
            if let Some(why) = grant.ended() {
                return Err(ended(why));
            }
            if row.refresh_hash.is_none() {
                return Err(none());
            }
            let hash = presented.hash();
            let before = PreviousRefreshToken::read(row.previous_refresh_hash.as_deref());
            let is_newest = row.refresh_hash.as_ref().is_some_and(|s| hash.is(s));
            let is_repeated = before.is(&hash) && !row.is_used;
            let previous = match (is_newest, is_repeated) {
                (true, _) => Some(before.next(&hash)),
                (false, true) if before.times >= MAX_REPEATS_OF_ONE => return Err(none()),
                (false, true) => before.repeated_again(),
                (false, false) if !inner.is_refresh_token(&presented) => return Err(none()),
                (false, false) => None,
            };
            let Some(previous) = previous else {
                let id = inner.end(&row, grant.purpose).await?;
                inner.counters.reused.add();
                tracing::warn!(target: "switchback", event = REUSED, %id);
                inner.report(event::SESSION_OVER, &id, Some(&SessionEnd::Revoked));
                return Err(Error::LoginRequired(SessionEnd::Revoked));
            };
            let now = inner.now().wall;
            let left = row.remove_at.saturating_sub(now);
            if left <= 0 {
                return Err(Error::LoginRequired(SessionEnd::Expired));
            }
            let given = is_repeated.then_some(&row);
            let (access, refresh) = inner.successors(&presented, given).ok_or_else(none)?;
            let seen = row.generation;
            let lifetime = inner.config.token_lifetime.min(left);
            let next = SessionRow {
                generation: seen.saturating_add(1),
                access_hash: access.hash().bytes().into(),
                access_expires_at: now.saturating_add(lifetime),
                refresh_hash: Some(refresh.hash().bytes().into()),
                previous_refresh_hash: Some(previous.text()),
                // A refresh does not extend the session.
                remove_at: row.remove_at,
                is_used: false,
                replaces: row.replaces,
                // The app uses this token until the answer arrives.
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
            let grant_id = next.grant_id.clone();
            if inner.replace_session(seen, next).await? == Commit::Committed {
                inner.sessions.remove(&presented.name());
                inner.counters.tokens_refreshed.add();
                if is_repeated {
                    inner.counters.repeated.add();
                    let times = previous.repeated;
                    tracing::warn!(target: "switchback", event = REPEATED, id = grant_id, times);
                }
                return Ok(Tokens {
                    access_token: access.text(),
                    expires_in: lifetime,
                    refresh_token: refresh.text(),
                });
            }
        }
    }
}

/// The stored form of the previous refresh token: its hash; how many consecutive tokens were sent
/// more than once; how often this one was sent again.
struct PreviousRefreshToken {
    hash: Vec<u8>,
    repeated: u8,
    times: u8,
}

impl PreviousRefreshToken {
    fn read(stored: Option<&[u8]>) -> Self {
        let stored = stored.unwrap_or_default();
        let (hash, counts) = stored.split_at(stored.len().min(Hash::LENGTH));
        Self {
            hash: hash.into(),
            repeated: counts.first().copied().unwrap_or_default(),
            times: counts.get(1).copied().unwrap_or_default(),
        }
    }

    fn text(&self) -> Vec<u8> {
        let counts = [self.repeated, self.times];
        [&self.hash[..], &counts].concat()
    }

    fn is(&self, hash: &Hash) -> bool {
        hash.is(&self.hash)
    }

    /// The state after the next token. If this token was not sent again, the count starts over.
    fn next(&self, hash: &Hash) -> Self {
        Self {
            hash: hash.bytes().into(),
            repeated: if self.times > 0 { self.repeated } else { 0 },
            times: 0,
        }
    }

    /// The state after this token was sent once more. `None`: too many consecutive tokens were.
    fn repeated_again(self) -> Option<Self> {
        let repeated = self.repeated.saturating_add((self.times == 0).into());
        (repeated <= MAX_REPEATED_TOKENS).then_some(Self {
            repeated,
            times: self.times.saturating_add(1),
            ..self
        })
    }
}

impl Inner {
    /// Adds a session to a new grant, and returns its credential. `browser` is the credential that
    /// a browser presented; without it, the session is an app's and has tokens.
    pub(super) async fn issue(
        &self,
        grant_id: &str,
        purpose: Purpose,
        browser: Option<&Credential>,
        replaces: Option<String>,
    ) -> Result<(Credential, Option<Tokens>), Error> {
        let now = self.now().wall;
        let first = self.new_credential()?;
        let first = match browser {
            Some(presented) if is_in_login_cookie(purpose) => first.in_browser(presented),
            _ => first,
        };
        let wants_tokens = browser.is_none();
        let refresh = match wants_tokens {
            true => self
                .refresh_tokens(first.name(), vec![self.random_bytes()?])
                .pop(),
            false => None,
        };
        let ends = match self.provider().retention(purpose) {
            Retention::Engagement | Retention::Limited { .. } => {
                SHORT_SESSION.min(self.config.session_lifetime)
            }
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
        if self.add_session(row).await? == Commit::Conflict {
            return Err(Error::LoginRequired(SessionEnd::LoggedOut));
        }
        let tokens = refresh.map(|refresh| Tokens {
            access_token: first.text(),
            expires_in: opens_for,
            refresh_token: refresh.text(),
        });
        Ok((first, tokens))
    }

    /// The pair that follows a refresh token. If `given` is the row with an earlier pair for the
    /// same token, the result is that pair. Nodes may have the keys in another order while a key
    /// is replaced.
    fn successors(
        &self,
        presented: &Credential,
        given: Option<&SessionRow>,
    ) -> Option<(Credential, Credential)> {
        let (name, text) = (presented.name(), presented.text());
        let derive = |what| self.platform.keys.derive(what, text.expose().as_bytes());
        let access = derive("access");
        let access = access
            .iter()
            .map(|secret| Credential::with_new_secret(name, secret));
        let values = derive("refresh");
        let values = values.iter().map(|secret| first_half(secret)).collect();
        let refresh = self.refresh_tokens(name, values);
        let mut pairs: Vec<_> = access.zip(refresh).collect();
        let is_given = |pair: &(Credential, Credential)| {
            given.is_some_and(|row| pair.0.hash().is(&row.access_hash))
        };
        let which = pairs.iter().position(is_given).unwrap_or_default();
        (which < pairs.len()).then(|| pairs.swap_remove(which))
    }

    /// Refresh tokens with these values, each with the tag of the key at its position.
    fn refresh_tokens(&self, name: SessionName, values: Vec<[u8; VALUE_BYTES]>) -> Vec<Credential> {
        let with_tag = |(n, value): (usize, [u8; VALUE_BYTES])| {
            let tag = self.tags(name, &value).swap_remove(n);
            let mut secret = Zeroizing::new([0; 2 * VALUE_BYTES]);
            secret[..VALUE_BYTES].copy_from_slice(&value);
            secret[VALUE_BYTES..].copy_from_slice(&tag);
            Credential::with_new_secret(name, &secret)
        };
        values.into_iter().enumerate().map(with_tag).collect()
    }

    /// Whether the service once issued this refresh token for its session.
    fn is_refresh_token(&self, presented: &Credential) -> bool {
        let (value, tag) = presented.secret().split_at(VALUE_BYTES);
        let mut tags = self.tags(presented.name(), value).into_iter();
        tags.any(|it| it.ct_eq(tag).into())
    }

    /// The tags of a value, one for each key.
    fn tags(&self, name: SessionName, value: &[u8]) -> Vec<[u8; VALUE_BYTES]> {
        let from = [name.text().as_bytes(), value].concat();
        let tags = self.platform.keys.derive("refresh tag", &from);
        tags.iter().map(|tag| first_half(tag)).collect()
    }
}

fn first_half(secret: &[u8; 2 * VALUE_BYTES]) -> [u8; VALUE_BYTES] {
    std::array::from_fn(|n| secret[n])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(n: u8) -> Hash {
        Credential::new(&[n; 48]).hash()
    }

    #[test]
    fn repeated_tokens_in_a_row_are_counted() {
        let stored =
            |previous: &PreviousRefreshToken| PreviousRefreshToken::read(Some(&previous.text()));
        // A row without counts.
        let mut previous = PreviousRefreshToken::read(Some(hash(0).bytes()));
        assert!(previous.is(&hash(0)) && !previous.is(&hash(1)));
        for n in 1..=MAX_REPEATED_TOKENS {
            // The count of tokens does not depend on how often each was sent.
            for times in 1..=12 {
                previous = stored(&stored(&previous).repeated_again().unwrap());
                assert_eq!((previous.repeated, previous.times), (n, times));
            }
            // The next token, which is also sent again.
            previous = stored(&previous.next(&hash(n)));
            assert!(previous.is(&hash(n)));
        }
        // A token that is not sent again.
        let good = stored(&previous.next(&hash(100)));
        assert!(
            good.repeated_again()
                .is_some_and(|again| again.repeated == 1)
        );
        assert!(previous.repeated_again().is_none());
        let nothing = PreviousRefreshToken::read(None);
        assert!(!nothing.is(&hash(0)));
        assert_eq!(nothing.next(&hash(1)).repeated, 0);
    }
}
