//! Login: [begin](Client::begin), open the URL, [complete](Client::complete) with the link that
//! comes back (RFC 6749 §4.1, RFC 8252).
//!
//! A login survives the end of its process. [`Client::begin`] stores the attempt before it returns
//! the URL. The link may start a new process, which finds the attempt by the link's `state` and
//! completes it. [`switchback_protocol::attempt`] decides what happens next; this module stores,
//! sends and reports.

pub(crate) mod forward;
mod mediated;

use std::sync::Arc;

use switchback_driver::{Commit, event, log};
use switchback_driver::{Link, complete};
use switchback_protocol::attempt::{
    Attempt, AttemptId, LoginRequest, Outcome, Timeline, TimelineEntry,
};
use switchback_protocol::callback::{Callback, MalformedLink};
use switchback_protocol::grant::Grant;
use switchback_protocol::http::Response;
use switchback_protocol::link_check::Login;
use switchback_protocol::time::Time;
use switchback_protocol::{OAuthError, Purpose, Random, Secret};
use zeroize::Zeroizing;

use crate::client::Client;
use crate::client_mode::ClientMode;
use crate::error::Error;
use crate::mix_up;
use crate::session::{Session, SessionId};
use crate::sorted::sorted;
use crate::state::{ClientState, SessionState};
use crate::task;

/// Seconds that an attempt stays in the store after its deadline, so that a late or repeated link
/// gets the right outcome.
const ATTEMPT_RETENTION: i64 = 24 * 3600;

/// Seconds that an ended session stays in the store after its login, so that the app can read why
/// it ended.
const ENDED_SESSION_RETENTION: i64 = 30 * 24 * 3600;

/// A login that has begun: the URL to open, and until when.
#[derive(Clone)]
#[non_exhaustive]
pub struct LoginAttempt {
    /// The id of the attempt, also in logs.
    pub id: AttemptId,
    /// The authorization URL. Open it in the identity app (as a universal link or App Link) or in a
    /// browser, never in a web view (RFC 8252 §8.12). It contains `state`: do not log it.
    pub url: String,
    /// The deadline for the callback, in seconds since the epoch.
    pub expires_at: i64,
    /// When the URL must have been opened, in seconds since the epoch, if there is a limit: a
    /// backend may have pushed its request to the provider, which then stores it for about a minute
    /// and for one opening (RFC 9126). After that, [`Client::reopen`] returns a new URL.
    pub open_before: Option<i64>,
}

impl std::fmt::Debug for LoginAttempt {
    /// Leaves out the URL, which contains `state`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoginAttempt")
            .field("id", &self.id)
            .field("expires_at", &self.expires_at)
            .field("open_before", &self.open_before)
            .finish_non_exhaustive()
    }
}

/// What a login opens, and where it comes back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    /// Whether it opens an identity app or a page.
    pub login: Login,
    /// The authorization endpoint.
    pub authorization_url: String,
    /// The redirect URI.
    pub redirect_uri: String,
}

/// A login that waits for its callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingLogin {
    /// The id of the attempt.
    pub id: AttemptId,
    /// The purpose of the login.
    pub purpose: Purpose,
    /// When it began, in seconds since the epoch.
    pub started_at: i64,
    /// The deadline for the callback, in seconds since the epoch.
    pub expires_at: i64,
}

/// The outcome of a login. An app meets all of them in normal use; no outcome is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginOutcome {
    /// The person is logged in. Completing the same link again returns the same session.
    LoggedIn {
        /// The session: open it with [`Client::session`].
        session: SessionId,
        /// The scopes that were requested and not granted.
        denied_scopes: Vec<String>,
    },
    /// The person declined in the identity app, as the link itself says.
    Declined,
    /// The provider or the backend refused.
    Refused {
        /// The service's error, for a developer.
        error: OAuthError,
        /// Whether the code was probably used by an earlier request: its process ended, or its
        /// answer was lost. A new login is all that is needed.
        interrupted: bool,
    },
    /// The link does not lead to a redirect URI of this client: pass it to the app's other link
    /// handlers.
    NotOurs,
    /// The link leads to this client's redirect URI but cannot be read.
    Malformed(MalformedLink),
    /// No attempt has this link's `state`: the login was cancelled, was begun on another device, is
    /// too old, or the link is forged.
    Unknown,
    /// The callback came after the deadline.
    Expired,
    /// The login was completed before, and its session has ended.
    Replayed,
    /// The person approved, but the backend no longer knows this login (mediated mode), for example
    /// because it was restarted or the login took too long. Begin again.
    Forgotten,
    /// Another person logged in than [`LoginRequest::for_person`] asked for. The new session was
    /// removed; the previous session is unchanged.
    OtherPerson,
}

