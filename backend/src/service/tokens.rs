//! What opens a session: a cookie, or for an app without cookies an access token and a
//! refresh token. None of them is the provider's.
//!
//! The refresh token rotates. The successors of one are made from it and from a key of ours,
//! so that whoever sends it twice at once, or again after a lost answer, gets the same pair
//! again, on whichever node. Once the new pair was used, the old token is spent, and whoever
//! comes with it ends the session: one of the two is a thief (RFC 9700 §4.14.2).
//!
//! A thief who sends each token right after the app gets the same pairs as the app. So a token
//! that came again is counted, once however often it came, and too many of them in a row end the
//! session too. One token that comes again and again ends nothing, and is refused in the end.
//!
//! Half of a refresh token is a tag, made with a key of ours, by which one that is spent is told
//! from what never was one. Only the former ends a session: who has seen the name of a
//! session, or has its access token, ends none.

use serde::Serialize;
use subtle::ConstantTimeEq as _;
use switchback_protocol::grant::SessionEnd;
use switchback_protocol::provider::Retention;
use switchback_protocol::{Purpose, Secret};
use zeroize::Zeroizing;

use super::{Inner, Service};
use crate::credential::{Credential, Hash, SessionName};
use crate::error::Error;
use crate::store::{Commit, SessionRow};

/// A refresh token of an app's session was used twice, and the session is ended.
const REUSED: &str = "session.token-reused";

/// A refresh token of an app's session came again, before the new pair was used.
const REPEATED: &str = "session.token-repeated";

/// So many tokens in a row came again before one did not.
const MOST_REPEATED: u8 = 10;

/// So often one token may come again: more often than requests of an app wait for one another.
const MOST_TIMES: u8 = 100;

/// The first half of a refresh token's secret; the other half is its tag.
const VALUE: usize = 16;

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
    access_token: &'a str,
    token_type: &'static str,
    expires_in: i64,
    refresh_token: &'a str,
}

