//! What happens to a session, for those who listen.

use std::sync::Arc;

use switchback_protocol::grant::{Grant, SessionEnd};
use tokio::sync::watch;

use super::SessionState;

/// What happened to a session. No secret is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionEvent {
    /// It has a new access token, which this process or another one has fetched.
    Refreshed {
        /// When that expires by the wall clock, in seconds since the epoch.
        expires_at: i64,
    },
    /// The person logged out here: show who is not logged in.
    LoggedOut,
    /// It is over without anybody here having asked for it: offer a login, and say why.
    LoginRequired(SessionEnd),
}

/// The events of one session, from [`Session::events`](crate::Session::events).
///
/// Whoever looks rarely sees the newest and not each: a change takes the place of the one
/// before it.
pub struct SessionEvents {
    receiver: watch::Receiver<Option<SessionEvent>>,
    /// The session is kept open, so that its events are seen.
    _state: Arc<SessionState>,
}

impl SessionEvents {
    pub(crate) fn of(state: &Arc<SessionState>) -> Self {
        let mut receiver = state.events.subscribe();
        // Who comes late is told what was last.
        receiver.mark_changed();
        Self {
            receiver,
            _state: Arc::clone(state),
        }
    }

    /// The next event: the last one at once where there was one that was not given yet,
    /// from before the subscription as well. May be cancelled, and loses nothing by it.
    pub async fn next(&mut self) -> SessionEvent {
        loop {
            if self.receiver.changed().await.is_err() {
                // The session is held here, and so is its sender.
                std::future::pending::<()>().await;
            }
            if let Some(change) = *self.receiver.borrow_and_update() {
                return change;
            }
        }
    }

    /// The last change, where there was one since the session was opened.
    pub fn last(&self) -> Option<SessionEvent> {
        *self.receiver.borrow()
    }
}

/// What changed from one state to another, for those who listen.
pub(crate) fn between(before: &Grant, now: &Grant) -> Option<SessionEvent> {
    match now.ended() {
        ended if ended == before.ended() => {
            let expires_at = now.expires_at().filter(|_| ended.is_none())?;
            (!now.has_token_of(before)).then_some(SessionEvent::Refreshed { expires_at })
        }
        Some(SessionEnd::LoggedOut) => Some(SessionEvent::LoggedOut),
        Some(why) => Some(SessionEvent::LoginRequired(why)),
        None => None,
    }
}
