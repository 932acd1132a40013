//! Telling the service that a session is not needed any more: the provider, whose tokens are
//! revoked (RFC 7009), or the backend.

use std::sync::Arc;
use std::time::Duration;

use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::{Effect, Grant};
use switchback_protocol::http::bearer;
use switchback_protocol::mediated::Mediation;
use switchback_protocol::{Registration, Secret, token};

use crate::client::Inner;
use crate::event;
use crate::service::Service;
use crate::whole::spawn;

/// Nobody who logs out waits for longer.
const LIMIT: Duration = Duration::from_secs(5);

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

impl Inner {
    pub(crate) async fn revoke(
        &self,
        registration: &Registration,
        id: &AttemptId,
        token: &Secret,
    ) -> Revocation {
        let Some(endpoint) = registration.provider().revocation_endpoint() else {
            return Revocation::NotOffered;
        };
        let request = token::revoke(&endpoint, registration.client_id(), token);
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

    /// Tells a backend that somebody has logged out of this session. An access token that is
    /// over says nothing to it, and so the refresh token is used for that one last time.
    pub(crate) async fn tell_backend(
        &self,
        mediation: &Mediation,
        id: &AttemptId,
        removed: Option<&Grant>,
        dropped: &[Effect],
    ) -> Revocation {
        let Some(endpoint) = mediation.log_out_endpoint() else {
            return Revocation::NotOffered;
        };
        let Some(grant) = removed.filter(|grant| !grant.is_over()) else {
            return Revocation::NotNeeded;
        };
        let tell = async {
            let now = self.now();
            let header = match (grant.cookies(), grant.fresh(&now, 0)) {
                (Some(jar), _) => ("cookie", jar.header(endpoint, &now)?),
                (None, Some(token)) => bearer(token),
                (None, None) => bearer(&self.last_token(mediation, grant, dropped).await?),
            };
            let request = mediation.log_out(endpoint, [header]);
            let response = self.send(request).await.ok()?;
            (200..300).contains(&response.status).then_some(())
        };
        match tokio::time::timeout(LIMIT, tell).await {
            Ok(Some(())) => {
                event::log(event::BACKEND_TOLD, id, None);
                Revocation::Done
            }
            _ => {
                event::log(event::BACKEND_NOT_TOLD, id, None);
                Revocation::Failed
            }
        }
    }

    async fn last_token(
        &self,
        mediation: &Mediation,
        grant: &Grant,
        dropped: &[Effect],
    ) -> Option<Secret> {
        let refresh_token = dropped.iter().find_map(|effect| match effect {
            Effect::Revoke(token) if grant.is_refreshable() => Some(token),
            _ => None,
        })?;
        let response = self.send(mediation.refresh(refresh_token)?).await.ok()?;
        let tokens = token::read(&response, &[refresh_token]).ok()?;
        Some(tokens.access_token)
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

    /// In a task of its own: whoever waits for something else does not wait for this. A
    /// backend is told by whoever logs out, and ends the whole session then.
    fn revoke_later(self: &Arc<Self>, id: &AttemptId, token: Secret) {
        let Service::Direct(registration) = &self.service else {
            return;
        };
        if registration.provider().revocation_endpoint().is_some() {
            let (client, id) = (Arc::clone(self), id.clone());
            spawn(async move {
                if let Service::Direct(registration) = &client.service {
                    client.revoke(registration, &id, &token).await;
                }
            });
        }
    }
}
