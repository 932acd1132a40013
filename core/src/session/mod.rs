//! A session: an access token that is always good, and who the person is.
//!
//! When a token must be refreshed, when it may not, and when it is over is decided by
//! [`switchback_protocol::grant`]; this module stores, sends and reports.
//!
//! ```no_run
//! use switchback::{Answered, SessionEvent, Client, Error, LoginRequest, Purpose, Revocation, Session};
//!
//! /// Wherever a token is needed. It is good, whatever has to be done for it.
//! async fn authorization(session: &Session) -> Result<String, Error> {
//!     let token = session.access_token().await?;
//!     Ok(format!("Bearer {}", token.expose()))
//! }
//!
//! /// A call of the app's own to its backend, whatever the session is made of.
//! async fn orders(session: &Session, http: &MyHttp) -> Result<MyAnswer, Error> {
//!     let mut sent = session.authorize("https://service.example/api/orders").await?;
//!     loop {
//!         let answer = http.get(sent.url(), sent.headers()).await;
//!         match session.answered(&sent, answer.status, &answer.set_cookie).await? {
//!             Answered::SendAgain(next) => sent = next,
//!             _ => return Ok(answer),
//!         }
//!     }
//! }
//! # struct MyHttp;
//! # struct MyAnswer { status: u16, set_cookie: Vec<String> }
//! # impl MyHttp {
//! #     async fn get(&self, _: &str, _: &[(&'static str, switchback::Secret)]) -> MyAnswer {
//! #         MyAnswer { status: 200, set_cookie: vec![] }
//! #     }
//! # }
//!
//! /// Wherever is shown who is logged in.
//! async fn show(session: &Session) {
//!     let mut events = session.events();
//!     loop {
//!         match events.next().await {
//!             SessionEvent::LoginRequired(reason) => println!("please log in again: {reason}"),
//!             SessionEvent::LoggedOut => return,
//!             _ => {}
//!         }
//!     }
//! }
//!
//! /// The next login of the same person: somebody else's is dropped, and told.
//! fn again(session: &Session, scope: Vec<String>) -> LoginRequest {
//!     let request = LoginRequest::new(Purpose::Login, scope);
//!     match session.subject() {
//!         Some(subject) => request.for_person(subject),
//!         None => request,
//!     }
//! }
//!
//! /// Logging out is final, in every process.
//! async fn log_out(session: &Session) -> Result<bool, Error> {
//!     Ok(session.log_out().await?.revocation == Revocation::Done)
//! }
//! ```

mod authorize;
mod backend_log_out;
mod log_out;
mod resource;

use std::fmt;
use std::sync::Arc;

use switchback_driver::{event, log};
use switchback_protocol::Rule;
use switchback_protocol::grant::SessionEnd;
use switchback_protocol::http::Header;
use switchback_protocol::identity::{self, Presentation, UserInfo};
use switchback_protocol::{Provider, Purpose, Secret};

use crate::error::Error;
use crate::state::SessionState;

pub use crate::state::{SessionEvent, SessionEvents, SessionId};
pub(crate) use authorize::SetCookies;
pub use authorize::{Answered, Authorization};
pub use log_out::LogOut;

/// One person's session at one service. A clone is the same session, and so is one that
/// was opened twice.
#[derive(Clone)]
pub struct Session {
    pub(crate) state: Arc<SessionState>,
}

impl Session {
    /// Its id, to keep and to open it with later.
    pub fn id(&self) -> &SessionId {
        &self.state.id
    }

    /// What the person logged in for.
    pub fn purpose(&self) -> Purpose {
        self.state.grant.load().purpose
    }

    /// When the person logged in, in seconds since the epoch.
    pub fn logged_in_at(&self) -> i64 {
        self.state.grant.load().since
    }

    /// When the access token expires, in seconds since the epoch; it is refreshed before
    /// that whenever somebody asks for it.
    pub fn expires_at(&self) -> Option<i64> {
        self.state.grant.load().expires_at()
    }

    /// The scope that was granted.
    pub fn scope(&self) -> Vec<String> {
        self.state.grant.load().granted.clone()
    }

    /// What was asked for and not granted.
    pub fn denied_scopes(&self) -> Vec<String> {
        self.state.grant.load().denied_scopes()
    }

    /// Who the person is to this client, where it was read before: from the ID token, or by
    /// [`user_info`](Self::user_info) or [`presentation`](Self::presentation). A session is
    /// one person's for ever; see [`LoginRequest::for_person`](crate::LoginRequest::for_person)
    /// for the next login.
    pub fn subject(&self) -> Option<Secret> {
        self.state.grant.load().subject().cloned()
    }

    /// What happens to it from now on, and what happened last: whoever shows that somebody
    /// is logged in listens here.
    pub fn events(&self) -> SessionEvents {
        SessionEvents::of(&self.state)
    }

    /// Why it is over, where that is known. `None` does not promise that the service has
    /// not ended it since: [`access_token`](Self::access_token) finds out.
    pub fn ended(&self) -> Option<SessionEnd> {
        self.state.ended()
    }

    /// An access token that lives for the configured skew at least (a quarter of its life
    /// where that is shorter), where the service gives one now; and one that lives at all
    /// while it does not, or while another process is at it.
    ///
    /// While the token is fresh this reads memory: no lock, no allocation, no store. All
    /// who need a refresh at the same time share one, and it goes on in a task of its own
    /// when its callers are cancelled.
    ///
    /// # Errors
    /// [`Error::LoginRequired`] when it is over, [`Error::TryAgain`] when the service was
    /// not reached and the old token is over, [`Error::StoreLocked`] and [`Error::Store`]
    /// when the mark could not be stored (nothing was sent then) or the new pair (it is kept
    /// in memory and stored at the next chance) and the old token is over,
    /// [`Error::Configuration`] when the service refuses this client, or when the backend's
    /// session is a cookie: [`authorize`](Self::authorize) serves both. [`Error::Protocol`].
    pub async fn access_token(&self) -> Result<Secret, Error> {
        self.state.access_token().await
    }

