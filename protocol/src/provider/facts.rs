//! The description of a service: plain data in a `static`, in this crate or in another one. A
//! function reads an answer that has the service's own format.
//!
//! Before you change this: other crates build [`Facts`] from [`Facts::PLAIN`], so a new field needs
//! a default there that means "as the standards say". `docs/how-to/add-a-provider.md` says what to write.

use alloc::string::String;
use alloc::vec::Vec;

use crate::Purpose;
use crate::http::Response;
use crate::identity::{ClaimValue, Presentation, Summary, UserInfo};
use crate::link_check::Login;
use crate::rule::Rule;
use crate::signature::SignRequest;

/// The facts about one service.
///
/// Start from [`Facts::PLAIN`] and set the fields that differ. A later version may add a field: its
/// default is there too, so that a description in another crate still compiles.
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
    /// The stable name for programs, used in settings, on the command line and in paths:
    /// lower-case letters, digits and hyphens.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// The production base URL: https, without a slash at the end. Every path below is appended to
    /// it.
    pub base_url: &'static str,
    /// The purposes that the service offers.
    pub purposes: &'static [PurposeFacts],
    /// Whether its login opens an identity app or is a page in the browser.
    pub login: Login,
    /// The path of the token endpoint.
    pub token: &'static str,
    /// The user info endpoint (OpenID Connect Core §5.3). `None`: only the ID token says who logged
    /// in.
    pub user_info: Option<Resource<UserInfo>>,
    /// The endpoint that returns claims by key. `None`: the service has no presentations.
    pub presentation: Option<Resource<Presentation>>,
    /// How a person signs a document. `None`: the service has no signatures.
    pub signing: Option<SigningFacts>,
    /// The path of the revocation endpoint (RFC 7009).
    pub revocation: Option<&'static str>,
    /// The path that ends the person's session at the service (OpenID Connect RP-Initiated
    /// Logout 1.0).
    pub end_session: Option<&'static str>,
    /// The lifetime of an access token in seconds, if the answer does not say it.
    pub access_token_lifetime: i64,
    /// The scope tokens.
    pub scope: ScopeFacts,
    /// The claims.
    pub claims: ClaimFacts,
    /// The error codes that differ from the standard.
    pub errors: ErrorFacts,
    /// How to show the service's page in a frame. `None`: it must not be framed.
    pub frame: Option<FrameFacts>,
}

impl Facts {
    /// An OAuth 2.0 service with no further facts.
    pub const PLAIN: Self = Self {
        id: "",
        name: "",
        base_url: "",
        purposes: &[],
        login: Login::Page,
        token: "",
        user_info: None,
        presentation: None,
        signing: None,
        revocation: None,
        end_session: None,
        access_token_lifetime: 300,
        scope: ScopeFacts::PLAIN,
        claims: ClaimFacts::PLAIN,
        errors: ErrorFacts::PLAIN,
        frame: None,
    };
}

/// One purpose of a service.
#[derive(Debug)]
pub struct PurposeFacts {
    /// The general name.
    pub purpose: Purpose,
    /// The service's own name, used in the backend's paths and on the command line.
    pub name: &'static str,
    /// The path of the authorization endpoint.
    pub authorization: &'static str,
    /// The path of the pushed authorization request endpoint (RFC 9126), if any.
    pub pushed_authorization: Option<&'static str>,
    /// How long a backend stores the tokens of such a login.
    pub retention: Retention,
    /// The label of a button that starts it, if the service prescribes one.
    pub button: Option<&'static str>,
}

impl PurposeFacts {
    /// A purpose with its general name and without endpoints.
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

/// How long a grant is needed, which decides the tokens that a backend stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retention {
    /// As long as the person is a user of the service. The backend stores the refresh token with
    /// the user, and no access token. A session that began with this login does not depend on its
    /// tokens, and a log-out does not delete them.
    Engagement,
    /// As long as the session. The backend stores both tokens with the session, which is valid
    /// while the access token is valid.
    Session,
    /// For this time after the login. The backend stores the refresh token with what the person
    /// signed.
    Limited {
        /// Seconds.
        seconds: i64,
    },
    /// Once. The backend stores the access token until it expires, and no refresh token.
    OneOff,
}

/// A protected resource and the reader of its answer.
#[derive(Debug)]
pub struct Resource<T: 'static> {
    /// The path.
    pub path: &'static str,
    /// Reads the answer.
    pub read: fn(&Response) -> Result<T, Rule>,
}

/// How a person signs a document with the service. The signature is a JAdES signature
/// (ETSI TS 119 182-1) with a detached document.
#[derive(Debug)]
pub struct SigningFacts {
    /// The path from which the signature is fetched.
    pub signature: &'static str,
    /// The parameters of the authorization request, in the order in which they are sent.
    pub parameters: fn(&SignRequest) -> Vec<(&'static str, String)>,
    /// The header of the signature that repeats the user message.
    pub user_message: &'static str,
    /// The header of the signature that has claims of the person, if the service has one.
    pub presentation: Option<&'static str>,
    /// The text before the person's identifier in the common name of the signing certificate, if
    /// the identifier is there.
    pub subject_prefix: Option<&'static str>,
}

/// The scope tokens of a service (RFC 6749 §3.3).
#[derive(Debug)]
pub struct ScopeFacts {
    /// The known tokens.
    pub known: &'static [&'static str],
    /// The common prefix of the known tokens, which a user may omit.
    pub prefix: &'static str,
    /// The tokens to request if the configuration names none.
    pub default: &'static [&'static str],
    /// Whether the service may accept this unknown token.
    pub accepts_unknown: fn(&str) -> bool,
}

impl ScopeFacts {
    /// No known token, and every token is accepted.
    pub const PLAIN: Self = Self {
        known: &[],
        prefix: "",
        default: &[],
        accepts_unknown: |_| true,
    };
}

/// The claims of a service.
#[derive(Debug)]
pub struct ClaimFacts {
    /// The known keys.
    pub known: &'static [&'static str],
    /// A short name of a key, for a table. A key of another form stays unchanged.
    pub short: fn(&str) -> &str,
    /// Whether the service may accept this unknown key.
    pub accepts_unknown: fn(&str) -> bool,
    /// The summary of a claim with the service's own format. `None`: the value is shown unchanged.
    pub summary: fn(&str, &ClaimValue) -> Option<Summary>,
}

impl ClaimFacts {
    /// No known key, and every key is accepted.
    pub const PLAIN: Self = Self {
        known: &[],
        short: unchanged,
        accepts_unknown: |_| true,
        summary: |_, _| None,
    };
}

fn unchanged(key: &str) -> &str {
    key
}

/// The service's own error codes, each with the standard code.
#[derive(Debug)]
pub struct ErrorFacts {
    /// In a callback (RFC 6749 §4.1.2.1), for example its code for `access_denied`.
    pub callback: &'static [(&'static str, &'static str)],
    /// At the token endpoint (RFC 6749 §5.2), for example its code for `invalid_grant`.
    pub token: &'static [(&'static str, &'static str)],
}

impl ErrorFacts {
    /// The service uses the standard codes.
    pub const PLAIN: Self = Self {
        callback: &[],
        token: &[],
    };
}

/// How to show the service's page in a frame of a web page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameFacts {
    /// The width in CSS pixels.
    pub width: u16,
    /// The height in CSS pixels, until the page sends its own height.
    pub height: u16,
    /// The id with which the page answers the handshake of iframe-resizer.
    pub resizer: &'static str,
}
