//! Logging out: it is final, and wins over a refresh under way.

use std::sync::Arc;

use switchback_protocol::Secret;
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::{Effect, Grant, Input, step};

use super::SessionState;
use crate::client::Inner;
use crate::error::Error;
use crate::event;
use crate::revocation::Revocation;
use crate::whole::whole;

const WHAT: &str = "the session could not be removed";

/// What logging out did. The tokens are gone from this device in any case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogOut {
    /// Whether the service was told. Truid documents no way to tell it.
    pub revocation: Revocation,
    /// Open this in a browser to end the person's session with the service itself, where it
    /// has such a page (OpenID Connect RP-Initiated Logout 1.0). It says whose session it
    /// is, and belongs in no log.
    pub end_session_url: Option<Secret>,
}

impl SessionState {
    pub(crate) async fn log_out(self: &Arc<Self>) -> Result<LogOut, Error> {
        let state = Arc::clone(self);
        whole(WHAT, async move {
            let id = state.id.attempt();
            let stored = state.client.records.take_grant(id).await?;
            state.logged_out();
            Ok(state.client.leave(id, stored.as_ref()).await)
        })
        .await
    }
}

impl Inner {
    /// The same for a session that nobody has open.
    pub(crate) async fn forget(self: &Arc<Self>, id: &AttemptId) -> Result<LogOut, Error> {
        let (client, id) = (Arc::clone(self), id.clone());
        whole(WHAT, async move {
            let stored = client.records.take_grant(&id).await?;
            Ok(client.leave(&id, stored.as_ref()).await)
        })
        .await
    }

    /// It is removed, and the service is told where it can be.
    async fn leave(&self, id: &AttemptId, removed: Option<&Grant>) -> LogOut {
        event::log(event::SESSION_LOGGED_OUT, id, None);
        let (client_id, provider) = (self.registration.client_id(), self.registration.provider());
        let id_token = removed.and_then(Grant::unverified_id_token);
        let mut done = LogOut {
            revocation: Revocation::NotOffered,
            end_session_url: provider.end_session_url(client_id, id_token),
        };
        for effect in step(removed, &Input::LogOut).1 {
            if let Effect::Revoke(token) = effect {
                done.revocation = self.revoke(id, &token).await;
            }
        }
        done
    }
}
