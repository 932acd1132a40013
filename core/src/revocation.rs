//! Telling the service that a token is not needed any more (RFC 7009).

use std::sync::Arc;
use std::time::Duration;

use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::Effect;
use switchback_protocol::{Secret, token};

use crate::client::Inner;
use crate::event;

/// Nobody who logs out waits for longer.
const LIMIT: Duration = Duration::from_secs(5);

/// Whether the service was told that a token is not needed any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
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

impl Inner {
    pub(crate) async fn revoke(&self, id: &AttemptId, token: &Secret) -> Revocation {
        let Some(endpoint) = self.registration.provider().revocation_endpoint() else {
            return Revocation::NotOffered;
        };
        let request = token::revoke(&endpoint, self.registration.client_id(), token);
        let sent = tokio::time::timeout(LIMIT, self.send(request)).await;
        match sent {
            Ok(Ok(response)) if token::is_revoked(&response) => {
                event::log(event::TOKEN_REVOKED, id, None);
                Revocation::Done
            }
            _ => {
                event::log(event::TOKEN_NOT_REVOKED, id, None);
                Revocation::Failed
            }
        }
    }

    /// Revokes what is to be revoked, and gives what else is to be done.
    pub(crate) fn revoke_all_later(
        self: &Arc<Self>,
        id: &AttemptId,
        effects: Vec<Effect>,
    ) -> Vec<Effect> {
        let left = effects.into_iter().filter_map(|effect| match effect {
            Effect::Revoke(token) => {
                self.revoke_later(id, token);
                None
            }
            other => Some(other),
        });
        left.collect()
    }

    /// In a task of its own: whoever waits for something else does not wait for this.
    fn revoke_later(self: &Arc<Self>, id: &AttemptId, token: Secret) {
        if self.registration.provider().revocation_endpoint().is_some() {
            let (client, id) = (Arc::clone(self), id.clone());
            tokio::spawn(async move { client.revoke(&id, &token).await });
        }
    }
}
