//! Sessions: a valid access token whenever the app needs one, and the identity of the person.
//!
//! [`switchback_protocol::grant`] decides when a token is refreshed, when it must not be, and when
//! a session has ended; this module stores, sends and reports.
//!
//! ```no_run
//! use switchback::{Answered, SessionEvent, Client, Error, LoginRequest, Purpose, Revocation, Session};
//!
//! /// Returns the header for a request. The token is refreshed first if necessary.
//! async fn authorization(session: &Session) -> Result<String, Error> {
//!     let token = session.access_token().await?;
//!     Ok(format!("Bearer {}", token.expose()))
//! }
//!
//! /// A request of the app to its backend. It works with tokens and with cookies.
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
//! /// Shows whether the person is logged in.
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
//! /// Begins another login of the same person; a login of another person is rejected.
//! fn again(session: &Session, scope: Vec<String>) -> LoginRequest {
//!     let request = LoginRequest::new(Purpose::Login, scope);
//!     match session.subject() {
//!         Some(subject) => request.for_person(subject),
//!         None => request,
//!     }
//! }
//!
//! /// Logs out, in all processes. Returns whether the service ended the session.
//! async fn log_out(session: &Session) -> Result<bool, Error> {
//!     Ok(session.log_out().await?.revocation == Revocation::Done)
//! }
//! ```

mod authorize;
mod backend_log_out;
mod log_out;
mod resource;
mod signature;

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
use resource::Resource;

/// One person's session with one service. A clone, and a session that is opened again, share the
/// same state.
#[derive(Clone)]
pub struct Session {
    pub(crate) state: Arc<SessionState>,
}

impl Session {
    /// The id, with which the app can open the session later.
    pub fn id(&self) -> &SessionId {
        &self.state.id
    }

    /// The time by the client's clock, in seconds since the epoch.
    pub fn now(&self) -> i64 {
        self.state.client.now().wall
    }

    /// The purpose of the login.
    pub fn purpose(&self) -> Purpose {
        self.state.grant.load().purpose
    }

    /// When the person logged in, in seconds since the epoch.
    pub fn logged_in_at(&self) -> i64 {
        self.state.grant.load().since
    }

    /// When the access token expires, in seconds since the epoch. `None` if that is unknown.
    pub fn expires_at(&self) -> Option<i64> {
        self.state.grant.load().expires_at()
    }

    /// The scope that was granted.
    pub fn scope(&self) -> Vec<String> {
        self.state.grant.load().granted.clone()
    }

    /// The scopes that were requested and not granted.
    pub fn denied_scopes(&self) -> Vec<String> {
        self.state.grant.load().denied_scopes()
    }

    /// The `sub` of the person (OpenID Connect), if it was read before: from the ID token, or by
    /// [`user_info`](Self::user_info) or [`presentation`](Self::presentation). It never changes
    /// within a session. For the next login of the same person, see
    /// [`LoginRequest::for_person`](crate::LoginRequest::for_person).
    pub fn subject(&self) -> Option<Secret> {
        self.state.grant.load().subject().cloned()
    }

    /// The events of this session: the last one, and all from now on. Use it to show whether the
    /// person is logged in.
    pub fn events(&self) -> SessionEvents {
        SessionEvents::of(&self.state)
    }

    /// Why the session has ended, if that is known. `None` does not mean that the service still
    /// accepts it; [`access_token`](Self::access_token) finds out.
    pub fn ended(&self) -> Option<SessionEnd> {
        self.state.ended()
    }

    /// A valid access token. Its remaining lifetime is at least the configured skew, or a quarter
    /// of its lifetime if that is shorter. If the service cannot refresh it now, or another process
    /// is refreshing it, the current token is returned as long as it is valid.
    ///
    /// A fresh token is read from memory, without a lock, an allocation or the store. All callers
    /// that need a refresh share one, in a detached task that continues if they are cancelled.
    ///
    /// # Errors
    /// - [`Error::LoginRequired`] if the session has ended.
    /// - [`Error::TryAgain`] if the service was not reached and the current token has expired.
    /// - [`Error::StoreLocked`] and [`Error::Store`] if the current token has expired and the store
    ///   failed: either nothing was sent, or the new tokens stay in memory and are stored at the
    ///   next access.
    /// - [`Error::Configuration`] if the service refuses this client, or if the session consists of
    ///   a backend's cookies; [`authorize`](Self::authorize) works for both kinds of session.
    /// - [`Error::Protocol`] if the service's answer was not valid.
    pub async fn access_token(&self) -> Result<Secret, Error> {
        self.state.access_token().await
    }

