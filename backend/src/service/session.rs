//! Who is logged in: whoever shows what opens a session whose access token is valid.

use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};

use switchback_driver::{GrantStore as _, event, log};
use switchback_protocol::Purpose;
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::{Grant, Input, SessionEnd};
use switchback_protocol::provider::Retention;
use switchback_protocol::time::Time;

use super::begin::SamePerson;
use super::grants::grant_id;
use super::{Inner, LoggedIn, Service};
use crate::credential::{Credential, Hash, SessionName};
use crate::error::Error;
use crate::store::SessionRow;

/// A session as it is kept in memory.
pub(super) struct Open {
    pub(super) row: SessionRow,
    /// Of its grant.
    pub(super) id: AttemptId,
    pub(super) grant: Arc<Grant>,
    /// When it was read from the database.
    checked_at: i64,
    /// What was counted of [`forgotten`](Inner::forgotten) before that.
    forgotten: u64,
    /// Whether it is the person of the login that it began under, once that is known.
    pub(super) same_person: OnceLock<Option<SamePerson>>,
}

/// Which of a session's credentials was shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Newest,
    OneBefore,
    Expired,
    Wrong,
}

impl Open {
    /// Whether what is in memory answers. That the newest pair is used is written down first.
    fn serves(&self, hash: &Hash, now: &Time) -> bool {
        let known = match self.shown(hash, now) {
            Shown::Newest => self.row.is_used,
            Shown::OneBefore => true,
            Shown::Expired | Shown::Wrong => false,
        };
        known && !self.grant.is_over()
    }

    fn shown(&self, hash: &Hash, now: &Time) -> Shown {
        let row = &self.row;
        let lives = |until: i64| match until > now.wall {
            true => None,
            false => Some(Shown::Expired),
        };
        if hash.is(&row.access_hash) {
            return lives(row.access_expires_at).unwrap_or(Shown::Newest);
        }
        match (&row.previous_access_hash, row.previous_access_expires_at) {
            (Some(before), Some(until)) if hash.is(before) => {
                lives(until).unwrap_or(Shown::OneBefore)
            }
            _ => Shown::Wrong,
        }
    }
}

impl Service {
    /// Who is logged in, by what was shown. The provider's access token is refreshed where it
    /// is over; a session without a valid one is none.
    ///
    /// # Errors
    /// [`Error::LoginRequired`] where it is over, [`Error::TokenExpired`] where the app's
    /// token is to be refreshed, [`Error::TryAgain`] where the provider cannot be reached,
    /// and the others where a person must look.
    pub async fn session(&self, shown: &Credential) -> Result<LoggedIn, Error> {
        self.session_ahead(shown, self.inner.config.refresh_skew)
            .await
    }

    /// The same for whoever wants to know who it is, and needs no token: the provider is not asked
    /// while the one that is stored is valid.
    pub(crate) async fn session_as_stored(&self, shown: &Credential) -> Result<LoggedIn, Error> {
        self.session_ahead(shown, 0).await
    }

    /// The same, where a token that lives for less than so many seconds is refreshed ahead.
    async fn session_ahead(&self, shown: &Credential, skew: i64) -> Result<LoggedIn, Error> {
        let inner = &self.inner;
        let now = inner.now();
        let open = inner.open(shown, &now).await?;
        let grant = inner.proven(&open, &now, skew).await?;
        let grant = match grant.subject() {
            Some(_) => grant,
            None => inner.identified(&open.id, grant).await?,
        };
        if !Arc::ptr_eq(&grant, &open.grant) {
            let open = Open {
                row: open.row.clone(),
                id: open.id.clone(),
                grant: Arc::clone(&grant),
                checked_at: open.checked_at,
                forgotten: open.forgotten,
                same_person: OnceLock::new(),
            };
            inner.remember(shown.name(), Arc::new(open));
        }
        Ok(LoggedIn::new(self.clone(), open, grant))
    }

