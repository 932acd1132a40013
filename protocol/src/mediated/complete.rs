//! The end of a login: the callback goes to the backend as it came, and what that answers.

use alloc::string::String;

use super::Mediation;
use crate::http::{Header, Request, Response, Rule};
use crate::token::{self, TokenFailure, TokenResponse};
use crate::{OAuthError, Secret};

/// What became of a callback that was forwarded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The person is logged in, and these tokens of the backend's are the session.
    Tokens(TokenResponse),
    /// The person is logged in, and the cookies are the session.
    Cookies,
    /// The person declined.
    Declined,
    /// The backend, or the provider behind it, refused.
    Refused(OAuthError),
    /// The backend does not know this login's cookies any more.
    Forgotten,
    /// It cannot now, and nothing was used up: 429, or 503 with `Retry-After`.
    Busy {
        /// Seconds to wait, where it says so.
        retry_after: Option<u32>,
    },
    /// It failed (5xx), and may have used up the code first.
    Failed(u16),
    /// It broke a rule. The code may be used up.
    Broken(Rule),
}

impl Mediation {
    /// Forwards a callback: every parameter as it came and in its order, to the redirect
    /// URI's own path. What stands behind a `#` stays here. `session` says whose login it is:
    /// its cookies, or the token of the session that it began under.
    pub fn forward(&self, callback_url: &str, session: Option<Header>) -> Request {
        let end = callback_url.find('#').unwrap_or(callback_url.len());
        let query = callback_url[..end].find('?').map(|at| at..end);
        let query = query.map_or("", |query| &callback_url[query]);
        let mut url = String::with_capacity(self.redirect_uri.as_str().len() + query.len());
        url.push_str(self.redirect_uri.as_str());
        url.push_str(query);
        self.ask(url, session)
    }

    /// Reads the answer to [`forward`](Self::forward). `sent` holds the secrets of the
    /// request, which are blacked out should the backend repeat them.
    pub fn read_completion(&self, response: &Response, sent: &[&Secret]) -> Outcome {
        match response.status {
            200..=299 if self.gives_tokens() => match token::read(response, sent) {
                Ok(tokens) => Outcome::Tokens(tokens),
                Err(TokenFailure::Broken(rule)) => Outcome::Broken(rule),
                Err(_) => Outcome::Broken(Rule::Status(response.status)),
            },
            200..=299 => Outcome::Cookies,
            401 => Outcome::Forgotten,
            403 => match OAuthError::read(response, sent) {
                Some(error) if error.is("access_denied") => Outcome::Declined,
                Some(error) => Outcome::Refused(error),
                // A firewall's page, it may be, and no word of the backend's.
                None => Outcome::Broken(Rule::Status(403)),
            },
            429 | 503 if response.status == 429 || response.header("retry-after").is_some() => {
                Outcome::Busy {
                    retry_after: response.retry_after(),
                }
            }
            status @ 500..=599 => Outcome::Failed(status),
            status @ 300..=399 => Outcome::Broken(Rule::Redirect(status)),
            status => Outcome::Broken(Rule::Status(status)),
        }
    }
}
