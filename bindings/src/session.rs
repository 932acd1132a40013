//! A session: a valid access token, and the identity of the person.

use std::sync::Arc;

use switchback as core;
use tokio::sync::Mutex;

use crate::error::SwitchbackError;
use crate::http::Header;
use crate::identity::{Presentation, UserInfo};
use crate::ids::SessionId;
use crate::login::{LoginAttempt, LoginRequest};
use crate::remote::{Purpose, Revocation, SessionEnd};
use crate::runtime::run;
use crate::secret::Secret;
use crate::shows::shows;

/// One person's session with one service. A session that is opened twice is the same session in
/// two objects: compare their ids.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct Session(core::Session);

#[uniffi::export]
impl Session {
    /// The id, with which the app can open the session later.
    pub fn id(&self) -> SessionId {
        self.0.id().clone().into()
    }

    /// The purpose of the login.
    pub fn purpose(&self) -> Purpose {
        self.0.purpose()
    }

    /// When the person logged in, in seconds since the epoch.
    pub fn logged_in_at(&self) -> i64 {
        self.0.logged_in_at()
    }

    /// When the access token expires, in seconds since the epoch. Nothing if that is unknown.
    pub fn expires_at(&self) -> Option<i64> {
        self.0.expires_at()
    }

    /// The scope that was granted.
    pub fn scope(&self) -> Vec<String> {
        self.0.scope()
    }

    /// The scopes that were requested and not granted.
    pub fn denied_scopes(&self) -> Vec<String> {
        self.0.denied_scopes()
    }

    /// The `sub` of the person, if it was read before: for [`LoginRequest::subject`] of the next
    /// login.
    pub fn subject(&self) -> Option<String> {
        self.0.subject().map(|subject| subject.expose().to_owned())
    }

    /// Why the session has ended, if that is known. `null` or `nil` does not mean that the service
    /// still accepts it; `access_token` finds out.
    pub fn ended(&self) -> Option<SessionEnd> {
        self.0.ended()
    }

    /// The events of this session: the last one, and all from now on. Use it to show whether the
    /// person is logged in.
    pub fn events(&self) -> Arc<SessionEvents> {
        Arc::new(SessionEvents {
            last: self.0.events(),
            seen: Arc::new(Mutex::new(Seen {
                events: self.0.events(),
                latest: None,
            })),
        })
    }

    /// A valid access token, refreshed if necessary. Concurrent callers share one refresh, which
    /// continues if they are cancelled.
    pub async fn access_token(&self) -> Result<Arc<Secret>, SwitchbackError> {
        let session = self.0.clone();
        let token = run(async move { session.access_token().await }).await?;
        Ok(Arc::new(Secret(token)))
    }

    /// Another access token, after a resource has rejected the token `refused` (401). All callers
    /// share one refresh.
    pub async fn access_token_after(
        &self,
        refused: String,
    ) -> Result<Arc<Secret>, SwitchbackError> {
        let (session, refused) = (self.0.clone(), refused.into());
        let token = run(async move { session.access_token_after(&refused).await }).await?;
        Ok(Arc::new(Secret(token)))
    }

    /// The headers for a request of the app to its backend (in direct mode: to the provider): a
    /// valid access token, refreshed if necessary, or the backend's cookies. They are for this URL
    /// only. Report the answer to [`answered`](Self::answered).
    pub async fn authorize(&self, url: String) -> Result<Arc<Authorization>, SwitchbackError> {
        let session = self.0.clone();
        let authorization = run(async move { session.authorize(&url).await }).await?;
        Ok(Arc::new(Authorization(authorization)))
    }

    /// Reports the answer to a request that was sent with an [`Authorization`]: its status, and its
    /// `Set-Cookie` headers, which are stored. Returns nothing if the answer is for the app. If it
    /// returns an authorization, send the request again with it, and report that answer, too.
    pub async fn answered(
        &self,
        sent: Arc<Authorization>,
        status: i32,
        set_cookie: Vec<String>,
    ) -> Result<Option<Arc<Authorization>>, SwitchbackError> {
        let session = self.0.clone();
        let status = u16::try_from(status).map_err(|_| SwitchbackError::Configuration {
            what: format!("{status} is not an HTTP status: pass the status of the answer"),
        })?;
        let work = async move { session.answered(&sent.0, status, &set_cookie).await };
        Ok(match run(work).await? {
            core::Answered::Accepted => None,
            core::Answered::SendAgain(next) => Some(Arc::new(Authorization(next))),
        })
    }

    /// Begins a login under this session, in mediated mode: for identity verification, or for
    /// another purpose of the backend for a known person. The login has a separate session.
    pub async fn begin(&self, request: LoginRequest) -> Result<LoginAttempt, SwitchbackError> {
        let (session, request) = (self.0.clone(), request.try_into()?);
        let login = run(async move { session.begin(request).await }).await?;
        Ok(login.into())
    }

    /// The identity of the person as OpenID user info, from the provider or the backend.
    pub async fn user_info(&self) -> Result<UserInfo, SwitchbackError> {
        let session = self.0.clone();
        let info = run(async move { session.user_info().await }).await?;
        Ok(info.into())
    }

