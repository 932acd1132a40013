//! [`ClientMode`]: direct or mediated mode, after the configuration was checked (RFC 6749 §2.1: a
//! public client, or a confidential client in the backend).
//!
//! Before you change this: the namespace is part of each key in the store. If it changes, an app no
//! longer finds its sessions.

use switchback_driver::Peer;
use switchback_protocol::callback::{Callback, MalformedLink};
use switchback_protocol::mediated::Mediation;
use switchback_protocol::{Environment, Origin, Provider, RedirectUris, Registration};

use crate::config::{Config, Mode};
use crate::error::Error;

pub(crate) enum ClientMode {
    Direct(Registration),
    Mediated(Mediation),
}

impl ClientMode {
    /// Checks the configuration.
    pub(crate) fn new(config: Config) -> Result<Self, Error> {
        let (provider, redirect_uri) = (config.provider, &config.redirect_uri);
        let environment = Environment::from_test_service(config.test_service);
        let mut others = config.redirect_uris.iter();
        Ok(match config.mode {
            Mode::Direct { client_id } => {
                let registration =
                    Registration::new(provider, &client_id, redirect_uri, environment)?;
                Self::Direct(
                    others.try_fold(registration, |registration, (purpose, uri)| {
                        registration.with_redirect_uri(*purpose, uri)
                    })?,
                )
            }
            Mode::Mediated { backend } => {
                let mediation = Mediation::new(provider, backend, redirect_uri, environment)?;
                Self::Mediated(others.try_fold(mediation, |mediation, (purpose, uri)| {
                    mediation.with_redirect_uri(*purpose, uri)
                })?)
            }
        })
    }

    pub(crate) fn peer(&self) -> Peer<'_> {
        match self {
            Self::Direct(registration) => Peer::Provider(registration),
            Self::Mediated(mediation) => Peer::Backend(mediation),
        }
    }

    pub(crate) fn provider(&self) -> &Provider {
        self.peer().provider()
    }

    pub(crate) fn redirect_uris(&self) -> &RedirectUris {
        match self {
            Self::Direct(registration) => registration.redirect_uris(),
            Self::Mediated(mediation) => mediation.redirect_uris(),
        }
    }

    /// The prefix of this client's keys in the store, which separates them from the keys of other
    /// clients.
    pub(crate) fn namespace(&self) -> String {
        match self {
            Self::Direct(registration) => registration.namespace(),
            Self::Mediated(mediation) => mediation.namespace(),
        }
    }

    /// The only origin that gets the session's tokens and cookies.
    pub(crate) fn origin(&self) -> Option<Origin> {
        match self {
            Self::Direct(registration) => Origin::of(registration.provider().base_url()),
            Self::Mediated(mediation) => Some(mediation.origin().clone()),
        }
    }

    /// Reads a URL that the app was opened with. `None` if it does not lead to a redirect URI of
    /// this client.
    pub(crate) fn read_callback(&self, url: &str) -> Result<Option<Callback>, MalformedLink> {
        match self.redirect_uris().matching(url) {
            Some(ours) => self.provider().read_callback(url, ours),
            None => Ok(None),
        }
    }

    pub(crate) fn user_info_endpoint(&self) -> Result<String, Error> {
        let of_provider = || {
            let of_provider = self.provider().user_info_endpoint();
            of_provider.map_err(Error::configuration)
        };
        match self {
            Self::Direct(_) => of_provider(),
            Self::Mediated(mediation) => match mediation.user_info_endpoint() {
                Some(endpoint) => Ok(endpoint.into()),
                None => of_provider().and_then(|_| Err(not_set("user info"))),
            },
        }
    }

    pub(crate) fn presentation_endpoint(&self) -> Result<String, Error> {
        // A backend offers only what its provider offers.
        let of_provider = self.provider().presentation_endpoint();
        let of_provider = of_provider.map_err(Error::configuration)?;
        match self {
            Self::Direct(_) => Ok(of_provider),
            Self::Mediated(mediation) => {
                let endpoint = mediation.presentation_endpoint().map(Into::into);
                endpoint.ok_or_else(|| not_set("a presentation"))
            }
        }
    }

    /// The provider's endpoint for signatures. In mediated mode the backend fetches the signature.
    pub(crate) fn signature_endpoint(&self) -> Result<String, Error> {
        let endpoint = self.provider().signature_endpoint();
        let endpoint = endpoint.map_err(Error::configuration)?;
        match self {
            Self::Direct(_) => Ok(endpoint),
            Self::Mediated(_) => Err(Error::configuration(
                "the signature belongs to the backend, which fetches and verifies it: request it \
                 from your own endpoint with the headers of `authorize`",
            )),
        }
    }
}

fn not_set(what: &str) -> Error {
    Error::configuration(format_args!(
        "the backend's URL for {what} is not configured: set it in `Backend`, or request your own \
         endpoint with the headers of `authorize`"
    ))
}