    /// Another access token, after a resource of yours has refused this one (401): by one
    /// refresh for all who complain. A complaint about a token that was replaced meanwhile
    /// is answered with the one that took its place.
    ///
    /// # Errors
    /// As [`access_token`](Self::access_token).
    pub async fn access_token_after(&self, refused: &Secret) -> Result<Secret, Error> {
        self.state.refreshed(Some(refused)).await
    }

    /// What to send with a request of the app's own to its backend, or in direct mode to the
    /// provider: an access token that is good, refreshed if need be, or the backend's cookies.
    /// It is for this URL and no other. Tell [`answered`](Self::answered) what came back.
    ///
    /// # Errors
    /// [`Error::Configuration`] for a URL that is not on the backend's origin (in direct mode
    /// the provider's), [`Error::LoginRequired`] when the session is over, and as
    /// [`access_token`](Self::access_token).
    pub async fn authorize(&self, url: &str) -> Result<Authorization, Error> {
        self.state.authorize(url).await
    }

    /// Tells what came back of a request that was sent with an [`Authorization`]: its status,
    /// and its `Set-Cookie` headers, which are kept. A token that is refused (401) is
    /// refreshed, once.
    ///
    /// # Errors
    /// [`Error::LoginRequired`] with [`SessionEnd::EndedByBackend`] where the backend does not
    /// accept the session any more: it refuses a fresh token as well, or it answers with 401 to
    /// its own cookies. A 403 is the app's own matter (a missing CSRF token, somebody else's
    /// order); only some backends answer with it to a session that is over, so that the address
    /// of the person's data is asked then, where it is known, and ends the session where it
    /// answers with 401 or 403. As
    /// [`access_token`](Self::access_token), and [`Error::StoreLocked`] and [`Error::Store`]
    /// where changed cookies could not be stored: they are stored at the next chance.
    pub async fn answered(
        &self,
        sent: &Authorization,
        status: u16,
        set_cookie: &[impl AsRef<str>],
    ) -> Result<Answered, Error> {
        let set_cookie = set_cookie.iter().map(|cookie| cookie.as_ref().into());
        let set_cookie = self.state.set_cookies_now(set_cookie.collect());
        self.state.answered(sent, status, set_cookie).await
    }

    /// Who the person is, as OpenID user info: from the provider, or from the backend.
    ///
    /// # Errors
    /// As [`access_token`](Self::access_token); [`Error::Configuration`] where the service
    /// does not give this data to this session, or where it is not known where the backend
    /// has it, or where the provider does not have it.
    pub async fn user_info(&self) -> Result<UserInfo, Error> {
        const ENDPOINT: &str = "the user info endpoint";
        let url = self.state.client.mode.user_info_endpoint()?;
        let make = |session: &[Header]| identity::user_info_request(url.clone(), session);
        let response = self.state.resource(ENDPOINT, &url, make).await?;
        let info = self.read(ENDPOINT, self.provider().read_user_info(&response))?;
        self.state.check_subject(ENDPOINT, &info.sub).await?;
        log::event(event::USER_INFO_READ, self.id().attempt(), None);
        Ok(info)
    }

    /// Who the person is, as a presentation of these claims, by key, or by a
    /// type that has one ([`truid::ClaimType`](crate::provider::truid::ClaimType) for example). A claim whose data was
    /// not shared, or that the person does not have, is not in the answer.
    ///
    /// # Errors
    /// As [`user_info`](Self::user_info).
    pub async fn presentation(&self, claims: &[impl AsRef<str>]) -> Result<Presentation, Error> {
        if claims.is_empty() {
            return Err(Error::configuration(
                "a presentation needs at least one claim: name what you want to know",
            ));
        }
        const ENDPOINT: &str = "the presentation endpoint";
        let url = self.state.client.mode.presentation_endpoint()?;
        let make = |session: &[Header]| identity::presentation_request(&url, claims, session);
        let response = self.state.resource(ENDPOINT, &url, make).await?;
        let presentation = self.read(ENDPOINT, self.provider().read_presentation(&response))?;
        self.state
            .check_subject(ENDPOINT, &presentation.sub)
            .await?;
        log::event(event::PRESENTATION_READ, self.id().attempt(), None);
        Ok(presentation)
    }

    /// Forgets the session: its tokens or cookies are removed from the store, and the service
    /// is told where it can be: the provider (RFC 7009), or the backend. It is final, and wins over a refresh under way, also one
    /// in another process, whose result is dropped. Another process that has an access token
    /// in its memory notices when that expires.
    ///
    /// # Errors
    /// [`Error::StoreLocked`] and [`Error::Store`] where the tokens could not be removed:
    /// then the person is **still logged in**.
    pub async fn log_out(&self) -> Result<LogOut, Error> {
        self.state.client.log_out(self.id().attempt()).await
    }

    fn provider(&self) -> &Provider {
        self.state.client.mode.provider()
    }

    fn read<T>(&self, endpoint: &'static str, result: Result<T, Rule>) -> Result<T, Error> {
        result.map_err(|rule| Error::Protocol { endpoint, rule })
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("id", &self.state.id)
            .field("grant", &*self.state.grant.load())
            .finish_non_exhaustive()
    }
}
