//! What a service is described by: plain data, written once in the service's own file.
//!
//! Everything can be written in a `static`, from inside this crate or from outside of it.
//! Where an answer has a form of the service's own, a function reads it.

use crate::Purpose;
use crate::http::Response;
use crate::identity::{ClaimValue, Presentation, Summary, UserInfo};
use crate::rule::Rule;

/// The facts about one service.
///
/// Begin with [`Facts::PLAIN`] and say what is different; a field that is added later has its
/// value there, so that a description from outside of this crate still compiles.
///
/// ```
/// use switchback_protocol::provider::{Facts, PurposeFacts, Retention};
/// use switchback_protocol::{Provider, Purpose};
///
/// static EXAMPLE: Facts = Facts {
///     id: "example",
///     name: "Example ID",
///     base_url: "https://id.example",
///     purposes: &[PurposeFacts {
///         name: "sign-in",
///         authorization: "/authorize",
///         ..PurposeFacts::new(Purpose::Login, Retention::Session)
///     }],
///     token: "/token",
///     ..Facts::PLAIN
/// };
///
/// let provider = Provider::new(&EXAMPLE);
/// assert_eq!(provider.purpose_name(Purpose::Login), "sign-in");
/// assert!(provider.presentation_endpoint().is_err());
/// ```
#[derive(Debug)]
pub struct Facts {
    /// Its stable name for programs: in settings, on the command line, as a part of a path.
    /// Lower-case letters, digits and hyphens.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// Where it is in production: https, without a slash at the end. Every path below is
    /// appended to it.
    pub base_url: &'static str,
    /// What a person can come to it for.
    pub purposes: &'static [PurposeFacts],
    /// Path of the token endpoint.
    pub token: &'static str,
    /// The user info endpoint (OpenID Connect Core §5.3). `None`: who logged in is known from
    /// the ID token alone.
    pub user_info: Option<Resource<UserInfo>>,
    /// The endpoint that gives claims by key. `None`: the service has no presentations.
    pub presentation: Option<Resource<Presentation>>,
    /// Path where a token is revoked (RFC 7009).
    pub revocation: Option<&'static str>,
    /// Path where the person's session at the service is ended (OpenID Connect RP-Initiated
    /// Logout 1.0).
    pub end_session: Option<&'static str>,
    /// How long an access token lives where the answer does not say, in seconds.
    pub access_token_lifetime: i64,
    /// What can be asked for.
    pub scope: ScopeFacts,
    /// What can be read afterwards.
    pub claims: ClaimFacts,
    /// How it refuses, where that differs from the standard.
    pub errors: ErrorFacts,
    /// Whether its page may be shown in a frame, and how.
    pub frame: Option<FrameFacts>,
}

impl Facts {
    /// A service of which nothing is known but that it speaks OAuth 2.0.
    pub const PLAIN: Self = Self {
        id: "",
        name: "",
        base_url: "",
        purposes: &[],
        token: "",
        user_info: None,
        presentation: None,
        revocation: None,
        end_session: None,
        access_token_lifetime: 300,
        scope: ScopeFacts::PLAIN,
        claims: ClaimFacts::PLAIN,
        errors: ErrorFacts::PLAIN,
        frame: None,
    };
}

/// One purpose, as the service has it.
#[derive(Debug)]
pub struct PurposeFacts {
    /// What a login is for, in the general word.
    pub purpose: Purpose,
    /// The service's own name for it: in the backend's paths, and on the command line.
    pub name: &'static str,
    /// Path of the authorization endpoint.
    pub authorization: &'static str,
    /// Path of the pushed authorization request endpoint (RFC 9126), where there is one.
    pub pushed_authorization: Option<&'static str>,
    /// What a service's backend keeps of such a login.
    pub retention: Retention,
    /// The words of a button that begins it, where the service prescribes them.
    pub button: Option<&'static str>,
}

impl PurposeFacts {
    /// A purpose under its general word, without an endpoint yet.
    pub const fn new(purpose: Purpose, retention: Retention) -> Self {
        Self {
            purpose,
            name: purpose.as_str(),
            authorization: "",
            pushed_authorization: None,
            retention,
            button: None,
        }
    }
}

/// For how long a grant is needed, and so what a service's backend stores of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retention {
    /// For as long as the person is a user of the service. The refresh token is stored with
    /// the user, and no access token. A session that began with it does not depend on its
    /// tokens, and logging out leaves it.
    Engagement,
    /// For as long as the session lives. Both tokens are stored with the session, and a valid
    /// access token is the proof that the session is alive.
    Session,
    /// Once. The access token is stored until it expires, and no refresh token.
    OneOff,
}

/// A protected resource, and how its answer is read.
#[derive(Debug)]
pub struct Resource<T: 'static> {
    /// Its path.
    pub path: &'static str,
    /// Reads an answer.
    pub read: fn(&Response) -> Result<T, Rule>,
}

/// What a person can be asked to share: the words of `scope` (RFC 6749 §3.3).
#[derive(Debug)]
pub struct ScopeFacts {
    /// Every word that is known, as it is sent.
    pub known: &'static [&'static str],
    /// What all known words begin with, and a person need not write.
    pub prefix: &'static str,
    /// What is asked for where nobody says what.
    pub default: &'static [&'static str],
    /// Whether a word that is not known may be one of this service.
    pub may_be: fn(&str) -> bool,
}

impl ScopeFacts {
    /// No word is known, and any is sent.
    pub const PLAIN: Self = Self {
        known: &[],
        prefix: "",
        default: &[],
        may_be: |_| true,
    };
}

/// What can be read about a person, by key.
#[derive(Debug)]
pub struct ClaimFacts {
    /// Every key that is known, as it is sent.
    pub known: &'static [&'static str],
    /// The key without its frame, for a table. A key of another shape stays whole.
    pub short: fn(&str) -> &str,
    /// Whether a key that is not known may be one of this service.
    pub may_be: fn(&str) -> bool,
    /// What a table shows of a claim that has a format of its own. `None`: what came is shown.
    pub summary: fn(&str, &ClaimValue) -> Option<Summary>,
}

impl ClaimFacts {
    /// No key is known, and any is asked for.
    pub const PLAIN: Self = Self {
        known: &[],
        short: unchanged,
        may_be: |_| true,
        summary: |_, _| None,
    };
}

fn unchanged(key: &str) -> &str {
    key
}

/// The service's own words for errors, each with OAuth's word for it.
#[derive(Debug)]
pub struct ErrorFacts {
    /// In a callback (RFC 6749 §4.1.2.1): what it says in place of `access_denied`, for
    /// example.
    pub callback: &'static [(&'static str, &'static str)],
    /// At the token endpoint (RFC 6749 §5.2): what it says in place of `invalid_grant`, for
    /// example.
    pub token: &'static [(&'static str, &'static str)],
}

impl ErrorFacts {
    /// It speaks as the standard does.
    pub const PLAIN: Self = Self {
        callback: &[],
        token: &[],
    };
}

/// How the service's page is shown in a frame of a web page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameFacts {
    /// In CSS pixels.
    pub width: u16,
    /// In CSS pixels, until the page says how high it is.
    pub height: u16,
    /// The id by which the page answers the handshake of iframe-resizer.
    pub resizer: &'static str,
}
