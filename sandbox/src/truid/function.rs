//! Truid's word for a purpose ("Functions" in the guide). It ends the paths of the
//! authorization endpoint and of the PAR endpoint, of which each function has one.

use crate::Purpose;

impl Purpose {
    /// The function, as it ends the paths.
    pub(crate) fn function(self) -> &'static str {
        match self {
            Purpose::Onboarding => "confirm-signup",
            Purpose::Login => "login-session",
            Purpose::IdentityVerification => "idv",
        }
    }

    /// The purpose of this function.
    pub(crate) fn from_function(function: &str) -> Option<Purpose> {
        let mut all = Purpose::ALL.iter().copied();
        all.find(|purpose| purpose.function() == function)
    }

    /// Whether the guide has the service keep the access token, with its expiry. Of an
    /// onboarding it must not be stored, and of an identity verification nothing need be:
    /// there a service may refresh before each use of the data.
    pub(crate) fn keeps_access_tokens(self) -> bool {
        match self {
            Purpose::Login => true,
            Purpose::Onboarding | Purpose::IdentityVerification => false,
        }
    }
}
