//! [`Purpose`]: onboarding, login, identity verification or signing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The purpose of an authorization request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Purpose {
    /// The person becomes a user of the service. Truid's function `confirm-signup`.
    Onboarding,
    /// The person starts a session with the service. Truid's function `login-session`.
    Login,
    /// The person proves, once, who they are. Truid's function `idv`.
    IdentityVerification,
    /// The person signs a document. Truid's function `sign`.
    Signing,
}

impl Purpose {
    /// All purposes.
    pub const ALL: &[Purpose] = &[
        Purpose::Onboarding,
        Purpose::Login,
        Purpose::IdentityVerification,
        Purpose::Signing,
    ];

    /// The purpose as in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Purpose::Onboarding => "onboarding",
            Purpose::Login => "login",
            Purpose::IdentityVerification => "identity_verification",
            Purpose::Signing => "signing",
        }
    }

    /// The rest of a sentence that begins with the service's name.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Purpose::Onboarding => "wants you to become a user, and to keep your data up to date",
            Purpose::Login => "wants you to log in",
            Purpose::IdentityVerification => "wants to verify your identity, once",
            Purpose::Signing => "wants you to sign a document",
        }
    }

    /// The purpose as a title.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Purpose::Onboarding => "Onboarding",
            Purpose::Login => "Login",
            Purpose::IdentityVerification => "Identity verification",
            Purpose::Signing => "Signing",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_the_value_in_json() {
        for purpose in Purpose::ALL {
            assert_eq!(serde_json::to_value(purpose).unwrap(), purpose.id());
        }
    }
}
