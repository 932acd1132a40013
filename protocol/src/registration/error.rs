//! What can be wrong with a configuration, and with which setting.

use alloc::string::String;
use core::fmt;

use crate::Origin;

/// Why a configuration cannot work. Every message says what to change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegistrationError {
    /// The client id is empty.
    #[error("the client id is empty: set the `client_id` that the service was registered with")]
    ClientId,
    /// A setting that must be a URL is not one.
    #[error("{which} {uri:?} is not a URI ({why}): write it as scheme://host/path")]
    NotAUri {
        /// Which setting.
        which: Setting,
        /// What was given.
        uri: String,
        /// What the parser says.
        why: String,
    },
    /// The base URL is not https, and not loopback.
    #[error(
        "the base URL {0:?} is not https: use the provider's https address (http is for a \
         sandbox on 127.0.0.1, [::1] or localhost only, and with `test_service` for one on a \
         private address or *.local)"
    )]
    BaseNotHttps(String),
    /// The path of an endpoint would lead to another host than the provider's.
    #[error(
        "the path {path:?} of the provider's {endpoint} endpoint does not begin with one `/`: write \
         it as /path, below the base URL"
    )]
    EndpointPath {
        /// Which endpoint.
        endpoint: &'static str,
        /// What was given.
        path: String,
    },
    /// A URL has no host.
    #[error("{which} {uri:?} has no host: write it as https://host/path")]
    NoHost {
        /// Which setting.
        which: Setting,
        /// What was given.
        uri: String,
    },
    /// A URL has a user name in it.
    #[error("{which} {uri:?} has a user name in it: take out everything before the @")]
    UserInfo {
        /// Which setting.
        which: Setting,
        /// What was given.
        uri: String,
    },
    /// A URL has a query.
    #[error("{which} {uri:?} has a query: take out everything from the `?` on")]
    Query {
        /// Which setting.
        which: Setting,
        /// What was given.
        uri: String,
    },
    /// A URL has a fragment.
    #[error("{which} {uri:?} has a fragment: take out everything from the `#` on")]
    Fragment {
        /// Which setting.
        which: Setting,
        /// What was given.
        uri: String,
    },
    /// A URL has a port that there is not.
    #[error("{which} {uri:?} has a port that nobody can reach: use one from 1 to 65535, or none")]
    Port {
        /// Which setting.
        which: Setting,
        /// What was given.
        uri: String,
    },
    /// The redirect URI has dot segments.
    #[error(
        "the redirect URI {0:?} has `.` or `..` in its path, which browsers take out: write the \
         path that is left, and register that"
    )]
    RedirectDots(String),
    /// The redirect URI is not https, and the service is not a test service.
    #[error(
        "the redirect URI {0:?} is not https: use a universal link or App Link that the app is \
         associated with, or set `test_service` if the service is registered as a test service"
    )]
    RedirectNotHttps(String),
    /// The redirect URI is what a callback is forwarded by, and has no path.
    #[error(
        "the redirect URI {0:?} has no path: write it as scheme:///path, as the callback is \
         forwarded to this path at the backend"
    )]
    RedirectPath(String),
    /// A backend's URL is not https, and not loopback.
    #[error(
        "{which} {uri:?} is not https: use the backend's https address (http is for 127.0.0.1, \
         [::1] or localhost only; with `test_service` also for private addresses and *.local, and \
         the redirect URI may then have a scheme of the app's own)"
    )]
    BackendNotHttps {
        /// Which setting.
        which: Setting,
        /// What was given.
        uri: String,
    },
    /// A URL is not on the origin of the backend's start URL.
    #[error(
        "{which} is not on the backend's own origin, {backend}: the callback and the session go \
         to the backend that began the login, and to nobody else"
    )]
    OtherOrigin {
        /// Which setting.
        which: Setting,
        /// Where it has to be.
        backend: Origin,
    },
    /// The redirect URI has a scheme that browsers run or open themselves.
    #[error("the scheme of the redirect URI {0:?} is not one that an app can own: choose another")]
    RedirectScheme(String),
}

/// The setting that an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The provider's base URL.
    BaseUrl,
    /// The app's redirect URI.
    RedirectUri,
    /// The backend's start URL, or the base URL of a backend of ours.
    StartUrl,
    /// The backend's user info URL.
    UserInfoUrl,
    /// The backend's presentation URL.
    PresentationUrl,
    /// The backend's log-out URL.
    LogOutUrl,
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
        })
    }
}
