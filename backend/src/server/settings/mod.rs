//! The configuration file of a server, in TOML.
//!
//! The doc comments of the settings are also the descriptions in the JSON Schema, so they are
//! written for operators too. The file contains no secrets, only the names of the files and
//! variables with them.
//!
//! | module | what it does |
//! |---|---|
//! | `check` | checks the whole file |
//! | `database`, `provider`, `signing`, `web` | check these parts |
//! | `doubts` | valid settings that are probably mistakes |
//! | `scope_token` | checks a scope token of `[purposes]` |
//! | `sources` | reads secrets from the files and variables that the file names |
//! | `plan` | the result: everything that was read and checked |

mod check;
mod common;
mod database;
mod doubts;
mod plan;
mod provider;
mod read;
mod scope_token;
mod signing;
mod sources;
mod web;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use switchback_protocol::Purpose;
use switchback_protocol::provider::KNOWN;

use crate::web::Apps;

pub(super) use plan::KeySource;
pub use plan::{Database, Plan};
pub(super) use sources::{make_key, read_bytes};
pub use switchback_config_file::{ConfigError, Problem};

/// The configuration of `switchback serve`. Relative paths start at the folder of this file.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "Switchback service")]
pub struct Settings {
    /// The IP address and port to listen on. With port 0 the system chooses a port. Other machines
    /// can connect unless this is a loopback address.
    #[schemars(extend("examples" = ["127.0.0.1:8080", "[::]:443"]))]
    pub listen: SocketAddr,
    /// Addresses or networks of proxies in front. Only from these, a `Forwarded` or
    /// `X-Forwarded-For` header is trusted.
    #[schemars(extend("examples" = [["127.0.0.1", "10.0.0.0/8"]]))]
    pub trusted_proxies: Vec<String>,
    /// Further host names of this service, besides the host of the redirect URI: the names that a
    /// proxy, a probe or Prometheus sends in `Host`. A request for another name is refused.
    #[schemars(extend("examples" = [["switchback.internal"]]))]
    pub hosts: Vec<String>,
    /// The database with logins and sessions.
    pub database: DatabaseSettings,
    /// The keys that seal the tokens in the database.
    pub keys: KeySettings,
    /// The identity provider, and the registration of this service.
    pub provider: ProviderSettings,
    /// The purposes that the service offers, each with the data points that it requests: by name
    /// (`email`) or in full (`truid.app/data-point/email`). At least one.
    #[schemars(schema_with = "purposes_schema")]
    pub purposes: BTreeMap<String, Vec<String>>,
    /// Lifetimes of logins, sessions and tokens.
    pub lifetimes: Lifetimes,
    /// The cache of sessions in memory.
    pub cache: CacheSettings,
    /// Addresses and pages.
    pub web: WebSettings,
    /// The verification of signatures. Required if `[purposes]` has `signing`.
    pub signing: Option<SigningSettings>,
    /// Keys with which the service's own code reads the data of onboarded people, without a
    /// session, and has documents signed. Without this table, these features are off.
    pub api_keys: Option<ApiKeySettings>,
    /// The service's apps, for the well-known files that let a phone open its links in them.
    pub apps: Apps,
    /// Serves https. Without this table, a proxy in front must do it.
    pub tls: Option<TlsSettings>,
    /// Limits on requests and connections.
    pub limits: Limits,
    /// Metrics for Prometheus, on a separate listener. Without this table, they are off.
    pub metrics: Option<MetricsSettings>,
    /// The log on stderr.
    pub log: LogSettings,
}

/// The database with logins and sessions: one of these keys.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseSettings {
    /// An SQLite file, for one process. It is created if it does not exist.
    pub sqlite: Option<PathBuf>,
    /// The environment variable with the name of that file.
    pub sqlite_env: Option<String>,
    /// A PostgreSQL database, for one node or several: `postgres://user@host:5432/name`, without a
    /// password. The password is in `PGPASSWORD` or `~/.pgpass`, or the whole address is in a
    /// variable.
    pub postgres: Option<String>,
    /// The environment variable with that address, with or without a password.
    pub postgres_env: Option<String>,
    /// The maximum number of connections to PostgreSQL from each node. Default: 10.
    #[schemars(range(min = 1, max = 1000))]
    pub connections: Option<u32>,
}

/// The keys that seal the tokens in the database: 32 random bytes as base64, one key per line. The
/// first key seals. With SQLite this may be left out: a key file is then created beside the
/// database.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct KeySettings {
    /// The file with the keys.
    pub file: Option<PathBuf>,
    /// The environment variable with the keys.
    pub env: Option<String>,
}

