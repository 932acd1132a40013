//! Truid: endpoints, data points and claims.
//!
//! The source is Truid's developer guide and public example code. Unconfirmed facts are marked
//! *guess*, here and in every text that mentions them:
//!
//! - **Public clients are a guess.** The guide documents confidential clients only: the client
//!   secret stays in the service's backend. Direct mode, where the app itself is the client, is for
//!   test services, until Truid offers it.
//! - **Pushed authorization requests for onboarding and login are a guess**, with paths like the
//!   documented ones.
//! - Truid documents no issuer, no discovery, no revocation and no end of session.

mod claim;
mod data_point;
mod portrait_image;
mod signing;
mod structured_name;

pub use claim::ClaimType;
pub use data_point::DataPoint;
pub use portrait_image::{NotBase64, PortraitImage};
pub use structured_name::StructuredName;

use super::{
    ClaimFacts, ErrorFacts, Facts, FrameFacts, Provider, PurposeFacts, Resource, Retention,
    ScopeFacts,
};
use crate::Purpose;
use crate::identity::{ClaimValue, Presentation, Summary, UserInfo};
use crate::link_check::Login;

/// Truid, as its guide describes it.
pub static FACTS: Facts = Facts {
    id: "truid",
    name: "Truid",
    base_url: "https://api.truid.app",
    login: Login::AppSwitch,
    // The guide documents a pushed authorization request for signing, and the public API pages
    // document one for identity verification. The other paths are like these [guess].
    purposes: &[
        PurposeFacts {
            purpose: Purpose::Onboarding,
            name: "confirm-signup",
            authorization: "/oauth2/v1/authorize/confirm-signup",
            pushed_authorization: Some("/oauth2/v1/par/confirm-signup"),
            retention: Retention::Engagement,
            button: Some("Continue with Truid"),
        },
        PurposeFacts {
            purpose: Purpose::Login,
            name: "login-session",
            authorization: "/oauth2/v1/authorize/login-session",
            pushed_authorization: Some("/oauth2/v1/par/login-session"),
            retention: Retention::Session,
            button: Some("Login with Truid"),
        },
        PurposeFacts {
            purpose: Purpose::IdentityVerification,
            name: "idv",
            authorization: "/oauth2/v1/authorize/idv",
            pushed_authorization: Some("/oauth2/v1/par/idv"),
            retention: Retention::OneOff,
            button: Some("Continue with Truid"),
        },
        PurposeFacts {
            purpose: Purpose::Signing,
            name: "sign",
            authorization: "/oauth2/v1/authorize/sign",
            pushed_authorization: Some("/oauth2/v1/par/sign"),
            retention: Retention::Limited {
                seconds: 30 * 24 * 3600,
            },
            button: Some("Sign with Truid"),
        },
    ],
    token: "/oauth2/v1/token",
    user_info: Some(Resource {
        path: "/oidc/v1/user-info",
        read: UserInfo::read,
    }),
    presentation: Some(Resource {
        path: "/exchange/v2/presentation",
        read: Presentation::read,
    }),
    signing: Some(signing::FACTS),
    revocation: None,
    end_session: None,
    // Every sample answer says 300 [guess for an answer without a lifetime].
    access_token_lifetime: 300,
    scope: ScopeFacts {
        known: &DataPoint::KEYS,
        prefix: DataPoint::PREFIX,
        // The data points whose keys Truid has confirmed.
        default: &[
            DataPoint::Name.as_str(),
            DataPoint::Email.as_str(),
            DataPoint::Birthdate.as_str(),
        ],
        accepts_unknown: |word| word.contains('/') && !word.starts_with('/'),
    },
    claims: ClaimFacts {
        known: &ClaimType::KEYS,
        short: ClaimType::short,
        accepts_unknown: |key| key.contains("/claim/"),
        summary,
    },
    errors: ErrorFacts::PLAIN,
    // For a web page on a computer. A phone opens the app in place of a frame.
    frame: Some(FrameFacts {
        width: 400,
        height: 500,
        resizer: "truid",
    }),
};

impl Provider {
    /// Truid in production, `https://api.truid.app`.
    pub const fn truid() -> Self {
        Self::new(&FACTS)
    }

    /// Reads presentations from `/exchange/v1/presentation`, which parts of Truid's guide
    /// and its public example still use. The default is version 2.
    pub fn with_presentation_v1(self) -> Self {
        self.with_presentation("/exchange/v1/presentation")
    }
}

fn summary(key: &str, value: &ClaimValue) -> Option<Summary> {
    match ClaimType::from_key(key)? {
        ClaimType::StructuredName => Some(StructuredName::read(value)?.summary()),
        ClaimType::PortraitImage => Some(PortraitImage::read(value)?.summary()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
