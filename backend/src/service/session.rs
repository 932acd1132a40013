//! Sessions: finds the session of a credential, and proves that it lives with a valid access
//! token.

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

/// The note of the event for a session that ended because the person completed another login.
const REPLACED: &str = "a later session of this browser or app replaced it";

/// A session in the memory cache.
pub(super) struct CachedSession {
    pub(super) row: SessionRow,
    /// The id of its grant.
    pub(super) id: AttemptId,
    pub(super) grant: Arc<Grant>,
    /// When it was read from the database, in seconds since the epoch.
    checked_at: i64,
    /// The value of [`evictions`](Inner::evictions) before it was read.
    evictions: u64,
    /// Whether it is the person of the login under which it began, once that is known.
    pub(super) same_person: OnceLock<Option<SamePerson>>,
}

/// How a credential compares with a session.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CredentialMatch {
    Current,
    Previous,
    Expired,
    Mismatch,
}

impl CachedSession {
    /// Whether the cached session answers this request. The first use of a new credential must be
    /// written to the database, so it does not.
    fn serves(&self, hash: &Hash, now: &Time) -> bool {
        let known = match self.match_credential(hash, now) {
            CredentialMatch::Current => self.row.is_used,
            CredentialMatch::Previous => true,
            CredentialMatch::Expired | CredentialMatch::Mismatch => false,
        };
        known && !self.grant.is_over()
    }

    /// A session for another purpose than the asked one is no session.
    fn check_purpose(&self, asked: Option<Purpose>) -> Result<(), Error> {
        match asked.is_none_or(|purpose| purpose == self.grant.purpose) {
            true => Ok(()),
            false => Err(Error::LoginRequired(SessionEnd::NoSession)),
        }
    }

    fn match_credential(&self, hash: &Hash, now: &Time) -> CredentialMatch {
        let row = &self.row;
        let lives = |until: i64| match until > now.wall {
            true => None,
            false => Some(CredentialMatch::Expired),
        };
        if hash.is(&row.access_hash) {
            return lives(row.access_expires_at).unwrap_or(CredentialMatch::Current);
        }
        match (&row.previous_access_hash, row.previous_access_expires_at) {
            (Some(before), Some(until)) if hash.is(before) => {
                lives(until).unwrap_or(CredentialMatch::Previous)
            }
            _ => CredentialMatch::Mismatch,
        }
    }
}

impl Service {
    /// The person who is logged in with this credential. The service refreshes an expired access
    /// token of the provider; a session without a valid one has ended.
    ///
    /// # Errors
    /// [`Error::LoginRequired`] if the session has ended, [`Error::TokenExpired`] if the app must
    /// refresh its token, [`Error::TryAgain`] if the provider cannot be reached; other errors need
    /// a person's attention.
    pub async fn session(&self, presented: &Credential) -> Result<LoggedIn, Error> {
        self.session_for(presented, None, self.inner.config.refresh_skew)
            .await
    }

    /// The same, if it is a session for this purpose. Refreshes a token that expires within `skew`
    /// seconds.
    pub(crate) async fn session_for(
        &self,
        presented: &Credential,
        purpose: Option<Purpose>,
        skew: i64,
    ) -> Result<LoggedIn, Error> {
        let inner = &self.inner;
        let now = inner.now();
        let session = inner.open_session(presented, &now).await?;
        session.check_purpose(purpose)?;
        let grant = inner.valid_grant(&session, &now, skew).await?;
        let grant = match grant.subject() {
            Some(_) => grant,
            None => inner.identified(&session.id, grant).await?,
        };
        if !Arc::ptr_eq(&grant, &session.grant) {
            let session = CachedSession {
                row: session.row.clone(),
                id: session.id.clone(),
                grant: Arc::clone(&grant),
                checked_at: session.checked_at,
                evictions: session.evictions,
                same_person: OnceLock::new(),
            };
            inner.cache_session(presented.name(), Arc::new(session));
        }
        Ok(LoggedIn::new(self.clone(), session, grant))
    }

    /// Logs out the person with this credential: immediately on this node and in the database, and
    /// within [`cached_for`](crate::Config::cached_for) seconds on another node that has the
    /// session in its cache. Without a session it does nothing.
    ///
    /// # Errors
    /// [`Error::Store`]: the person is **still logged in**.
    pub async fn log_out(&self, presented: &Credential) -> Result<(), Error> {
        self.log_out_of(presented, None).await
    }