impl Client {
    /// Begins a login. When this function returns, the attempt is stored and the app may open the
    /// URL; the callback is found even if this process ends. In mediated mode the backend returns
    /// the URL. To begin a login under an existing session, use
    /// [`Session::begin`](crate::Session::begin).
    ///
    /// # Errors
    /// - [`Error::Configuration`] for a scope or an extra parameter that cannot be sent; in
    ///   mediated mode for any scope, any nonce and any document to sign, which the backend decides,
    ///   and if the backend refuses; and if another client of this process has the same redirect URI
    ///   with another provider, since a code could then be sent to the wrong provider (RFC 9700
    ///   §4.4). Two clients in direct mode may share a redirect URI if both have an issuer.
    /// - [`Error::SigningUnavailable`] if the backend does not begin this signing.
    /// - [`Error::TryAgain`] if the backend was not reached, and [`Error::Protocol`] if it returned
    ///   a URL that must not be opened.
    /// - [`Error::StoreLocked`] or [`Error::Store`] if the attempt cannot be stored.
    pub async fn begin(&self, request: LoginRequest) -> Result<LoginAttempt, Error> {
        self.inner.begin(request, None).await
    }

    /// The URL of a pending login again, for example because the identity app did not open. `None`
    /// if the login is no longer pending, or its code is being exchanged at this moment. If the URL
    /// was for one opening only or has expired, the backend returns a new one.
    ///
    /// # Errors
    /// [`Error::StoreLocked`] and [`Error::Store`]; in mediated mode also the errors of
    /// [`begin`](Self::begin).
    pub async fn reopen(&self, attempt: &AttemptId) -> Result<Option<LoginAttempt>, Error> {
        let (inner, id) = (Arc::clone(&self.inner), attempt.clone());
        task::run("the login could not be opened again", async move {
            loop {
                let found = inner.records.load::<Attempt>(&id).await?.entry();
                let now = inner.now();
                let Some(mut attempt) = found.filter(|attempt| attempt.is_pending(&now)) else {
                    return Ok(None);
                };
                let caller = inner.records.caller(attempt.lease()).await?;
                if attempt.is_being_exchanged(&now, caller.holder_has_ended) {
                    return Ok(None);
                }
                if let ClientMode::Mediated(mediation) = &inner.mode
                    && !attempt.may_open_again(&now)
                {
                    inner.start_again(mediation, &mut attempt).await?;
                }
                let timeline = &mut attempt.timeline;
                timeline.add(now.wall, event::LOGIN_REOPENED, None);
                let login = inner.login_attempt(&attempt)?;
                let stored = inner.records.replace(attempt.clone()).await?;
                if stored == Commit::Committed {
                    inner.remove_other_blind(&attempt).await?;
                    log::event(event::LOGIN_REOPENED, &id, None);
                    return Ok(Some(login));
                }
            }
        })
        .await
    }

    /// Whether a link leads to a redirect URI of this client. It reads no storage, so a link
    /// handler can answer immediately.
    pub fn accepts(&self, url: &str) -> bool {
        self.inner.mode.redirect_uris().matching(url).is_some()
    }

    /// The attempt that a link belongs to, for an app that waits for several logins at once. `None`
    /// for a link that is not this client's or cannot be read, and in mediated mode for a link that
    /// no stored attempt waits for.
    ///
    /// # Errors
    /// [`Error::StoreLocked`] and [`Error::Store`].
    pub async fn attempt_of(&self, url: &str) -> Result<Option<AttemptId>, Error> {
        match self.inner.mode.read_callback(url) {
            Ok(Some(callback)) => self.inner.attempt_of(&callback).await,
            Ok(None) | Err(_) => Ok(None),
        }
    }

    /// Completes a login with the callback link. The app may call this again with the same link,
    /// also at the same time or in a later process: it returns the same session.
    ///
    /// # Errors
    /// - [`Error::TryAgain`] if the service was not reached or did not answer. Try the same link
    ///   again at once: a code may live for less than a minute.
    /// - [`Error::Protocol`] if the answer was not valid.
    /// - [`Error::StoreLocked`] and [`Error::Store`].
    /// - [`Error::Configuration`] if the service refuses this client, or does not say who the
    ///   person is although [`LoginRequest::for_person`] needs it.
    pub async fn complete(&self, url: &str) -> Result<LoginOutcome, Error> {
        let callback = match self.inner.mode.read_callback(url) {
            Ok(Some(callback)) => callback,
            Ok(None) => return Ok(LoginOutcome::NotOurs),
            Err(malformed) => return Ok(LoginOutcome::Malformed(malformed)),
        };
        let Some(id) = self.inner.attempt_of(&callback).await? else {
            return Ok(LoginOutcome::Unknown);
        };
        let (inner, url) = (&self.inner, url.into());
        let link = Link { url, callback };
        let completed = complete::complete(inner, &inner.completions, &id, link).await?;
        Ok(match completed.outcome {
            Outcome::LoggedIn => LoginOutcome::LoggedIn {
                session: id.into(),
                denied_scopes: completed
                    .session
                    .map_or_else(Vec::new, |new| new.denied_scopes),
            },
            Outcome::Replayed => LoginOutcome::Replayed,
            Outcome::Declined => LoginOutcome::Declined,
            Outcome::Refused { error, interrupted } => LoginOutcome::Refused { error, interrupted },
            Outcome::Expired => LoginOutcome::Expired,
            Outcome::OtherPerson => LoginOutcome::OtherPerson,
            Outcome::Forgotten => LoginOutcome::Forgotten,
            Outcome::Unknown => LoginOutcome::Unknown,
        })
    }

