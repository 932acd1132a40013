//! Checks whether a person is logged in, by a request for their data. Two cases need it: the answer
//! to a forwarded callback was lost, or the backend answered 403, which may or may not mean that
//! the session has ended.
//!
//! Before you change this: a wrong [`LoginCheck::LoggedOut`] logs a person out. If in doubt, the
//! result is [`LoginCheck::Unknown`].

use super::Mediation;
use crate::cookies::Jar;
use crate::http::{Request, Response};
use crate::identity::{presentation_request, user_info_request};
use crate::status::rejects_session;
use crate::time::Time;

/// Whether the backend accepts the cookies of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginCheck {
    /// It returned a person's data.
    LoggedIn,
    /// It does not accept them.
    LoggedOut,
    /// The answer does not say.
    Unknown,
}

impl Mediation {
    /// The request to the user info URL, or without one to the presentation URL. `None` if there is
    /// neither, no cookie belongs to it, or the session is a pair of tokens: an answer with tokens
    /// shows that the person is logged in.
    pub fn login_check_request(&self, cookies: &Jar, now: &Time) -> Option<Request> {
        if self.has_token_session() {
            return None;
        }
        let cookie = |url: &str| Some([("cookie", cookies.header(url, now)?)]);
        if let Some(url) = self.user_info_endpoint() {
            return Some(user_info_request(url.into(), &cookie(url)?));
        }
        let url = self.presentation_endpoint()?;
        let claim = self.provider.facts().claims.known.first()?;
        Some(presentation_request(url, &[claim], &cookie(url)?))
    }

    /// Reads the answer to [`login_check_request`](Self::login_check_request).
    pub fn read_login_check(&self, response: &Response) -> LoginCheck {
        let has_user_info = self.user_info_endpoint().is_some();
        let is_data = match has_user_info {
            true => self.provider.read_user_info(response).is_ok(),
            false => self.provider.read_presentation(response).is_ok(),
        };
        match response.status {
            _ if is_data => LoginCheck::LoggedIn,
            status if rejects_session(status) => LoginCheck::LoggedOut,
            // A presentation may be refused because of the claim, and a firewall sends an HTML
            // page.
            403 if has_user_info && (response.is_json() || response.body.is_empty()) => {
                LoginCheck::LoggedOut
            }
            _ => LoginCheck::Unknown,
        }
    }
}
