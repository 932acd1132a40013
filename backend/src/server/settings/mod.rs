//! What a server is started with: a TOML file.
//!
//! The doc comments of what can stand in the file are also its JSON Schema's descriptions, so
//! they are written for both readers. No secret stands in it: it says where they are.
//!
//! | file | what it does |
//! |---|---|
//! | `check` | all that can be wrong with it |
//! | `database`, `provider`, `web` | the same, of these |
//! | `doubts` | what is allowed and yet is probably a mistake |
//! | `origin` | secrets, from the files and variables that it names |
//! | `plan` | what it comes to: everything that was read and checked |
//! | `scope_word` | what is wrong with a word of `[purposes]` |

mod check;
mod database;
mod doubts;
mod origin;
mod place;
mod plan;
mod provider;
mod read;
mod scope_word;
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

pub(super) use origin::{bytes, make_key};
pub(super) use plan::KeySource;
pub use plan::{Database, Plan};
pub use switchback_toml::{ConfigError, Problem};

/// The configuration of `switchback serve`. Files that it names are looked for beside it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "Switchback service")]
pub struct Settings {
    /// Where to listen: an IP address and a port. Port 0 lets the system choose one. Anything
    /// but a loopback address lets the network in.
    #[schemars(extend("examples" = ["127.0.0.1:8080", "[::]:443"]))]
    pub listen: SocketAddr,
    /// Proxies in front, as addresses or networks: from them, and from nobody else, a
    /// `Forwarded` or `X-Forwarded-For` header is believed.
    #[schemars(extend("examples" = [["127.0.0.1", "10.0.0.0/8"]]))]
    pub trusted_proxies: Vec<String>,
    /// More names that the service is asked by, beside the host of the redirect URI: what a
    /// proxy, a probe or Prometheus puts into `Host`. A request for another name is refused.
    #[schemars(extend("examples" = [["switchback.internal"]]))]
    pub hosts: Vec<String>,
    /// Where logins and sessions are kept.
    pub database: DatabaseSettings,
    /// What seals the tokens in the database.
    pub keys: KeySettings,
    /// The identity provider, and who this service is there.
    pub provider: ProviderSettings,
    /// The purposes that are offered, each with what is asked for: by name (`email`) or whole
    /// (`truid.app/data-point/email`). At least one.
    #[schemars(schema_with = "purposes_schema")]
    pub purposes: BTreeMap<String, Vec<String>>,
    /// How long things live.
    pub lifetimes: Lifetimes,
    /// Sessions that are kept in memory.
    pub cache: CacheSettings,
    /// What people and apps see.
    pub web: WebSettings,
    /// What the service's own code shows to read the data of people who were onboarded, without
    /// a session; off without this.
    pub api_keys: Option<ApiKeySettings>,
    /// The service's apps, for the well-known files by which a phone lets them take its links.
    pub apps: Apps,
    /// Serves https by itself. Without it, put a proxy in front that does.
    pub tls: Option<TlsSettings>,
    /// How much is too much.
    pub limits: Limits,
    /// Figures for Prometheus, on a listener of their own; off without this.
    pub metrics: Option<MetricsSettings>,
    /// What is logged, on stderr.
    pub log: LogSettings,
}

/// Where logins and sessions are kept. One of these.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseSettings {
    /// An SQLite file, for one process. It is made where there is none.
    pub sqlite: Option<PathBuf>,
    /// The environment variable that names that file.
    pub sqlite_env: Option<String>,
    /// A PostgreSQL database, for one node or several:
    /// `postgres://user@host:5432/name`. Its password is no part of it: it is in `PGPASSWORD`,
    /// or in `~/.pgpass`, or the whole address is in a variable.
    pub postgres: Option<String>,
    /// The environment variable with that address, with or without a password.
    pub postgres_env: Option<String>,
    /// Connections to PostgreSQL, of each node.
    #[schemars(range(min = 1, max = 1000))]
    pub connections: Option<u32>,
}

