//! The app's requests to its backend: the headers to send, and what the answers mean for the
//! session.
//!
//! Before you change this: tokens and cookies must go to the session's own origin only.

use std::sync::Arc;

use switchback_driver::{GrantStore as _, event, log};
use switchback_protocol::cookies;
use switchback_protocol::grant::{Effect, Input};
use switchback_protocol::http::{Header, Response, bearer};
use switchback_protocol::mediated::login_check::LoginCheck;
use switchback_protocol::status::rejects_session;
use switchback_protocol::{Origin, Secret};

use super::SessionState;
use crate::client_mode::ClientMode;
use crate::error::Error;
use crate::task;

const CANNOT_STORE: &str = "the session could not be stored";

/// The headers for one request, from [`Session::authorize`](super::Session::authorize).
#[derive(Clone)]
pub struct Authorization {
    url: String,
    headers: Vec<Header>,
    /// The token or the `Cookie` header that was sent, and that a rejection is about.
    sent: Secret,
    is_token: bool,
    /// Whether this replaces headers that were rejected.
    again: bool,
}

impl Authorization {
    /// The headers to add to the request: `authorization` or `cookie`, or none if no cookie belongs
    /// to this URL.
    pub fn headers(&self) -> &[(&'static str, Secret)] {
        &self.headers
    }

    /// The header of the token, if there is a token.
    pub(crate) fn token(&self) -> Option<Header> {
        self.is_token.then(|| bearer(&self.sent))
    }

    /// The URL of the request. The headers must not be sent to any other URL.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl std::fmt::Debug for Authorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Authorization")
            .field("headers", &names)
            .finish_non_exhaustive()
    }
}

/// What an answer means for the session, from [`Session::answered`](super::Session::answered).
#[derive(Clone, Debug)]
pub enum Answered {
    /// The session continues: the answer is for the app.
    Accepted,
    /// The headers were rejected, and there are newer ones: send the request again with them, and
    /// report that answer, too.
    SendAgain(Authorization),
}

/// The `Set-Cookie` headers of an answer.
pub(crate) struct SetCookies {
    headers: Vec<Secret>,
    /// When the answer was sent, in seconds since the epoch, by the service's clock.
    date: Option<i64>,
}

impl SetCookies {
    pub(crate) fn of(response: &Response) -> Self {
        Self {
            headers: response.set_cookies().map(Secret::from).collect(),
            date: cookies::date_of(response),
        }
    }
}

impl SessionState {
    /// The `Set-Cookie` headers of an answer that the app received just now.
    pub(super) fn set_cookies_now(&self, headers: Vec<Secret>) -> SetCookies {
        let offset = self.client.sender.clock_offset();
        let now = self.client.now().wall;
        SetCookies {
            headers,
            date: offset.map(|offset| now.saturating_add(offset)),
        }
    }

    /// Rejects a URL that is not on the service's origin.
    pub(crate) async fn authorize(self: &Arc<Self>, url: &str) -> Result<Authorization, Error> {
        let ours = self.client.mode.origin();
        if Origin::of(url).is_none_or(|origin| Some(&origin) != ours.as_ref()) {
            let ours = ours.map(|ours| ours.to_string()).unwrap_or_default();
            return Err(Error::configuration(format_args!(
                "this session is for {ours} only: use an absolute URL on that origin"
            )));
        }
        self.authorization(url, false).await
    }

    async fn authorization(
        self: &Arc<Self>,
        url: &str,
        again: bool,
    ) -> Result<Authorization, Error> {
        if let Some(why) = self.ended() {
            return Err(self.login_required(why));
        }
        let cookies = self.grant.load().cookies().map(|jar| {
            let header = jar.header(url, &self.client.now());
            header.unwrap_or_else(|| Secret::from(""))
        });
        Ok(match cookies {
            Some(header) => Authorization {
                url: url.to_owned(),
                headers: match header.expose() {
                    "" => Vec::new(),
                    _ => vec![("cookie", header.clone())],
                },
                sent: header,
                is_token: false,
                again,
            },
            None => self.with_token(url, self.access_token().await?, again),
        })
    }