    /// Logs out whoever shows this, on all nodes: at once here and in the database, and within
    /// [`cached_for`](crate::Config::cached_for) seconds where another node has the session in
    /// memory. Somebody who is not logged in is no error.
    ///
    /// # Errors
    /// [`Error::Store`]: then the person is **still logged in**.
    pub async fn log_out(&self, shown: &Credential) -> Result<(), Error> {
        match self.inner.open(shown, &self.inner.now()).await {
            Ok(open) => self.inner.end(&open.row, open.grant.purpose).await,
            // The app's token was good, and what it wants can wait for no refresh.
            Err(Error::TokenExpired) => match self.inner.stored(&shown.name()).await? {
                Some(open) => self.inner.end(&open.row, open.grant.purpose).await,
                None => Ok(()),
            },
            Err(Error::LoginRequired(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

impl Inner {
    /// The session that this opens, as it is in memory or in the database.
    pub(super) async fn open(&self, shown: &Credential, now: &Time) -> Result<Arc<Open>, Error> {
        let (name, hash) = (shown.name(), shown.hash());
        if let Some(open) = self.sessions.get(&name)
            // A clock that was set back says nothing about how old it is.
            && (0..self.config.cached_for).contains(&now.wall.saturating_sub(open.checked_at))
            && open.serves(&hash, now)
        {
            return Ok(open);
        }
        let Some(mut open) = self.stored(&name).await? else {
            self.sessions.remove(&name);
            return Err(Error::LoginRequired(SessionEnd::NoSession));
        };
        match open.shown(&hash, now) {
            Shown::Newest if !open.row.is_used => self.used(&mut open.row).await?,
            Shown::Newest | Shown::OneBefore => {}
            Shown::Expired if open.row.refresh_hash.is_some() => return Err(Error::TokenExpired),
            Shown::Expired => return Err(Error::LoginRequired(SessionEnd::Expired)),
            Shown::Wrong => return Err(Error::LoginRequired(SessionEnd::NoSession)),
        }
        let open = Arc::new(open);
        self.remember(name, Arc::clone(&open));
        Ok(open)
    }

    /// The session of this name as it is in the database, whoever asks.
    async fn stored(&self, name: &SessionName) -> Result<Option<Open>, Error> {
        let checked_at = self.now().wall;
        let forgotten = self.forgotten.load(Ordering::SeqCst);
        let Some((row, grant)) = self.session_row(name.text()).await? else {
            return Ok(None);
        };
        Ok(Some(Open {
            id: grant_id(&row.grant_id)?,
            row,
            grant: Arc::new(self.read_grant(&grant)?),
            checked_at,
            forgotten,
            same_person: OnceLock::new(),
        }))
    }

    /// What was given has arrived: what was there before it is spent, whether a pair of
    /// tokens or the login that this one replaces.
    async fn used(&self, row: &mut SessionRow) -> Result<(), Error> {
        let seen = row.generation;
        row.generation = seen.saturating_add(1);
        row.is_used = true;
        if let Some(replaced) = row.replaces.take() {
            self.end_grant(&grant_id(&replaced)?).await?;
        }
        // Who was faster has said the same, or has refreshed: then this is the one before.
        self.replace_session(seen, row.clone()).await?;
        Ok(())
    }

    /// Ends a login, for all who have it.
    pub(super) async fn end_grant(&self, id: &AttemptId) -> Result<(), Error> {
        let decided = self.decide(id, |_| Input::LogOut).await?;
        self.revoke(id, decided.effects).await;
        Ok(())
    }

    /// The session that this opens. What opens nothing is no error, and neither is a row that
    /// cannot be opened; a database that fails is.
    pub(super) async fn opened(&self, shown: &Credential) -> Result<Option<Arc<Open>>, Error> {
        match self.open(shown, &self.now()).await {
            Ok(open) => Ok(Some(open)),
            Err(error) => nothing(error),
        }
    }

    /// The same, also where an app has to refresh first.
    pub(super) async fn session_of(&self, shown: &Credential) -> Result<Option<Arc<Open>>, Error> {
        match self.open(shown, &self.now()).await {
            Ok(open) => Ok(Some(open)),
            Err(Error::TokenExpired) => Ok(self.stored(&shown.name()).await?.map(Arc::new)),
            Err(error) => nothing(error),
        }
    }

    /// Whether this names a session that is there, and never opened it. Of one that is gone
    /// nobody can tell.
    pub(super) async fn is_forged(&self, shown: &Credential) -> Result<bool, Error> {
        match self.stored(&shown.name()).await {
            Ok(Some(open)) => Ok(open.shown(&shown.hash(), &self.now()) == Shown::Wrong),
            Ok(None) | Err(Error::Stored { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The grant with the proof that the session lives: for a login, an access token that is
    /// valid now.
    async fn proven(
        self: &Arc<Self>,
        open: &Open,
        now: &Time,
        skew: i64,
    ) -> Result<Arc<Grant>, Error> {
        let grant = &open.grant;
        if let Some(why) = grant.ended() {
            return Err(Error::LoginRequired(why));
        }
        match self.provider().retention(grant.purpose) {
            // Its tokens are for the engagement; the session lives for a while by itself.
            Retention::Engagement => return Ok(Arc::clone(grant)),
            Retention::OneOff => {
                return match grant.fresh(now, 0) {
                    Some(_) => Ok(Arc::clone(grant)),
                    None => Err(Error::LoginRequired(SessionEnd::Expired)),
                };
            }
            Retention::Session => {}
        }
        if grant.fresh(now, skew).is_some() {
            return Ok(Arc::clone(grant));
        }
        match self.refreshed(&open.id, None).await {
            Err(Error::TryAgain { .. }) if self.has_grace(grant, now) => Ok(Arc::clone(grant)),
            result => result.map(|refreshed| refreshed.grant),
        }
    }

    fn has_grace(&self, grant: &Grant, now: &Time) -> bool {
        let over_since = grant.expires_at().unwrap_or_default();
        now.wall.saturating_sub(over_since) < self.config.grace
    }

    /// Keeps it in memory, where nothing was ended since it was read: it may have been this.
    fn remember(&self, name: SessionName, open: Arc<Open>) {
        let seen = open.forgotten;
        self.sessions.insert(name, open);
        // Whoever forgets counts first: they find it, or it is found here that they came.
        if self.forgotten.load(Ordering::SeqCst) != seen {
            self.sessions.remove(&name);
        }
    }

    /// Nothing of this grant is in memory any more, nor comes back by who has read it before.
    pub(super) fn forget(&self, grant_id: &str) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.reads.forget(grant_id);
        self.sessions
            .retain(|_, known| known.row.grant_id != grant_id);
    }

    /// Ends a session, and the login that it came from. What belongs to a person and not to
    /// the session stays.
    pub(super) async fn end(&self, row: &SessionRow, purpose: Purpose) -> Result<(), Error> {
        let id = grant_id(&row.grant_id)?;
        match self.provider().retention(purpose) {
            Retention::Engagement => {
                self.platform.store.remove_session(row.id.clone()).await?;
                self.forget(&row.grant_id);
            }
            _ => self.end_grant(&id).await?,
        }
        self.counters.logged_out.add();
        log::event(event::SESSION_LOGGED_OUT, &id, None);
        Ok(())
    }
}

/// What opens nothing, and not a database that fails.
fn nothing(error: Error) -> Result<Option<Arc<Open>>, Error> {
    match error {
        Error::LoginRequired(_) | Error::TokenExpired | Error::Stored { .. } => Ok(None),
        error => Err(error),
    }
}
