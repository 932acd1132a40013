//! Log-out at the backend (mediated mode).

use switchback_driver::revocation::{LIMIT, Revocation};
use switchback_driver::{event, log};
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::{Effect, Grant};
use switchback_protocol::http::bearer;
use switchback_protocol::mediated::Mediation;
use switchback_protocol::{Secret, token};

use crate::state::ClientState;

impl ClientState {
    /// Logs the person out at the backend. An access token that has expired does not identify the
    /// session, so the refresh token is used once more for a new one.
    pub(crate) async fn log_out_at_backend(
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
                (None, None) => bearer(&self.log_out_token(mediation, grant, dropped).await?),
            };
            let request = mediation.log_out(endpoint, [header]);
            let response = self.sender.send(request).await.ok()?;
            (200..300).contains(&response.status).then_some(())
        };
        match tokio::time::timeout(LIMIT, tell).await {
            Ok(Some(())) => {
                log::event(event::BACKEND_TOLD, id, None);
                Revocation::Done
            }
            _ => {
                log::event(event::BACKEND_NOT_TOLD, id, None);
                Revocation::Failed
            }
        }
    }

    async fn log_out_token(
        &self,
        mediation: &Mediation,
        grant: &Grant,
        dropped: &[Effect],
    ) -> Option<Secret> {
        let refresh_token = dropped.iter().find_map(|effect| match effect {
            Effect::Revoke(token) if grant.is_refreshable() => Some(token),
            _ => None,
        })?;
        let response = self
            .sender
            .send(mediation.refresh(refresh_token)?)
            .await
            .ok()?;
        let tokens = token::read(&response, &[refresh_token]).ok()?;
        Some(tokens.access_token)
    }
}
