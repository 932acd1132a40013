//! The state that all clones of a client share: its configuration, its store, the tasks in
//! progress, and the open sessions.
//!
//! Before you change this: a session has one state, even if it is opened several times, so that all
//! its handles see a new token and a log-out at once.

mod event;
mod session_id;
mod session_state;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, Weak};

use switchback_driver::complete::Completions;
use switchback_driver::refresh::Refreshes;
use switchback_driver::sender::Sender;
use switchback_driver::task::Tasks;
use switchback_driver::{owner, revocation, task};
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::{Grant, SessionEnd};
use switchback_protocol::time::Time;

use crate::client_mode::ClientMode;
use crate::error::Error;
use crate::ports::Platform;
use crate::records::{Loaded, Records};

pub use event::{SessionEvent, SessionEvents};
pub use session_id::SessionId;
pub(crate) use session_state::SessionState;

pub(crate) struct ClientState {
    pub(crate) mode: ClientMode,
    pub(crate) login_timeout: i64,
    pub(crate) refresh_skew: i64,
    pub(crate) platform: Platform,
    pub(crate) records: Records,
    pub(crate) sender: Sender,
    pub(crate) completions: Completions<Error>,
    /// At most one refresh per session at a time. It may continue after all handles of its session
    /// were dropped.
    pub(crate) refreshes: Refreshes<Error>,
    pub(crate) tasks: Tasks,
    /// One state per session, even if the session is opened several times.
    open_sessions: Mutex<HashMap<SessionId, Weak<SessionState>>>,
}

impl ClientState {
    pub(crate) fn new(
        mode: ClientMode,
        login_timeout: i64,
        refresh_skew: i64,
        platform: Platform,
    ) -> Result<Self, Error> {
        let owner = owner::new(&*platform.entropy)?;
        let sender = Sender::new(Arc::clone(&platform.http), Arc::clone(&platform.clock));
        let records = Records::new(&platform, mode.namespace(), owner);
        Ok(Self {
            mode,
            login_timeout,
            refresh_skew,
            platform,
            records,
            sender,
            completions: Completions::default(),
            refreshes: Refreshes::default(),
            tasks: Tasks::default(),
            open_sessions: Mutex::default(),
        })
    }

    pub(crate) fn now(&self) -> Time {
        self.sender.now()
    }

    /// Opens a session: returns the state that all its handles share.
    pub(crate) async fn open(self: &Arc<Self>, id: &SessionId) -> Result<Arc<SessionState>, Error> {
        if let Some(state) = self.open_session(id) {
            return Ok(state);
        }
        let login_required = |reason| Err(Error::LoginRequired { reason, said: None });
        let grant = match self.grant(id.attempt()).await? {
            Loaded::Entry(grant) => grant,
            Loaded::Absent => return login_required(SessionEnd::NoSession),
            Loaded::Damaged => return login_required(SessionEnd::Damaged),
        };
        let state = {
            let fresh = SessionState::new(id.clone(), Arc::clone(self), grant);
            let mut open = self.lock_open();
            open.retain(|_, state| state.strong_count() > 0);
            match open.get(id).and_then(Weak::upgrade) {
                // Another caller has opened it in the meantime.
                Some(state) => return Ok(state),
                None => {
                    let fresh = Arc::new(fresh);
                    open.insert(id.clone(), Arc::downgrade(&fresh));
                    fresh
                }
            }
        };
        // Between reading and opening, another caller may have changed or removed the session.
        state.reload().await?;
        Ok(state)
    }

    /// The stored session. Tokens that are no longer needed are revoked.
    pub(crate) async fn grant(self: &Arc<Self>, id: &AttemptId) -> Result<Loaded<Grant>, Error> {
        let (found, dropped) = self.records.grant(id).await?;
        revocation::spawn_revocations(self, id, dropped);
        Ok(found)
    }

    pub(crate) fn open_session(&self, id: &SessionId) -> Option<Arc<SessionState>> {
        self.lock_open().get(id).and_then(Weak::upgrade)
    }

    fn lock_open(&self) -> MutexGuard<'_, HashMap<SessionId, Weak<SessionState>>> {
        task::lock(&self.open_sessions)
    }
}
