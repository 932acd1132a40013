//! A session: an access token that is always good, and who the person is.

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

/// One person's session at one service. One that was opened twice is the same session in two
/// handles: compare their ids.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct Session(core::Session);

#[uniffi::export]
impl Session {
    /// Its id, to keep and to open it with later.
    pub fn id(&self) -> SessionId {
        self.0.id().clone().into()
    }

    /// What the person logged in for.
    pub fn purpose(&self) -> Purpose {
        self.0.purpose()
    }

    /// When the person logged in, in seconds since the epoch.
    pub fn logged_in_at(&self) -> i64 {
        self.0.logged_in_at()
    }

    /// When the access token expires, in seconds since the epoch; it is refreshed before
    /// that whenever somebody asks for it.
    pub fn expires_at(&self) -> Option<i64> {
        self.0.expires_at()
    }

    /// The scope that was granted.
    pub fn scope(&self) -> Vec<String> {
        self.0.scope()
    }

    /// What was asked for and not granted.
    pub fn denied_scopes(&self) -> Vec<String> {
        self.0.denied_scopes()
    }

    /// Who the person is to this client, where it was read before: for
    /// [`LoginRequest::subject`] of the next login.
    pub fn subject(&self) -> Option<String> {
        self.0.subject().map(|subject| subject.expose().to_owned())
    }

    /// Why it is over, where that is known. `null` or `nil` does not promise that the service
    /// has not ended it since: `access_token` finds out.
    pub fn ended(&self) -> Option<SessionEnd> {
        self.0.ended()
    }

    /// What happens to it from now on, and what happened last: whoever shows that somebody is
    /// logged in listens here.
    pub fn events(&self) -> Arc<SessionEvents> {
        Arc::new(SessionEvents {
            last: self.0.events(),
            seen: Arc::new(Mutex::new(Seen {
                events: self.0.events(),
                latest: None,
            })),
        })
    }

    /// An access token that is good: refreshed before, if need be, once for all who ask at the
    /// same time. A refresh goes on when its callers are cancelled.
    pub async fn access_token(&self) -> Result<Arc<Secret>, SwitchbackError> {
        let session = self.0.clone();
        let token = run(async move { session.access_token().await }).await?;
        Ok(Arc::new(Secret(token)))
    }

    /// Another access token, after a resource of yours has refused this one (401), by its
    /// text: by one refresh for all who complain.
    pub async fn access_token_after(
        &self,
        refused: String,
    ) -> Result<Arc<Secret>, SwitchbackError> {
        let (session, refused) = (self.0.clone(), refused.into());
        let token = run(async move { session.access_token_after(&refused).await }).await?;
        Ok(Arc::new(Secret(token)))
    }

    /// What to send with a request of the app's own to its backend, or in direct mode to the
    /// provider: an access token that is good, or the backend's cookies. It is for this URL and
    /// no other. Tell [`answered`](Self::answered) what came back.
    pub async fn authorize(&self, url: String) -> Result<Arc<Authorization>, SwitchbackError> {
        let session = self.0.clone();
        let authorization = run(async move { session.authorize(&url).await }).await?;
        Ok(Arc::new(Authorization(authorization)))
    }

    /// Tells what came back of a request that was sent with an [`Authorization`]: its status
    /// and its `Set-Cookie` headers. Nothing comes back where the answer is the app's; an
    /// authorization comes back where the request is to be sent again with it, and that
    /// answer to be told as well.
    pub async fn answered(
        &self,
        sent: Arc<Authorization>,
        status: i32,
        set_cookie: Vec<String>,
    ) -> Result<Option<Arc<Authorization>>, SwitchbackError> {
        let session = self.0.clone();
        let status = u16::try_from(status).map_err(|_| SwitchbackError::Configuration {
            what: format!("{status} is no status of HTTP: tell what the server answered"),
        })?;
        let work = async move { session.answered(&sent.0, status, &set_cookie).await };
        Ok(match run(work).await? {
            core::Answered::Accepted => None,
            core::Answered::SendAgain(next) => Some(Arc::new(Authorization(next))),
        })
    }

