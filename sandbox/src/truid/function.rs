//! Truid's name for a purpose ("Functions" in the guide). The paths of the authorization endpoint
//! and of the PAR endpoint end with it.

use crate::Purpose;

impl Purpose {
    /// The function, for the end of a path.
    pub(crate) fn function(self) -> &'static str {
        match self {
            Purpose::Onboarding => "confirm-signup",
            Purpose::Login => "login-session",
            Purpose::IdentityVerification => "idv",
            Purpose::Signing => "sign",
        }
    }

    /// The purpose of this function.
    pub(crate) fn from_function(function: &str) -> Option<Purpose> {
        let mut all = Purpose::ALL.iter().copied();
        all.find(|purpose| purpose.function() == function)
    }

    /// Whether the guide tells the service to store the access token with its expiry. That of an
    /// onboarding must not be stored, and those of an identity verification and of a signing need not
    /// be stored, so for these a service may refresh before each use of the data.
    pub(crate) fn keeps_access_tokens(self) -> bool {
        match self {
            Purpose::Login => true,
            Purpose::Onboarding | Purpose::IdentityVerification | Purpose::Signing => false,
        }
    }
}
