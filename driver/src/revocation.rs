//! Token revocation (RFC 7009): tokens that are no longer needed are revoked at the service.
//!
//! Before you change this: a revocation never decides whether a person is logged out. The store has
//! already forgotten the tokens when it is sent; it runs in a detached task or with a limit of
//! time, and its failure is reported and not repeated.

use std::sync::Arc;
use std::time::Duration;

use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::Effect;
use switchback_protocol::{Secret, http, token};

use crate::client::OAuthClient;
use crate::event;
use crate::ports::TransportError;
use crate::requests;

/// How long a log-out waits for the revocation.
pub const LIMIT: Duration = Duration::from_secs(5);

/// Whether the service ended a session at log-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// The service offers no revocation. Its session ends when it is no longer refreshed.
    NotOffered,
    /// Not needed: the session had already ended.
    NotNeeded,
    /// The service ended the session.
    Done,
    /// The service was not reached or did not end the session, which ends when it is no longer
    /// refreshed.
    Failed,
}

/// Revokes a token. Revoking a refresh token ends the whole grant.
pub async fn revoke<C: OAuthClient>(client: &C, id: &AttemptId, token: &Secret) -> Revocation {
    match requests::revocation(client, token) {
        Some(request) => send(client, id, request).await,
        None => Revocation::NotOffered,
    }
}

/// Revokes the tokens of all [`Effect::Revoke`] in detached tasks, so that the caller does not
/// wait. Returns the other effects.
pub fn spawn_revocations<C: OAuthClient>(
    client: &Arc<C>,
    id: &AttemptId,
    effects: Vec<Effect>,
) -> Vec<Effect> {
    let left = effects.into_iter().filter_map(|effect| match effect {
        Effect::Revoke(token) => {
            if let Some(request) = requests::revocation(&**client, &token) {
                let (client, id) = (Arc::clone(client), id.clone());
                let tasks = Arc::clone(&client);
                tasks.tasks().spawn(async move {
                    send(&*client, &id, request).await;
                });
            }
            None
        }
        other => Some(other),
    });
    left.collect()
}

async fn send<C: OAuthClient>(
    client: &C,
    id: &AttemptId,
    request: Result<http::Request, TransportError>,
) -> Revocation {
    let sent = async { client.sender().send(request?).await };
    match tokio::time::timeout(LIMIT, sent).await {
        Ok(Ok(response)) if token::is_revoked(&response) => {
            client.report(event::TOKEN_REVOKED, id, None);
            Revocation::Done
        }
        _ => {
            client.report(event::TOKEN_NOT_REVOKED, id, None);
            Revocation::Failed
        }
    }
}
