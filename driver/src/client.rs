//! [`OAuthClient`]: what the driver must know about the app or the service that it works for.
//!
//! It is the only place where the two differ: an app is a public client (RFC 6749 §2.1) with one
//! store, a service is a confidential client with a database for many persons. Both turn a
//! [`Failure`] into the errors of their own API.
//!
//! Before you change this: a method that decides what an answer means belongs in
//! `switchback_protocol`, and not here. Otherwise app and service answer differently to the same
//! server.

use std::fmt::Display;
use std::sync::Arc;

use switchback_protocol::Rule;
use switchback_protocol::attempt::{self, Attempt, AttemptId};
use switchback_protocol::callback::{Answer, Callback};
use switchback_protocol::grant::{Grant, SessionEnd};
use switchback_protocol::http::{self};
use switchback_protocol::lease::Lease;
use switchback_protocol::{OAuthError, Secret};

use crate::background::BackgroundTask;
use crate::log;
use crate::peer::Peer;
use crate::ports::TransportError;
use crate::sender::Sender;
use crate::store::{GrantDecision, GrantStore};
use crate::task::Tasks;

/// An OAuth client (RFC 6749 §1.1): an app, or a service's backend.
pub trait OAuthClient: Sized + Send + Sync + 'static {
    /// The error that callers of the driver get.
    type Error: Clone + Display + Send + Sync + 'static;
    /// The storage for attempts and grants.
    type Store: GrantStore<Error = Self::Error>;
    /// Whether the timeline of an attempt is stored, to show it to the person or to support.
    const KEEPS_TIMELINE: bool;

    /// The storage for attempts and grants.
    fn store(&self) -> &Self::Store;

    /// The HTTP transport and the clock.
    fn sender(&self) -> &Sender;

    /// The detached tasks of this client.
    fn tasks(&self) -> &Tasks;

    /// In seconds: a token whose remaining lifetime is shorter is refreshed before the caller gets
    /// it.
    fn refresh_skew(&self) -> i64;

    /// The server that this client sends its requests to.
    fn peer(&self) -> Peer<'_>;

    /// Adds client authentication to a request (RFC 6749 §2.3). Returns the client secret, if there
    /// is one, so that it can be removed from errors. A public client (§2.1) adds nothing.
    ///
    /// # Errors
    /// If the authentication cannot be made; the request is not sent then.
    fn authenticate(&self, _: &mut http::Request) -> Result<Option<Secret>, TransportError> {
        Ok(None)
    }

    /// Converts a failure to this client's error type.
    fn error(&self, step: Step, failure: Failure) -> Self::Error;

    /// Begins a background task, which lasts until the login or the refresh is done.
    fn background_task(&self) -> impl Future<Output = BackgroundTask> + Send {
        std::future::ready(BackgroundTask::default())
    }

    /// Forwards a callback to the [`Backend`](Peer::Backend). Only attempts of a client with a
    /// backend call this.
    fn forward(
        self: &Arc<Self>,
        _: Attempt,
        _: &Link,
        lease: &Lease,
        _: &BackgroundTask,
    ) -> impl Future<Output = Redemption<Self::Error>> + Send {
        let lease = lease.clone();
        std::future::ready(Redemption::Failed {
            input: attempt::Input::NotSent { lease },
            note: None,
            error: None,
        })
    }

    /// Whether the session of a login belongs to the person that the login was for. The driver
    /// stores the session before it calls this. If the session is
    /// [unconfirmed](Grant::is_unconfirmed) and the result is true, the implementation has
    /// confirmed the session when it returns.
    fn is_expected_person(
        self: &Arc<Self>,
        id: &AttemptId,
        grant: &Arc<Grant>,
    ) -> impl Future<Output = Result<bool, Self::Error>> + Send;

    /// Removes a session that belongs to another person than the login was for.
    fn end_session(
        self: &Arc<Self>,
        id: &AttemptId,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// The content of a callback, for log and timeline. Its texts come from the link, which anyone
    /// can make.
    fn callback_note(&self, answer: &Answer) -> String {
        match answer {
            Answer::Code(_) => "code".into(),
            Answer::Declined => "declined".into(),
            Answer::Refused(error) => error.to_string(),
        }
    }

    /// The reason why a session has ended, if this client knows it better than the machine.
    fn end_reason(&self, _: &AttemptId, why: SessionEnd) -> SessionEnd {
        why
    }

    /// Called after a decision about a grant was stored, so that the client can update its state in
    /// memory.
    fn decision_stored(&self, _: &AttemptId, _: &GrantDecision) {}

    /// Writes an event to the log, under one of the names in [`event`](crate::event).
    fn report(&self, event: &'static str, id: &AttemptId, note: Option<&dyn Display>) {
        log::event(event, id, note);
    }
}

/// A callback link: the URL that the provider sent the person back to.
#[derive(Clone)]
pub struct Link {
    /// The URL, unchanged.
    pub url: Secret,
    /// Its parameters.
    pub callback: Callback,
}

/// The result of exchanging a code, or of forwarding a callback.
pub enum Redemption<E> {
    /// A session, which is not stored yet.
    Grant(Box<Grant>),
    /// No session.
    Failed {
        /// The input for the attempt machine.
        input: attempt::Input,
        /// Details for log and timeline.
        note: Option<String>,
        /// The error for the caller, if the machine says that the caller may try again.
        error: Option<E>,
    },
}

/// The step in which something failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reading a callback.
    Callback,
    /// Exchanging a code for tokens.
    Exchange,
    /// Forwarding a callback to the backend.
    Forward,
    /// Refreshing a token.
    Refresh,
}

/// Why a login or a refresh failed.
#[derive(Clone, Debug)]
pub enum Failure {
    /// A temporary failure: the caller may make the same call again.
    TryAgain {
        /// Seconds to wait, if the service said so (`Retry-After`).
        retry_after: Option<u32>,
        /// The network error, if there was one.
        source: Option<Arc<TransportError>>,
    },
    /// The session has ended.
    LoginRequired {
        /// The reason.
        why: SessionEnd,
        /// The service's error when it ended the session, if it sent one.
        said: Option<OAuthError>,
    },
    /// The service refuses this client; the person is not the cause.
    Misconfigured(OAuthError),
    /// The callback names this issuer, but no issuer is configured (RFC 9207).
    UnknownIssuer(String),
    /// The session consists of a backend's cookies and has no access token.
    OnlyCookies,
    /// The service broke this rule of the protocol.
    Broken(Rule),
    /// The task ended without a result: it panicked, or the runtime is shutting down.
    TaskEnded,
}

impl Failure {
    /// A temporary failure without a time to wait.
    pub const fn try_again() -> Self {
        Self::TryAgain {
            retry_after: None,
            source: None,
        }
    }

    /// No answer arrived.
    pub fn network(error: TransportError) -> Self {
        Self::TryAgain {
            retry_after: None,
            source: Some(Arc::new(error)),
        }
    }
}
