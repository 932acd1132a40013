//! [`Config`], which an app writes. [`Client::new`](crate::Client::new) checks it.
//!
//! Before you change this: there is no field for a client secret, because every person who has the
//! app can read it (RFC 8252 §8.5).

use std::collections::BTreeMap;

use switchback_protocol::mediated::Backend;
use switchback_protocol::{Provider, Purpose};

/// The configuration of a client. [`Client::new`](crate::Client::new) checks it; each error says
/// what to change.
///
/// There is no field for a client secret. Every person who has the app can read what is in it. A
/// provider that requires a secret needs the service's backend in between (RFC 8252 §8.5):
/// [`Config::mediated`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// The provider that the person logs in with.
    pub provider: Provider,
    /// Who sends requests to the provider: this app or its backend.
    pub mode: Mode,
    /// The redirect URI, exactly as it is registered with the provider: a universal link (iOS) or
    /// App Link (Android) of this app.
    pub redirect_uri: String,
    /// Redirect URIs for single purposes (Truid has one for each of its functions). Other purposes
    /// use [`redirect_uri`](Self::redirect_uri).
    pub redirect_uris: BTreeMap<Purpose, String>,
    /// Whether the provider has registered this client as a test service. A test service may use
    /// `http` and custom schemes in its redirect URI; in mediated mode the callback of a custom
    /// scheme is forwarded to its path at the backend. Provider and backend may then also be at
    /// `http` on a private address or `*.local`: the developer's own machine.
    pub test_service: bool,
    /// The time limit for a login, in seconds, from 1 to 86,400. A later callback is
    /// [`Expired`](crate::LoginOutcome::Expired).
    pub login_timeout: i64,
    /// In seconds, from 0 to 86,400: an access token whose remaining lifetime is shorter than this
    /// is refreshed before the app gets it. At most a quarter of the token's lifetime counts.
    pub refresh_skew: i64,
}

/// Who sends requests to the provider.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Mode {
    /// The app itself, as a public client (RFC 8252 §8.4). Not every provider allows this: the
    /// provider's file below [`provider`](crate::provider) says what is known.
    Direct {
        /// The client id of the app's registration.
        client_id: String,
    },
    /// The service's backend, which holds the client secret and the provider's tokens. The app has
    /// a session with the backend.
    Mediated {
        /// The backend's URLs.
        backend: Backend,
    },
}

impl Config {
    /// An app that sends its requests to the provider. Defaults: 10 minutes for a login, 30 seconds
    /// of refresh skew, no test service.
    pub fn direct(
        provider: Provider,
        client_id: impl Into<String>,
        redirect_uri: impl Into<String>,
    ) -> Self {
        let client_id = client_id.into();
        Self::new(provider, Mode::Direct { client_id }, redirect_uri)
    }

    /// An app whose service has a backend. The app forwards callbacks to the redirect URI, so it
    /// must be https and on the backend's origin. The app opens only URLs on the provider's base
    /// URL.
    ///
    /// ```
    /// use switchback::{Backend, Client, Config, Platform, Provider, store};
    ///
    /// let config = Config::mediated(
    ///     Provider::truid(),
    ///     Backend::switchback("https://service.example/truid"),
    ///     "https://service.example/truid/complete",
    /// );
    /// # #[cfg(feature = "reqwest")]
    /// let client = Client::new(config, Platform::new(store::Memory::new()))?;
    /// # Ok::<_, switchback::Error>(())
    /// ```
    pub fn mediated(provider: Provider, backend: Backend, redirect_uri: impl Into<String>) -> Self {
        Self::new(provider, Mode::Mediated { backend }, redirect_uri)
    }

    fn new(provider: Provider, mode: Mode, redirect_uri: impl Into<String>) -> Self {
        Self {
            provider,
            mode,
            redirect_uri: redirect_uri.into(),
            redirect_uris: BTreeMap::new(),
            test_service: false,
            login_timeout: 600,
            refresh_skew: 30,
        }
    }
}
