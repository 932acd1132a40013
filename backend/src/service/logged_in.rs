//! The person who is logged in, for a request handler.

use std::sync::Arc;

use switchback_driver::{GrantStore as _, OAuthClient as _, event};
use switchback_protocol::Rule;
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::{Effect, Grant, Input, SessionEnd};
use switchback_protocol::http::{Request, Response, bearer};
use switchback_protocol::identity::{self, Presentation, UserInfo};
use switchback_protocol::provider::Retention;
use switchback_protocol::status::rejects_session;
use switchback_protocol::{Purpose, Secret};

use super::begin::SamePerson;
use super::reads::UserInfoAnswer;
use super::session::CachedSession;
use super::{Inner, Service};
use crate::error::Error;

const USER_INFO: &str = "the user info endpoint";
const PRESENTATION: &str = "the presentation endpoint";

/// The provider's answer about a person.
pub(super) struct ProviderAnswer<T> {
    pub(super) parsed: T,
    /// The response, including fields that this crate does not know.
    pub(super) response: Response,
}

/// A person who is logged in, for a request handler.
#[derive(Clone)]
pub struct LoggedIn {
    service: Service,
    session: Arc<CachedSession>,
    grant: Arc<Grant>,
}

impl LoggedIn {
    pub(super) fn new(service: Service, session: Arc<CachedSession>, grant: Arc<Grant>) -> Self {
        Self {
            service,
            session,
            grant,
        }
    }

    /// The person's identifier: stable at this service, and different at every other service.
    pub fn subject(&self) -> &str {
        // A session without a known subject is never returned.
        self.grant.subject().map_or("", Secret::expose)
    }

    /// The purpose of the login.
    pub fn purpose(&self) -> Purpose {
        self.grant.purpose
    }

    /// When the person logged in, in seconds since the epoch.
    pub fn since(&self) -> i64 {
        self.grant.since
    }

    /// The id of the session, which is the `id` of its log events. It is stable from login to the
    /// end of the session, and opens nothing.
    pub fn session_id(&self) -> &str {
        self.session.id.as_str()
    }

    /// When the session ends at the latest, in seconds since the epoch. A log-out, the person or
    /// the provider may end it earlier.
    pub fn expires_at(&self) -> i64 {
        let of_grant = self.service.inner.ends_at(&self.grant);
        self.session.row.remove_at.min(of_grant)
    }

    /// The data points that the person shared.
    pub fn scope(&self) -> &[String] {
        &self.grant.granted
    }

    /// The person's values of these claims, each given by its key or by a type with a key
    /// ([`truid::ClaimType`](crate::provider::truid::ClaimType) for example). Claims that the
    /// person did not share are missing from the answer. The limit on requests per session counts
    /// requests to the router only; your own code decides how often it calls this method.
    ///
    /// # Errors
    /// As [`Service::session`].
    pub async fn presentation(&self, claims: &[impl AsRef<str>]) -> Result<Presentation, Error> {
        let (id, inner) = (&self.session.id, &self.service.inner);
        Ok(inner.presentation(id, &self.grant, claims).await?.parsed)
    }

    /// The person's data as OpenID Connect user info. It may be up to ten seconds old.
    ///
    /// # Errors
    /// As [`Service::session`], and [`Error::TooManyRequests`].
    pub async fn user_info(&self) -> Result<UserInfo, Error> {
        Ok(self.known_user_info().await?.parsed.clone())
    }

    async fn known_user_info(&self) -> Result<UserInfoAnswer, Error> {
        let (id, inner) = (&self.session.id, &self.service.inner);
        inner.known_user_info(id, &self.grant).await
    }

    /// Whether the person did something once, such as an identity verification.
    pub(crate) fn is_one_off(&self) -> bool {
        self.service.inner.provider().retention(self.purpose()) == Retention::OneOff
    }

    /// For an identity verification that began under a login: whether it is the person of that
    /// login. `None` for all other logins. Another person may have logged in since, with the same
    /// browser: compare with the [`subject`](Self::subject) of the login that the browser has now.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn is_same_person(&self) -> Result<Option<SamePerson>, Error> {
        let (id, inner) = (&self.session.id, &self.service.inner);
        if !self.is_one_off() {
            return Ok(None);
        }
        let known = &self.session.same_person;
        if let Some(known) = known.get() {
            return Ok(*known);
        }
        let read = inner.is_same_person(id).await?;
        // An unknown result may become known later.
        if read != Some(SamePerson::Unknown) {
            let _ = known.set(read);
        }
        Ok(read)
    }

    /// The provider's checked answer, including fields that this crate does not know.
    pub(crate) async fn presentation_answer(
        &self,
        claims: &[impl AsRef<str>],
    ) -> Result<Response, Error> {
        let (id, inner) = (&self.session.id, &self.service.inner);
        inner.reads.of(id).count(inner.now().wall)?;
        Ok(inner.presentation(id, &self.grant, claims).await?.response)
    }

    pub(crate) async fn user_info_answer(&self) -> Result<Response, Error> {
        Ok(self.known_user_info().await?.response.clone())
    }

    /// Logs out. After the log-out of an identity verification, nothing of it remains stored.
    ///
    /// # Errors
    /// [`Error::Store`]: the person is **still logged in**.
    pub async fn log_out(self) -> Result<(), Error> {
        let session = &self.session;
        self.service
            .inner
            .log_out(&session.row, session.grant.purpose)
            .await
    }
}

