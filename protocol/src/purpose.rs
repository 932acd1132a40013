//! What a login is for.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a login is for. Truid's guide calls it a *function*; its paths keep their
/// names ([`Purpose::function`]), everything else says purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// The person becomes a user of the service. The grant lives as long as the
    /// engagement does.
    Onboarding,
    /// The person logs in. A valid access token is the proof that the session lives.
    Login,
    /// The person proves who they are, once. The data can be read for a limited time.
    IdentityVerification,
}

impl Purpose {
    /// Every purpose there is.
    pub const ALL: [Self; 3] = [Self::Onboarding, Self::Login, Self::IdentityVerification];

    /// The stable name: `onboarding`, `login`, `identity-verification`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Onboarding => "onboarding",
            Self::Login => "login",
            Self::IdentityVerification => "identity-verification",
        }
    }

    /// Truid's name for it, as in its paths: `confirm-signup`, `login-session`, `idv`.
    pub const fn function(self) -> &'static str {
        match self {
            Self::Onboarding => "confirm-signup",
            Self::Login => "login-session",
            Self::IdentityVerification => "idv",
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no purpose.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no function {0:?}: use onboarding (confirm-signup), login (login-session) \
     or identity-verification (idv)"
)]
pub struct UnknownPurpose(pub String);

impl FromStr for Purpose {
    type Err = UnknownPurpose;

    /// Reads our name or Truid's.
    fn from_str(name: &str) -> Result<Self, UnknownPurpose> {
        Self::ALL
            .into_iter()
            .find(|purpose| name == purpose.as_str() || name == purpose.function())
            .ok_or_else(|| UnknownPurpose(name.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;

    #[test]
    fn both_names_are_read_and_others_are_explained() {
        for purpose in Purpose::ALL {
            assert_eq!(purpose.as_str().parse(), Ok(purpose));
            assert_eq!(purpose.function().parse(), Ok(purpose));
        }
        let error = "sign-in".parse::<Purpose>().unwrap_err();
        assert!(error.to_string().contains("\"sign-in\""));
        assert!(error.to_string().contains("login-session"));
    }
}
