//! The events of a session.

use std::sync::Arc;

use switchback_protocol::grant::{Grant, SessionEnd};
use tokio::sync::watch;

use super::SessionState;

/// An event of a session. It holds no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionEvent {
    /// The session has a new access token, from this process or another one.
    Refreshed {
        /// When the token expires, in seconds since the epoch.
        expires_at: i64,
    },
    /// The person logged out on this device: show that they are not logged in.
    LoggedOut,
    /// The session has ended, and not by a log-out on this device: show the reason and offer a
    /// login.
    LoginRequired(SessionEnd),
}

/// The events of one session, from [`Session::events`](crate::Session::events).
///
/// A newer event replaces an older one that was not read yet: a slow reader sees the newest event,
/// and not every event.
pub struct SessionEvents {
    receiver: watch::Receiver<Option<SessionEvent>>,
    /// Keeps the session open, so that its events are seen.
    _state: Arc<SessionState>,
}

impl SessionEvents {
    pub(crate) fn of(state: &Arc<SessionState>) -> Self {
        let mut receiver = state.events.subscribe();
        // A new subscriber gets the last event first.
        receiver.mark_changed();
        Self {
            receiver,
            _state: Arc::clone(state),
        }
    }

    /// Waits for the next event. Returns immediately if there is an event that was not read yet,
    /// also one from before the subscription. Cancelling the call loses no event.
    pub async fn next(&mut self) -> SessionEvent {
        loop {
            if self.receiver.changed().await.is_err() {
                // `_state` keeps the sender, so this cannot happen.
                std::future::pending::<()>().await;
            }
            if let Some(change) = *self.receiver.borrow_and_update() {
                return change;
            }
        }
    }

    /// The last event since the session was opened.
    pub fn last(&self) -> Option<SessionEvent> {
        *self.receiver.borrow()
    }
}

/// The event for the change from one state to another, if there is one.
pub(crate) fn between(before: &Grant, now: &Grant) -> Option<SessionEvent> {
    match now.ended() {
        ended if ended == before.ended() => {
            let expires_at = now.expires_at().filter(|_| ended.is_none())?;
            (!now.has_same_token_as(before)).then_some(SessionEvent::Refreshed { expires_at })
        }
        Some(SessionEnd::LoggedOut) => Some(SessionEvent::LoggedOut),
        Some(why) => Some(SessionEvent::LoginRequired(why)),
        None => None,
    }
}