    fn with_token(&self, url: &str, token: Secret, again: bool) -> Authorization {
        Authorization {
            url: url.to_owned(),
            headers: vec![bearer(&token)],
            sent: token,
            is_token: true,
            again,
        }
    }

    pub(crate) async fn answered(
        self: &Arc<Self>,
        sent: &Authorization,
        status: u16,
        set_cookie: SetCookies,
    ) -> Result<Answered, Error> {
        let through_backend = matches!(self.client.mode, ClientMode::Mediated(_));
        if rejects_session(status) {
            if sent.is_token && !sent.again {
                let token = self.refreshed(Some(&sent.sent)).await?;
                let next = self.with_token(&sent.url, token, true);
                return Ok(Answered::SendAgain(next));
            }
            // A resource at the provider may reject a valid token for other reasons.
            if !sent.is_token || through_backend {
                return self.session_rejected(sent).await;
            }
            log::event(event::TOKEN_REFUSED, self.id.attempt(), None);
        }
        if !sent.is_token {
            self.set_cookies(&sent.url, set_cookie).await?;
        }
        // A 403 is usually about permissions, which is the app's concern. Some backends also answer
        // 403 when the session has ended.
        if status == 403
            && !sent.sent.expose().is_empty()
            && let Answered::SendAgain(_) = self.check_session().await?
            && !sent.again
        {
            let next = self.authorization(&sent.url, true).await?;
            return Ok(Answered::SendAgain(next));
        }
        Ok(Answered::Accepted)
    }

    /// Requests the person's data and ends the session if the backend rejects its cookies there. If
    /// the URL of that data is unknown or does not answer, nothing changes.
    async fn check_session(self: &Arc<Self>) -> Result<Answered, Error> {
        let (Some(jar), ClientMode::Mediated(mediation)) = (self.cookies(), &self.client.mode)
        else {
            return Ok(Answered::Accepted);
        };
        let Some(request) = mediation.login_check_request(&jar, &self.client.now()) else {
            return Ok(Answered::Accepted);
        };
        let asked = self.authorization(&request.url, false).await?;
        let Ok(response) = self.client.sender.send(request).await else {
            return Ok(Answered::Accepted);
        };
        if mediation.read_login_check(&response) == LoginCheck::LoggedOut {
            return self.session_rejected(&asked).await;
        }
        self.set_cookies(&asked.url, SetCookies::of(&response))
            .await?;
        Ok(Answered::Accepted)
    }

    async fn session_rejected(self: &Arc<Self>, sent: &Authorization) -> Result<Answered, Error> {
        let input = Input::RejectedByBackend {
            url: sent.url.clone(),
            sent: sent.sent.clone(),
            now: self.client.now(),
        };
        let state = Arc::clone(self);
        let effect = task::run(CANNOT_STORE, async move {
            let records = &state.client.records;
            let decide = records.decide(state.id.attempt(), move |_| input.clone());
            Ok(state.apply_and_revoke(decide.await?))
        })
        .await?;
        match effect {
            Some(Effect::LoginRequired(why)) => Err(self.login_required(why)),
            // The request carried nothing of the session.
            None => Ok(Answered::Accepted),
            // Another process has stored newer headers.
            _ => {
                let next = self.authorization(&sent.url, true).await?;
                Ok(Answered::SendAgain(next))
            }
        }
    }

    /// Stores changed cookies. A session of tokens has none.
    pub(crate) async fn set_cookies(
        self: &Arc<Self>,
        url: &str,
        set: SetCookies,
    ) -> Result<(), Error> {
        if set.headers.is_empty() {
            return Ok(());
        }
        let input = Input::CookiesSet {
            url: url.to_owned(),
            set_cookie: set.headers,
            date: set.date,
            now: self.client.now(),
        };
        let state = Arc::clone(self);
        task::run(CANNOT_STORE, async move {
            let records = &state.client.records;
            let decided = records.decide_answer(state.id.attempt(), input).await?;
            state.apply_and_revoke(decided);
            Ok(())
        })
        .await
    }
}
