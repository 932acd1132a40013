//! The way in: a client, configured once.

use std::sync::Arc;

use switchback_protocol::grant::{Grant, SessionEnd};

use crate::client_mode::ClientMode;
use crate::config::Config;
use crate::error::Error;
use crate::mix_up;
use crate::ports::Platform;
use crate::session::{Session, SessionId};
use crate::state::ClientState;

/// Logs people in at one service, and keeps their sessions. A clone is the same client.
///
/// Make one client for a store in a process, and clone it to wherever it is needed: its
/// clones share what they know. Several clients at one store, in one process or in many
/// (an app and its extensions), agree through the store on what must happen once: the
/// exchange of a code, the refresh of a token.
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<ClientState>,
}

/// For how long a login may wait, and how early a token is refreshed, in seconds.
const ONE_DAY: i64 = 24 * 3600;

impl Client {
    /// Checks the configuration; nothing is read, written or sent.
    ///
    /// # Errors
    /// [`Error::Configuration`], which says what to change.
    pub fn new(config: Config, platform: Platform) -> Result<Self, Error> {
        let (login_timeout, refresh_skew) = (config.login_timeout, config.refresh_skew);
        let mode = ClientMode::new(config)?;
        if !(1..=ONE_DAY).contains(&login_timeout) {
            return Err(Error::configuration(format_args!(
                "a login may take from 1 second to a day, and not {login_timeout} s"
            )));
        }
        if !(0..=ONE_DAY).contains(&refresh_skew) {
            return Err(Error::configuration(format_args!(
                "an access token is refreshed from 0 seconds to a day before its end, and not \
                 {refresh_skew} s"
            )));
        }
        let shared = ClientState::new(mode, login_timeout, refresh_skew, platform)?;
        let inner = Arc::new(shared);
        mix_up::remember(&inner);
        Ok(Self { inner })
    }

    /// The sessions in the store that are not known to be over. An entry that cannot be
    /// read is left out, and reported as
    /// [`event::STORE_UNREADABLE`](crate::event::STORE_UNREADABLE).
    ///
    /// # Errors
    /// [`Error::StoreLocked`] and [`Error::Store`].
    pub async fn sessions(&self) -> Result<Vec<SessionId>, Error> {
        let all = self.inner.records.all::<Grant>().await?;
        let live = |grant: &Grant| !grant.is_over() && !grant.is_unconfirmed();
        let live = all.into_iter().filter(|(_, grant)| live(grant));
        Ok(live.map(|(id, _)| id.into()).collect())
    }

    /// By how many seconds the service's clock is ahead of this device's (behind, where
    /// negative), by the `Date` of its last answer: `None` before the first, and never more
    /// than a day, since such a clock is not believed.
    ///
    /// How long a token lives does not depend on it. It is for what the service dates
    /// itself, and for telling a person that their clock is wrong.
    pub fn clock_offset(&self) -> Option<i64> {
        self.inner.sender.clock_offset()
    }

    /// Opens a session, also one that is over: what it is good for, it says itself.
    ///
    /// # Errors
    /// [`Error::LoginRequired`] with [`SessionEnd::NoSession`] where there is none, and with
    /// [`SessionEnd::Damaged`] where what was stored cannot be read: that is then set aside.
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

    /// Removes a session from the store, whatever state it is in, also one that cannot be
    /// read any more, and tells the service where it can be told. One that is not there is
    /// no error. (A sealed file that can be read no more as a whole is another matter: see
    /// `SealedFile::set_aside`.)
    ///
    /// # Errors
    /// [`Error::StoreLocked`] and [`Error::Store`] where it could not be removed.
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
                &self.inner.mode.redirect_uris().one().as_str(),
            )
            .finish_non_exhaustive()
    }
}
