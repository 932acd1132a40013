//! Logging in: begin, open the URL, complete with the link that comes back.
//!
//! A login outlives its process. [`Client::begin`] stores the attempt before it hands
//! out the URL; the link that comes back may start a new process, which finds the
//! attempt by the link's `state` and completes it. Where it stands is decided by
//! [`switchback_protocol::attempt`]; this module stores, sends and reports.

use switchback_protocol::attempt::{
    Attempt, AttemptId, Effect, Input, LoginRequest, Phase, Timeline,
};
use switchback_protocol::callback::{self, Answer, Callback, Malformed};
use switchback_protocol::grant::Grant;
use switchback_protocol::http::Rule;
use switchback_protocol::token::{self, TokenFailure};
use switchback_protocol::{OAuthError, Purpose, Random, Secret};
use zeroize::Zeroizing;

use std::sync::Arc;

use crate::client::{Client, Inner};
use crate::error::Error;
use crate::event;
use crate::ports::TransportError;
use crate::session::SessionId;
use crate::turns::whole;

const TOKEN_ENDPOINT: &str = "the token endpoint";
const WHAT: &str = "the code could not be exchanged for tokens";

/// An attempt stays in the store for this long after its deadline, in seconds, so that a
/// late or repeated link gets an answer that says why.
const KEPT: i64 = 24 * 3600;

/// A session that is over stays for this long after its login, in seconds, so that the
/// app learns why.
const KEPT_OVER: i64 = 30 * 24 * 3600;

/// What to open, and for how long it is good.
#[derive(Clone)]
#[non_exhaustive]
pub struct Opening {
    /// Names the attempt, here and in every log.
    pub attempt: AttemptId,
    /// The authorization URL: open it in the identity app (as a universal link or App
    /// Link) or in a browser, never in a web view. It holds `state`: do not log it.
    pub url: String,
    /// When a callback comes too late, in seconds since the epoch.
    pub deadline: i64,
}

impl std::fmt::Debug for Opening {
    /// Without the URL, which holds `state`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opening")
            .field("attempt", &self.attempt)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

/// A login that waits for its callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingLogin {
    /// Names it.
    pub attempt: AttemptId,
    /// What for.
    pub purpose: Purpose,
    /// When it began, in seconds since the epoch.
    pub begun_at: i64,
    /// When a callback comes too late, in seconds since the epoch.
    pub deadline: i64,
}

/// What became of a login. All of these are outcomes that an app meets in a normal life,
/// none is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Completion {
    /// The person is logged in. The same link gives the same session again.
    LoggedIn {
        /// Open it with [`Client::session`].
        session: SessionId,
        /// What was asked for and not granted: the scope is narrower.
        withheld: Vec<String>,
    },
    /// The person declined in the identity app.
    Declined,
    /// The service refused.
    Refused {
        /// In its own words, for a developer.
        error: OAuthError,
        /// Whether an earlier process died after it had sent the code: then the code was
        /// used up by it, and a new login is all that is needed.
        interrupted: bool,
    },
    /// The link does not lead to this client's redirect URI: it is somebody else's.
    NotOurs,
    /// The link leads here and cannot be read.
    Malformed(Malformed),
    /// No attempt has this link's `state`: it was abandoned, cleaned away, begun on
    /// another device, or the link is forged.
    Unknown,
    /// The callback came after the deadline.
    Expired,
    /// The login was completed before, and its session is gone.
    Replayed,
}

impl Client {
    /// Begins a login. When it returns, the attempt is stored, and the URL may be opened:
    /// whatever happens to this process, the link that comes back finds it.
    ///
    /// # Errors
    /// [`Error::Configuration`] for a scope or extra parameter that cannot be sent,
    /// [`Error::StoreLocked`] or [`Error::Store`] where nothing can be stored.
    pub async fn begin(&self, request: LoginRequest) -> Result<Opening, Error> {
        let inner = &self.inner;
        let now = inner.now();
        let random = inner.random()?;
        let timeout = inner.login_timeout;
        let mut attempt = Attempt::begin(&inner.registration, request, &random, now, timeout);
        let opening = inner.opening(&attempt)?;
        let note = attempt.purpose;
        event::note(&mut attempt, now, event::LOGIN_BEGUN, Some(&note));
        inner.records.put_attempt(&attempt).await?;
        self.tidy(now).await;
        Ok(opening)
    }

