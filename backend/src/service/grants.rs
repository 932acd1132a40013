//! Grants in the database: sealed, and changed by compare and set.

use std::fmt::Display;

use switchback_protocol::grant::{self, Effect, Grant, Input};
use switchback_protocol::lease::{Caller, Lease};
use switchback_protocol::provider::Retention;
use switchback_protocol::stored::Unreadable;

use super::{Inner, subject_hash};
use crate::error::Error;
use crate::sealing::{Row, Sealed};
use crate::store::{Commit, GrantRow};

/// A grant that is over stays for so many seconds, so that its person is told why.
const KEPT_OVER: i64 = 7 * 24 * 3600;

impl Inner {
    /// The grant of this id.
    pub(super) async fn grant(&self, id: &str) -> Result<Option<Grant>, Error> {
        let row = self.world.store.grant(id.into()).await?;
        row.map(|row| self.read_grant(&row)).transpose()
    }

    pub(super) fn read_grant(&self, row: &GrantRow) -> Result<Grant, Error> {
        let name = Row {
            table: "grants",
            id: &row.id,
        };
        self.unseal(&name, &row.sealed, Grant::from_json)
    }

    /// What is sealed in a row.
    pub(super) fn unseal<T>(
        &self,
        row: &Row<'_>,
        sealed: &Sealed,
        read: impl FnOnce(&[u8]) -> Result<T, Unreadable>,
    ) -> Result<T, Error> {
        let stored = |why: &dyn Display| Error::Stored {
            row: format!("{}/{}", row.table, row.id),
            why: why.to_string(),
        };
        let json = self.world.keys.open(row, sealed);
        let json = json.map_err(|why| stored(&why))?;
        read(&json).map_err(|why| stored(&why))
    }

    fn grant_row(&self, id: &str, grant: &Grant) -> Result<GrantRow, Error> {
        let now = self.now().wall;
        let with_token = grant.expires_at().unwrap_or(now);
        let with_session = now.saturating_add(self.config.session_lifetime);
        let retention = self.provider().retention(grant.purpose);
        let remove_at = match retention {
            // Nothing of it is kept.
            Retention::OneOff => with_token,
            _ if grant.is_over() => now.saturating_add(KEPT_OVER),
            // For the whole engagement, once somebody can be found by it.
            Retention::Engagement if grant.subject().is_some() => i64::MAX,
            Retention::Engagement => with_session,
            // One that is not refreshed is good for as long as its token lives.
            _ if !grant.is_refreshable() => with_token,
            _ => with_session,
        };
        let name = Row {
            table: "grants",
            id,
        };
        let nonce = self.chance()?;
        let kept = kept(grant.clone(), retention);
        Ok(GrantRow {
            id: id.into(),
            purpose: grant.purpose.as_str().into(),
            subject: grant.subject().map(subject_hash),
            generation: grant.generation,
            remove_at,
            sealed: self.world.keys.seal(&name, &nonce, &kept.to_json()),
        })
    }

    /// Stores a grant that is new.
    pub(super) async fn add_grant(&self, id: &str, grant: &Grant) -> Result<Commit, Error> {
        let row = self.grant_row(id, grant)?;
        Ok(self.world.store.add_grant(row).await?)
    }

    /// One thing happens to a grant: decides, and stores what was decided. `input` is made
    /// anew whenever somebody else was faster.
    ///
    /// What is given has the access token also where that is not stored.
    pub(super) async fn decide(
        &self,
        id: &str,
        input: impl Fn(Caller) -> Input + Send,
    ) -> Result<(Option<Grant>, Vec<Effect>), Error> {
        loop {
            let stored = self.grant(id).await?;
            let lease = stored.as_ref().and_then(Grant::lease);
            let caller = self.caller(lease).await?;
            let (next, effects) = grant::step(stored.as_ref(), &input(caller));
            let done = match (&stored, &next) {
                (Some(seen), Some(next)) if seen != next => {
                    let row = self.grant_row(id, next)?;
                    let store = &self.world.store;
                    store.replace_grant(seen.generation, row).await?
                }
                // The tokens that are revoked are the ones that are removed.
                (Some(seen), None) => {
                    let store = &self.world.store;
                    store.remove_grant(seen.generation, id.into()).await?
                }
                _ => Commit::Committed,
            };
            if done == Commit::Committed {
                return Ok((next, effects));
            }
        }
    }

    /// Whoever looks at a lease of somebody else measures it by the clock that both share as it
    /// is now: one that was set meanwhile would tell that theirs has run out.
    pub(super) async fn caller(&self, lease: Option<&Lease>) -> Result<Caller, Error> {
        let store = &self.world.store;
        let other = lease.filter(|lease| lease.by != self.owner);
        let holder_is_gone = other.is_some_and(|lease| store.is_gone(&lease.by));
        if other.is_some() && !holder_is_gone {
            store.measure_clock().await?;
        }
        Ok(Caller {
            owner: self.owner.clone(),
            holder_is_gone,
        })
    }
}

/// What is stored of a grant: as much as the provider says for its purpose.
fn kept(grant: Grant, retention: Retention) -> Grant {
    match retention {
        Retention::Engagement => grant.without_access_token(),
        Retention::OneOff => grant.without_refresh_token(),
        Retention::Session => grant,
    }
}
