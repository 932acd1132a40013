//! The end of a login: the callback goes to the backend as it came, and what that answers.

use super::Mediation;
use crate::callback::Answer;
use crate::http::{Header, Request, Response};
use crate::rule::Rule;
use crate::token::{self, TokenFailure, TokenResponse};
use crate::{OAuthError, Purpose, Secret};

/// What the backend answered to a callback that was forwarded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forwarded {
    /// The person is logged in, and these tokens of the backend's are the session.
    Tokens(TokenResponse),
    /// The person is logged in, and the cookies are the session.
    Cookies,
    /// The person declined: the callback says so.
    Declined,
    /// The provider refused: the callback says so, in these words.
    Refused(OAuthError),
    /// The backend does not know this login any more, in its own words.
    Forgotten(OAuthError),
    /// There is no session: the words are those of a token endpoint.
    Failed(TokenFailure),
}

impl Mediation {
    /// Forwards a callback: every parameter as it came and in its order, to
    /// [where the backend takes it](Self::completion_endpoint). What stands behind a `#` stays
    /// here. `session` says whose login it is: its cookies, or the token of the session that it
    /// began under.
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

    /// Reads the answer to [`forward`](Self::forward) of a callback that says `said`. `sent`
    /// holds the secrets of the request, which are blacked out should the backend repeat them.
    ///
    /// Whether the person declined is said by the callback and by nothing else: backends by
    /// Truid's own example answer 403 `access_denied` to a login that they do not know, too.
    pub fn read_completion(
        &self,
        said: &Answer,
        response: &Response,
        sent: &[&Secret],
    ) -> Forwarded {
        let broken = |rule| Forwarded::Failed(TokenFailure::Broken(rule));
        match response.status {
            _ if response.was_not_processed() => Forwarded::Failed(TokenFailure::Busy {
                retry_after: response.retry_after(),
            }),
            status if response.has_failed() => Forwarded::Failed(TokenFailure::Failed(status)),
            // What the callback says, the backend cannot take back: some answer it with a
            // redirect to a page, or with 400.
            status if status != 403 && !matches!(said, Answer::Code(_)) => by_callback(said),
            200..=299 if self.gives_tokens() => match token::read(response, sent) {
                Ok(tokens) => Forwarded::Tokens(tokens),
                Err(TokenFailure::Refused(error)) => refused(said, error),
                Err(failure) => Forwarded::Failed(failure),
            },
            200..=299 => Forwarded::Cookies,
            401 => Forwarded::Forgotten(
                OAuthError::read(response, sent)
                    .unwrap_or_else(|| OAuthError::new("login_required", None, &[])),
            ),
            status @ (400 | 403 | 422) => match OAuthError::read(response, sent) {
                Some(error) => refused(said, error),
                // Not the backend's words: a firewall's page, for example.
                None => broken(Rule::Status(status)),
            },
            status @ 300..=399 => broken(Rule::Redirect(status)),
            status => broken(Rule::Status(status)),
        }
    }
}

/// The backend refuses: it repeats what the callback says, or has a reason of its own.
fn refused(said: &Answer, error: OAuthError) -> Forwarded {
    match said {
        Answer::Code(_) if error.is("access_denied") => Forwarded::Forgotten(error),
        Answer::Code(_) => Forwarded::Failed(TokenFailure::Refused(error)),
        _ if error.is("access_denied") => by_callback(said),
        Answer::Refused(theirs) if error.is(&theirs.code) => by_callback(said),
        _ => Forwarded::Refused(error),
    }
}

/// A callback without a code logs nobody in, whatever the backend makes of it.
fn by_callback(said: &Answer) -> Forwarded {
    match said {
        Answer::Refused(error) => Forwarded::Refused(error.clone()),
        Answer::Declined | Answer::Code(_) => Forwarded::Declined,
    }
}
