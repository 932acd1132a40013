//! The configuration of an app.

use std::collections::HashMap;

use switchback::{Purpose, provider};

use crate::error::SwitchbackError;

/// The configuration of an app. The client's constructor checks it, and every error says what to
/// change.
///
/// It has no field for a client secret: every person who has the app can read all that ships in
/// it. A provider that requires a client secret needs the service's backend in between (RFC 8252
/// §8.5): [`Mode::Mediated`].
#[derive(Clone, Debug, uniffi::Record)]
pub struct Config {
    /// The service that the person logs in with.
    pub provider: Provider,
    /// Whether the app or the service's backend talks to the provider.
    pub mode: Mode,
    /// The registered redirect URI, character by character: a universal link or App Link of this
    /// app. In mediated mode it is on the backend's origin.
    pub redirect_uri: String,
    /// Whether this client is registered as a test service. A test service may use `http` and
    /// custom schemes in its redirect URI. In mediated mode the callback of a custom scheme is
    /// forwarded to its path at the backend. Provider and backend may then also use `http` at a
    /// private address or `*.local`: on the developer's machine.
    #[uniffi(default = false)]
    pub test_service: bool,
    /// How long a login may take, in seconds: at most a day. A later callback is `Expired`.
    #[uniffi(default = 600)]
    pub login_timeout: i64,
    /// An access token that expires in less than this many seconds is refreshed before it is
    /// returned, but not before three quarters of its lifetime have passed.
    #[uniffi(default = 30)]
    pub refresh_skew: i64,
    /// The redirect URIs of purposes that have a separate one (Truid has one for each function).
    /// The other purposes use `redirect_uri`.
    #[uniffi(default)]
    pub redirect_uris: HashMap<Purpose, String>,
}

/// The service that a person logs in with. Each service has a function that returns its
/// `Provider`: `Provider.truid()`. A field that is set replaces what the service documents.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Provider {
    /// The service's stable name, `truid` for example.
    pub id: String,
    /// The base URL of another environment than production: a test environment, or a sandbox on
    /// loopback.
    #[uniffi(default = None)]
    pub base_url: Option<String>,
    /// The issuer that every callback must name (RFC 9207). Without an issuer here, a callback may
    /// omit `iss`, or name an issuer on the service's own host.
    #[uniffi(default = None)]
    pub issuer: Option<String>,
    /// The path of the revocation endpoint below the base URL (RFC 7009).
    #[uniffi(default = None)]
    pub revocation: Option<String>,
    /// The path of the end-session endpoint below the base URL (OpenID Connect RP-Initiated Logout
    /// 1.0).
    #[uniffi(default = None)]
    pub end_session: Option<String>,
}

/// Whether the app or the service's backend talks to the provider.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum Mode {
    /// The app itself, as a public client. Not every service allows this: see its documentation.
    Direct {
        /// The client id of the registration.
        client_id: String,
    },
    /// The service's backend, which holds the client secret and the provider's tokens. The
    /// app has a session with the backend.
    Mediated {
        /// The URLs of the backend.
        backend: Backend,
    },
}

/// The service's backend.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum Backend {
    /// A backend that is made with Switchback.
    Switchback {
        /// The base URL of its routes.
        base_url: String,
    },
    /// A backend that is made without Switchback.
    Custom {
        /// The URL that starts a login.
        start_url: String,
        /// The URL of the user info, if there is one.
        #[uniffi(default = None)]
        user_info: Option<String>,
        /// The URL of the presentation, if there is one.
        #[uniffi(default = None)]
        presentation: Option<String>,
        /// The URL that logs the person out, if there is one.
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
    fn a_provider_is_found_by_its_id() {
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
        let error = provider("unknown").unwrap_err();
        assert!(error.to_string().contains("\"unknown\""), "{error}");
    }

    /// The defaults here are in attributes, which only Kotlin and Swift see.
    #[test]
    fn defaults_are_those_of_the_core() {
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
