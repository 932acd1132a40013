//! [`OAuthClient`] for an app: a public client, or a client with a backend. Here the failures of
//! the driver become public errors.

use std::sync::Arc;

use switchback_driver::background::BackgroundTask;
use switchback_driver::sender::Sender;
use switchback_driver::task::Tasks;
use switchback_driver::{Failure, GrantDecision, Link, OAuthClient, Peer, Redemption, Step};
use switchback_protocol::Rule;
use switchback_protocol::attempt::{Attempt, AttemptId};
use switchback_protocol::grant::{Grant, SessionEnd};
use switchback_protocol::lease::Lease;

use crate::client_mode::ClientMode;
use crate::error::Error;
use crate::login::forward;
use crate::records::Records;
use crate::session::Session;
use crate::state::ClientState;

impl OAuthClient for ClientState {
    type Error = Error;
    type Store = Records;
    const KEEPS_TIMELINE: bool = true;

    fn store(&self) -> &Records {
        &self.records
    }

    fn sender(&self) -> &Sender {
        &self.sender
    }

    fn tasks(&self) -> &Tasks {
        &self.tasks
    }

    fn refresh_skew(&self) -> i64 {
        self.refresh_skew
    }

    fn peer(&self) -> Peer<'_> {
        self.mode.peer()
    }

    fn error(&self, step: Step, failure: Failure) -> Error {
        let (what, endpoint) = match step {
            Step::Callback => (CANNOT_EXCHANGE, "the callback"),
            Step::Exchange => (CANNOT_EXCHANGE, "the token endpoint"),
            Step::Forward => (
                "the callback could not be forwarded to the backend",
                "the backend's redirect URI",
            ),
            Step::Refresh => ("the session could not be refreshed", "the token endpoint"),
        };
        match failure {
            Failure::TryAgain {
                retry_after,
                source,
            } => Error::try_again(what, retry_after, source),
            Failure::LoginRequired { why, said } => Error::LoginRequired { reason: why, said },
            Failure::Misconfigured(error) => Error::configuration(format_args!(
                "the service refuses this client: {error}; check {}",
                match self.mode {
                    ClientMode::Direct(_) => {
                        "the client id, and that it is registered as a public client"
                    }
                    ClientMode::Mediated(_) =>
                        "that the backend and this app have matching versions",
                }
            )),
            Failure::UnknownIssuer(issuer) => Error::configuration(format_args!(
                "the callback names the issuer {issuer:?}, but no issuer is configured: if it is this \
                 provider's issuer, set it at the `Provider` and complete the link again. The code \
                 was not sent"
            )),
            Failure::OnlyCookies => Error::configuration(
                "this session consists of the backend's cookies and has no access token: use \
                 `authorize` instead",
            ),
            Failure::Broken(rule) => Error::Protocol { endpoint, rule },
            Failure::TaskEnded => Error::interrupted(what),
        }
    }

    async fn background_task(&self) -> BackgroundTask {
        let process_lock = Arc::clone(&self.platform.process_lock);
        BackgroundTask::begin(move |expired| process_lock.begin_background_task(expired)).await
    }

    async fn forward(
        self: &Arc<Self>,
        attempt: Attempt,
        link: &Link,
        lease: &Lease,
        background: &BackgroundTask,
    ) -> Redemption<Error> {
        forward::forward(self, attempt, link, lease, background).await
    }

    /// Reads the user info. If the service cannot answer now, the app may complete the same link
    /// again; until then the session stays unconfirmed.
    async fn is_expected_person(
        self: &Arc<Self>,
        id: &AttemptId,
        grant: &Arc<Grant>,
    ) -> Result<bool, Error> {
        if !grant.is_unconfirmed() {
            return Ok(true);
        }
        let session = Session {
            state: self.open(&id.clone().into()).await?,
        };
        match session.user_info().await {
            Ok(_) => Ok(true),
            Err(Error::Protocol {
                rule: Rule::Subject,
                ..
            }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn end_session(self: &Arc<Self>, id: &AttemptId) -> Result<(), Error> {
        self.log_out(id).await.map(drop)
    }

    fn end_reason(&self, id: &AttemptId, why: SessionEnd) -> SessionEnd {
        match self.open_session(&id.clone().into()) {
            Some(state) => state.end_reason(why),
            None => why,
        }
    }

    fn decision_stored(&self, id: &AttemptId, decided: &GrantDecision) {
        if let Some(state) = self.open_session(&id.clone().into()) {
            state.apply_decision(decided);
        }
    }
}

/// The failed action, in errors.
const CANNOT_EXCHANGE: &str = "the code could not be exchanged for tokens";
