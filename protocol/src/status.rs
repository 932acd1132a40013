//! What an answer means: the table from HTTP status and OAuth error code to the error in the API.
//!
//! Every answer of a provider or a backend comes through the two matches of this file. [`meaning`]
//! decides by the status whether an answer is a success, a refusal or a failure. [`refusal`]
//! decides by the error code what a refusal means for a login or a session. The callers add only
//! what depends on their own state. `docs/reference/errors.md` has the same rows with the names of the API,
//! and a test compares the two. `oauth_client.rs` in `core` and in `backend` writes the texts of
//! the errors.
//!
//! The sections of the standards:
//! - RFC 9110 §15: the meaning of each status. §10.2.3: `Retry-After`.
//! - RFC 6749 §5.1 and §5.2: answers of the token endpoint. OpenID Connect Core §3.1.2.6: codes
//!   that ask for the person.
//! - RFC 6750 §3.1: refusals of a protected resource.
//! - RFC 9126 §2.2 and §2.3: answers to a pushed authorization request.
//! - No standard describes a backend; its rows follow Truid's guide and public example.
//!
//! Before you change this: a code and a refresh token are single use. [`Meaning::NotProcessed`]
//! promises that the server did not use them, so that they are sent again as if for the first time.
//! In doubt an answer is [`Meaning::Failed`].

use crate::http::Response;
use crate::rule::Rule;
use crate::{OAuthError, Secret};

/// The kind of the request that was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// An authorization code is exchanged for tokens (RFC 6749 §4.1.3).
    Code,
    /// A refresh token is exchanged for tokens (RFC 6749 §6).
    Refresh,
    /// A person's data is read with a session (RFC 6750 §2.1).
    Data,
    /// A backend starts a login.
    Start,
    /// A callback with a code is forwarded to a backend.
    Callback,
    /// A service pushes an authorization request (RFC 9126 §2.1).
    Push,
}

/// What an answer means, by its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The body has the result.
    Success,
    /// The server did not process the request, which may be sent again later.
    NotProcessed,
    /// The server failed, and may have processed the request before.
    Failed,
    /// The server does not accept the session of the request, or requires one.
    NotAuthenticated,
    /// The server refused the request: [`refusal`].
    Refused,
    /// The answer breaks this rule. The server may have processed the request.
    Broken(Rule),
}

/// Decides by the status. `retry_after`: whether the answer has that header. `error`: the kind of
/// its error code, if it has one.
pub fn meaning(
    request: RequestKind,
    status: u16,
    retry_after: bool,
    error: Option<ErrorKind>,
) -> Meaning {
    use ErrorKind::{GrantEnded, Temporary, Unknown};
    use Meaning::{Broken, Failed, NotAuthenticated, NotProcessed, Refused, Success};
    use RequestKind::{Callback, Code, Data, Push, Refresh, Start};

    match (status, request, error) {
        // RFC 9110 §15.5.2. To the other requests 401 is about the client (RFC 6749 §5.2).
        (401, Data | Start | Callback, _) => NotAuthenticated,

        // The wrong server, too early, too many (RFC 9110 §15.5.20, RFC 8470 §5.2, RFC 6585 §4).
        (421 | 425 | 429, ..) => NotProcessed,
        // A server that names the end of its pause has not begun to work (RFC 9110 §15.6.4).
        (503, ..) if retry_after => NotProcessed,

        // An error code that ends the grant counts with any status of the token endpoint.
        (408 | 500..=599, Code | Refresh, Some(GrantEnded)) => Refused,
        // RFC 9110 §15.5.9 and §15.6.
        (408 | 500..=599, ..) => Failed,

        // A gateway that limits the rate with a status and a code of its own. A resource has more
        // codes (RFC 6750 §3.1), so there the code does not show a gateway.
        (400..=499, Code | Refresh | Push | Start | Callback, Some(Unknown)) if retry_after => {
            NotProcessed
        }

        // These requests may be repeated, so a temporary refusal is a failure.
        (400 | 403, Data, Some(Temporary)) => Failed,
        (400..=499, Start, Some(Temporary)) => Failed,
        (200..=299 | 400..=499, Push, Some(Temporary)) => Failed,

        // Another server may have sent a code of its own with one of these statuses.
        (404 | 405 | 407, Code | Refresh, Some(Unknown)) => Broken(Rule::Status(status)),
        // RFC 6749 §5.2, RFC 9126 §2.3. Some services refuse with a success status.
        (200..=299 | 400..=499, Code | Refresh | Push, Some(_)) => Refused,
        (400..=499, Push, None) => Refused,
        // RFC 6750 §3.1.
        (400 | 403, Data, _) => Refused,
        (400..=499, Start, _) => Refused,
        // Without an error code the page of a firewall is more likely than the backend's refusal.
        (400 | 403 | 422, Callback, Some(_)) => Refused,

        // RFC 6749 §5.1, RFC 9110 §15.3.
        (200..=299, Code | Refresh | Data | Callback, _) => Success,
        // Truid's guide has 202. Other backends redirect to the authorization URL.
        (200 | 202 | 302 | 303 | 307, Start, _) => Success,
        // RFC 9126 §2.2 has 201. Some providers send 200.
        (200 | 201, Push, _) => Success,

        // RFC 9110 §15.4. A redirect is not followed, because it would send secrets elsewhere.
        (300..=399, ..) => Broken(Rule::Redirect(status)),
        _ => Broken(Rule::Status(status)),
    }
}

