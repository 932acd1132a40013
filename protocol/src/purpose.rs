//! The purpose of a login, with names that all services share. A service's own names are in
//! [`provider`](crate::provider).
//!
//! Before you change this: the names are in stored entries and in settings.

use core::fmt;

use serde::{Deserialize, Serialize};

/// The purpose of a login, with general names. A service may have its own names for them
/// ([`Provider::purpose_name`](crate::Provider::purpose_name)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The person becomes a user of the service. The grant lasts as long as the person is a
    /// user.
    Onboarding,
    /// The person logs in. The session is valid while its access token is valid.
    Login,
    /// The person proves their identity once. Their data can be read for a limited time.
    #[serde(alias = "identity-verification")]
    IdentityVerification,
    /// The person signs a document. The signature and the person's data can be read for a limited
    /// time.
    Signing,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 4] = [
        Self::Onboarding,
        Self::Login,
        Self::IdentityVerification,
        Self::Signing,
    ];

    /// The stable name, in JSON and TOML: `onboarding`, `login`, `identity_verification`,
    /// `signing`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Onboarding => "onboarding",
            Self::Login => "login",
            Self::IdentityVerification => "identity_verification",
            Self::Signing => "signing",
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