/// The identity provider, and the registration of this service.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("required" = ["client_id", "redirect_uri"]))]
pub struct ProviderSettings {
    /// The provider. Default: the first of these.
    #[schemars(schema_with = "names_schema")]
    pub name: Option<String>,
    /// The provider's address, if it is not the production environment: a sandbox, for example.
    #[schemars(extend("examples" = ["http://127.0.0.1:8090"]))]
    pub base_url: Option<String>,
    /// The client id with which the service is registered.
    pub client_id: String,
    /// The redirect URI, exactly as registered. This server serves its path.
    #[schemars(extend("examples" = ["https://service.example/truid/complete"]))]
    pub redirect_uri: String,
    /// Marks a test service: its redirect URI may be http.
    pub test_service: bool,
    /// How the service authenticates to the provider. Default: `client_secret_post`.
    pub client_authentication: ClientAuthenticationMethod,
    /// The file with the client secret, and nothing else.
    pub client_secret_file: Option<PathBuf>,
    /// The environment variable with the client secret.
    pub client_secret_env: Option<String>,
    /// The file with the private key, PKCS #8 in PEM: P-256 (ES256) or RSA (RS256).
    pub private_key_file: Option<PathBuf>,
    /// The `kid` by which the provider knows that key.
    pub private_key_id: Option<String>,
    /// Whether to push the authorization request (RFC 9126) if the provider has an endpoint for
    /// it. Default: true.
    pub pushed: Option<bool>,
    /// The `iss` that callbacks must have (RFC 9207), for a provider that sends one.
    pub issuer: Option<String>,
}

/// How a client authenticates (RFC 6749 section 2.3, RFC 7523).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ClientAuthenticationMethod {
    /// The client secret in the form.
    #[default]
    ClientSecretPost,
    /// The client secret in the `Authorization` header.
    ClientSecretBasic,
    /// A JWT that the client's private key signs.
    PrivateKeyJwt,
}

/// The schema of the purposes: each has a list of data points.
fn purposes_schema(_: &mut SchemaGenerator) -> Schema {
    let about = |purpose| match purpose {
        Purpose::Onboarding => "Onboarding: the person becomes a user of the service.",
        Purpose::Login => "The person logs in.",
        Purpose::IdentityVerification => "The person proves who they are, once.",
        Purpose::Signing => "The person signs a document. The list may be empty.",
    };
    let purposes: Map<String, Value> = Purpose::ALL
        .into_iter()
        .map(|it| {
            let schema = json!({
                "description": about(it),
                "type": "array",
                "items": { "type": "string" },
            });
            (it.as_str().to_owned(), schema)
        })
        .collect();
    json_schema!({
        "type": "object",
        "properties": purposes,
        "additionalProperties": false,
    })
}

fn names_schema(_: &mut SchemaGenerator) -> Schema {
    let names: Vec<&str> = KNOWN.iter().map(|facts| facts.id).collect();
    json_schema!({ "type": ["string", "null"], "enum": names })
}

/// Lifetimes, in seconds.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Lifetimes {
    /// How long a login may take. Default: 600.
    #[schemars(range(min = 1, max = LONGEST))]
    pub login: Option<i64>,
    /// The longest lifetime of a session, whatever the provider allows. Default: 30 days.
    #[schemars(range(min = 1, max = LONGEST))]
    pub session: Option<i64>,
    /// The lifetime of the access token of an app's session; the app refreshes it then. Default:
    /// 900.
    #[schemars(range(min = 1, max = LONGEST))]
    pub token: Option<i64>,
    /// How long before its expiry the provider's access token is refreshed. Default: 30.
    #[schemars(range(min = 0, max = LONGEST))]
    pub refresh_skew: Option<i64>,
    /// How long a session is served after its access token expired while the provider cannot be
    /// reached. Default: 0, not at all.
    #[schemars(range(min = 0, max = LONGEST))]
    pub grace: Option<i64>,
}

/// Ten years. A longer time was most likely meant in another unit.
pub(crate) const LONGEST: i64 = 315_360_000;

/// The cache of sessions in memory.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CacheSettings {
    /// The maximum number of sessions. Default: 10,000.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub sessions: Option<usize>,
    /// How long a cached session is used without reading the database, in seconds. A log-out on
    /// another node takes effect after this time at the latest. Default: 5.
    #[schemars(range(min = 0, max = LONGEST))]
    pub seconds: Option<i64>,
}

/// Addresses and pages.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WebSettings {
    /// The start of all paths except that of the redirect URI. Default: a slash and the provider's
    /// name (`/truid`).
    #[schemars(regex(pattern = r"^(/[A-Za-z0-9._~-]+)+$"))]
    pub prefix: Option<String>,
    /// Where the service redirects a browser after a login, also after a refused one: a path, or
    /// an https URL, with non-ASCII letters percent-encoded. Default: `/`.
    pub after_login: Option<String>,
    /// The name of the service on the home page. Default: the host of the redirect URI.
    #[schemars(length(min = 1, max = 100))]
    pub name: Option<String>,
    /// Further origins to which the provider's page may redirect while it is in a frame of the
    /// home page.
    #[schemars(extend("examples" = [["https://login.example"]]))]
    pub frame_origins: Vec<String>,
}