    /// The URL of a pending login again, for "it did not open": `None` where the login is
    /// not pending any more.
    pub async fn reopen(&self, attempt: &AttemptId) -> Result<Option<Opening>, Error> {
        let (inner, id) = (Arc::clone(&self.inner), attempt.clone());
        whole("the login could not be opened again", async move {
            let turn = inner.attempts.of(&id);
            let _turn = turn.lock().await;
            let now = inner.now();
            let found = inner.records.attempt(&id).await?;
            let Some(mut attempt) = found.filter(|attempt| attempt.is_pending(now)) else {
                return Ok(None);
            };
            event::note(&mut attempt, now, event::LOGIN_REOPENED, None);
            inner.records.put_attempt(&attempt).await?;
            inner.opening(&attempt).map(Some)
        })
        .await
    }

    /// Whether a link leads to this client's redirect URI: for a link handler that must
    /// answer at once.
    pub fn accepts(&self, url: &str) -> bool {
        self.inner.registration.redirect_uri().leads_here(url)
    }

    /// Completes a login with the link that came back. May be called again with the same
    /// link, also at the same time, and by a later process, and gives the same session.
    ///
    /// # Errors
    /// [`Error::TryAgain`] where the service was not reached or did not answer: the same
    /// link may be tried again at once, while the code lives (30 seconds with Truid). [`Error::Protocol`]
    /// where the answer was none. [`Error::StoreLocked`] and [`Error::Store`].
    pub async fn complete(&self, url: &str) -> Result<Completion, Error> {
        let callback = match callback::read(url, self.inner.registration.redirect_uri()) {
            Ok(Some(callback)) => callback,
            Ok(None) => return Ok(Completion::NotOurs),
            Err(malformed) => return Ok(Completion::Malformed(malformed)),
        };
        let id = AttemptId::of(&callback.state);
        let inner = Arc::clone(&self.inner);
        let work = || complete(inner, id.clone(), callback);
        match self.inner.completions.join(id.clone(), work).await {
            Some(landed) => landed.result,
            None => Err(Error::interrupted(WHAT)),
        }
    }

    /// The logins that wait for their callback, oldest first. An entry that cannot be read
    /// is left out, and reported as [`event::STORE_UNREADABLE`].
    pub async fn pending(&self) -> Result<Vec<PendingLogin>, Error> {
        let now = self.inner.now();
        let mut pending = Vec::new();
        for id in self.inner.records.attempts().await? {
            let attempt = event::readable(&id, self.inner.records.attempt(&id).await)?;
            let waits = attempt.filter(|attempt| attempt.is_pending(now));
            pending.extend(waits.map(|attempt| PendingLogin {
                attempt: id,
                purpose: attempt.purpose,
                begun_at: attempt.begun_at,
                deadline: attempt.deadline,
            }));
        }
        pending.sort_by(|a, b| (a.begun_at, &a.attempt).cmp(&(b.begun_at, &b.attempt)));
        Ok(pending)
    }

    /// Drops an attempt: a later callback for it is [`Completion::Unknown`]. One that is
    /// not there is no error. A callback that is being completed at this moment is
    /// completed first.
    pub async fn abandon(&self, attempt: &AttemptId) -> Result<(), Error> {
        let (inner, id) = (Arc::clone(&self.inner), attempt.clone());
        whole("the login could not be dropped", async move {
            let turn = inner.attempts.of(&id);
            let _turn = turn.lock().await;
            inner.records.delete_attempt(&id).await?;
            event::log(event::LOGIN_ABANDONED, &id, None);
            Ok(())
        })
        .await
    }

