//! Logging out: it is final, and wins over a refresh under way.

use std::sync::Arc;

use switchback_protocol::Secret;
use switchback_protocol::grant::{Effect, Ended, Grant, Input, step};

use super::SessionState;
use crate::error::Error;
use crate::event;
use crate::revocation::Revocation;
use crate::whole::whole;

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
        whole("the session could not be removed", async move {
            let (client, id) = (&state.client, state.id.attempt());
            let stored = client.records.take_grant(id).await?;
            state.take_over(None, Ended::LoggedOut);
            event::log(event::SESSION_LOGGED_OUT, id, None);
            let registration = &client.registration;
            let mut done = LogOut {
                revocation: Revocation::NotOffered,
                end_session_url: registration.provider().end_session_url(
                    registration.client_id(),
                    stored.as_ref().and_then(Grant::unverified_id_token),
                ),
            };
            for effect in step(stored.as_ref(), &Input::LogOut).1 {
                if let Effect::Revoke(token) = effect {
                    done.revocation = client.revoke(id, &token).await;
                }
            }
            Ok(done)
        })
        .await
    }
}
