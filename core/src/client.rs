//! The way in: a client, configured once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use switchback_protocol::Registration;
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::{Ended, Phase};

use crate::config::{Config, Mode};
use crate::error::Error;
use crate::flights::Flights;
use crate::login::Completion;
use crate::ports::Platform;
use crate::records::Records;
use crate::session::{Session, SessionId, SessionState};

/// Logs people in at one service, and keeps their sessions. A clone is the same client.
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
                open_sessions: Mutex::default(),
            }),
        })
    }

    /// The sessions in the store that are not known to be over.
    pub async fn sessions(&self) -> Result<Vec<SessionId>, Error> {
        let mut live = Vec::new();
        for id in self.inner.records.grants().await? {
            match self.inner.records.grant(&id).await? {
                Some(grant) if !matches!(grant.phase, Phase::Over(_)) => live.push(id.into()),
                _ => {}
            }
        }
        Ok(live)
    }

    /// Opens a session, also one that is over: what it is good for, it says itself.
    ///
    /// # Errors
    /// [`Error::LoginRequired`] with [`Ended::NoSession`] where there is none.
    pub async fn session(&self, id: &SessionId) -> Result<Session, Error> {
        if let Some(state) = self.inner.open_session(id) {
            return Ok(Session { state });
        }
        let grant = self.inner.records.grant(id.attempt()).await?;
        let grant = grant.ok_or(Error::LoginRequired {
            reason: Ended::NoSession,
        })?;
        let fresh = Arc::new(SessionState::new(
            id.clone(),
            Arc::clone(&self.inner),
            grant,
        ));
        let mut open = self.inner.lock_open();
        open.retain(|_, state| state.strong_count() > 0);
        // Somebody else may have opened it meanwhile: there is one state a session.
        let state = match open.get(id).and_then(Weak::upgrade) {
            Some(state) => state,
            None => {
                open.insert(id.clone(), Arc::downgrade(&fresh));
                fresh
            }
        };
        Ok(Session { state })
    }
}

impl Inner {
    pub(crate) fn now(&self) -> i64 {
        self.platform.clock.now()
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
