//! What a login is for.

use core::fmt;

use serde::{Deserialize, Serialize};

/// What a login is for, in words that no service owns. A service has names of its own for
/// the same ([`Provider::purpose_name`](crate::Provider::purpose_name)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The person becomes a user of the service. The grant lives as long as the
    /// engagement does.
    Onboarding,
    /// The person logs in. A valid access token is the proof that the session lives.
    Login,
    /// The person proves who they are, once. The data can be read for a limited time.
    #[serde(alias = "identity-verification")]
    IdentityVerification,
}

impl Purpose {
    /// Every purpose there is.
    pub const ALL: [Self; 3] = [Self::Onboarding, Self::Login, Self::IdentityVerification];

    /// The stable name, in JSON and TOML: `onboarding`, `login`, `identity_verification`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Onboarding => "onboarding",
            Self::Login => "login",
            Self::IdentityVerification => "identity_verification",
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