impl Tokens {
    pub(crate) fn answer(&self) -> TokenAnswer<'_> {
        TokenAnswer {
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
        let none = || Error::LoginRequired(SessionEnd::NoSession);
        let shown = Credential::read(refresh_token).ok_or_else(none)?;
        // Another node has ended it: what is in memory here says that no more.
        let over = |why| {
            inner.sessions.remove(&shown.name());
            Error::LoginRequired(why)
        };
        loop {
            let name = shown.name().text();
            let found = inner.session_row(name).await?;
            let (row, grant) = found.ok_or_else(|| over(SessionEnd::NoSession))?;
            let grant = inner.read_grant(&grant)?;
            if let Some(why) = grant.ended() {
                return Err(over(why));
            }
            if row.refresh_hash.is_none() {
                return Err(none());
            }
            let hash = shown.hash();
            let before = Previous::read(row.previous_refresh_hash.as_deref());
            let is_newest = row.refresh_hash.as_ref().is_some_and(|s| hash.is(s));
            let is_again = before.is(&hash) && !row.is_used;
            let previous = match (is_newest, is_again) {
                (true, _) => Some(before.followed_by(&hash)),
                (false, true) if before.times >= MOST_TIMES => return Err(none()),
                (false, true) => before.again(),
                (false, false) if !inner.is_refresh_token(&shown) => return Err(none()),
                (false, false) => None,
            };
            let Some(previous) = previous else {
                inner.counters.reused.add();
                tracing::warn!(target: "switchback", event = REUSED, id = row.grant_id);
                inner.end(&row, grant.purpose).await?;
                return Err(Error::LoginRequired(SessionEnd::Revoked));
            };
            let now = inner.now().wall;
            let left = row.remove_at.saturating_sub(now);
            if left <= 0 {
                return Err(Error::LoginRequired(SessionEnd::Expired));
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
                previous_refresh_hash: Some(previous.text()),
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
            let grant_id = next.grant_id.clone();
            if inner.replace_session(seen, next).await? == Commit::Committed {
                inner.sessions.remove(&shown.name());
                inner.counters.tokens_refreshed.add();
                if is_again {
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

/// The refresh token before the newest, as it is stored: its hash; how many tokens in a row came
/// again; and how often this one did.
struct Previous {
    hash: Vec<u8>,
    repeated: u8,
    times: u8,
}

impl Previous {
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

    /// The next one. Where this one did not come again, no more are in a row.
    fn followed_by(&self, hash: &Hash) -> Self {
        Self {
            hash: hash.bytes().into(),
            repeated: if self.times > 0 { self.repeated } else { 0 },
            times: 0,
        }
    }

    /// The same once more. `None`: too many in a row were.
    fn again(self) -> Option<Self> {
        let repeated = self.repeated.saturating_add((self.times == 0).into());
        (repeated <= MOST_REPEATED).then_some(Self {
            repeated,
            times: self.times.saturating_add(1),
            ..self
        })
    }
}

impl Inner {
    /// Opens a session of a grant that was just made: what is to be shown from now on, by the
    /// browser that showed this, or else by an app as tokens.
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
            Some(shown) => first.in_browser(shown),
            None => first,
        };
        let wants_tokens = browser.is_none();
        let refresh = match wants_tokens {
            true => self
                .refresh_tokens(first.name(), vec![self.chance()?])
                .pop(),
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
            return Err(Error::LoginRequired(SessionEnd::LoggedOut));
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
        let (name, text) = (shown.name(), shown.text());
        let derive = |what| self.platform.keys.derive(what, text.expose().as_bytes());
        let access = derive("access");
        let access = access.iter().map(|secret| Credential::again(name, secret));
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

    /// Refresh tokens of these values, each with the tag of the key at its place.
    fn refresh_tokens(&self, name: SessionName, values: Vec<[u8; VALUE]>) -> Vec<Credential> {
        let with_tag = |(n, value): (usize, [u8; VALUE])| {
            let tag = self.tags(name, &value).swap_remove(n);
            let mut secret = Zeroizing::new([0; 2 * VALUE]);
            secret[..VALUE].copy_from_slice(&value);
            secret[VALUE..].copy_from_slice(&tag);
            Credential::again(name, &secret)
        };
        values.into_iter().enumerate().map(with_tag).collect()
    }

    /// Whether this is a refresh token that was given out for its session once.
    fn is_refresh_token(&self, shown: &Credential) -> bool {
        let (value, tag) = shown.secret().split_at(VALUE);
        let mut tags = self.tags(shown.name(), value).into_iter();
        tags.any(|it| it.ct_eq(tag).into())
    }

    /// The tag of a value, by each key.
    fn tags(&self, name: SessionName, value: &[u8]) -> Vec<[u8; VALUE]> {
        let from = [name.text().as_bytes(), value].concat();
        let tags = self.platform.keys.derive("refresh tag", &from);
        tags.iter().map(|tag| first_half(tag)).collect()
    }
}

fn first_half(secret: &[u8; 2 * VALUE]) -> [u8; VALUE] {
    std::array::from_fn(|n| secret[n])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(n: u8) -> Hash {
        Credential::new(&[n; 48]).hash()
    }

    #[test]
    fn tokens_in_a_row_that_came_again_are_counted_and_one_that_did_not_ends_the_row() {
        let stored = |previous: &Previous| Previous::read(Some(&previous.text()));
        // As it was stored before it was counted.
        let mut previous = Previous::read(Some(hash(0).bytes()));
        assert!(previous.is(&hash(0)) && !previous.is(&hash(1)));
        for n in 1..=MOST_REPEATED {
            // However often each came.
            for times in 1..=12 {
                previous = stored(&stored(&previous).again().unwrap());
                assert_eq!((previous.repeated, previous.times), (n, times));
            }
            // The next token, which comes again as well.
            previous = stored(&previous.followed_by(&hash(n)));
            assert!(previous.is(&hash(n)));
        }
        // One that is not.
        let good = stored(&previous.followed_by(&hash(100)));
        assert!(good.again().is_some_and(|again| again.repeated == 1));
        assert!(previous.again().is_none());
        let nothing = Previous::read(None);
        assert!(!nothing.is(&hash(0)));
        assert_eq!(nothing.followed_by(&hash(1)).repeated, 0);
    }
}