/// What seals the tokens in the database: 32 random bytes as base64, one key a line, the one
/// that seals first. For SQLite this may be left out: a file is made beside the database.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct KeySettings {
    /// The file with the keys.
    pub file: Option<PathBuf>,
    /// The environment variable with the keys.
    pub env: Option<String>,
}

/// The identity provider, and who this service is there.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("required" = ["client_id", "redirect_uri"]))]
pub struct ProviderSettings {
    /// Which provider. The first of these when left out.
    #[schemars(schema_with = "names_schema")]
    pub name: Option<String>,
    /// Where the provider is, where that is not its production environment: a sandbox.
    #[schemars(extend("examples" = ["http://127.0.0.1:8090"]))]
    pub base_url: Option<String>,
    /// The client id that the service is registered with.
    pub client_id: String,
    /// Where a person is sent back to, exactly as it is registered. Its path is served here.
    #[schemars(extend("examples" = ["https://service.example/truid/complete"]))]
    pub redirect_uri: String,
    /// A test service: the redirect URI may be http.
    pub test_service: bool,
    /// How the service proves that it is this client. `client_secret_post` when left out.
    pub client_authentication: Method,
    /// The file with the client secret, and nothing else.
    pub client_secret_file: Option<PathBuf>,
    /// The environment variable with the client secret.
    pub client_secret_env: Option<String>,
    /// The file with the private key, PKCS #8 in PEM: P-256 (ES256) or RSA (RS256).
    pub private_key_file: Option<PathBuf>,
    /// The `kid` by which the provider knows that key.
    pub private_key_id: Option<String>,
    /// Whether the authorization request is sent to the provider first (RFC 9126), where it
    /// has an endpoint for that. Yes when left out.
    pub pushed: Option<bool>,
    /// Demand this `iss` in callbacks (RFC 9207), of a provider that sends one.
    pub issuer: Option<String>,
}

/// How a client proves who it is (RFC 6749 section 2.3, RFC 7523).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Method {
    /// The client secret in the form.
    #[default]
    ClientSecretPost,
    /// The client secret in the `Authorization` header.
    ClientSecretBasic,
    /// A signature by the client's private key.
    PrivateKeyJwt,
}

/// Each purpose with a list of words.
fn purposes_schema(_: &mut SchemaGenerator) -> Schema {
    let about = |purpose| match purpose {
        Purpose::Onboarding => "Onboarding: the person becomes a user of the service.",
        Purpose::Login => "The person logs in.",
        Purpose::IdentityVerification => "The person proves who they are, once.",
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

/// How long things live, in seconds.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Lifetimes {
    /// How long a login may take. 600 when left out.
    #[schemars(range(min = 1, max = LONGEST))]
    pub login: Option<i64>,
    /// How long a session lives at most, whatever the provider says. 30 days when left out.
    #[schemars(range(min = 1, max = LONGEST))]
    pub session: Option<i64>,
    /// For how long the access token of an app's session is good before the app refreshes it.
    /// 900 when left out.
    #[schemars(range(min = 1, max = LONGEST))]
    pub token: Option<i64>,
    /// The provider's access token is refreshed when it lives for less than this. 30 when
    /// left out.
    #[schemars(range(min = 0, max = LONGEST))]
    pub refresh_skew: Option<i64>,
    /// For how long a session is served while the provider cannot be reached and its access
    /// token is over. 0 when left out: not at all.
    #[schemars(range(min = 0, max = LONGEST))]
    pub grace: Option<i64>,
}

/// Ten years: whatever is longer was meant in another unit.
pub(crate) const LONGEST: i64 = 315_360_000;

/// Sessions that are kept in memory.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CacheSettings {
    /// How many. 10,000 when left out.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub sessions: Option<usize>,
    /// For how many seconds they are believed: so late, at most, a log-out on another node is
    /// seen. 5 when left out.
    #[schemars(range(min = 0, max = LONGEST))]
    pub seconds: Option<i64>,
}

