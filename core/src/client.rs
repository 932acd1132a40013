//! [`Client`]: an app configures it once, and then lists, opens and removes sessions with it. The
//! calls of a login are in [`crate::login`].
//!
//! Before you change this: `new` must not read, write or send anything, because an app calls it
//! when it starts, possibly before the store is unlocked.

use std::sync::Arc;

use switchback_protocol::grant::{Grant, SessionEnd};

use crate::client_mode::ClientMode;
use crate::config::Config;
use crate::error::Error;
use crate::mix_up;
use crate::ports::Platform;
use crate::session::{Session, SessionId};
use crate::sorted::sorted;
use crate::state::ClientState;

/// Logs people in with one service and keeps their sessions. A clone is the same client.
///
/// Make one client per store and process, and clone it: clones share what they have in memory.
/// Several clients may use one store, in one process or in several (an app and its extensions). The
/// store makes sure that each code is exchanged once and each token is refreshed once.
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<ClientState>,
}

/// The longest login timeout and the longest refresh skew, in seconds.
const ONE_DAY: i64 = 24 * 3600;

impl Client {
    /// Checks the configuration. Nothing is read, written or sent.
    ///
    /// # Errors
    /// [`Error::Configuration`], whose text says what to change.
    pub fn new(config: Config, platform: Platform) -> Result<Self, Error> {
        let (login_timeout, refresh_skew) = (config.login_timeout, config.refresh_skew);
        let mode = ClientMode::new(config)?;
        if !(1..=ONE_DAY).contains(&login_timeout) {
            return Err(Error::configuration(format_args!(
                "the login timeout is {login_timeout} s: set it between 1 s and 86400 s (a day)"
            )));
        }
        if !(0..=ONE_DAY).contains(&refresh_skew) {
            return Err(Error::configuration(format_args!(
                "the refresh skew is {refresh_skew} s: set it between 0 s and 86400 s (a day)"
            )));
        }
        let shared = ClientState::new(mode, login_timeout, refresh_skew, platform)?;
        let inner = Arc::new(shared);
        mix_up::remember(&inner);
        Ok(Self { inner })
    }

    /// The sessions in the store, without those that have ended: by their login, the oldest first.
    /// Logins of the same second are in the order of their ids, so the order is the same in each
    /// call. An entry that cannot be read is left out and reported as
    /// [`event::STORE_UNREADABLE`](crate::event::STORE_UNREADABLE).
    ///
    /// # Errors
    /// [`Error::StoreLocked`] and [`Error::Store`].
    pub async fn sessions(&self) -> Result<Vec<SessionId>, Error> {
        let all = self.inner.records.all::<Grant>().await?;
        let live = |grant: &Grant| !grant.is_over() && !grant.is_unconfirmed();
        let live = all.into_iter().filter(|(_, grant)| live(grant));
        let live = sorted(live.map(|(id, grant)| (grant.since, id)), |a, b| a < b);
        Ok(live.into_iter().map(|(_, id)| id.into()).collect())
    }

    /// How many seconds the service's clock is ahead of this device's clock (negative: behind), by
    /// the `Date` header of its last answer. `None` before the first answer. An offset of more than
    /// a day is ignored.
    ///
    /// Token lifetimes do not depend on it. Use it to interpret times that come from the service,
    /// or to tell a person that the device's clock is wrong.
    pub fn clock_offset(&self) -> Option<i64> {
        self.inner.sender.clock_offset()
    }

    /// Opens a session, also one that has ended: [`Session::ended`] returns the reason.
    ///
    /// # Errors
    /// [`Error::LoginRequired`] with [`SessionEnd::NoSession`] if there is no such session, and
    /// with [`SessionEnd::Damaged`] if its entry cannot be read; the entry is then set aside.
    pub async fn session(&self, id: &SessionId) -> Result<Session, Error> {
        let state = self.inner.open(id).await?;
        if state.is_unconfirmed() {
            return Err(Error::LoginRequired {
                reason: SessionEnd::NoSession,
                said: None,
            });
        }
        Ok(Session { state })
    }

    /// Removes a session from the store, in any state, also if its entry is damaged, and revokes
    /// its tokens at the service if the service offers that. A session that does not exist is not
    /// an error. (If a whole sealed file cannot be read, use `SealedFile::set_aside`.)
    ///
    /// # Errors
    /// [`Error::StoreLocked`] and [`Error::Store`] if the session could not be removed.
    pub async fn remove_session(&self, id: &SessionId) -> Result<(), Error> {
        self.inner.log_out(id.attempt()).await.map(drop)
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("provider", &self.inner.mode.provider().name())
            .field(
                "redirect_uri",
                &self.inner.mode.redirect_uris().default_uri().as_str(),
            )
            .finish_non_exhaustive()
    }
}
