//! The service as the [`OAuthClient`] of the driver: a confidential client.

use std::fmt::Display;
use std::sync::Arc;

use switchback_driver::ports::TransportError;
use switchback_driver::refresh::{self, Refreshed};
use switchback_driver::sender::Sender;
use switchback_driver::task::Tasks;
use switchback_driver::{Failure, OAuthClient, Peer, Step, event, log};
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::callback::Answer;
use switchback_protocol::grant::{Grant, SessionEnd};
use switchback_protocol::{Purpose, Secret, http};

use super::{Inner, WAIT_LIMIT};
use crate::error::Error;

const CALLBACK: &str = "the callback";

impl OAuthClient for Inner {
    type Error = Error;
    type Store = Self;
    const KEEPS_TIMELINE: bool = false;

    fn store(&self) -> &Self {
        self
    }

    fn sender(&self) -> &Sender {
        &self.sender
    }

    fn tasks(&self) -> &Tasks {
        &self.tasks
    }

    fn refresh_skew(&self) -> i64 {
        self.config.refresh_skew
    }

    fn peer(&self) -> Peer<'_> {
        Peer::Provider(self.registration())
    }

    fn authenticate(&self, request: &mut http::Request) -> Result<Option<Secret>, TransportError> {
        let proven = self.prove(request);
        proven.map_err(|error| TransportError::NotSent(error.to_string()))?;
        Ok(self.config.authentication.secret())
    }

    fn error(&self, step: Step, failure: Failure) -> Error {
        let (endpoint, cut_off) = match step {
            Step::Callback | Step::Forward => (CALLBACK, "a login was interrupted"),
            Step::Exchange => ("the token endpoint", "a login was interrupted"),
            Step::Refresh => ("the token endpoint", "a refresh was interrupted"),
        };
        match failure {
            Failure::TryAgain { retry_after, .. } => Error::TryAgain { retry_after },
            Failure::LoginRequired { why, .. } => Error::LoginRequired(why),
            Failure::Misconfigured(error) => Error::Configuration(format!(
                "the provider refuses this client: {error}; compare the client id and \
                 authentication with the registration at the provider"
            )),
            Failure::UnknownIssuer(issuer) => Error::Configuration(format!(
                "the callback has the issuer {issuer:?}, and no issuer is configured: if this is \
                 the provider's issuer, configure it (`issuer`). The code was not sent, and the \
                 login still waits"
            )),
            // A session with the provider always has tokens; only an app and its backend use
            // cookies.
            Failure::OnlyCookies => Error::LoginRequired(SessionEnd::NoSession),
            Failure::Broken(rule) => Error::Protocol { endpoint, rule },
            Failure::TaskEnded => Error::Process(cut_off),
        }
    }

    /// True for a login: a service logs in every person. False for a signing that was removed, or
    /// that another person was faster to sign. The service reads the subject while the access
    /// token is valid; if that fails, the session tries again.
    async fn is_expected_person(
        self: &Arc<Self>,
        id: &AttemptId,
        grant: &Arc<Grant>,
    ) -> Result<bool, Error> {
        if grant.purpose == Purpose::Signing {
            return Ok(self.on_signed(id, grant).await);
        }
        let known = match grant.subject() {
            Some(subject) if self.is_engagement(grant.purpose) => {
                self.merge_onboardings(subject).await
            }
            Some(_) => Ok(()),
            None => self.user_info(id, grant).await.map(drop),
        };
        if let Err(error) = known {
            log::event(event::IDENTITY_NOT_READ, id, Some(&error));
        }
        Ok(true)
    }

    /// Any sender can put any text into a callback, so no text from it is logged.
    fn callback_note(&self, answer: &Answer) -> String {
        let note = match answer {
            Answer::Code(_) => "code",
            Answer::Declined => "declined",
            Answer::Refused(_) => "refused",
        };
        note.into()
    }

    async fn end_session(self: &Arc<Self>, id: &AttemptId) -> Result<(), Error> {
        self.end_grant(id).await
    }

    fn report(&self, event: &'static str, id: &AttemptId, note: Option<&dyn Display>) {
        match event {
            event::REFRESH_SENT => self.counters.refreshes_sent.add(),
            event::REFRESH_DONE => self.counters.refreshed.add(),
            event::SESSION_OVER => self.counters.sessions_over.add(),
            _ => {}
        }
        log::event(event, id, note);
    }
}

impl Inner {
    /// A grant with a valid access token that is not `rejected`. All callers on all nodes share
    /// one refresh.
    pub(super) async fn refreshed(
        self: &Arc<Self>,
        id: &AttemptId,
        rejected: Option<&Secret>,
    ) -> Result<Refreshed, Error> {
        let refreshed = refresh::refresh(self, &self.refreshes, id, rejected);
        match tokio::time::timeout(WAIT_LIMIT, refreshed).await {
            Ok(result) => result,
            Err(_) => Err(Error::TryAgain {
                retry_after: Some(1),
            }),
        }
    }
}