/// What people and apps see.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WebSettings {
    /// What all addresses begin with, but that of the redirect URI. A slash and the provider's
    /// name (`/truid`) when left out.
    #[schemars(regex(pattern = r"^(/[A-Za-z0-9._~-]+)+$"))]
    pub prefix: Option<String>,
    /// Where a browser is sent after a login, whatever became of it: a path, or an https URL,
    /// with other letters than those of ASCII percent-encoded. `/` when left out.
    pub after_login: Option<String>,
    /// What the page at `/` calls the service. The host of the redirect URI when left out.
    #[schemars(length(min = 1, max = 100))]
    pub name: Option<String>,
    /// Origins that the provider's page may be sent on to while it is in a frame of the page at
    /// `/`, beside the provider's own.
    #[schemars(extend("examples" = [["https://login.example"]]))]
    pub frame_origins: Vec<String>,
}

/// What the service's own code shows, as a bearer token: 32 characters or more, one key a line.
/// Each of them is good.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ApiKeySettings {
    /// The file with the keys.
    pub file: Option<PathBuf>,
    /// The environment variable with the keys.
    pub env: Option<String>,
}

/// Serves https by itself, HTTP/1.1 over TLS 1.2 and 1.3. Both files are read again at SIGHUP.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("required" = ["certificate", "key"]))]
pub struct TlsSettings {
    /// The file with the certificate and those that it follows from, in PEM.
    pub certificate: PathBuf,
    /// The file with its private key, in PEM.
    pub key: PathBuf,
}

/// How much is too much.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The longest body, in bytes; beyond it 413. Nothing here is ever longer than 16,384.
    #[schemars(range(min = 1024, max = 16_384))]
    pub body: usize,
    /// Requests under way at once; beyond it 503.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub requests: usize,
    /// Logins that may be begun from one address (of IPv6, one /64) in a minute; beyond it
    /// 429. Many people share an address. 0: no limit.
    #[schemars(range(min = 0, max = 10_000_000))]
    pub starts_per_minute: u32,
    /// For how many seconds the head of a request, its body, or a TLS handshake may take, and
    /// a connection may be idle.
    #[schemars(range(min = 1, max = 300))]
    pub read_seconds: u64,
    /// For how many seconds a client may read nothing of an answer that waits for it; then
    /// its connection is closed.
    #[schemars(range(min = 1, max = 300))]
    pub write_seconds: u64,
    /// Connections at once. Beyond it those are closed that have waited for their client the
    /// longest. Requests under way are at most half as many. When left out, what the limit on
    /// open files leaves room for, and 4,096 at most.
    #[schemars(range(min = 8, max = 1_000_000))]
    pub connections: Option<usize>,
    /// Connections at once from one address (of IPv6, one /64) that is no trusted proxy.
    /// Beyond it the same is done, among its own. A quarter of all when left out, and 32 at least.
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

/// Figures for Prometheus at `/metrics`, with `/health` and `/ready` beside them.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MetricsSettings {
    /// Where to listen. Whoever reaches it reads the figures: keep it from the public.
    pub listen: SocketAddr,
    /// Answers `/ready` on this listener alone, and no more where the service listens.
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

/// What is logged, on stderr.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LogSettings {
    /// How a line is written: for people, or as a JSON object.
    pub format: LogFormat,
    /// The least that is worth a line.
    pub level: LogLevel,
    /// A line for each request as well: method, route, status, time. Never its query.
    pub requests: bool,
}

/// How a line is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum LogFormat {
    /// For people.
    #[default]
    Plain,
    /// A JSON object a line.
    Json,
}

/// What is worth a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum LogLevel {
    /// What a person must look at.
    Error,
    /// And what is strange.
    Warn,
    /// And each login, refresh and log-out.
    #[default]
    Info,
    /// And details.
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
        switchback_toml::json_schema::<Self>()
    }
}

#[cfg(test)]
mod tests;