/// Decides by the status of an answer, and reads its error. A success status can be a refusal of
/// [`RequestKind::Code`], [`Refresh`](RequestKind::Refresh) and [`Push`](RequestKind::Push): look
/// for the result in the body first. `sent` has the secrets of the request, which are redacted if
/// the server repeats them.
pub fn read(
    request: RequestKind,
    response: &Response,
    sent: &[&Secret],
) -> (Meaning, Option<OAuthError>) {
    use RequestKind::{Callback, Data, Start};

    let error = match (response.status, request) {
        (..400, Data | Start | Callback) => None,
        _ => OAuthError::read(response, sent),
    };
    let retry_after = response.header("retry-after").is_some();
    let kind = error.as_ref().map(OAuthError::kind);
    let meaning = meaning(request, response.status, retry_after, kind);
    (meaning, error)
}

/// Whether a server does not accept the session of a request for data.
pub fn rejects_session(status: u16) -> bool {
    meaning(RequestKind::Data, status, false, None) == Meaning::NotAuthenticated
}

/// What an error code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The grant is invalid, or the person must act at the authorization endpoint.
    GrantEnded,
    /// The person or the authorization server denied the request.
    AccessDenied,
    /// The client is unknown or not allowed. The server did not process the code or refresh token,
    /// and every request fails until the configuration is corrected.
    Client,
    /// The grant type is not supported.
    GrantType,
    /// The form of the request is wrong.
    Request,
    /// The server cannot answer now.
    Temporary,
    /// No standard defines the code for the token endpoint.
    Unknown,
}

/// Every error code that a standard defines for the token endpoint: RFC 6749 §4.1.2.1 and §5.2, and
/// where another standard is named.
const CODES: [(&str, ErrorKind); 16] = [
    ("invalid_grant", ErrorKind::GrantEnded),
    // OpenID Connect Core §3.1.2.6.
    ("interaction_required", ErrorKind::GrantEnded),
    ("login_required", ErrorKind::GrantEnded),
    ("account_selection_required", ErrorKind::GrantEnded),
    ("consent_required", ErrorKind::GrantEnded),
    // OpenID Connect Unmet Authentication Requirements §3.
    ("unmet_authentication_requirements", ErrorKind::GrantEnded),
    // RFC 9470 §3.
    ("insufficient_user_authentication", ErrorKind::GrantEnded),
    ("access_denied", ErrorKind::AccessDenied),
    ("invalid_client", ErrorKind::Client),
    ("unauthorized_client", ErrorKind::Client),
    ("unsupported_grant_type", ErrorKind::GrantType),
    ("invalid_request", ErrorKind::Request),
    ("invalid_scope", ErrorKind::Request),
    ("temporarily_unavailable", ErrorKind::Temporary),
    ("server_error", ErrorKind::Temporary),
    // RFC 8628 §3.5.
    ("slow_down", ErrorKind::Temporary),
];

impl ErrorKind {
    /// The kind of an error code.
    pub fn of(code: &str) -> Self {
        let known = CODES.iter().find(|(known, _)| *known == code);
        known.map_or(Self::Unknown, |(_, kind)| *kind)
    }
}

/// What a refusal means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It ends the login (`LoginOutcome::Refused`) or the session (`LoginRequired`).
    Final,
    /// The backend does not know the login (`LoginOutcome::Forgotten`).
    Forgotten,
    /// The server may succeed later, and may have processed this request (`TryAgain`).
    Temporary,
    /// As [`Temporary`](Self::Temporary), and final if the next answer is a refusal too.
    TemporaryOnce,
    /// The configuration is wrong, and the server did not process the request (`Configuration`).
    Misconfigured,
    /// As [`Misconfigured`](Self::Misconfigured), and final if the next answer is a refusal too.
    MisconfiguredOnce,
}

/// Decides by the error code what a refusal means.
pub fn refusal(request: RequestKind, error: ErrorKind) -> Refusal {
    use ErrorKind::{AccessDenied, Client, GrantEnded, GrantType, Request, Temporary, Unknown};
    use RequestKind::{Callback, Code, Data, Push, Refresh, Start};

    match (request, error) {
        // Only the configuration decides the form of these requests. If the person did not share
        // the data, the scope or the claims of the request are too large.
        (Data | Start | Push, _) => Refusal::Misconfigured,

        (_, Temporary) => Refusal::Temporary,
        // Some services report a wrong secret as `unauthorized_client`.
        (Code | Refresh, Client) => Refusal::Misconfigured,

        (Code, GrantType) => Refusal::Misconfigured,
        // The code may be used up, and a new login is the way on.
        (Code, GrantEnded | AccessDenied | Request | Unknown) => Refusal::Final,

        (Refresh, GrantEnded | AccessDenied) => Refusal::Final,
        // Only the client decides the form of this request, but some services answer so to a
        // refresh token that is no longer valid.
        (Refresh, GrantType | Request) => Refusal::MisconfiguredOnce,
        // A code of a gateway, or one that only this service uses.
        (Refresh, Unknown) => Refusal::TemporaryOnce,

        // Truid's example of a backend says so to a login that it does not know.
        (Callback, AccessDenied) => Refusal::Forgotten,
        // A backend's error is about the backend's own client, not about this one.
        (Callback, GrantEnded | Client | GrantType | Request | Unknown) => Refusal::Final,
    }
}

#[cfg(test)]
mod tests;
