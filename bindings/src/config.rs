//! What an app says about itself, once.

use switchback::provider;

/// What an app says about itself. The client's constructor checks it, and every complaint
/// says what to change.
///
/// There is no place for a client secret. Whatever ships in an app can be read by everyone
/// who has the app, and a provider that demands a secret needs the service's backend in
/// between (RFC 8252 §8.5): [`Mode::Mediated`].
#[derive(Clone, Debug, uniffi::Record)]
pub struct Config {
    /// The service that the person logs in with.
    pub provider: Provider,
    /// Who talks to it.
    pub mode: Mode,
    /// Where the identity app sends the person back to, exactly as it is registered: a
    /// universal link or App Link of this app. In mediated mode it is on the backend's own
    /// origin.
    pub redirect_uri: String,
    /// Whether the service knows this client as a test service, which may use `http` and
    /// custom schemes in its redirect URI. In mediated mode it makes no difference.
    #[uniffi(default = false)]
    pub test_service: bool,
    /// How long a login may take, in seconds, a day at most. A callback that comes later is
    /// `Expired`.
    #[uniffi(default = 600)]
    pub login_timeout: i64,
    /// An access token that lives for less than this many seconds is refreshed before it is
    /// given out; but no token before three quarters of its life are over.
    #[uniffi(default = 30)]
    pub refresh_skew: i64,
}

/// The service that a person logs in with.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum Provider {
    /// Truid.
    Truid {
        /// Another place than `https://api.truid.app`: a test environment, or a sandbox on
        /// loopback.
        #[uniffi(default = None)]
        base_url: Option<String>,
        /// The issuer that every callback must name (RFC 9207). Without one a callback must
        /// name none.
        #[uniffi(default = None)]
        issuer: Option<String>,
        /// The path below the base URL where tokens are revoked (RFC 7009). Truid documents
        /// none.
        #[uniffi(default = None)]
        revocation: Option<String>,
        /// The path below the base URL where the person's session with the service is ended
        /// (OpenID Connect RP-Initiated Logout 1.0). Truid documents none.
        #[uniffi(default = None)]
        end_session: Option<String>,
    },
}

/// Who talks to the service.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum Mode {
    /// The app itself, as a public client. Truid documents confidential clients only, so
    /// with Truid this is for test services.
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

/// The service's backend.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum Backend {
    /// One that is made with Switchback.
    Switchback {
        /// Where its routes are.
        base_url: String,
    },
    /// One of the service's own, that does as Truid's guide says.
    At {
        /// Where a login starts.
        start_url: String,
        /// Where user info is read, if anywhere.
        #[uniffi(default = None)]
        user_info: Option<String>,
        /// Where a presentation is read, if anywhere.
        #[uniffi(default = None)]
        presentation: Option<String>,
        /// Where the person logs out, if anywhere.
        #[uniffi(default = None)]
        log_out: Option<String>,
    },
}

impl From<Config> for switchback::Config {
    fn from(config: Config) -> Self {
        let provider = config.provider.into();
        let mut core = match config.mode {
            Mode::Direct { client_id } => Self::direct(provider, client_id, config.redirect_uri),
            Mode::Mediated { backend } => {
                Self::mediated(provider, backend.into(), config.redirect_uri)
            }
        };
        core.test_service = config.test_service;
        core.login_timeout = config.login_timeout;
        core.refresh_skew = config.refresh_skew;
        core
    }
}

impl From<Provider> for provider::Provider {
    fn from(provider: Provider) -> Self {
        let Provider::Truid {
            base_url,
            issuer,
            revocation,
            end_session,
        } = provider;
        let with = |provider, value: Option<String>, change: fn(Self, &str) -> Self| match value {
            Some(value) => change(provider, &value),
            None => provider,
        };
        let provider = with(Self::truid(), base_url, Self::at);
        let provider = with(provider, issuer, Self::with_issuer);
        let provider = with(provider, revocation, Self::with_revocation);
        with(provider, end_session, Self::with_end_session)
    }
}

impl From<Backend> for switchback::Backend {
    fn from(backend: Backend) -> Self {
        match backend {
            Backend::Switchback { base_url } => Self::switchback(&base_url),
            Backend::At {
                start_url,
                user_info,
                presentation,
                log_out,
            } => {
                let mut core = Self::at(&start_url);
                if let Some(url) = user_info {
                    core = core.with_user_info(&url);
                }
                if let Some(url) = presentation {
                    core = core.with_presentation(&url);
                }
                if let Some(url) = log_out {
                    core = core.with_log_out(&url);
                }
                core
            }
        }
    }
}

#[cfg(test)]
mod tests {
    /// They stand in attributes, which only Kotlin and Swift see.
    #[test]
    fn what_is_left_out_is_what_the_core_takes() {
        let source = include_str!("config.rs");
        let default = |field: &str| {
            let (before, _) = source.split_once(&format!("pub {field}: i64"))?;
            let (_, default) = before.rsplit_once("#[uniffi(default = ")?;
            default.split(')').next()?.parse::<i64>().ok()
        };
        let core =
            switchback::Config::direct(switchback::Provider::truid(), "c", "https://a.example/");
        assert_eq!(default("login_timeout"), Some(core.login_timeout));
        assert_eq!(default("refresh_skew"), Some(core.refresh_skew));
        assert!(!core.test_service);
    }
}
