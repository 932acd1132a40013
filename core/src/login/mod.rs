//! Logging in: begin, open the URL, complete with the link that comes back.
//!
//! A login outlives its process. [`Client::begin`] stores the attempt before it hands
//! out the URL; the link that comes back may start a new process, which finds the
//! attempt by the link's `state` and completes it. Where it stands is decided by
//! [`switchback_protocol::attempt`]; this module stores, sends and reports.

pub(crate) mod forward;
mod mediated;

use std::sync::Arc;

use switchback_driver::{Commit, event, log};
use switchback_driver::{Link, complete};
use switchback_protocol::attempt::{Attempt, AttemptId, LoginRequest, Outcome, Timeline};
use switchback_protocol::callback::{Callback, MalformedLink};
use switchback_protocol::grant::Grant;
use switchback_protocol::http::Response;
use switchback_protocol::time::Time;
use switchback_protocol::{OAuthError, Purpose, Random, Secret};
use zeroize::Zeroizing;

use crate::client::Client;
use crate::client_mode::ClientMode;
use crate::error::Error;
use crate::mix_up;
use crate::session::{Session, SessionId};
use crate::state::{ClientState, SessionState};
use crate::task;

/// An attempt stays in the store for this long after its deadline, in seconds, so that a
/// late or repeated link gets an answer that says why.
const ATTEMPT_RETENTION: i64 = 24 * 3600;

/// A session that is over stays for this long after its login, in seconds, so that the
/// app learns why.
const ENDED_SESSION_RETENTION: i64 = 30 * 24 * 3600;

/// What to open, and for how long it is good.
#[derive(Clone)]
#[non_exhaustive]
pub struct LoginAttempt {
    /// Names the attempt, here and in every log.
    pub id: AttemptId,
    /// The authorization URL: open it in the identity app (as a universal link or App
    /// Link) or in a browser, never in a web view. It holds `state`: do not log it.
    pub url: String,
    /// When a callback comes too late, in seconds since the epoch.
    pub expires_at: i64,
    /// Until when the URL must have been opened, in seconds since the epoch, where that is
    /// limited: a backend may have pushed its request to the provider, which then keeps it
    /// for a minute, and for one opening. After that [`Client::reopen`] gives a fresh one.
    pub open_before: Option<i64>,
}

impl std::fmt::Debug for LoginAttempt {
    /// Without the URL, which holds `state`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoginAttempt")
            .field("id", &self.id)
            .field("expires_at", &self.expires_at)
            .field("open_before", &self.open_before)
            .finish_non_exhaustive()
    }
}

/// A login that waits for its callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingLogin {
    /// Names it.
    pub id: AttemptId,
    /// What for.
    pub purpose: Purpose,
    /// When it began, in seconds since the epoch.
    pub started_at: i64,
    /// When a callback comes too late, in seconds since the epoch.
    pub expires_at: i64,
}

/// What became of a login. All of these are outcomes that an app meets in a normal life,
/// none is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginOutcome {
    /// The person is logged in. The same link gives the same session again.
    LoggedIn {
        /// Open it with [`Client::session`].
        session: SessionId,
        /// What was asked for and not granted: the scope is narrower.
        denied_scopes: Vec<String>,
    },
    /// The person declined in the identity app: the link itself says so.
    Declined,
    /// The service refused: the provider, or the backend.
    Refused {
        /// In its own words, for a developer.
        error: OAuthError,
        /// Whether an earlier process died after it had sent the code, or its answer was
        /// lost: then the code was used up by it, and a new login is all that is needed.
        interrupted: bool,
    },
    /// The link does not lead to this client's redirect URI: it is somebody else's.
    NotOurs,
    /// The link leads here and cannot be read.
    Malformed(MalformedLink),
    /// No attempt has this link's `state`: it was abandoned, cleaned away, begun on
    /// another device, or the link is forged.
    Unknown,
    /// The callback came after the deadline.
    Expired,
    /// The login was completed before, and its session is gone.
    Replayed,
    /// The person approved, and the backend does not know this login any more (mediated mode):
    /// it was restarted, it may be, or the login took too long for it. Begin again.
    Forgotten,
    /// Somebody else logged in than [`LoginRequest::for_person`] asked for: that login was
    /// dropped, and the session from before is as it was.
    OtherPerson,
}

impl Client {
    /// Begins a login. When it returns, the attempt is stored, and the URL may be opened:
    /// whatever happens to this process, the link that comes back finds it. In mediated mode
    /// the backend is asked for the URL; [`Session::begin`](crate::Session::begin) begins a
    /// login under a session that there is already.
    ///
    /// # Errors
    /// [`Error::Configuration`] for a scope or extra parameter that cannot be sent, and in
    /// mediated mode for any scope and for a nonce, which are the backend's to decide, and
    /// where the backend refuses; also where another client of this process has the same
    /// redirect URI with another provider, since the code of the one could be sent to the other
    /// then (RFC 9700 §4.4), unless both are in direct mode and have an issuer each;
    /// [`Error::TryAgain`] where the backend was not reached, [`Error::Protocol`] where it names
    /// a URL that must not be opened;
    /// [`Error::StoreLocked`] or [`Error::Store`] where nothing can be stored.
    pub async fn begin(&self, request: LoginRequest) -> Result<LoginAttempt, Error> {
        self.inner.begin(request, None).await
    }

