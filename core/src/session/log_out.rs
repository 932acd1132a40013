//! Log-out (RFC 7009, OpenID Connect RP-Initiated Logout 1.0). It is final, also if a refresh is in
//! progress: first the session is removed from the store, and then the service is informed.

use std::sync::Arc;

use switchback_driver::revocation::{self, Revocation};
use switchback_driver::{event, log};
use switchback_protocol::Secret;
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::{Effect, Grant};

use crate::client_mode::ClientMode;
use crate::error::Error;
use crate::state::ClientState;
use crate::task;

/// The result of a log-out. The tokens were removed from the store in any case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogOut {
    /// Whether the service ended the session.
    pub revocation: Revocation,
    /// If the provider has a logout page: open this URL in a browser to end the person's session
    /// with the provider (OpenID Connect RP-Initiated Logout 1.0). It identifies the person, so do
    /// not log it.
    pub end_session_url: Option<Secret>,
}

impl ClientState {
    /// Removes a session, open or not, and revokes its tokens at the service if the service offers
    /// that.
    pub(crate) async fn log_out(self: &Arc<Self>, id: &AttemptId) -> Result<LogOut, Error> {
        let (client, id) = (Arc::clone(self), id.clone());
        task::run("the session could not be removed", async move {
            let (removed, effects) = client.records.take_grant(&id).await?;
            if let Some(state) = client.open_session(&id.clone().into()) {
                state.logged_out();
            }
            if removed.is_some() {
                log::event(event::SESSION_LOGGED_OUT, &id, None);
            }
            let registration = match &client.mode {
                ClientMode::Direct(registration) => registration,
                ClientMode::Mediated(mediation) => {
                    let done =
                        client.log_out_at_backend(mediation, &id, removed.as_ref(), &effects);
                    return Ok(LogOut {
                        revocation: done.await,
                        end_session_url: None,
                    });
                }
            };
            let (client_id, provider) = (registration.client_id(), registration.provider());
            let id_token = removed.as_ref().and_then(Grant::unverified_id_token);
            let mut done = LogOut {
                revocation: match provider.revocation_endpoint() {
                    Some(_) => Revocation::NotNeeded,
                    None => Revocation::NotOffered,
                },
                end_session_url: provider.end_session_url(client_id, id_token),
            };
            for effect in effects {
                if let Effect::Revoke(token) = effect {
                    done.revocation = revocation::revoke(&*client, &id, &token).await;
                }
            }
            Ok(done)
        })
        .await
    }
}
