//! What a service says about itself, once.

use std::collections::BTreeMap;

use switchback_protocol::{Purpose, Registration};

use crate::client_authentication::ClientAuthentication;

/// What a service says about itself. Everything has a value that is good for most, but who it
/// is and what it asks for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// The provider, the client id and the redirect URI, checked.
    pub registration: Registration,
    /// How the service proves to the provider that it is this client.
    pub authentication: ClientAuthentication,
    /// The data points that are asked for, by purpose. A purpose that is not here is not
    /// offered.
    pub scopes: BTreeMap<Purpose, Vec<String>>,
    /// Whether the authorization request is pushed (RFC 9126), where the provider has an
    /// endpoint for it: then nobody can read or change it on its way.
    pub pushed: bool,
    /// How long a login may take, in seconds.
    pub login_timeout: i64,
    /// The provider's access token is refreshed when it lives for less than so many seconds.
    pub refresh_skew: i64,
    /// How long a session lives at most, in seconds, whatever the provider says.
    pub session_lifetime: i64,
    /// For how many seconds the access token of an app's session is good before the app
    /// refreshes it.
    pub token_lifetime: i64,
    /// How long a session is served while the provider cannot be reached and its access
    /// token is over, in seconds. 0: not at all, since a valid access token is the proof that
    /// the person is logged in.
    pub grace: i64,
    /// Sessions that are kept in memory.
    pub cached_sessions: usize,
    /// For how many seconds they are believed there: so late, at most, a log-out on another
    /// node is seen.
    pub cached_for: i64,
}

/// 30 days.
pub(crate) const SESSION: i64 = 30 * 24 * 3600;

impl Config {
    /// A service with good values for everything else: ten minutes for a login, a session of
    /// 30 days at most, five seconds of cache, no grace, pushed authorization requests.
    pub fn new(registration: Registration, authentication: ClientAuthentication) -> Self {
        Self {
            registration,
            authentication,
            scopes: BTreeMap::new(),
            pushed: true,
            login_timeout: 600,
            refresh_skew: 30,
            session_lifetime: SESSION,
            token_lifetime: 900,
            grace: 0,
            cached_sessions: 10_000,
            cached_for: 5,
        }
    }

    /// Offers a purpose, and asks for these data points.
    pub fn with_purpose<S: Into<String>>(
        mut self,
        purpose: Purpose,
        scope: impl IntoIterator<Item = S>,
    ) -> Self {
        let scope = scope.into_iter().map(Into::into).collect();
        self.scopes.insert(purpose, scope);
        self
    }
}
