//! Who is logged in, by the address where the backend gives a person's data. It is asked
//! where the status of another answer does not say it: whether a callback whose answer was
//! lost has logged the person in, and whether a 403 is the end of a session.

use super::Mediation;
use crate::cookies::Jar;
use crate::http::{Request, Response};
use crate::identity::{presentation_request, user_info_request};
use crate::time::Time;

/// What the backend says about the cookies that it was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginCheck {
    /// A person is logged in by them.
    LoggedIn,
    /// Nobody is.
    LoggedOut,
    /// It does not say.
    Unknown,
}

impl Mediation {
    /// Asks who is logged in by these cookies: at the user info URL, or where that is not
    /// known at the one of presentations. `None` where neither is known, where no cookie goes
    /// there, and where tokens are the session, which say it by themselves.
    pub fn login_check_request(&self, cookies: &Jar, now: &Time) -> Option<Request> {
        if self.gives_tokens() {
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
            401 => LoginCheck::LoggedOut,
            // Of a presentation it may be about the claim; and a firewall says it in a page.
            403 if has_user_info && (response.is_json() || response.body.is_empty()) => {
                LoginCheck::LoggedOut
            }
            _ => LoginCheck::Unknown,
        }
    }
}
