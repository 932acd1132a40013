//! The configuration of a client, checked before anything is sent.
//!
//! There is no setting for a client secret, on purpose. An app is a *public* client (RFC 6749 §2.1,
//! RFC 8252 §8.5): every person with a copy of the app can read its contents. A secret in it
//! protects nothing, and an attacker who extracts it can act as the service. If a provider requires
//! a secret, the service needs a backend between app and provider ([`mediated`](crate::mediated)).

mod check;
mod error;
mod redirect_uri;
mod redirect_uris;
mod scheme;

use alloc::borrow::ToOwned as _;
use alloc::string::String;

pub(crate) use check::{check_provider, check_url};
pub use error::{RegistrationError, Setting};
pub use redirect_uri::RedirectUri;
pub use redirect_uris::RedirectUris;

use crate::{Provider, Purpose, form, secret};

/// The kind of service that the provider has registered. It decides which redirect URIs are
/// allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// A production service: its redirect URI is https.
    Production,
    /// A test service: its redirect URI may use `http` (RFC 8252 §7.3) or a custom scheme (§7.1).
    /// The provider and the backend may use `http` on a private address or on `*.local`, such as
    /// a developer's machine.
    Test,
}

impl Environment {
    /// `Test` if the setting says that it is a test service.
    pub const fn from_test_service(is_test_service: bool) -> Self {
        match is_test_service {
            true => Self::Test,
            false => Self::Production,
        }
    }
}

/// The checked configuration of a client at a provider.
///
/// ```
/// use switchback_protocol::{Environment, Provider, Registration, RegistrationError};
///
/// let (provider, redirect_uri) = (Provider::truid(), "http://example.com/cb");
/// let error = Registration::new(provider, "abcdef", redirect_uri, Environment::Production);
/// assert!(matches!(error, Err(RegistrationError::RedirectNotHttps(_))));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    provider: Provider,
    client_id: String,
    redirect_uris: RedirectUris,
    /// The common part of every authorization request, encoded once.
    authorization_query: String,
}

impl Registration {
    /// Checks provider, client id and redirect URI.
    ///
    /// # Errors
    /// The first setting that cannot work.
    pub fn new(
        provider: Provider,
        client_id: &str,
        redirect_uri: &str,
        environment: Environment,
    ) -> Result<Self, RegistrationError> {
        check_provider(&provider, environment)?;
        if client_id.trim().is_empty() {
            return Err(RegistrationError::ClientId);
        }
        let redirect_uris = RedirectUris::new(redirect_uri, environment)?;
        let mut authorization_query = String::from("?response_type=code");
        form::push(&mut authorization_query, "&", "client_id", client_id);
        Ok(Self {
            provider,
            client_id: client_id.to_owned(),
            redirect_uris,
            authorization_query,
        })
    }

    /// Sets another redirect URI for this purpose.
    ///
    /// # Errors
    /// It cannot be a redirect URI.
    pub fn with_redirect_uri(
        mut self,
        purpose: Purpose,
        uri: &str,
    ) -> Result<Self, RegistrationError> {
        self.redirect_uris.set(purpose, uri)?;
        Ok(self)
    }

    /// A short name for the entries of this client in a store.
    pub fn namespace(&self) -> String {
        let mut whole = self.provider.base_url().to_owned();
        whole.push('\n');
        whole.push_str(&self.client_id);
        secret::short_hash(&whole)
    }

    /// `?response_type=code&client_id=…` (RFC 6749 §4.1.1).
    pub(crate) fn authorization_query(&self) -> &str {
        &self.authorization_query
    }

    /// The provider.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// The client id.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The redirect URI of every purpose without its own one.
    pub fn redirect_uri(&self) -> &RedirectUri {
        self.redirect_uris.default_uri()
    }

    /// All redirect URIs.
    pub fn redirect_uris(&self) -> &RedirectUris {
        &self.redirect_uris
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tokens go to each endpoint.
    #[test]
    fn no_endpoint_path_changes_the_host() {
        let check = |provider: Provider| {
            let uri = "https://a.b/cb";
            let registered =
                Registration::new(provider.clone(), "c", uri, Environment::Production).is_ok();
            let backend = crate::mediated::Backend::custom("https://a.b/start");
            let mediated =
                crate::mediated::Mediation::new(provider, backend, uri, Environment::Production)
                    .is_ok();
            assert_eq!(registered, mediated);
            registered
        };
        assert!(check(
            Provider::truid().with_presentation("/exchange/v1/presentation")
        ));
        for path in [
            "",
            "exchange",
            ".evil.example/x",
            "@evil.example/x",
            "//evil.example",
            ":1/",
        ] {
            assert!(!check(Provider::truid().with_presentation(path)), "{path}");
            assert!(!check(Provider::truid().with_revocation(path)), "{path}");
            assert!(!check(Provider::truid().with_end_session(path)), "{path}");
        }
    }

    #[test]
    fn the_base_url_is_https_unless_loopback() {
        let check = |base: &str| {
            Registration::new(
                Provider::truid().with_base_url(base),
                "c",
                "https://a.b/cb",
                Environment::Production,
            )
        };
        for good in [
            "https://api.truid.app",
            "https://api.truid.app/prefix/",
            "http://127.0.0.1:8080",
            "http://127.1.2.3",
            "http://[::1]:8080",
            "http://localhost:1",
        ] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in [
            "http://api.truid.app",
            "http://127.0.0.1.evil.example",
            "http://localhost.evil.example",
            "ftp://127.0.0.1",
        ] {
            assert!(
                matches!(check(bad), Err(RegistrationError::BaseNotHttps(_))),
                "{bad}"
            );
        }
        assert!(check("https://a.b?x").is_err());
        assert!(check("https://u@a.b").is_err());
        assert!(check("https://").is_err());
        assert!(check("api.truid.app").is_err());
    }

    #[test]
    fn an_empty_client_id_is_refused() {
        for empty in ["", "  "] {
            assert_eq!(
                Registration::new(
                    Provider::truid(),
                    empty,
                    "https://a.b/cb",
                    Environment::Production
                ),
                Err(RegistrationError::ClientId)
            );
        }
    }
}