impl std::fmt::Debug for LoggedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoggedIn")
            .field("purpose", &self.purpose())
            .field("since", &self.since())
            .finish_non_exhaustive()
    }
}

impl Inner {
    pub(super) async fn presentation(
        self: &Arc<Self>,
        id: &AttemptId,
        grant: &Arc<Grant>,
        claims: &[impl AsRef<str>],
    ) -> Result<ProviderAnswer<Presentation>, Error> {
        let endpoint = self.provider().presentation_endpoint();
        let endpoint = endpoint.map_err(|error| Error::Configuration(error.to_string()))?;
        let make =
            |token: &Secret| identity::presentation_request(&endpoint, claims, &[bearer(token)]);
        let response = self.resource(id, grant, make).await?;
        let read = self
            .provider()
            .read_presentation(&response)
            .map_err(|rule| broken(PRESENTATION, rule))?;
        self.check_subject(PRESENTATION, id, &read.sub).await?;
        Ok(ProviderAnswer {
            parsed: read,
            response,
        })
    }

    pub(super) async fn user_info(
        self: &Arc<Self>,
        id: &AttemptId,
        grant: &Arc<Grant>,
    ) -> Result<ProviderAnswer<UserInfo>, Error> {
        let endpoint = self.provider().user_info_endpoint();
        let endpoint = endpoint.map_err(|error| Error::Configuration(error.to_string()))?;
        let make = |token: &Secret| identity::user_info_request(endpoint.clone(), &[bearer(token)]);
        let response = self.resource(id, grant, make).await?;
        let read = self
            .provider()
            .read_user_info(&response)
            .map_err(|rule| broken(USER_INFO, rule))?;
        self.check_subject(USER_INFO, id, &read.sub).await?;
        Ok(ProviderAnswer {
            parsed: read,
            response,
        })
    }

    /// Requests a resource with the access token of a grant. If the provider refuses the token,
    /// the service refreshes it once. An answer that refuses the new token too (401) is returned:
    /// the grant lives, because the provider has just refreshed it.
    pub(super) async fn resource(
        self: &Arc<Self>,
        id: &AttemptId,
        grant: &Arc<Grant>,
        make: impl Fn(&Secret) -> Request,
    ) -> Result<Response, Error> {
        let now = self.now();
        let mut token = match grant.fresh(&now, 0) {
            Some(token) => token.clone(),
            None => {
                let refreshed = self.refreshed(id, None).await?;
                refreshed.token
            }
        };
        let response = self.get_resource(make(&token), &token).await?;
        if !rejects_session(response.status) {
            return Ok(response);
        }
        token = self.refreshed(id, Some(&token)).await?.token;
        let response = self.get_resource(make(&token), &token).await?;
        // Another login would bring just such a token, so a second rejection breaks the protocol.
        if rejects_session(response.status) {
            self.report(event::TOKEN_REFUSED, id, None);
        }
        Ok(response)
    }

    /// The user info from the cache or from the provider, within the limit of this session.
    async fn known_user_info(
        self: &Arc<Self>,
        id: &AttemptId,
        grant: &Arc<Grant>,
    ) -> Result<UserInfoAnswer, Error> {
        let read = self.user_info(id, grant);
        let reads = self.reads.of(id);
        reads.user_info(|| self.now().wall, read).await
    }

    /// The grant with its subject, which the service reads once and stores.
    pub(super) async fn identified(
        self: &Arc<Self>,
        id: &AttemptId,
        grant: Arc<Grant>,
    ) -> Result<Arc<Grant>, Error> {
        self.known_user_info(id, &grant).await?;
        // A refresh may have replaced the tokens meanwhile.
        let known = self.grant(id.as_str()).await?;
        let known = known.ok_or(Error::LoginRequired(SessionEnd::LoggedOut))?;
        Ok(Arc::new(known))
    }

    /// Checks that an answer is about the person of the session (OpenID Connect Core section
    /// 5.3.2).
    async fn check_subject(
        &self,
        endpoint: &'static str,
        id: &AttemptId,
        subject: &str,
    ) -> Result<(), Error> {
        let input = Input::Identified {
            subject: subject.into(),
        };
        let decided = self.decide(id, move |_| input.clone()).await?;
        match decided.effects.first() {
            Some(Effect::OtherPerson) => {
                return Err(broken(endpoint, Rule::Subject));
            }
            // The caller that ended it has logged the end.
            Some(Effect::LoginRequired(why)) => return Err(Error::LoginRequired(*why)),
            _ => {}
        }
        match decided.grant {
            Some(grant) if self.is_engagement(grant.purpose) => {
                self.merge_onboardings(&Secret::from(subject)).await
            }
            _ => Ok(()),
        }
    }
}

fn broken(endpoint: &'static str, rule: Rule) -> Error {
    Error::Protocol { endpoint, rule }
}