    /// The identity of the person as a presentation of these claims, named by their keys. A claim
    /// that the person did not share, or does not have, is not in the result. `Configuration` if
    /// the service has no presentations.
    pub async fn presentation(
        &self,
        claims: Vec<String>,
    ) -> Result<Arc<Presentation>, SwitchbackError> {
        let session = self.0.clone();
        let presentation = run(async move { session.presentation(&claims).await }).await?;
        Ok(Arc::new(presentation.into()))
    }

    /// Logs out: removes the tokens or cookies from the store, and revokes them at the provider or
    /// logs out at the backend, if they offer that. It is final: the result of a refresh in
    /// progress, also in another process, is discarded.
    ///
    /// If it throws, the person is **still logged in**.
    pub async fn log_out(&self) -> Result<LogOut, SwitchbackError> {
        let session = self.0.clone();
        let done = run(async move { session.log_out().await }).await?;
        Ok(done.into())
    }
}

impl Session {
    /// The session of the core.
    pub(crate) fn core(&self) -> core::Session {
        self.0.clone()
    }
}

shows!(Session, |this| format!("Session({})", this.0.id()));

impl From<core::Session> for Session {
    fn from(session: core::Session) -> Self {
        Self(session)
    }
}

/// The headers for one request. Its text form shows no header value.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct Authorization(core::Authorization);

#[uniffi::export]
impl Authorization {
    /// The URL of the request. The headers must not be sent to any other URL.
    pub fn url(&self) -> String {
        self.0.url().to_owned()
    }

    /// The headers to add to the request: `authorization` or `cookie`, or none if no cookie belongs
    /// to this URL.
    pub fn headers(&self) -> Vec<Header> {
        self.0.headers().iter().map(Into::into).collect()
    }
}

shows!(Authorization, |this| format!("{:?}", this.0));

/// An event of a session. It contains no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SessionEvent {
    /// This process or another process has refreshed the access token.
    Refreshed {
        /// When the new token expires, in seconds since the epoch.
        expires_at: i64,
    },
    /// The person logged out in this app: show that nobody is logged in.
    LoggedOut,
    /// The session has ended without a log-out in this app: offer a login, and say why.
    LoginRequired {
        /// Why the session ended.
        reason: SessionEnd,
    },
}

impl From<core::SessionEvent> for SessionEvent {
    fn from(event: core::SessionEvent) -> Self {
        match event {
            core::SessionEvent::Refreshed { expires_at } => Self::Refreshed { expires_at },
            core::SessionEvent::LoggedOut => Self::LoggedOut,
            core::SessionEvent::LoginRequired(reason) => Self::LoginRequired { reason },
        }
    }
}

/// The events of one session, for one listener or several. A slow listener gets the latest event
/// and misses earlier ones.
#[derive(uniffi::Object)]
pub struct SessionEvents {
    last: core::SessionEvents,
    seen: Arc<Mutex<Seen>>,
}

struct Seen {
    events: core::SessionEvents,
    latest: Option<Changed>,
}

/// An event with its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Changed {
    /// The number to pass to the next call of `next`.
    pub number: i64,
    /// What happened.
    pub event: SessionEvent,
}

#[uniffi::export]
impl SessionEvents {
    /// The next event after the event with this number. Begin with 0, which returns the last event
    /// at once if there was one. A cancelled call loses no event: call again with the same number.
    pub async fn next(&self, after: i64) -> Result<Changed, SwitchbackError> {
        let seen = Arc::clone(&self.seen);
        run(async move { Ok::<_, SwitchbackError>(seen.lock().await.next(after).await) }).await
    }

    /// The last event since the session was opened, if there was one.
    pub fn last(&self) -> Option<SessionEvent> {
        self.last.last().map(Into::into)
    }
}

impl Seen {
    async fn next(&mut self, after: i64) -> Changed {
        if let Some(latest) = self.latest.filter(|latest| latest.number > after) {
            return latest;
        }
        let event = self.events.next().await.into();
        // Stored before it is returned, since the caller may be cancelled meanwhile.
        let number = self.latest.map_or(0, |latest| latest.number) + 1;
        *self.latest.insert(Changed { number, event })
    }
}

/// The result of a log-out. The tokens were removed from the store in any case.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct LogOut {
    /// Whether the service ended the session.
    pub revocation: Revocation,
    /// If the provider has a logout page: open this URL in a browser to end the person's session
    /// with the provider (OpenID Connect RP-Initiated Logout 1.0). It identifies the person: do
    /// not log it.
    pub end_session_url: Option<String>,
}

shows!(LogOut, |this| format!(
    "LogOut(revocation={:?})",
    this.revocation
));

impl From<core::LogOut> for LogOut {
    fn from(done: core::LogOut) -> Self {
        let url = done.end_session_url;
        Self {
            revocation: done.revocation,
            end_session_url: url.map(|url| url.expose().to_owned()),
        }
    }
}
