//! A checked configuration, with everything that it refers to.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use ipnet::IpNet;
use secrecy::SecretString;
use switchback_protocol::{Origin, Provider, Purpose};

use super::Settings;
use crate::config::Config;
use crate::sealing::Keys;
use crate::web::Web;
use crate::web::pages::Page;

/// A valid configuration, with everything that it refers to.
#[derive(Debug)]
pub struct Plan {
    /// The settings of the file.
    pub settings: Settings,
    /// The database with logins and sessions.
    pub database: Database,
    pub(crate) config: Config,
    pub(crate) web: Web,
    pub(crate) page: Page,
    pub(crate) keys: KeySource,
    pub(crate) proxies: Vec<IpNet>,
    pub(crate) tls: Option<Tls>,
}

/// The database with logins and sessions.
#[non_exhaustive]
pub enum Database {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL database.
    Postgres {
        /// The address, possibly with a password.
        address: SecretString,
        /// Host and port.
        at: String,
        /// The maximum number of connections.
        connections: u32,
    },
}

impl fmt::Debug for Database {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => write!(f, "SQLite, {}", file.display()),
            Self::Postgres {
                at, connections, ..
            } => write!(f, "PostgreSQL, {at}, {connections} connections"),
        }
    }
}

/// The source of the sealing keys.
#[derive(Debug)]
pub(crate) enum KeySource {
    Given(Keys),
    /// In this file, which is created at the first start.
    DefaultFile(PathBuf),
}

/// The TLS configuration, and the files that it was read from.
#[derive(Debug)]
pub(crate) struct Tls {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
    pub(crate) config: Arc<rustls::ServerConfig>,
}

impl Plan {
    pub(crate) fn provider(&self) -> &Provider {
        self.config.registration.provider()
    }

    /// The start of all paths except that of the redirect URI.
    pub(crate) fn prefix(&self) -> String {
        self.web.prefix(self.provider())
    }

    /// The URL at which people and apps reach the service: the origin of the redirect URI.
    pub fn public_url(&self) -> String {
        let uri = self.config.registration.redirect_uri();
        Origin::of(uri.as_str()).map_or_else(String::new, |origin| origin.to_string())
    }

    /// The paths at which logins begin, one for each offered purpose.
    pub fn start_paths(&self) -> Vec<String> {
        let (prefix, provider) = (self.prefix(), self.provider());
        let path = |purpose: &Purpose| format!("{prefix}/{}", provider.purpose_name(*purpose));
        self.config.scopes.keys().map(path).collect()
    }

    /// The configuration for display: names and values.
    pub fn summary(&self) -> Vec<(&'static str, String)> {
        let settings = &self.settings;
        let registration = &self.config.registration;
        let keys = match &self.keys {
            KeySource::Given(keys) => format!("{keys:?}"),
            KeySource::DefaultFile(file) => file.display().to_string(),
        };
        let purposes = self.config.scopes.keys().copied().map(Purpose::as_str);
        let off = || "off".to_owned();
        vec![
            ("listen", settings.listen.to_string()),
            (
                "tls",
                self.tls
                    .as_ref()
                    .map_or_else(off, |tls| tls.certificate.display().to_string()),
            ),
            ("database", format!("{:?}", self.database)),
            ("keys", keys),
            ("provider", self.provider().base_url().to_owned()),
            ("client_id", registration.client_id().to_owned()),
            (
                "client_authentication",
                format!("{:?}", self.config.authentication),
            ),
            (
                "redirect_uri",
                registration.redirect_uri().as_str().to_owned(),
            ),
            (
                "api_keys",
                self.web
                    .api_keys
                    .as_ref()
                    .map_or_else(off, |keys| format!("{keys:?}")),
            ),
            ("purposes", purposes.collect::<Vec<_>>().join(", ")),
            (
                "signing",
                self.config.signing.as_ref().map_or_else(off, |signing| {
                    let roots = signing
                        .roots
                        .certificates()
                        .map(|root| root.subject.as_str());
                    roots.collect::<Vec<_>>().join("; ")
                }),
            ),
            (
                "metrics",
                settings
                    .metrics
                    .map_or_else(off, |metrics| metrics.listen.to_string()),
            ),
        ]
    }
}