    /// Another access token, after a resource has rejected `refused` (401). All callers share one
    /// refresh. If `refused` was already replaced, the newer token is returned.
    ///
    /// # Errors
    /// As [`access_token`](Self::access_token).
    pub async fn access_token_after(&self, refused: &Secret) -> Result<Secret, Error> {
        self.state.refreshed(Some(refused)).await
    }

    /// The headers for a request of the app to its backend (in direct mode: to the provider): a
    /// valid access token, refreshed if necessary, or the backend's cookies. They are for this URL
    /// only. Report the status of the answer to [`answered`](Self::answered).
    ///
    /// # Errors
    /// [`Error::Configuration`] for a URL that is not on the backend's origin (in direct mode: the
    /// provider's), [`Error::LoginRequired`] if the session has ended, and the errors of
    /// [`access_token`](Self::access_token).
    pub async fn authorize(&self, url: &str) -> Result<Authorization, Error> {
        self.state.authorize(url).await
    }

    /// Reports the answer to a request that was sent with an [`Authorization`]: its status, and its
    /// `Set-Cookie` headers, which are stored. If a token was rejected (401), it is refreshed once.
    ///
    /// # Errors
    /// - [`Error::LoginRequired`] with [`SessionEnd::EndedByBackend`] if the backend no longer
    ///   accepts the session: it rejects a fresh token, or answers 401 to its own cookies. A 403
    ///   usually concerns a permission (a missing CSRF token, another person's order), but some
    ///   backends also answer 403 when a session has ended. So after a 403 Switchback requests the
    ///   person's data (user info or presentation), if its URL is configured, and ends the session
    ///   if that answer is 401 or 403.
    /// - [`Error::StoreLocked`] and [`Error::Store`] if changed cookies could not be stored; they
    ///   are stored at the next access.
    /// - The errors of [`access_token`](Self::access_token).
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

    /// The identity of the person as OpenID user info (OpenID Connect Core 1.0 §5.3), from the
    /// provider or the backend.
    ///
    /// # Errors
    /// The errors of [`access_token`](Self::access_token); [`Error::Configuration`] if the service
    /// does not give this data to this session, if the backend's URL for it is not configured, or
    /// if the provider does not offer it.
    pub async fn user_info(&self) -> Result<UserInfo, Error> {
        const ENDPOINT: &str = "the user info endpoint";
        let url = self.state.client.mode.user_info_endpoint()?;
        let make = |session: &[Header]| identity::user_info_request(url.clone(), session);
        let resource = Resource::identity(ENDPOINT);
        let response = self.state.resource(resource, &url, make).await?;
        let info = self.read(ENDPOINT, self.provider().read_user_info(&response))?;
        self.state.check_subject(ENDPOINT, &info.sub).await?;
        log::event(event::USER_INFO_READ, self.id().attempt(), None);
        Ok(info)
    }

    /// The identity of the person as a presentation of these claims. A claim is named by its key,
    /// or by a type that has a key, for example
    /// [`truid::ClaimType`](crate::provider::truid::ClaimType). A claim that the person did not
    /// share, or does not have, is not in the result.
    ///
    /// # Errors
    /// As [`user_info`](Self::user_info).
    pub async fn presentation(&self, claims: &[impl AsRef<str>]) -> Result<Presentation, Error> {
        if claims.is_empty() {
            return Err(Error::configuration(
                "a presentation needs at least one claim: add a claim to the call",
            ));
        }
        const ENDPOINT: &str = "the presentation endpoint";
        let url = self.state.client.mode.presentation_endpoint()?;
        let make = |session: &[Header]| identity::presentation_request(&url, claims, session);
        let resource = Resource::identity(ENDPOINT);
        let response = self.state.resource(resource, &url, make).await?;
        let presentation = self.read(ENDPOINT, self.provider().read_presentation(&response))?;
        self.state
            .check_subject(ENDPOINT, &presentation.sub)
            .await?;
        log::event(event::PRESENTATION_READ, self.id().attempt(), None);
        Ok(presentation)
    }

    /// Logs out: removes the tokens or cookies from the store, and revokes them at the provider
    /// (RFC 7009) or logs out at the backend, if they offer that. It is final: the result of a
    /// refresh in progress, also in another process, is discarded. Another process that has the
    /// access token in memory notices the log-out when the token expires.
    ///
    /// # Errors
    /// [`Error::StoreLocked`] and [`Error::Store`] if the tokens could not be removed. The person
    /// is **still logged in** then.
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
