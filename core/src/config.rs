//! What an app says about itself, once.

use std::collections::BTreeMap;

use switchback_protocol::mediated::Backend;
use switchback_protocol::{Provider, Purpose};

/// What an app says about itself. [`Client::new`](crate::Client::new) checks it, and
/// every complaint says what to change.
///
/// There is no place for a client secret. Whatever ships in an app can be read by
/// everyone who has the app, and a provider that demands a secret needs the service's
/// backend in between (RFC 8252 §8.5): [`Config::mediated`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// The service that the person logs in with.
    pub provider: Provider,
    /// Who talks to it.
    pub mode: Mode,
    /// Where the identity app sends the person back to, exactly as it is registered: a
    /// universal link or App Link of this app.
    pub redirect_uri: String,
    /// The redirect URIs of the purposes that have one of their own, as Truid has one for each
    /// function; the others have [`redirect_uri`](Self::redirect_uri).
    pub redirect_uris: BTreeMap<Purpose, String>,
    /// Whether the service knows this client as a test service, which may use `http` and
    /// custom schemes in its redirect URI. In mediated mode the callback of a custom scheme is
    /// forwarded to its path at the backend. Provider and backend may then be reached by `http` at
    /// a private address or `*.local`, too: on the machine of whoever develops the app.
    pub test_service: bool,
    /// How long a login may take, in seconds. A callback that comes later is
    /// [`Expired`](crate::LoginOutcome::Expired).
    pub login_timeout: i64,
    /// An access token that lives for less than this many seconds is refreshed before it
    /// is given out.
    pub refresh_skew: i64,
}

/// Who talks to the service.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Mode {
    /// The app itself, as a public client. Not every service allows that: its file below
    /// [`provider`](crate::provider) says what is known.
    Direct {
        /// The client id that the service was registered with.
        client_id: String,
    },
    /// The service's backend, which holds the client secret and the provider's tokens. The
    /// app has a session with the backend.
    Mediated {
        /// Where it is.
        backend: Backend,
    },
}

impl Config {
    /// An app that talks to the service itself: ten minutes for a login, 30 seconds of
    /// skew, no test service.
    pub fn direct(
        provider: Provider,
        client_id: impl Into<String>,
        redirect_uri: impl Into<String>,
    ) -> Self {
        let client_id = client_id.into();
        Self::new(provider, Mode::Direct { client_id }, redirect_uri)
    }

    /// An app whose service has a backend. The redirect URI is forwarded to, and so it is
    /// https and on the backend's own origin. The provider says where a person may be sent:
    /// its base URL, and nowhere else.
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
