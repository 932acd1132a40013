//! Logging in: begin, open the URL, complete with the link that comes back.

use std::collections::HashMap;

use switchback as core;

use crate::ids::{AttemptId, SessionId};
use crate::remote::{MalformedLink, OAuthError, Purpose};
use crate::shows::shows;

/// What a login is to be.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct LoginRequest {
    /// What for.
    pub purpose: Purpose,
    /// What to ask for, one an entry: the keys of Truid's data points, for example. In mediated
    /// mode the backend decides, and this is empty.
    #[uniffi(default)]
    pub scope: Vec<String>,
    /// Send a `nonce` for the ID token to repeat (OpenID Connect Core §3.1.2.1): where one comes
    /// that does not, nobody is logged in. False in mediated mode.
    #[uniffi(default = false)]
    pub nonce: bool,
    /// More parameters for the authorization request; in mediated mode for the backend.
    #[uniffi(default)]
    pub extra: HashMap<String, String>,
    /// Whoever logs in must be this person, by the subject of an earlier session: somebody
    /// else's login is dropped, and does not take that person's place silently.
    #[uniffi(default = None)]
    pub subject: Option<String>,
}

impl From<LoginRequest> for core::LoginRequest {
    fn from(request: LoginRequest) -> Self {
        let mut core = Self::new(request.purpose, request.scope);
        core.nonce = request.nonce;
        core.extra.extend(request.extra);
        core.subject = request.subject.map(core::Secret::from);
        core
    }
}

shows!(LoginRequest, |this| format!(
    "LoginRequest(purpose={:?}, scope={:?}, extra={:?})",
    this.purpose,
    this.scope,
    this.extra.keys()
));

/// What to open, and for how long it is good.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct LoginAttempt {
    /// Names the attempt, here and in every log.
    pub id: AttemptId,
    /// The authorization URL: open it in the identity app (as a universal link or App
    /// Link) or in a browser, never in a web view. It holds `state`: do not log it.
    pub url: String,
    /// When a callback comes too late, in seconds since the epoch.
    pub expires_at: i64,
    /// Until when the URL must have been opened, in seconds since the epoch, where that is
    /// limited: `reopen` gives a fresh one after that.
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
    /// Names it.
    pub id: AttemptId,
    /// What for.
    pub purpose: Purpose,
    /// When it began, in seconds since the epoch.
    pub started_at: i64,
    /// When a callback comes too late, in seconds since the epoch.
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

/// What became of a login. All of these are outcomes that an app meets in a normal life,
/// none is an error.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum LoginOutcome {
    /// The person is logged in. The same link gives the same session again.
    LoggedIn {
        /// Open it with the client's `session`.
        session: SessionId,
        /// What was asked for and not granted: the scope is narrower.
        denied_scopes: Vec<String>,
    },
    /// The person declined in the identity app: the link itself says so.
    Declined,
    /// The service refused: the provider, or the backend.
    Refused {
        /// In its own words, for a developer.
        error: OAuthError,
        /// Whether an earlier process died after it had sent the code, or its answer was
        /// lost: then a new login is all that is needed.
        interrupted: bool,
    },
    /// The link does not lead to this client's redirect URI: it is somebody else's.
    NotOurs,
    /// The link leads here and cannot be read.
    Malformed {
        /// What is wrong with it.
        reason: MalformedLink,
    },
    /// No attempt has this link's `state`: it was abandoned, cleaned away, begun on another
    /// device, or the link is forged.
    Unknown,
    /// The callback came after the deadline.
    Expired,
    /// The login was completed before, and its session is gone.
    Replayed,
    /// The person approved, and the backend does not know this login any more (mediated mode).
    /// Begin again.
    Forgotten,
    /// Somebody else logged in than was asked for: that login was dropped, and the session
    /// from before is as it was.
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