    /// The same, if it is a session for this purpose.
    pub(crate) async fn log_out_of(
        &self,
        presented: &Credential,
        purpose: Option<Purpose>,
    ) -> Result<(), Error> {
        let inner = &self.inner;
        let session = match inner.open_session(presented, &inner.now()).await {
            Ok(session) => Some(session),
            // The app's token was valid once, and a log-out needs no refresh.
            Err(Error::TokenExpired) => {
                inner.stored_session(&presented.name()).await?.map(Arc::new)
            }
            Err(Error::LoginRequired(_)) => None,
            Err(error) => return Err(error),
        };
        match session.filter(|session| session.check_purpose(purpose).is_ok()) {
            Some(session) => inner.log_out(&session.row, session.grant.purpose).await,
            None => Ok(()),
        }
    }
}

impl Inner {
    /// The session of this credential, from the cache or the database.
    pub(super) async fn open_session(
        &self,
        presented: &Credential,
        now: &Time,
    ) -> Result<Arc<CachedSession>, Error> {
        let (name, hash) = (presented.name(), presented.hash());
        if let Some(session) = self.sessions.get(&name)
            // After the clock was set back, the age is unknown.
            && (0..self.config.cached_for).contains(&now.wall.saturating_sub(session.checked_at))
            && session.serves(&hash, now)
        {
            return Ok(session);
        }
        let Some(mut session) = self.stored_session(&name).await? else {
            self.sessions.remove(&name);
            return Err(Error::LoginRequired(SessionEnd::NoSession));
        };
        match session.match_credential(&hash, now) {
            CredentialMatch::Current if !session.row.is_used => {
                self.mark_used(&mut session.row).await?
            }
            CredentialMatch::Current | CredentialMatch::Previous => {}
            CredentialMatch::Expired if session.row.refresh_hash.is_some() => {
                return Err(Error::TokenExpired);
            }
            CredentialMatch::Expired => return Err(Error::LoginRequired(SessionEnd::Expired)),
            CredentialMatch::Mismatch => return Err(Error::LoginRequired(SessionEnd::NoSession)),
        }
        let session = Arc::new(session);
        self.cache_session(name, Arc::clone(&session));
        Ok(session)
    }

    /// The session with this name in the database, without a check of the secret.
    async fn stored_session(&self, name: &SessionName) -> Result<Option<CachedSession>, Error> {
        let checked_at = self.now().wall;
        let evictions = self.evictions.load(Ordering::SeqCst);
        let Some((row, grant)) = self.session_row(name.text()).await? else {
            return Ok(None);
        };
        Ok(Some(CachedSession {
            id: grant_id(&row.grant_id)?,
            row,
            grant: Arc::new(self.read_grant(&grant)?),
            checked_at,
            evictions,
            same_person: OnceLock::new(),
        }))
    }

    /// Records that the client has received the current credential: the previous tokens, or the
    /// login that this session replaces, are now spent.
    async fn mark_used(&self, row: &mut SessionRow) -> Result<(), Error> {
        let seen = row.generation;
        row.generation = seen.saturating_add(1);
        row.is_used = true;
        if let Some(replaced) = row.replaces.take() {
            self.end_replaced(&grant_id(&replaced)?).await?;
        }
        // If the row has changed, another request did the same, or a refresh happened and this
        // credential is the previous one.
        self.replace_session(seen, row.clone()).await?;
        Ok(())
    }

    /// Ends a session that a later one replaces, if it still exists.
    async fn end_replaced(&self, id: &AttemptId) -> Result<(), Error> {
        let is_open = self.grant(id.as_str()).await?;
        self.end_grant(id).await?;
        if is_open.is_some_and(|grant| !grant.is_over()) {
            log::event(event::SESSION_OVER, id, Some(&REPLACED));
        }
        Ok(())
    }

    /// Ends a grant and all its sessions.
    pub(super) async fn end_grant(&self, id: &AttemptId) -> Result<(), Error> {
        let decided = self.decide(id, |_| Input::LogOut).await?;
        self.revoke(id, decided.effects).await;
        Ok(())
    }