    /// The URL of a pending login again, for "it did not open": `None` where the login is
    /// not pending any more, or its code is being exchanged at this moment. A URL that is
    /// good for one opening only, or is over, is replaced by a fresh one of the backend's.
    ///
    /// # Errors
    /// [`Error::StoreLocked`] and [`Error::Store`]; as [`begin`](Self::begin) where the
    /// backend is asked.
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
                if attempt.is_being_exchanged(&now, caller.holder_is_gone) {
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

    /// Whether a link leads to a redirect URI of this client: for a link handler that must
    /// answer at once.
    pub fn accepts(&self, url: &str) -> bool {
        self.inner.mode.redirect_uris().leads_to(url).is_some()
    }

    /// Which login attempt a link belongs to, for an app that waits for several at once. Nothing
    /// for a link that is not this client's or cannot be read, and in mediated mode for one that
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

    /// Completes a login with the link that came back. May be called again with the same
    /// link, also at the same time, and by a later process, and gives the same session.
    ///
    /// # Errors
    /// [`Error::TryAgain`] where the service was not reached or did not answer: the same
    /// link may be tried again at once, while the code lives, which may be less than a minute. [`Error::Protocol`]
    /// where the answer was none. [`Error::StoreLocked`] and [`Error::Store`].
    /// [`Error::Configuration`] where the service says that this client is wrong, or does not
    /// say who the person is although [`LoginRequest::for_person`] needs it.
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

    /// The logins that wait for their callback, oldest first. An entry that cannot be read
    /// is left out, and reported as
    /// [`event::STORE_UNREADABLE`](crate::event::STORE_UNREADABLE).
    ///
    /// # Errors
    /// [`Error::StoreLocked`] and [`Error::Store`].
    pub async fn pending_logins(&self) -> Result<Vec<PendingLogin>, Error> {
        let now = self.inner.now();
        let all = self.inner.records.all::<Attempt>().await?.into_iter();
        let waiting = all.filter(|(_, attempt)| attempt.is_pending(&now));
        let mut pending: Vec<_> = waiting
            .map(|(id, attempt)| PendingLogin {
                id,
                purpose: attempt.purpose,
                started_at: attempt.begun_at.wall,
                expires_at: attempt.deadline,
            })
            .collect();
        pending.sort_unstable_by(|a, b| (a.started_at, &a.id).cmp(&(b.started_at, &b.id)));
        Ok(pending)
    }

    /// Drops an attempt: a later callback for it is [`LoginOutcome::Unknown`]. One that is
    /// not there is no error. A callback that is being completed at this moment is
    /// completed all the same.
    ///
    /// # Errors
    /// [`Error::StoreLocked`] and [`Error::Store`].
    pub async fn cancel_login(&self, attempt: &AttemptId) -> Result<(), Error> {
        let (inner, id) = (Arc::clone(&self.inner), attempt.clone());
        task::run("the login could not be dropped", async move {
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

    /// What happened to an attempt so far, to show or to send to support: `None` where it
    /// is not in the store. It is kept for a day after its deadline.
    ///
    /// # Errors
    /// [`Error::StoreLocked`] and [`Error::Store`].
    pub async fn timeline(&self, attempt: &AttemptId) -> Result<Option<Timeline>, Error> {
        let found = self.inner.records.load::<Attempt>(attempt).await?;
        Ok(found.entry().map(|attempt| attempt.timeline))
    }
}

impl Session {
    /// Begins a login that starts under this session, in mediated mode: for identity
    /// verification, or whatever else the backend does for somebody whom it knows. The start
    /// carries this session's cookies or token, and the login has a session of its own.
    ///
    /// # Errors
    /// As [`Client::begin`](crate::Client::begin); [`Error::LoginRequired`] when this session
    /// is over, [`Error::Configuration`] in direct mode, where there is no backend.
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
    /// `under`: the session that it belongs to, which only a backend understands.
    pub(crate) async fn begin(
        self: &Arc<Self>,
        request: LoginRequest,
        under: Option<&Arc<SessionState>>,
    ) -> Result<LoginAttempt, Error> {
        mix_up::check(self)?;
        let mut attempt = match &self.mode {
            ClientMode::Direct(_) if under.is_some() => {
                return Err(Error::configuration(
                    "a login under a session needs a backend that knows the session: begin it \
                     with the client's `begin`, and for this `subject` where it must be the same \
                     person",
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
        // Nobody else has its name: there is nobody to be faster.
        self.records.commit(&id, None, attempt.clone()).await?;
        self.remove_other_blind(&attempt).await?;
        self.remove_expired(now).await;
        Ok(login)
    }

    /// Removes what nobody will ask for any more: attempts, and sessions that are over. A
    /// login does not fail because of an old entry that cannot be read or removed.
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

    /// Which attempt a callback belongs to.
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

    /// The cookies of an answer to this login, stored at once.
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

    /// State, verifier, nonce: one visit to the system's random source.
    fn random(&self) -> Result<[Random; 3], Error> {
        let mut bytes = Zeroizing::new([[0; 32]; 3]);
        self.platform.entropy.fill(bytes.as_flattened_mut())?;
        Ok([0, 1, 2].map(|n| Random::new(&bytes[n])))
    }
}