    /// What happened to an attempt so far, to show or to send to support: `None` where it
    /// is not in the store. It is kept for a day after its deadline.
    pub async fn timeline(&self, attempt: &AttemptId) -> Result<Option<Timeline>, Error> {
        let attempt = self.inner.records.attempt(attempt).await?;
        Ok(attempt.map(|attempt| attempt.timeline))
    }

    /// Removes what nobody will ask for any more: attempts, and sessions that are over. A
    /// login does not fail because of an old entry that cannot be read.
    async fn tidy(&self, now: i64) {
        let records = &self.inner.records;
        for id in records.attempts().await.unwrap_or_default() {
            let tidied = match records.attempt(&id).await {
                Ok(Some(old)) if now > old.deadline.saturating_add(KEPT) => {
                    records.delete_attempt(&id).await
                }
                other => other.map(drop),
            };
            report(&id, tidied);
        }
        for id in records.grants().await.unwrap_or_default() {
            let tidied = match records.grant(&id).await {
                Ok(Some(old)) if old.is_over() && now > old.since.saturating_add(KEPT_OVER) => {
                    records.delete_grant(&id).await
                }
                other => other.map(drop),
            };
            report(&id, tidied);
        }
    }
}

fn report(id: &AttemptId, tidied: Result<(), Error>) {
    if let Err(error) = tidied {
        event::log(event::STORE_UNREADABLE, id, Some(&error));
    }
}

impl Inner {
    fn opening(&self, attempt: &Attempt) -> Result<Opening, Error> {
        Ok(Opening {
            attempt: attempt.id(),
            url: attempt.url(&self.registration)?,
            deadline: attempt.deadline,
        })
    }

    /// State, verifier, nonce: one visit to the system's random source.
    fn random(&self) -> Result<[Random; 3], Error> {
        let mut bytes = Zeroizing::new([[0; 32]; 3]);
        self.platform.entropy.fill(bytes.as_flattened_mut())?;
        Ok([0, 1, 2].map(|n| Random::new(&bytes[n])))
    }
}

/// The one run for all who complete the same attempt.
async fn complete(
    inner: Arc<Inner>,
    id: AttemptId,
    callback: Callback,
) -> Result<Completion, Error> {
    let turn = inner.attempts.of(&id);
    let _turn = turn.lock().await;
    let found = inner.records.attempt(&id).await?;
    let Some(mut attempt) = found.filter(|attempt| attempt.matches(&callback)) else {
        return Ok(Completion::Unknown);
    };
    if inner.records.is_unsaved(&id) {
        // An earlier run got the tokens, and the store did not take them.
        inner.open(&id.clone().into()).await?.reload().await?;
    }
    let grant = inner.records.grant(&id).await?;
    let grant = grant.filter(|grant| !grant.is_over());
    let now = inner.now();
    let note: &dyn std::fmt::Display = match &callback.answer {
        Answer::Code(_) => &"code",
        Answer::Declined => &"declined",
        Answer::Refused(error) => error,
    };
    event::note(&mut attempt, now, event::CALLBACK_RECEIVED, Some(note));

    let was = attempt.phase.clone();
    let effect = attempt.step(Input::Callback {
        callback: &callback,
        now,
        session: grant.is_some(),
    });
    if let Effect::Exchange(code) = effect {
        return exchange(&inner, &mut attempt, code).await;
    }
    let (name, result) = match effect {
        Effect::LoggedIn => (
            event::LOGIN_COMPLETED,
            Ok(logged_in(&id, grant.iter().flat_map(Grant::withheld))),
        ),
        Effect::Replayed => (event::LOGIN_REPLAYED, Ok(Completion::Replayed)),
        Effect::Declined => (event::LOGIN_DECLINED, Ok(Completion::Declined)),
        Effect::Expired => (event::LOGIN_EXPIRED, Ok(Completion::Expired)),
        Effect::Refused { error, interrupted } => (
            event::LOGIN_REFUSED,
            Ok(Completion::Refused { error, interrupted }),
        ),
        Effect::Broken(rule) => (
            event::LOGIN_REFUSED,
            Err(Error::Protocol {
                endpoint: "the callback",
                rule,
            }),
        ),
        Effect::TryAgain | Effect::Exchange(_) => {
            (event::CODE_UNANSWERED, Err(Error::interrupted(WHAT)))
        }
    };
    // A repeated link that changes nothing leaves its trace in the log only.
    if attempt.phase != was || was == Phase::Open {
        event::note(&mut attempt, now, name, None);
        inner.records.put_attempt(&attempt).await?;
    } else {
        event::log(name, &id, None);
    }
    result
}