/// What the service trusts when it verifies signatures. No root is trusted unless it is named here.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("required" = ["roots"]))]
pub struct SigningSettings {
    /// The files with the roots of the signers' certificates, in PEM or DER: those that the provider
    /// publishes (Truid: <https://pki.truid.app/certs/>).
    #[schemars(length(min = 1), extend("examples" = [["truid-root.pem"]]))]
    pub roots: Vec<PathBuf>,
    /// Files with certificate revocation lists, in PEM or DER. Usually there are none: the service
    /// fetches the lists.
    pub crls: Vec<PathBuf>,
    /// Whether the service does not fetch revocation lists from the addresses in the certificates.
    pub offline: bool,
    /// Timestamps (RFC 3161), so that a signature can be verified after the certificate of the
    /// person has expired. Without this table, they are off.
    pub timestamps: Option<TimestampSettings>,
}

/// The authority that timestamps signatures, and what the service trusts for it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("required" = ["authority", "roots"]))]
pub struct TimestampSettings {
    /// The URL of the authority.
    #[schemars(extend("examples" = ["https://tsa.example/rfc3161"]))]
    pub authority: String,
    /// The files with the roots of the authority's certificates, in PEM or DER.
    #[schemars(length(min = 1), extend("examples" = [["tsa-root.pem"]]))]
    pub roots: Vec<PathBuf>,
}

/// The bearer tokens of the service's own code: at least 32 characters, one key per line. Every
/// key is valid.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ApiKeySettings {
    /// The file with the keys.
    pub file: Option<PathBuf>,
    /// The environment variable with the keys.
    pub env: Option<String>,
}

/// Serves https: HTTP/1.1 over TLS 1.2 and 1.3. The server reads both files again at SIGHUP.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("required" = ["certificate", "key"]))]
pub struct TlsSettings {
    /// The file with the certificate and its chain, in PEM.
    pub certificate: PathBuf,
    /// The file with its private key, in PEM.
    pub key: PathBuf,
}

/// Limits on requests and connections.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The longest body in bytes; a longer one gets 413. No request of this API is longer than
    /// 16,384.
    #[schemars(range(min = 1024, max = 16_384))]
    pub body: usize,
    /// Requests under way at once; further ones get 503.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub requests: usize,
    /// Logins that may begin from one address (of IPv6, one /64) in a minute; further ones get
    /// 429. Many people may share an address. 0: no limit.
    #[schemars(range(min = 0, max = 10_000_000))]
    pub starts_per_minute: u32,
    /// For how many seconds the head of a request, its body, or a TLS handshake may take, and a
    /// connection may be idle.
    #[schemars(range(min = 1, max = 300))]
    pub read_seconds: u64,
    /// After how many seconds without progress in sending an answer the connection is closed.
    #[schemars(range(min = 1, max = 300))]
    pub write_seconds: u64,
    /// Connections at once. At the limit, those are closed that have waited for their client the
    /// longest. At most half as many requests are under way. Default: as many as the limit on open
    /// files allows, and 4,096 at most.
    #[schemars(range(min = 8, max = 1_000_000))]
    pub connections: Option<usize>,
    /// Connections at once from one address (of IPv6, one /64) that is not a trusted proxy. At the
    /// limit, the longest waiting ones of that address are closed. Default: a quarter of all, and
    /// at least 32.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub connections_per_address: Option<usize>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 16 << 10,
            requests: 1024,
            starts_per_minute: 120,
            read_seconds: 30,
            write_seconds: 30,
            connections: None,
            connections_per_address: None,
        }
    }
}

/// Metrics for Prometheus at `/metrics`, together with `/health` and `/ready`.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MetricsSettings {
    /// The address to listen on. Anyone who can connect can read the metrics: keep it private.
    pub listen: SocketAddr,
    /// Answers `/ready` only on this listener, and not on the public one.
    pub private_ready: bool,
}

impl Default for MetricsSettings {
    fn default() -> Self {
        Self {
            listen: loopback(9464),
            private_ready: false,
        }
    }
}

/// The log on stderr.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LogSettings {
    /// The format of a line: text or a JSON object.
    pub format: LogFormat,
    /// The lowest level that is logged.
    pub level: LogLevel,
    /// Also logs each request: method, route, status, duration. Never its query.
    pub requests: bool,
}

/// The format of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum LogFormat {
    /// Text.
    #[default]
    Plain,
    /// A JSON object per line.
    Json,
}

/// The lowest level that is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum LogLevel {
    /// Errors that need a person's attention.
    Error,
    /// Also unusual events.
    Warn,
    /// Also each login, refresh and log-out.
    #[default]
    Info,
    /// Also details.
    Debug,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: loopback(8080),
            trusted_proxies: Vec::new(),
            hosts: Vec::new(),
            database: DatabaseSettings::default(),
            keys: KeySettings::default(),
            provider: ProviderSettings::default(),
            purposes: BTreeMap::new(),
            lifetimes: Lifetimes::default(),
            cache: CacheSettings::default(),
            web: WebSettings::default(),
            signing: None,
            api_keys: None,
            apps: Apps::default(),
            tls: None,
            limits: Limits::default(),
            metrics: None,
            log: LogSettings::default(),
        }
    }
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

impl Settings {
    /// The JSON Schema (2020-12) of the file.
    pub fn json_schema() -> serde_json::Value {
        switchback_config_file::json_schema::<Self>()
    }
}

#[cfg(test)]
mod tests;
