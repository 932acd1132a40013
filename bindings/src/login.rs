//! Logging in: begin, open the URL, complete with the link that comes back.

use std::collections::HashMap;

use switchback as core;

use crate::mirror::mirror;
use crate::session::SessionId;
use crate::shows::shows;

/// Names a login attempt, and the session that may come of it: 32 hexadecimal digits, no
/// secret, the same in every log.
pub type AttemptId = core::AttemptId;

uniffi::custom_type!(AttemptId, String, {
    remote,
    lower: |id| id.as_str().to_owned(),
    try_lift: |id| Ok(AttemptId::from_text(&id)),
});

mirror! {
    /// What a login is for.
    Purpose of core::Purpose {
        /// The person becomes a user of the service (Truid: `confirm-signup`).
        Onboarding,
        /// The person logs in (Truid: `login-session`).
        Login,
        /// The person proves who they are, once (Truid: `idv`).
        IdentityVerification,
    }
}

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
    /// Send a `nonce` for the ID token to repeat (OpenID Connect Core §3.1.2.1). False in
    /// mediated mode.
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
        let mut core = Self::new(request.purpose.into(), request.scope);
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
pub struct Opening {
    /// Names the attempt, here and in every log.
    pub attempt: AttemptId,
    /// The authorization URL: open it in the identity app (as a universal link or App
    /// Link) or in a browser, never in a web view. It holds `state`: do not log it.
    pub url: String,
    /// When a callback comes too late, in seconds since the epoch.
    pub deadline: i64,
    /// Until when the URL must have been opened, in seconds since the epoch, where that is
    /// limited: `reopen` gives a fresh one after that.
    pub open_by: Option<i64>,
}

shows!(Opening, |this| format!(
    "Opening(attempt={}, url=[redacted], deadline={})",
    this.attempt, this.deadline
));

impl From<core::Opening> for Opening {
    fn from(opening: core::Opening) -> Self {
        Self {
            attempt: opening.attempt,
            url: opening.url,
            deadline: opening.deadline,
            open_by: opening.open_by,
        }
    }
}

/// A login that waits for its callback.
#[derive(Clone, Debug, uniffi::Record)]
pub struct PendingLogin {
    /// Names it.
    pub attempt: AttemptId,
    /// What for.
    pub purpose: Purpose,
    /// When it began, in seconds since the epoch.
    pub begun_at: i64,
    /// When a callback comes too late, in seconds since the epoch.
    pub deadline: i64,
}

impl From<core::PendingLogin> for PendingLogin {
    fn from(login: core::PendingLogin) -> Self {
        Self {
            attempt: login.attempt,
            purpose: login.purpose.into(),
            begun_at: login.begun_at,
            deadline: login.deadline,
        }
    }
}

/// What became of a login. All of these are outcomes that an app meets in a normal life,
/// none is an error.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Completion {
    /// The person is logged in. The same link gives the same session again.
    LoggedIn {
        /// Open it with the client's `session`.
        session: SessionId,
        /// What was asked for and not granted: the scope is narrower.
        withheld: Vec<String>,
    },
    /// The person declined in the identity app.
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
        reason: Malformed,
    },
    /// No attempt has this link's `state`: it was abandoned, cleaned away, begun on another
    /// device, or the link is forged.
    Unknown,
    /// The callback came after the deadline.
    Expired,
    /// The login was completed before, and its session is gone.
    Replayed,
    /// The backend does not know this login any more (mediated mode). Begin again.
    Forgotten,
    /// Somebody else logged in than was asked for: that login was dropped, and the session
    /// from before is as it was.
    OtherPerson,
}

impl From<core::Completion> for Completion {
    fn from(completion: core::Completion) -> Self {
        use core::Completion as Core;

        match completion {
            Core::LoggedIn { session, withheld } => Self::LoggedIn { session, withheld },
            Core::Declined => Self::Declined,
            Core::Refused { error, interrupted } => Self::Refused {
                error: OAuthError {
                    code: error.code,
                    description: error.description,
                },
                interrupted,
            },
            Core::NotOurs => Self::NotOurs,
            Core::Malformed(reason) => Self::Malformed {
                reason: reason.into(),
            },
            Core::Unknown => Self::Unknown,
            Core::Expired => Self::Expired,
            Core::Replayed => Self::Replayed,
            Core::Forgotten => Self::Forgotten,
            Core::OtherPerson => Self::OtherPerson,
        }
    }
}

/// An OAuth error (RFC 6749 §4.1.2.1 and §5.2): a code, and what the server says about it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct OAuthError {
    /// The code, `invalid_scope` for example.
    pub code: String,
    /// The server's own words, for a developer and not for the person.
    pub description: Option<String>,
}

mirror! {
    /// What is wrong with a link.
    Malformed of switchback_protocol::callback::Malformed {
        /// It is longer than 16 KiB.
        TooLong,
        /// It has more than 64 parameters.
        TooMany,
        /// Its percent-encoding is broken.
        Encoding,
        /// A parameter is not UTF-8.
        NotUtf8,
        /// A parameter stands there twice (RFC 6749 §3.1 forbids it).
        Twice,
        /// It has `code` and `error` together.
        CodeAndError,
        /// It has neither `code` nor `error`.
        NoAnswer,
        /// It has no `state`.
        NoState,
        /// Its parameters are behind a `#`.
        Fragment,
    }
}

/// One line of a login's timeline: for the app to show, or to send to support.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Moment {
    /// Seconds since the epoch.
    pub at: i64,
    /// A stable name, `callback.received` for example: see `docs/diagnostics.md`.
    pub event: String,
    /// More about it, for people.
    pub note: Option<String>,
}

impl From<&switchback_protocol::attempt::Moment> for Moment {
    fn from(moment: &switchback_protocol::attempt::Moment) -> Self {
        Self {
            at: moment.at,
            event: moment.event.clone(),
            note: moment.note.clone(),
        }
    }
}
