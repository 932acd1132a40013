//! Truid: endpoints, data points and claims.
//!
//! From Truid's developer guide and public example code. What nobody confirmed is
//! marked *guess*, here and wherever it shows:
//!
//! - **Public clients are a guess.** The guide documents confidential clients only: the
//!   client secret stays in the service's backend. Direct mode, where the app itself is
//!   the client, is for test services and for the day that Truid offers it.
//! - **Pushed authorization requests for onboarding and login are a guess**, named like the
//!   documented ones.
//! - Truid documents no issuer, no discovery, no revocation and no end of session.

mod claim;
mod data_point;

use alloc::borrow::Cow;

pub use claim::ClaimType;
pub use data_point::DataPoint;

use super::Provider;
use crate::Purpose;

impl Provider {
    /// Truid in production, `https://api.truid.app`.
    pub const fn truid() -> Self {
        Self {
            name: Cow::Borrowed("Truid"),
            base_url: Cow::Borrowed("https://api.truid.app"),
            authorization: &[
                (Purpose::Onboarding, "/oauth2/v1/authorize/confirm-signup"),
                (Purpose::Login, "/oauth2/v1/authorize/login-session"),
                (Purpose::IdentityVerification, "/oauth2/v1/authorize/idv"),
            ],
            // The guide has one for signing, the public API pages have one for identity
            // verification; the others are named like them [guess].
            pushed_authorization: &[
                (Purpose::Onboarding, "/oauth2/v1/par/confirm-signup"),
                (Purpose::Login, "/oauth2/v1/par/login-session"),
                (Purpose::IdentityVerification, "/oauth2/v1/par/idv"),
            ],
            token: "/oauth2/v1/token",
            user_info: "/oidc/v1/user-info",
            presentation: "/exchange/v2/presentation",
            revocation: None,
            end_session: None,
            issuer: None,
            // Every sample says 300 [guess for an answer that does not say].
            access_token_lifetime: 300,
        }
    }

    /// Reads presentations from `/exchange/v1/presentation`, which parts of the guide
    /// and the public example still use. The default is version 2.
    pub const fn with_presentation_v1(mut self) -> Self {
        self.presentation = "/exchange/v1/presentation";
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_endpoints_are_those_of_the_guide() {
        let truid = Provider::truid();
        for purpose in Purpose::ALL {
            let endpoint = truid.authorization_endpoint(purpose).unwrap();
            let path = endpoint.strip_prefix("https://api.truid.app/oauth2/v1/authorize/");
            assert_eq!(path, Some(purpose.function()));
            let endpoint = truid.pushed_authorization_endpoint(purpose).unwrap();
            let path = endpoint.strip_prefix("https://api.truid.app/oauth2/v1/par/");
            assert_eq!(path, Some(purpose.function()));
        }
        assert_eq!(
            truid.token_endpoint(),
            "https://api.truid.app/oauth2/v1/token"
        );
        let local = truid.with_presentation_v1().at("http://127.0.0.1:1/");
        assert_eq!(
            local.presentation_endpoint(),
            "http://127.0.0.1:1/exchange/v1/presentation"
        );
    }
}
