//! What a client may be configured with, checked before anything is sent.
//!
//! There is no place for a client secret, on purpose. An app is a *public* client
//! (RFC 6749 §2.1, RFC 8252 §8.5): whatever ships inside it can be read by anyone who
//! has a copy, so that a secret in an app protects nothing, and an attacker who takes it
//! out can act as the service. A provider that insists on one needs the service's
//! backend between app and provider.

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

/// How the provider knows a client. It decides which redirect URIs the client may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// A service for people: its redirect URI is https.
    Production,
    /// A test service, which may use `http` (RFC 8252 §7.3) and custom schemes (§7.1). The
    /// service itself and its backend may then be on a developer's machine as well, by `http`
    /// to a private address or to `*.local`.
    Test,
}

impl Environment {
    /// From a setting that says whether it is a test service.
    pub const fn from_test_service(is_test_service: bool) -> Self {
        match is_test_service {
            true => Self::Test,
            false => Self::Production,
        }
    }
}

/// A client as it is registered at a provider, checked.
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
    /// What every authorization request of this client has in common, encoded once.
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

    /// Another redirect URI for this purpose.
    ///
    /// # Errors
    /// Where it cannot be one.
    pub fn with_redirect_uri(
        mut self,
        purpose: Purpose,
        uri: &str,
    ) -> Result<Self, RegistrationError> {
        self.redirect_uris.set(purpose, uri)?;
        Ok(self)
    }

    /// A short name for this client at this provider, to keep what belongs to it apart
    /// from what belongs to others.
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

    /// The redirect URI, of every purpose that has none of its own.
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

    /// Tokens go to each of them.
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