    /// Begins a login under this session, in mediated mode: for identity verification, or
    /// whatever else the backend does for somebody whom it knows. The login has a session of
    /// its own.
    pub async fn begin(&self, request: LoginRequest) -> Result<LoginAttempt, SwitchbackError> {
        let session = self.0.clone();
        let login = run(async move { session.begin(request.into()).await }).await?;
        Ok(login.into())
    }

    /// Who the person is, as OpenID user info: from the provider, or from the backend.
    pub async fn user_info(&self) -> Result<UserInfo, SwitchbackError> {
        let session = self.0.clone();
        let info = run(async move { session.user_info().await }).await?;
        Ok(info.into())
    }

    /// Who the person is, as a presentation of these claims, by their keys. A claim whose data
    /// was not shared, or that the person does not have, is not in the answer. `Configuration`
    /// where the service has no presentations.
    pub async fn presentation(
        &self,
        claims: Vec<String>,
    ) -> Result<Arc<Presentation>, SwitchbackError> {
        let session = self.0.clone();
        let presentation = run(async move { session.presentation(&claims).await }).await?;
        Ok(Arc::new(presentation.into()))
    }

    /// Forgets the session: its tokens or cookies are removed from the store, and the service
    /// is told where it can be. It is final, and wins over a refresh under way, also one in
    /// another process.
    ///
    /// Where it fails the person is **still logged in**.
    pub async fn log_out(&self) -> Result<LogOut, SwitchbackError> {
        let session = self.0.clone();
        let done = run(async move { session.log_out().await }).await?;
        Ok(done.into())
    }
}

shows!(Session, |this| format!("Session({})", this.0.id()));

impl From<core::Session> for Session {
    fn from(session: core::Session) -> Self {
        Self(session)
    }
}

/// What to send with one request. Printed, it shows no header.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct Authorization(core::Authorization);

#[uniffi::export]
impl Authorization {
    /// The URL that the headers are for, and for no other.
    pub fn url(&self) -> String {
        self.0.url().to_owned()
    }

    /// The headers to add to the request: `authorization` or `cookie`, and none where no
    /// cookie belongs to that URL.
    pub fn headers(&self) -> Vec<Header> {
        self.0.headers().iter().map(Into::into).collect()
    }
}

shows!(Authorization, |this| format!("{:?}", this.0));

/// What happened to a session. No secret is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SessionEvent {
    /// It has a new access token, which this process or another one has fetched.
    Refreshed {
        /// When that expires, in seconds since the epoch.
        expires_at: i64,
    },
    /// Somebody logged out here: show who is not logged in.
    LoggedOut,
    /// It is over without anybody here having asked for it: offer a login, and say why.
    LoginRequired {
        /// Why.
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

/// The events of one session, for one listener or for several. Whoever looks rarely sees the
/// newest and not each.
#[derive(uniffi::Object)]
pub struct SessionEvents {
    last: core::SessionEvents,
    seen: Arc<Mutex<Seen>>,
}

struct Seen {
    events: core::SessionEvents,
    latest: Option<Changed>,
}

/// A change, and its place among those that were seen here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Changed {
    /// For the next call of `next`.
    pub number: i64,
    /// What happened.
    pub event: SessionEvent,
}

#[uniffi::export]
impl SessionEvents {
    /// The change after the one of this number: 0 at first, which gives the last one at once
    /// where there was one. May be cancelled, and called with the same number again: nothing
    /// is lost by it.
    pub async fn next(&self, after: i64) -> Result<Changed, SwitchbackError> {
        let seen = Arc::clone(&self.seen);
        run(async move { Ok::<_, SwitchbackError>(seen.lock().await.next(after).await) }).await
    }

    /// The last change, where there was one since the session was opened.
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
        // Kept before it is given: its listener may be gone.
        let number = self.latest.map_or(0, |latest| latest.number) + 1;
        *self.latest.insert(Changed { number, event })
    }
}

/// What logging out did. The tokens are gone from the store in any case.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct LogOut {
    /// Whether the service was told.
    pub revocation: Revocation,
    /// Open this in a browser to end the person's session with the service itself, where it
    /// has such a page (OpenID Connect RP-Initiated Logout 1.0). It says whose session it
    /// is, and belongs in no log.
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
