//! Giving back tokens that are not needed any more (RFC 7009).

use std::sync::Arc;
use std::time::Duration;

use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::Effect;
use switchback_protocol::{Secret, http, token};

use crate::client::OAuthClient;
use crate::event;
use crate::ports::TransportError;
use crate::requests;

/// Nobody who logs out waits for longer.
pub const LIMIT: Duration = Duration::from_secs(5);

/// Whether the service was told that a session is not needed any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// It has no way to be told: there the session ends when nobody refreshes it.
    NotOffered,
    /// There was nothing to revoke: the session was over before.
    NotNeeded,
    /// It has ended the session.
    Done,
    /// It was not reached, or did not do it: there the session ends when nobody refreshes
    /// it.
    Failed,
}

/// Gives a token back. Of a refresh token the whole grant ends with it.
pub async fn revoke<C: OAuthClient>(client: &C, id: &AttemptId, token: &Secret) -> Revocation {
    match requests::revocation(client, token) {
        Some(request) => send(client, id, request).await,
        None => Revocation::NotOffered,
    }
}

/// Gives back what is to be given back, in tasks of their own: a caller that waits for
/// something else does not wait for this. Gives what else is to be done.
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