    /// The logins that wait for their callback, oldest first. An entry that cannot be read is left
    /// out and reported as [`event::STORE_UNREADABLE`](crate::event::STORE_UNREADABLE).
    ///
    /// # Errors
    /// [`Error::StoreLocked`] and [`Error::Store`].
    pub async fn pending_logins(&self) -> Result<Vec<PendingLogin>, Error> {
        let now = self.inner.now();
        let all = self.inner.records.all::<Attempt>().await?.into_iter();
        let waiting = all.filter(|(_, attempt)| attempt.is_pending(&now));
        let pending = waiting.map(|(id, attempt)| PendingLogin {
            id,
            purpose: attempt.purpose,
            started_at: attempt.begun_at.wall,
            expires_at: attempt.deadline,
        });
        Ok(sorted(pending, |a, b| {
            (a.started_at, &a.id) < (b.started_at, &b.id)
        }))
    }

    /// Cancels a login: a later callback for it is [`LoginOutcome::Unknown`]. An attempt that does
    /// not exist is not an error. A callback that is being completed at this moment is still
    /// completed.
    ///
    /// # Errors
    /// [`Error::StoreLocked`] and [`Error::Store`].
    pub async fn cancel_login(&self, attempt: &AttemptId) -> Result<(), Error> {
        let (inner, id) = (Arc::clone(&self.inner), attempt.clone());
        task::run("the login could not be cancelled", async move {
            inner.records.remove::<Attempt>(&id).await?;
            if inner
                .grant(&id)
                .await?
                .entry()
                .is_some_and(|grant| grant.is_unconfirmed())
            {
                inner.log_out(&id).await?;
            }
            log::event(event::LOGIN_ABANDONED, &id, None);
            Ok(())
        })
        .await
    }

    /// Adds events of the app itself to the timeline of an attempt, for example which browser it
    /// opened. An attempt that does not exist is not an error.
    ///
    /// # Errors
    /// [`Error::StoreLocked`] and [`Error::Store`].
    pub async fn record(
        &self,
        attempt: &AttemptId,
        entries: Vec<TimelineEntry>,
    ) -> Result<(), Error> {
        let (inner, id) = (Arc::clone(&self.inner), attempt.clone());
        task::run("the timeline could not be written", async move {
            loop {
                let Some(mut attempt) = inner.records.load::<Attempt>(&id).await?.entry() else {
                    return Ok(());
                };
                for TimelineEntry { at, event, note } in &entries {
                    attempt.timeline.add(*at, event, note.clone());
                }
                if inner.records.replace(attempt).await? == Commit::Committed {
                    return Ok(());
                }
            }
        })
        .await
    }

    /// What a login opens, and where it comes back to, before it begins: for
    /// [`link_check`](switchback_protocol::link_check). `None` if the provider does not have this
    /// purpose.
    pub fn links(&self, purpose: Purpose) -> Option<Links> {
        let mode = &self.inner.mode;
        Some(Links {
            login: mode.provider().facts().login,
            authorization_url: mode.provider().authorization_endpoint(purpose)?,
            redirect_uri: mode.redirect_uris().of(purpose).as_str().into(),
        })
    }

    /// The events of an attempt so far, to show to the person or to send to support. `None` if the
    /// attempt is not in the store; it stays there for a day after its deadline.
    ///
    /// # Errors
    /// [`Error::StoreLocked`] and [`Error::Store`].
    pub async fn timeline(&self, attempt: &AttemptId) -> Result<Option<Timeline>, Error> {
        let found = self.inner.records.load::<Attempt>(attempt).await?;
        Ok(found.entry().map(|attempt| attempt.timeline))
    }
}

