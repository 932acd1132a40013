//! What an app says about itself, once.

use std::collections::HashMap;

use switchback::{Purpose, provider};

use crate::error::SwitchbackError;

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
    /// custom schemes in its redirect URI. In mediated mode the callback of a custom scheme is
    /// forwarded to its path at the backend. Provider and backend may then be reached by `http` at
    /// a private address or `*.local`, too: on the machine of whoever develops the app.
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
    /// The redirect URIs of the purposes that have one of their own, as Truid has one for each
    /// function; the others have `redirect_uri`.
    #[uniffi(default)]
    pub redirect_uris: HashMap<Purpose, String>,
}

/// The service that a person logs in with. Each service has a function that makes one:
/// `Provider.truid()`. What is set here is different from what the service documents.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Provider {
    /// The service's stable name, `truid` for example.
    pub id: String,
    /// Another place than the production environment: a test environment, or a sandbox on
    /// loopback.
    #[uniffi(default = None)]
    pub base_url: Option<String>,
    /// The issuer that every callback must name (RFC 9207). Without one a callback may name none,
    /// or one on the service's own host.
    #[uniffi(default = None)]
    pub issuer: Option<String>,
    /// The path below the base URL where tokens are revoked (RFC 7009).
    #[uniffi(default = None)]
    pub revocation: Option<String>,
    /// The path below the base URL where the person's session with the service is ended (OpenID
    /// Connect RP-Initiated Logout 1.0).
    #[uniffi(default = None)]
    pub end_session: Option<String>,
}

/// Who talks to the service.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum Mode {
    /// The app itself, as a public client. Not every service allows that: its documentation says
    /// so.
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
    /// One of the service's own.
    Custom {
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

impl TryFrom<Config> for switchback::Config {
    type Error = SwitchbackError;

    fn try_from(config: Config) -> Result<Self, SwitchbackError> {
        let provider = config.provider.try_into()?;
        let mut core = match config.mode {
            Mode::Direct { client_id } => Self::direct(provider, client_id, config.redirect_uri),
            Mode::Mediated { backend } => {
                Self::mediated(provider, backend.into(), config.redirect_uri)
            }
        };
        core.test_service = config.test_service;
        core.login_timeout = config.login_timeout;
        core.refresh_skew = config.refresh_skew;
        core.redirect_uris.extend(config.redirect_uris);
        Ok(core)
    }
}

impl TryFrom<Provider> for provider::Provider {
    type Error = SwitchbackError;

    fn try_from(provider: Provider) -> Result<Self, SwitchbackError> {
        let Some(mut core) = Self::named(&provider.id) else {
            return Err(SwitchbackError::Configuration {
                what: format!("there is no provider {:?}", provider.id),
            });
        };
        for (value, change) in [
            (
                provider.base_url,
                Self::with_base_url as fn(Self, &str) -> Self,
            ),
            (provider.issuer, Self::with_issuer),
            (provider.revocation, Self::with_revocation),
            (provider.end_session, Self::with_end_session),
        ] {
            if let Some(value) = value {
                core = change(core, &value);
            }
        }
        Ok(core)
    }
}

impl From<Backend> for switchback::Backend {
    fn from(backend: Backend) -> Self {
        match backend {
            Backend::Switchback { base_url } => Self::switchback(&base_url),
            Backend::Custom {
                start_url,
                user_info,
                presentation,
                log_out,
            } => {
                let mut core = Self::custom(&start_url);
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
    use super::*;

    #[test]
    fn a_provider_is_known_by_its_id() {
        let provider = |id: &str| {
            provider::Provider::try_from(Provider {
                id: id.into(),
                base_url: Some("https://test.example".into()),
                issuer: Some("https://issuer.example".into()),
                revocation: Some("/revoke".into()),
                end_session: None,
            })
        };
        for facts in provider::KNOWN {
            let known = provider(facts.id).unwrap();
            assert_eq!(
                (known.id(), known.base_url()),
                (facts.id, "https://test.example")
            );
            assert_eq!(known.issuer(), Some("https://issuer.example"));
            let revocation = known.revocation_endpoint();
            assert_eq!(revocation.as_deref(), Some("https://test.example/revoke"));
        }
        let error = provider("nobody").unwrap_err();
        assert!(error.to_string().contains("nobody"), "{error}");
    }

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
