//! What the driver must know of the app or the service that it drives the machines for.

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
    /// What its callers get where something fails.
    type Error: Clone + Display + Send + Sync + 'static;
    /// Where it keeps attempts and grants.
    type Store: GrantStore<Error = Self::Error>;
    /// Whether the timeline of an attempt is kept, for the person or for support.
    const KEEPS_TIMELINE: bool;

    /// Where it keeps attempts and grants.
    fn store(&self) -> &Self::Store;

    /// What it sends with, and its clock.
    fn sender(&self) -> &Sender;

    /// Its tasks that no caller waits for.
    fn tasks(&self) -> &Tasks;

    /// A token that lives for less than so many seconds is refreshed before it is given out.
    fn refresh_skew(&self) -> i64;

    /// Whom it talks to.
    fn peer(&self) -> Peer<'_>;

    /// Adds to a request of its own the proof of who this client is, and gives the secrets of
    /// the proof. A public client has none (RFC 6749 §2.1).
    ///
    /// # Errors
    /// Where the proof cannot be made, and so nothing is sent.
    fn authenticate(&self, _: &mut http::Request) -> Result<Option<Secret>, TransportError> {
        Ok(None)
    }

    /// Its own error for what failed in a step.
    fn error(&self, step: Step, failure: Failure) -> Self::Error;

    /// Asks the system to let this process run until the login or refresh is done.
    fn background_task(&self) -> impl Future<Output = BackgroundTask> + Send {
        std::future::ready(BackgroundTask::default())
    }

    /// Forwards a callback to the [`Backend`](Peer::Backend). Attempts of a client without one
    /// never ask for it.
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

    /// Whether the session of a login belongs to the person whom the login was for. The session
    /// is stored when this is called. Where it is
    /// [unconfirmed](Grant::is_unconfirmed) and the answer is yes, it is confirmed when this
    /// returns.
    fn is_expected_person(
        self: &Arc<Self>,
        id: &AttemptId,
        grant: &Arc<Grant>,
    ) -> impl Future<Output = Result<bool, Self::Error>> + Send;

    /// Removes the session of another person than the login was for.
    fn end_session(
        self: &Arc<Self>,
        id: &AttemptId,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// What a callback says, for the log and the timeline. Its words came with a link.
    fn callback_note(&self, answer: &Answer) -> String {
        match answer {
            Answer::Code(_) => "code".into(),
            Answer::Declined => "declined".into(),
            Answer::Refused(error) => error.to_string(),
        }
    }

    /// Why a session is over, where that is known better here.
    fn end_reason(&self, _: &AttemptId, why: SessionEnd) -> SessionEnd {
        why
    }

    /// A decision about a grant was stored: what is known of it in memory changes.
    fn decision_stored(&self, _: &AttemptId, _: &GrantDecision) {}

    /// Something happened, under one of the names in [`event`](crate::event): writes it to the log.
    fn report(&self, event: &'static str, id: &AttemptId, note: Option<&dyn Display>) {
        log::event(event, id, note);
    }
}

/// A link that came back from the provider.
#[derive(Clone)]
pub struct Link {
    /// As it came.
    pub url: Secret,
    /// What it says.
    pub callback: Callback,
}

/// What came of a code, or of a callback that was forwarded.
pub enum Redemption<E> {
    /// There is a session, which is not stored yet.
    Grant(Box<Grant>),
    /// There is none.
    Failed {
        /// What the attempt machine is told.
        input: attempt::Input,
        /// More about it, for the log and the timeline.
        note: Option<String>,
        /// What the caller is told where the machine says that it may try again.
        error: Option<E>,
    },
}

/// In which step something failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A callback was read.
    Callback,
    /// A code was exchanged for tokens.
    Exchange,
    /// A callback was forwarded to the backend.
    Forward,
    /// A token was refreshed.
    Refresh,
}

/// Why a login or a refresh gave nothing.
#[derive(Clone, Debug)]
pub enum Failure {
    /// Not now: the same call may be made again.
    TryAgain {
        /// Seconds to wait, where the service said so.
        retry_after: Option<u32>,
        /// What the network said.
        source: Option<Arc<TransportError>>,
    },
    /// The session is over.
    LoginRequired {
        /// Why.
        why: SessionEnd,
        /// What the service said when it ended it, where it did.
        said: Option<OAuthError>,
    },
    /// The service refuses this client, not this person.
    Misconfigured(OAuthError),
    /// The callback names this issuer, and none is configured.
    UnknownIssuer(String),
    /// The session is one of cookies, and has no token.
    OnlyCookies,
    /// The service broke a rule of the protocol.
    Broken(Rule),
    /// The task ended without an answer: it panicked, or the runtime is going down.
    TaskEnded,
}

impl Failure {
    /// The same call may be made again; the service did not say when.
    pub const fn try_again() -> Self {
        Self::TryAgain {
            retry_after: None,
            source: None,
        }
    }

    /// No answer came.
    pub fn network(error: TransportError) -> Self {
        Self::TryAgain {
            retry_after: None,
            source: Some(Arc::new(error)),
        }
    }
}
