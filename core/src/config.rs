//! What an app says about itself, once.

use switchback_protocol::Provider;

/// What an app says about itself. [`Client::new`](crate::Client::new) checks it, and
/// every complaint says what to change.
///
/// There is no place for a client secret. Whatever ships in an app can be read by
/// everyone who has the app, and a provider that demands a secret needs the service's
/// backend in between (RFC 8252 §8.5).
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
    /// Whether the service knows this client as a test service, which may use `http` and
    /// custom schemes in its redirect URI.
    pub test_service: bool,
    /// How long a login may take, in seconds. A callback that comes later is
    /// [`Expired`](crate::Completion::Expired).
    pub login_timeout: i64,
    /// An access token that lives for less than this many seconds is refreshed before it
    /// is given out.
    pub refresh_skew: i64,
}

/// Who talks to the service.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Mode {
    /// The app itself, as a public client. Truid documents confidential clients only, so
    /// with Truid this is for test services.
    Direct {
        /// The client id that the service was registered with.
        client_id: String,
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
        Self {
            provider,
            mode: Mode::Direct {
                client_id: client_id.into(),
            },
            redirect_uri: redirect_uri.into(),
            test_service: false,
            login_timeout: 600,
            refresh_skew: 30,
        }
    }
}
