//! The way in: a client, configured once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use switchback_protocol::Registration;
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::Ended;

use crate::config::{Config, Mode};
use crate::error::Error;
use crate::event;
use crate::flights::Flights;
use crate::login::Completion;
use crate::ports::Platform;
use crate::records::Records;
use crate::session::{Session, SessionId, SessionState};
use crate::turns::Turns;

/// Logs people in at one service, and keeps their sessions. A clone is the same client.
///
/// Make **one client for a store in a process**, and clone it to wherever it is needed:
/// what must happen once (the exchange of a code, the refresh of a token) is agreed upon
/// among its clones. Two clients at one store do not know of each other yet; a login or
/// session that one process leaves is found by the next.
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) registration: Registration,
    pub(crate) login_timeout: i64,
    pub(crate) refresh_skew: i64,
    pub(crate) platform: Platform,
    pub(crate) records: Records,
    pub(crate) completions: Flights<AttemptId, Result<Completion, Error>>,
    /// For all that read an attempt and write it back.
    pub(crate) attempts: Turns<AttemptId>,
    /// One state a session, however often it is opened.
    open_sessions: Mutex<HashMap<SessionId, Weak<SessionState>>>,
}

impl Client {
    /// Checks the configuration; nothing is read, written or sent.
    ///
    /// # Errors
    /// [`Error::Configuration`], which says what to change.
    pub fn new(config: Config, platform: Platform) -> Result<Self, Error> {
        let Mode::Direct { client_id } = &config.mode;
        let registration = Registration::new(
            config.provider,
            client_id,
            &config.redirect_uri,
            config.test_service,
        )?;
        if config.login_timeout <= 0 || config.refresh_skew < 0 {
            return Err(Error::configuration(
                "`login_timeout` must be more than 0 seconds, and `refresh_skew` not negative",
            ));
        }
        let records = Records::new(Arc::clone(&platform.store), registration.namespace());
        Ok(Self {
            inner: Arc::new(Inner {
                registration,
                login_timeout: config.login_timeout,
                refresh_skew: config.refresh_skew,
                platform,
                records,
                completions: Flights::default(),
                attempts: Turns::default(),
                open_sessions: Mutex::default(),
            }),
        })
    }

    /// The sessions in the store that are not known to be over. An entry that cannot be
    /// read is left out, and reported as [`event::STORE_UNREADABLE`].
    pub async fn sessions(&self) -> Result<Vec<SessionId>, Error> {
        let mut live = Vec::new();
        for id in self.inner.records.grants().await? {
            let grant = event::readable(&id, self.inner.records.grant(&id).await)?;
            if grant.is_some_and(|grant| !grant.is_over()) {
                live.push(id.into());
            }
        }
        Ok(live)
    }

    /// Opens a session, also one that is over: what it is good for, it says itself.
    ///
    /// # Errors
    /// [`Error::LoginRequired`] with [`Ended::NoSession`] where there is none.
    pub async fn session(&self, id: &SessionId) -> Result<Session, Error> {
        let state = self.inner.open(id).await?;
        Ok(Session { state })
    }

    /// Removes a session from the store, whatever state it is in, also one that cannot be
    /// read any more. One that is not there is no error.
    pub async fn forget(&self, id: &SessionId) -> Result<(), Error> {
        match self.inner.open_session(id) {
            Some(state) => state.log_out().await,
            None => self.inner.records.delete_grant(id.attempt()).await,
        }
    }
}

impl Inner {
    pub(crate) fn now(&self) -> i64 {
        self.platform.clock.now()
    }

    /// The state that all handles of a session share.
    pub(crate) async fn open(self: &Arc<Self>, id: &SessionId) -> Result<Arc<SessionState>, Error> {
        if let Some(state) = self.open_session(id) {
            return Ok(state);
        }
        let grant = self.records.grant(id.attempt()).await?;
        let grant = grant.ok_or(Error::LoginRequired {
            reason: Ended::NoSession,
        })?;
        let state = {
            let fresh = SessionState::new(id.clone(), Arc::clone(self), grant);
            let mut open = self.lock_open();
            open.retain(|_, state| state.strong_count() > 0);
            match open.get(id).and_then(Weak::upgrade) {
                // Somebody else has opened it meanwhile.
                Some(state) => return Ok(state),
                None => {
                    let fresh = Arc::new(fresh);
                    open.insert(id.clone(), Arc::downgrade(&fresh));
                    fresh
                }
            }
        };
        // Between reading and opening somebody may have changed it, or logged out.
        state.reload().await?;
        Ok(state)
    }

    fn open_session(&self, id: &SessionId) -> Option<Arc<SessionState>> {
        self.lock_open().get(id).and_then(Weak::upgrade)
    }

    fn lock_open(&self) -> std::sync::MutexGuard<'_, HashMap<SessionId, Weak<SessionState>>> {
        self.open_sessions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("provider", &self.inner.registration.provider().name())
            .field("client_id", &self.inner.registration.client_id())
            .finish_non_exhaustive()
    }
}