impl Session {
    /// Begins a login under this session (mediated mode), for example for identity verification, or
    /// for another service that the backend offers to persons it knows. The start request carries
    /// this session's cookies or token. The login gets its own session.
    ///
    /// # Errors
    /// As [`Client::begin`](crate::Client::begin); [`Error::LoginRequired`] if this session has
    /// ended, and [`Error::Configuration`] in direct mode, which has no backend.
    pub async fn begin(&self, request: LoginRequest) -> Result<LoginAttempt, Error> {
        self.state.client.begin(request, Some(&self.state)).await
    }
}

fn report(id: &AttemptId, tidied: Result<(), Error>) {
    if let Err(error) = tidied {
        log::event(event::STORE_UNREADABLE, id, Some(&error));
    }
}

impl ClientState {
    /// `under`: the session that the login is begun under, in mediated mode.
    pub(crate) async fn begin(
        self: &Arc<Self>,
        request: LoginRequest,
        under: Option<&Arc<SessionState>>,
    ) -> Result<LoginAttempt, Error> {
        mix_up::check(self)?;
        let mut attempt = match &self.mode {
            ClientMode::Direct(_) if under.is_some() => {
                return Err(Error::configuration(
                    "a login under a session needs a backend: in direct mode begin it without the \
                     session, and name the person in the request if it must be the same person",
                ));
            }
            ClientMode::Direct(registration) => {
                let (now, random) = (self.now(), self.random()?);
                Attempt::begin(registration, request, &random, now, self.login_timeout)
            }
            ClientMode::Mediated(mediation) => {
                self.begin_mediated(mediation, request, under).await?
            }
        };
        let now = attempt.begun_at.wall;
        let login = self.login_attempt(&attempt)?;
        let (id, purpose) = (attempt.id(), attempt.purpose.to_string());
        log::event(event::LOGIN_BEGUN, &id, Some(&purpose));
        let timeline = &mut attempt.timeline;
        timeline.add(now, event::LOGIN_BEGUN, Some(purpose));
        attempt.generation = 1;
        // The id is new, so no other writer can be faster.
        self.records.commit(&id, None, attempt.clone()).await?;
        self.remove_other_blind(&attempt).await?;
        self.remove_expired(now).await;
        Ok(login)
    }

    /// Removes old attempts and old ended sessions. A login does not fail if an old entry cannot be
    /// read or removed.
    async fn remove_expired(self: &Arc<Self>, now: i64) {
        let records = &self.records;
        for (id, old) in records.all::<Attempt>().await.unwrap_or_default() {
            if now > old.deadline.saturating_add(ATTEMPT_RETENTION) {
                report(&id, records.remove::<Attempt>(&id).await);
            }
        }
        for (id, old) in records.all::<Grant>().await.unwrap_or_default() {
            if old.is_over() && now > old.since.saturating_add(ENDED_SESSION_RETENTION) {
                report(&id, records.remove::<Grant>(&id).await);
            }
            if old.is_unconfirmed() && now > old.since.saturating_add(ATTEMPT_RETENTION) {
                report(&id, self.log_out(&id).await.map(drop));
            }
        }
    }

    /// The attempt that a callback belongs to.
    async fn attempt_of(&self, callback: &Callback) -> Result<Option<AttemptId>, Error> {
        match &self.mode {
            ClientMode::Direct(_) => Ok(Some(AttemptId::of(&callback.state))),
            ClientMode::Mediated(_) => self.find_mediated(callback).await,
        }
    }

    fn login_attempt(&self, attempt: &Attempt) -> Result<LoginAttempt, Error> {
        let url = match &self.mode {
            ClientMode::Direct(registration) => attempt.url(registration)?,
            ClientMode::Mediated(_) => {
                let url = attempt.mediated_url().map(Secret::expose);
                url.unwrap_or_default().to_owned()
            }
        };
        Ok(LoginAttempt {
            id: attempt.id(),
            url,
            expires_at: attempt.deadline,
            open_before: attempt.open_by(),
        })
    }

    /// Stores the cookies of an answer in the attempt.
    async fn store_attempt_cookies(
        &self,
        id: &AttemptId,
        url: &str,
        response: &Response,
        now: &Time,
    ) -> Result<(), Error> {
        loop {
            let Some(mut attempt) = self.records.load::<Attempt>(id).await?.entry() else {
                return Ok(());
            };
            attempt.take_cookies(url, response, now);
            if self.records.replace(attempt).await? == Commit::Committed {
                return Ok(());
            }
        }
    }

    /// State, code verifier and nonce, by one call of the system's random source.
    fn random(&self) -> Result<[Random; 3], Error> {
        let mut bytes = Zeroizing::new([[0; 32]; 3]);
        self.platform.entropy.fill(bytes.as_flattened_mut())?;
        Ok([0, 1, 2].map(|n| Random::new(&bytes[n])))
    }
}
