//! [`Endpoint`]: Truid's endpoints and the callback, by name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An endpoint of Truid, or the callback. The token endpoint counts as two, one for each grant
/// type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Endpoint {
    /// The authorization endpoint (RFC 6749 section 3.1).
    Authorize,
    /// The pushed authorization request endpoint (RFC 9126).
    Par,
    /// The redirect URI, which the Truid app opens (RFC 6749 section 4.1.2).
    Callback,
    /// The token endpoint, with a code (RFC 6749 section 4.1.3).
    CodeExchange,
    /// The token endpoint, with a refresh token (RFC 6749 section 6).
    Refresh,
    /// The user info endpoint (OpenID Connect Core section 5.3).
    UserInfo,
    /// The presentation endpoints, both versions.
    Presentation,
    /// The signature endpoint.
    Signature,
    /// The timestamp authority (RFC 3161), which is not Truid's.
    Timestamp,
}

impl Endpoint {
    /// All endpoints.
    pub const ALL: &[Endpoint] = &[
        Endpoint::Authorize,
        Endpoint::Par,
        Endpoint::Callback,
        Endpoint::CodeExchange,
        Endpoint::Refresh,
        Endpoint::UserInfo,
        Endpoint::Presentation,
        Endpoint::Signature,
        Endpoint::Timestamp,
    ];

    /// The name in JSON, TOML and on pages.
    pub fn id(self) -> &'static str {
        match self {
            Endpoint::Authorize => "authorize",
            Endpoint::Par => "par",
            Endpoint::Callback => "callback",
            Endpoint::CodeExchange => "code-exchange",
            Endpoint::Refresh => "refresh",
            Endpoint::UserInfo => "user-info",
            Endpoint::Presentation => "presentation",
            Endpoint::Signature => "signature",
            Endpoint::Timestamp => "timestamp",
        }
    }

    /// The endpoint with this name.
    pub fn from_id(id: &str) -> Option<Endpoint> {
        Endpoint::ALL
            .iter()
            .copied()
            .find(|endpoint| endpoint.id() == id)
    }
}
