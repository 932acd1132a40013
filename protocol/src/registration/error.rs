//! The errors of a configuration.
//!
//! Each message names the setting, shows its value without secrets and says what to write instead:
//! a developer sees it before any other part of this library.

use alloc::string::String;
use core::fmt;

use crate::Origin;

/// Why a configuration cannot work. Each message says what to change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegistrationError {
    /// The client id is empty.
    #[error("the client id is empty: set the client id that the service was registered with")]
    ClientId,
    /// A setting that must be a URL is not one.
    #[error("{which} {uri:?} is not a URI ({why}): write it as scheme://host/path")]
    NotAUri {
        /// The setting.
        which: Setting,
        /// Its value, without secrets.
        uri: String,
        /// The message of the parser.
        why: String,
    },
    /// The base URL is not https, and not loopback.
    #[error(
        "the base URL {0:?} is not https: use the provider's https address (http is allowed only \
         for a sandbox on 127.0.0.1, [::1] or localhost, and for a test service also on a \
         private address or *.local)"
    )]
    BaseNotHttps(String),
    /// The path of an endpoint would change the host of the provider.
    #[error(
        "the path {path:?} of the provider's {endpoint} endpoint does not begin with one `/`: \
         write it as /path, below the base URL"
    )]
    EndpointPath {
        /// The endpoint's name.
        endpoint: &'static str,
        /// The configured path.
        path: String,
    },
    /// A URL has no host.
    #[error("{which} {uri:?} has no host: write it as https://host/path")]
    NoHost {
        /// The setting.
        which: Setting,
        /// Its value, without secrets.
        uri: String,
    },
    /// A URL has a user name.
    #[error("{which} {uri:?} has a user name: remove everything before the `@`")]
    UserInfo {
        /// The setting.
        which: Setting,
        /// Its value, without secrets.
        uri: String,
    },
    /// A URL has a query.
    #[error("{which} {uri:?} has a query: remove everything from the `?` on")]
    Query {
        /// The setting.
        which: Setting,
        /// Its value, without secrets.
        uri: String,
    },
    /// A URL has a fragment.
    #[error("{which} {uri:?} has a fragment: remove everything from the `#` on")]
    Fragment {
        /// The setting.
        which: Setting,
        /// Its value, without secrets.
        uri: String,
    },
    /// A URL has an invalid port.
    #[error("{which} {uri:?} has an invalid port: use one from 1 to 65535, or remove it")]
    Port {
        /// The setting.
        which: Setting,
        /// Its value, without secrets.
        uri: String,
    },
    /// The redirect URI has dot segments.
    #[error(
        "the redirect URI {0:?} has a `.` or `..` segment in its path, which browsers remove: \
         write and register the path without it"
    )]
    RedirectDots(String),
    /// The redirect URI is not https, and the service is not a test service.
    #[error(
        "the redirect URI {0:?} is not https: use a universal link or App Link of the app, or \
         configure the service as a test service if it is registered as one"
    )]
    RedirectNotHttps(String),
    /// The redirect URI has a custom scheme and no path that starts with `/`. The app forwards
    /// callbacks to this path at the backend.
    #[error(
        "the redirect URI {0:?} has no path: write it as scheme:///path; the app forwards the \
         callback to this path at the backend"
    )]
    RedirectPath(String),
    /// A backend's URL is not https, and not loopback.
    #[error(
        "{which} {uri:?} is not https: use the backend's https address (http is allowed only for \
         127.0.0.1, [::1] and localhost; for a test service also for private addresses and \
         *.local, and the redirect URI may then have a custom scheme)"
    )]
    BackendNotHttps {
        /// The setting.
        which: Setting,
        /// Its value, without secrets.
        uri: String,
    },
    /// A URL is not on the origin of the backend's start URL.
    #[error(
        "{which} is not on the backend's origin, {backend}: use a URL on this origin; the \
         callback and the session go only to the backend that started the login"
    )]
    OtherOrigin {
        /// The setting.
        which: Setting,
        /// The required origin.
        backend: Origin,
    },
    /// The redirect URI has a scheme of a browser or of the operating system.
    #[error(
        "the scheme of the redirect URI {0:?} belongs to browsers or to the operating system: \
         choose another scheme"
    )]
    RedirectScheme(String),
}

/// The setting that an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The provider's base URL.
    BaseUrl,
    /// The app's redirect URI.
    RedirectUri,
    /// The backend's start URL, or the base URL of Switchback's own backend.
    StartUrl,
    /// The backend's user info URL.
    UserInfoUrl,
    /// The backend's presentation URL.
    PresentationUrl,
    /// The backend's log-out URL.
    LogOutUrl,
    /// The provider's issuer.
    Issuer,
    /// An endpoint in the provider's metadata.
    Endpoint,
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BaseUrl => "the base URL",
            Self::RedirectUri => "the redirect URI",
            Self::StartUrl => "the backend's start URL",
            Self::UserInfoUrl => "the backend's user info URL",
            Self::PresentationUrl => "the backend's presentation URL",
            Self::LogOutUrl => "the backend's log-out URL",
            Self::Issuer => "the issuer",
            Self::Endpoint => "the endpoint",
        })
    }
}