/// Sends the code, once, and stores what comes back.
async fn exchange(inner: &Inner, attempt: &mut Attempt, code: Secret) -> Result<Completion, Error> {
    let registration = &inner.registration;
    let provider = registration.provider();
    let verifier = attempt.code_verifier().clone();
    let request = token::exchange(
        &provider.token_endpoint(),
        registration.client_id(),
        &attempt.redirect_uri,
        &code,
        &verifier,
    );
    let asked_at = inner.now();
    event::note(attempt, asked_at, event::CODE_SENT, None);
    // The mark comes first: whoever finds it knows that the code may be spent.
    inner.records.put_attempt(attempt).await?;

    let answer = inner.platform.http.send(request).await;
    let now = inner.now();
    let read = match answer {
        Ok(response) => token::read(&response, &[&code, &verifier]),
        Err(TransportError::TooLong) => Err(TokenFailure::Broken(Rule::TooLong)),
        Err(error) => {
            let name = match error {
                TransportError::NotSent(_) => {
                    attempt.step(Input::NotSent);
                    event::CODE_NOT_SENT
                }
                _ => event::CODE_UNANSWERED,
            };
            event::note(attempt, now, name, Some(&error));
            inner.records.put_attempt(attempt).await?;
            return Err(Error::network(WHAT, error));
        }
    };
    let failure = match read {
        Ok(tokens) => {
            let grant = Grant::new(
                attempt.purpose,
                attempt.scope.clone(),
                asked_at,
                tokens,
                provider.access_token_lifetime(),
            );
            let id = attempt.id();
            // The session first, then the attempt: a crash in between is recovered by
            // looking whether there is a session.
            inner.records.keep_grant(&id, &grant).await?;
            attempt.step(Input::Exchanged);
            event::note(attempt, now, event::LOGIN_COMPLETED, None);
            inner.records.put_attempt(attempt).await?;
            return Ok(logged_in(&id, grant.withheld()));
        }
        Err(failure) => failure,
    };
    let (name, note, result) = match failure {
        TokenFailure::Refused(error) if error.is_temporary() => (
            event::CODE_UNANSWERED,
            error.to_string(),
            Err(Error::interrupted(WHAT)),
        ),
        TokenFailure::Refused(error) => {
            let note = error.to_string();
            let interrupted = match attempt.step(Input::Refused(error.clone())) {
                Effect::Refused { interrupted, .. } => interrupted,
                _ => false,
            };
            let refused = Completion::Refused { error, interrupted };
            (event::CODE_REFUSED, note, Ok(refused))
        }
        TokenFailure::Busy { retry_after } => {
            attempt.step(Input::NotSent);
            let later = Error::TryAgain {
                what: WHAT,
                retry_after,
                source: None,
            };
            (event::CODE_NOT_SENT, "busy".into(), Err(later))
        }
        TokenFailure::Failed(status) => (
            event::CODE_UNANSWERED,
            format!("status {status}"),
            Err(Error::interrupted(WHAT)),
        ),
        TokenFailure::Broken(rule) => {
            let broken = Error::Protocol {
                endpoint: TOKEN_ENDPOINT,
                rule,
            };
            (event::CODE_UNANSWERED, rule.to_string(), Err(broken))
        }
    };
    event::note(attempt, now, name, Some(&note));
    inner.records.put_attempt(attempt).await?;
    result
}

fn logged_in(id: &AttemptId, withheld: impl IntoIterator<Item = String>) -> Completion {
    Completion::LoggedIn {
        session: id.clone().into(),
        withheld: withheld.into_iter().collect(),
    }
}
