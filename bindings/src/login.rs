//! Logging in: begin, open the URL, complete with the link that comes back.

use std::collections::HashMap;

use switchback as core;

use crate::error::SwitchbackError;
use crate::ids::{AttemptId, SessionId};
use crate::remote::{MalformedLink, OAuthError, Purpose};
use crate::shows::shows;
use crate::signature::SignRequest;

/// What a login requests.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct LoginRequest {
    /// What the login is for.
    pub purpose: Purpose,
    /// The requested scopes, for example the keys of Truid's data points. Must be empty in
    /// mediated mode, where the backend decides.
    #[uniffi(default)]
    pub scope: Vec<String>,
    /// Whether to send a `nonce` (OpenID Connect Core §3.1.2.1). An ID token without this nonce
    /// fails the login. Must be false in mediated mode.
    #[uniffi(default = false)]
    pub nonce: bool,
    /// More parameters for the authorization request; in mediated mode for the backend.
    #[uniffi(default)]
    pub extra: HashMap<String, String>,
    /// The subject of an earlier session, if the same person must log in again. If another person
    /// logs in, that login is dropped and does not replace the session.
    #[uniffi(default = None)]
    pub subject: Option<String>,
    /// What the person signs, if the purpose is `Signing`. Nothing in mediated mode, where the
    /// backend decides.
    #[uniffi(default = None)]
    pub sign: Option<SignRequest>,
}

impl TryFrom<LoginRequest> for core::LoginRequest {
    type Error = SwitchbackError;

    fn try_from(request: LoginRequest) -> Result<Self, SwitchbackError> {
        let mut core = Self::new(request.purpose, request.scope);
        core.nonce = request.nonce;
        core.extra.extend(request.extra);
        core.subject = request.subject.map(core::Secret::from);
        core.sign = request.sign.map(TryInto::try_into).transpose()?;
        Ok(core)
    }
}

shows!(LoginRequest, |this| format!(
    "LoginRequest(purpose={:?}, scope={:?}, extra={:?})",
    this.purpose,
    this.scope,
    this.extra.keys()
));

/// A started login: the URL to open, and until when it is valid.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct LoginAttempt {
    /// Names the attempt, here and in every log.
    pub id: AttemptId,
    /// The authorization URL: open it in the identity app (as a universal link or App
    /// Link) or in a browser, never in a web view. It contains `state`: do not log it.
    pub url: String,
    /// From when a callback is `Expired`, in seconds since the epoch.
    pub expires_at: i64,
    /// Until when the URL must be opened, in seconds since the epoch, if the service limits that:
    /// `reopen` returns a new URL afterwards.
    pub open_before: Option<i64>,
}

shows!(LoginAttempt, |this| format!(
    "LoginAttempt(id={}, url=[redacted], expires_at={})",
    this.id.0, this.expires_at
));

impl From<core::LoginAttempt> for LoginAttempt {
    fn from(login: core::LoginAttempt) -> Self {
        Self {
            id: login.id.into(),
            url: login.url,
            expires_at: login.expires_at,
            open_before: login.open_before,
        }
    }
}

/// A login that waits for its callback.
#[derive(Clone, Debug, uniffi::Record)]
pub struct PendingLogin {
    /// The id of the attempt.
    pub id: AttemptId,
    /// What the login is for.
    pub purpose: Purpose,
    /// When the login began, in seconds since the epoch.
    pub started_at: i64,
    /// From when a callback is `Expired`, in seconds since the epoch.
    pub expires_at: i64,
}

impl From<core::PendingLogin> for PendingLogin {
    fn from(login: core::PendingLogin) -> Self {
        Self {
            id: login.id.into(),
            purpose: login.purpose,
            started_at: login.started_at,
            expires_at: login.expires_at,
        }
    }
}

/// The outcome of a login. An app meets all of these in normal use: they are not errors.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum LoginOutcome {
    /// The person is logged in. Completing the same link again returns the same session.
    LoggedIn {
        /// The session: open it with the client's `session`.
        session: SessionId,
        /// The scopes that were requested and not granted.
        denied_scopes: Vec<String>,
    },
    /// The person declined in the identity app, as the link itself says.
    Declined,
    /// The provider or the backend refused.
    Refused {
        /// The service's error, for a developer.
        error: OAuthError,
        /// Whether the code was probably used by an earlier request: its process ended, or its
        /// answer was lost. A new login is all that is needed.
        interrupted: bool,
    },
    /// The link does not lead to a redirect URI of this client: pass it to the app's other link
    /// handlers.
    NotOurs,
    /// The link leads to this client's redirect URI but cannot be read.
    Malformed {
        /// What is wrong with the link.
        reason: MalformedLink,
    },
    /// No attempt has this link's `state`: the login was cancelled, was begun on another device, is
    /// too old, or the link is forged.
    Unknown,
    /// The callback came after the deadline.
    Expired,
    /// The login was completed before, and its session has ended.
    Replayed,
    /// The person approved, but the backend no longer knows this login (mediated mode). Begin
    /// again.
    Forgotten,
    /// Another person logged in than `subject` requested. The new session was removed; the
    /// previous session is unchanged.
    OtherPerson,
}

impl From<core::LoginOutcome> for LoginOutcome {
    fn from(completion: core::LoginOutcome) -> Self {
        use core::LoginOutcome as Core;

        match completion {
            Core::LoggedIn {
                session,
                denied_scopes,
            } => Self::LoggedIn {
                session: session.into(),
                denied_scopes,
            },
            Core::Declined => Self::Declined,
            Core::Refused { error, interrupted } => Self::Refused { error, interrupted },
            Core::NotOurs => Self::NotOurs,
            Core::Malformed(reason) => Self::Malformed { reason },
            Core::Unknown => Self::Unknown,
            Core::Expired => Self::Expired,
            Core::Replayed => Self::Replayed,
            Core::Forgotten => Self::Forgotten,
            Core::OtherPerson => Self::OtherPerson,
        }
    }
}
