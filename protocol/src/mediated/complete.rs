//! The end of a login: forwards the callback to the backend, and reads the answer.
//!
//! No standard says how a backend answers. The rows *callback* in [`status`](mod@status) follow
//! Truid's guide and its public example.
//!
//! Before you change this: what the person decided is in the callback, and the backend's answer
//! must not replace it. A backend also answers `access_denied` to a login that it does not know.

use super::Mediation;
use crate::callback::Answer;
use crate::http::{Header, Request, Response};
use crate::status::{self, Meaning, Refusal, RequestKind, refusal};
use crate::token::{self, TokenFailure, TokenResponse};
use crate::{OAuthError, Purpose, Secret};

/// The backend's answer to a forwarded callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forwarded {
    /// The person is logged in, and these tokens of the backend are the session.
    Tokens(TokenResponse),
    /// The person is logged in, and the cookies are the session.
    Cookies,
    /// The callback says that the person declined.
    Declined,
    /// The callback has this error of the provider.
    Refused(OAuthError),
    /// The backend no longer knows this login. Its error.
    Forgotten(OAuthError),
    /// There is no session, for the same reasons as at a token endpoint.
    Failed(TokenFailure),
}

impl Mediation {
    /// The request that forwards a callback to the
    /// [`completion_endpoint`](Self::completion_endpoint): with the query unchanged, and without
    /// the fragment. `session` has the cookies of the login, or the token of the session under
    /// which it was started.
    pub fn forward(
        &self,
        purpose: Purpose,
        callback_url: &str,
        session: Option<Header>,
    ) -> Request {
        let end = callback_url.find('#').unwrap_or(callback_url.len());
        let query = callback_url[..end].find('?').map(|at| at..end);
        let query = query.map_or("", |query| &callback_url[query]);
        self.ask(
            [&self.completion_endpoint(purpose), query].concat(),
            session,
        )
    }

    /// Reads the answer to [`forward`](Self::forward) of a callback with this answer. `sent` has
    /// the secrets of the request, which are redacted if the backend repeats them.
    ///
    /// Only the callback decides whether the person declined: a backend like Truid's public example
    /// answers 403 `access_denied` also to a login that it does not know.
    pub fn read_completion(
        &self,
        callback: &Answer,
        response: &Response,
        sent: &[&Secret],
    ) -> Forwarded {
        let (meaning, error) = status::read(RequestKind::Callback, response, sent);
        let error = error.unwrap_or_else(|| OAuthError::new("login_required", None, &[]));
        match meaning {
            Meaning::NotProcessed => Forwarded::Failed(TokenFailure::Busy {
                retry_after: response.retry_after(),
            }),
            Meaning::Failed => Forwarded::Failed(TokenFailure::Failed(response.status)),
            // Without a code the callback decides. Some backends answer it with a redirect to a
            // page, or with 400.
            _ if response.status != 403 && !matches!(callback, Answer::Code(_)) => {
                by_callback(callback)
            }
            Meaning::Success if self.has_token_session() => match token::read(response, sent) {
                Ok(tokens) => Forwarded::Tokens(tokens),
                Err(TokenFailure::Refused(error)) => refused(callback, error),
                Err(failure) => Forwarded::Failed(failure),
            },
            Meaning::Success => Forwarded::Cookies,
            Meaning::NotAuthenticated => Forwarded::Forgotten(error),
            Meaning::Refused => refused(callback, error),
            Meaning::Broken(rule) => Forwarded::Failed(TokenFailure::Broken(rule)),
        }
    }
}

/// The backend refuses: it repeats the error of the callback, or has its own reason.
fn refused(callback: &Answer, error: OAuthError) -> Forwarded {
    let is_unknown = refusal(RequestKind::Callback, error.kind()) == Refusal::Forgotten;
    match callback {
        Answer::Code(_) if is_unknown => Forwarded::Forgotten(error),
        Answer::Code(_) => Forwarded::Failed(TokenFailure::Refused(error)),
        _ if is_unknown => by_callback(callback),
        Answer::Refused(theirs) if error.is(&theirs.code) => by_callback(callback),
        _ => Forwarded::Refused(error),
    }
}

/// A callback without a code never logs a person in, with any answer of the backend.
fn by_callback(callback: &Answer) -> Forwarded {
    match callback {
        Answer::Refused(error) => Forwarded::Refused(error.clone()),
        Answer::Declined | Answer::Code(_) => Forwarded::Declined,
    }
}