    /// The session of this credential. `None` if it opens no session or the row cannot be
    /// verified; an error if the database fails.
    pub(super) async fn current_session(
        &self,
        presented: &Credential,
    ) -> Result<Option<Arc<CachedSession>>, Error> {
        match self.open_session(presented, &self.now()).await {
            Ok(session) => Ok(Some(session)),
            Err(error) => none_unless_store_failed(error),
        }
    }

    /// The same, including a session whose app must refresh its token first.
    pub(super) async fn session_or_expired(
        &self,
        presented: &Credential,
    ) -> Result<Option<Arc<CachedSession>>, Error> {
        match self.open_session(presented, &self.now()).await {
            Ok(session) => Ok(Some(session)),
            Err(Error::TokenExpired) => {
                Ok(self.stored_session(&presented.name()).await?.map(Arc::new))
            }
            Err(error) => none_unless_store_failed(error),
        }
    }

    /// Whether this credential names an existing session and its secret is wrong. For a removed
    /// session it cannot be known.
    pub(super) async fn is_forged(&self, presented: &Credential) -> Result<bool, Error> {
        match self.stored_session(&presented.name()).await {
            Ok(Some(session)) => Ok(session.match_credential(&presented.hash(), &self.now())
                == CredentialMatch::Mismatch),
            Ok(None) | Err(Error::UnreadableRow { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The grant, if the session lives. For a login, the proof is a valid access token.
    async fn valid_grant(
        self: &Arc<Self>,
        session: &CachedSession,
        now: &Time,
        skew: i64,
    ) -> Result<Arc<Grant>, Error> {
        let grant = &session.grant;
        if let Some(why) = grant.ended() {
            return Err(Error::LoginRequired(why));
        }
        match self.provider().retention(grant.purpose) {
            // The tokens belong to the engagement or to the signature. The session has a separate,
            // short lifetime.
            Retention::Engagement | Retention::Limited { .. } => return Ok(Arc::clone(grant)),
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
        match self.refreshed(&session.id, None).await {
            Err(Error::TryAgain { .. }) if self.has_grace(grant, now) => Ok(Arc::clone(grant)),
            result => result.map(|refreshed| refreshed.grant),
        }
    }

    fn has_grace(&self, grant: &Grant, now: &Time) -> bool {
        let over_since = grant.expires_at().unwrap_or_default();
        now.wall.saturating_sub(over_since) < self.config.grace
    }

    /// Caches a session, unless a session was ended since it was read: it may have been this one.
    fn cache_session(&self, name: SessionName, session: Arc<CachedSession>) {
        let seen = session.evictions;
        self.sessions.insert(name, session);
        // `evict` counts before it removes. So either it removes this entry, or this check sees
        // the new count.
        if self.evictions.load(Ordering::SeqCst) != seen {
            self.sessions.remove(&name);
        }
    }

    /// Removes everything of this grant from memory, and prevents that a concurrent reader caches
    /// it again.
    pub(super) fn evict(&self, grant_id: &str) {
        self.evictions.fetch_add(1, Ordering::SeqCst);
        self.reads.evict(grant_id);
        self.sessions
            .retain(|_, known| known.row.grant_id != grant_id);
    }

    /// Ends a session for the person who asks for it.
    pub(super) async fn log_out(&self, row: &SessionRow, purpose: Purpose) -> Result<(), Error> {
        let id = self.end(row, purpose).await?;
        self.counters.logged_out.add();
        log::event(event::SESSION_LOGGED_OUT, &id, None);
        Ok(())
    }

    /// Ends a session and its login. A grant that belongs to the person as a user stays. Returns
    /// the id of the grant, which is the id in the log.
    pub(super) async fn end(&self, row: &SessionRow, purpose: Purpose) -> Result<AttemptId, Error> {
        let id = grant_id(&row.grant_id)?;
        match self.provider().retention(purpose) {
            // The tokens belong to the engagement or to the signature.
            Retention::Engagement | Retention::Limited { .. } => {
                self.platform.store.remove_session(row.id.clone()).await?;
                self.evict(&row.grant_id);
            }
            _ => self.end_grant(&id).await?,
        }
        Ok(id)
    }
}

/// Turns errors into `None`, except for a failing database.
fn none_unless_store_failed(error: Error) -> Result<Option<Arc<CachedSession>>, Error> {
    match error {
        Error::LoginRequired(_) | Error::TokenExpired | Error::UnreadableRow { .. } => Ok(None),
        error => Err(error),
    }
}
