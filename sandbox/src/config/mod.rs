//! [`Config`]: the configuration of a sandbox, in Rust or as a TOML file.
//!
//! The doc comments of the keys are also the descriptions in the JSON Schema of the file, so
//! they are written for both readers.
//!
//! | file | what it does |
//! |---|---|
//! | `check` | checks a configuration |
//! | `file` | reads a configuration from TOML |

mod check;
mod file;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Apps, Person, RegisteredClient, Rule, SignatureForm, Tls};

pub use switchback_config_file::{ConfigError, Problem};

/// The longest lifetime and the furthest move of the clock, in seconds: about 30,000 years.
pub(crate) const FURTHEST: i64 = 1_000_000_000_000;

/// The configuration of a sandbox. All keys are optional: by default the sandbox listens on
/// 127.0.0.1 at a port that the system chooses, and has a public client `demo-app`, a
/// confidential client `demo-backend`, and eight invented people.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "Switchback sandbox")]
pub struct Config {
    /// The IP address and port to listen on. With port 0, the system chooses a port. With any
    /// address other than loopback, other machines on the network can connect, by IP address
    /// but not by name.
    #[schemars(extend("examples" = ["127.0.0.1:8090", "[::1]:8090"]))]
    pub listen: SocketAddr,
    /// The base URL for clients, such as `https://sandbox.example`, if it differs from the
    /// address that the sandbox listens on: behind a tunnel, or with a name of this machine. It
    /// is an http or https origin without a path.
    #[schemars(regex(pattern = r"^https?://[^/?#@]+/?$"))]
    pub public_url: Option<String>,
    /// If present, the sandbox serves https instead of http, with its own certificate authority
    /// that phones have to trust.
    pub tls: Option<Tls>,
    /// Apps under development that may open links of the sandbox.
    pub apps: Apps,
    /// The status of the answer to a successful pushed authorization request: 201 as in RFC
    /// 9126 section 2.2, or 200, which a client must also accept.
    #[schemars(extend("enum" = [200, 201]))]
    pub par_status: u16,
    /// The text from which codes and tokens are derived: they are then the same in each run, for
    /// the same requests in the same order. A person who knows the text can compute them.
    /// Without a seed they are random.
    pub seed: Option<String>,
    /// A fixed time for the clock, in seconds since 1970-01-01T00:00:00Z. The clock does not run,
    /// but can be moved. Without `now`, the sandbox uses the system's clock.
    #[schemars(range(min = 0, max = FURTHEST))]
    pub now: Option<i64>,
    /// How long requests, codes, tokens and sessions are valid.
    pub lifetimes: Lifetimes,
    /// The form of the signatures.
    pub signature: SignatureForm,
    /// How many requests, grants and flows the sandbox stores.
    pub limits: Limits,
    /// The registered services. They replace the two demo clients.
    #[serde(rename = "client")]
    pub clients: Vec<RegisteredClient>,
    /// The rules that are active from the start. More can be added while the sandbox runs.
    #[serde(rename = "misbehave")]
    pub rules: Vec<Rule>,
    /// The people who can use the phone; the first one is the default. They replace the invented
    /// people.
    #[serde(rename = "person")]
    pub people: Vec<Person>,
}

/// Without the seed, from which codes and tokens can be computed.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Config {
            listen,
            public_url,
            tls,
            apps,
            par_status,
            seed,
            now,
            lifetimes,
            signature,
            limits,
            clients,
            rules,
            people,
        } = self;
        f.debug_struct("Config")
            .field("listen", listen)
            .field("public_url", public_url)
            .field("tls", tls)
            .field("apps", apps)
            .field("par_status", par_status)
            .field("seed", &seed.as_ref().map(|_| "•"))
            .field("now", now)
            .field("lifetimes", lifetimes)
            .field("signature", signature)
            .field("limits", limits)
            .field("clients", clients)
            .field("rules", rules)
            .field("people", people)
            .finish()
    }
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            public_url: None,
            tls: None,
            apps: Apps::default(),
            clients: vec![
                RegisteredClient::demo_app(),
                RegisteredClient::demo_backend(),
            ],
            par_status: 201,
            seed: None,
            now: None,
            lifetimes: Lifetimes::default(),
            signature: SignatureForm::default(),
            limits: Limits::default(),
            rules: Vec::new(),
            people: Person::invented(),
        }
    }
}

/// Lifetimes in seconds. With a lifetime of `n` seconds, the sandbox refuses a request, code or
/// token from the `n`th second on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Lifetimes {
    /// How long a request waits for the person's decision. Default: 600, a guess.
    #[schemars(range(min = 1, max = FURTHEST))]
    pub waiting: i64,
    /// The `request_uri` of a pushed authorization request. Default: 60, from the guide.
    #[schemars(range(min = 1, max = FURTHEST))]
    pub request_uri: i64,
    /// An authorization code. Default: 30. The guide says "around 30 seconds" in one place and
    /// 60 in another; a client must work with the shorter time.
    #[schemars(range(min = 1, max = FURTHEST))]
    pub code: i64,
    /// An access token, except the first ones of a login session. Default: 300, as in the guide's
    /// samples.
    #[schemars(range(min = 1, max = FURTHEST))]
    pub access_token: i64,
    /// The first access token of a login session. Each refresh doubles the lifetime, up to
    /// `access_token`. Default: 150. The guide says that it starts short and grows; the numbers
    /// are a guess. With 150, a client that refreshes a minute before the expiry does not refresh
    /// in the first half of the lifetime.
    #[schemars(range(min = 1, max = FURTHEST))]
    pub first_login_access_token: i64,
    /// A login session without a refresh. Default: 1,800, a guess.
    #[schemars(range(min = 1, max = FURTHEST))]
    pub idle_login: i64,
    /// The grant of an identity verification. Default: 3,600, a guess; the guide says "limited,
    /// but long enough".
    #[schemars(range(min = 1, max = FURTHEST))]
    pub identity_verification: i64,
    /// The grant of a signing, with its signature and its data. Default: 2,592,000 (30 days), from
    /// the guide.
    #[schemars(range(min = 1, max = FURTHEST))]
    pub signing: i64,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Lifetimes {
            waiting: 600,
            request_uri: 60,
            code: 30,
            access_token: 300,
            first_login_access_token: 150,
            idle_login: 1_800,
            identity_verification: 3_600,
            signing: 2_592_000,
        }
    }
}

/// The maximum number of stored entries of each kind. When there are many, the sandbox deletes
/// used, expired and revoked entries; at the limit, it deletes the oldest. Requests then treat a
/// deleted entry as unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Authorization requests, pending or decided.
    #[schemars(range(min = 1))]
    pub waiting: usize,
    /// Pushed authorization requests, new or used.
    #[schemars(range(min = 1))]
    pub pushed: usize,
    /// Grants: each approval makes one, with its code and tokens.
    #[schemars(range(min = 1))]
    pub grants: usize,
    /// Flows in the trace. The trace also has a limit of eight megabytes.
    #[schemars(range(min = 1))]
    pub flows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            waiting: 10_000,
            pushed: 10_000,
            grants: 20_000,
            flows: 1_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_does_not_contain_the_seed() {
        let config = Config {
            seed: Some("S3CRET".into()),
            ..Config::default()
        };
        let shown = format!("{config:?}");
        assert!(!shown.contains("S3CRET"), "{shown}");
        assert!(shown.contains("seed: Some(\"•\"), now: None"), "{shown}");
    }
}
