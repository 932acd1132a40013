//! The configuration of a service.

use std::collections::BTreeMap;

use switchback_protocol::{Purpose, Registration};

use crate::client_authentication::ClientAuthentication;
use crate::service::Signing;

/// The configuration of a service. Registration, authentication and scopes are required;
/// everything else has a default.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// The provider, the client id and the redirect URI, checked.
    pub registration: Registration,
    /// How the service authenticates to the provider.
    pub authentication: ClientAuthentication,
    /// The scopes (data points) to request, for each purpose. The service offers only the purposes
    /// in this map.
    pub scopes: BTreeMap<Purpose, Vec<String>>,
    /// What the service trusts when it verifies signatures. Required for
    /// [`Purpose::Signing`].
    pub signing: Option<Signing>,
    /// Whether to push the authorization request (RFC 9126) if the provider has an endpoint for
    /// it. A pushed request cannot be read or changed in the browser.
    pub pushed: bool,
    /// How long a login may take, in seconds.
    pub login_timeout: i64,
    /// Seconds before its expiry at which the provider's access token is refreshed.
    pub refresh_skew: i64,
    /// The longest lifetime of a session, in seconds, whatever the provider allows.
    pub session_lifetime: i64,
    /// The lifetime of the access token of an app's session, in seconds.
    pub token_lifetime: i64,
    /// How long a session is served after its access token expired while the provider cannot be
    /// reached, in seconds. The default is 0: a valid access token is the proof that the person is
    /// logged in.
    pub grace: i64,
    /// The number of sessions in the memory cache.
    pub cached_sessions: usize,
    /// How long a cached session is used without reading the database, in seconds. A log-out on
    /// another node takes effect after this time at the latest.
    pub cached_for: i64,
}

/// 30 days, in seconds.
pub(crate) const DEFAULT_SESSION_LIFETIME: i64 = 30 * 24 * 3600;

impl Config {
    /// A configuration with the defaults: ten minutes for a login, a session of 30 days at most,
    /// five seconds of cache, no grace, pushed authorization requests.
    pub fn new(registration: Registration, authentication: ClientAuthentication) -> Self {
        Self {
            registration,
            authentication,
            scopes: BTreeMap::new(),
            signing: None,
            pushed: true,
            login_timeout: 600,
            refresh_skew: 30,
            session_lifetime: DEFAULT_SESSION_LIFETIME,
            token_lifetime: 900,
            grace: 0,
            cached_sessions: 10_000,
            cached_for: 5,
        }
    }

    /// Offers a purpose, and requests these scopes for it.
    pub fn with_purpose<S: Into<String>>(
        mut self,
        purpose: Purpose,
        scope: impl IntoIterator<Item = S>,
    ) -> Self {
        let scope = scope.into_iter().map(Into::into).collect();
        self.scopes.insert(purpose, scope);
        self
    }

    /// Offers signing: trusts these roots, and requests these scopes of the person who signs.
    pub fn with_signing<S: Into<String>>(
        mut self,
        signing: Signing,
        scope: impl IntoIterator<Item = S>,
    ) -> Self {
        self.signing = Some(signing);
        self.with_purpose(Purpose::Signing, scope)
    }
}
