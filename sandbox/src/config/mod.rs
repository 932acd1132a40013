//! What a sandbox is started with, in Rust or as a TOML file.
//!
//! The doc comments of what can stand in the file are also its JSON Schema's
//! descriptions, so they are written for both readers.
//!
//! | file | what it does |
//! |---|---|
//! | `check` | all that can be wrong with a configuration, wherever it came from |
//! | `file` | reads it from TOML |

mod check;
mod file;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Apps, Person, RegisteredClient, Rule, Tls};

pub use switchback_config_file::{ConfigError, Problem};

/// The furthest that the clock can be moved and anything can live, in seconds: about
/// 30,000 years.
pub(crate) const FURTHEST: i64 = 1_000_000_000_000;

/// What a sandbox is started with. Everything may be left out: there is then a port that
/// the system chooses on 127.0.0.1, a public client `demo-app`, a confidential client
/// `demo-backend`, and a cast of invented people.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "Switchback sandbox")]
pub struct Config {
    /// Where to listen: an IP address and a port. Port 0 lets the system choose one.
    /// Anything but a loopback address lets others on the network in, by IP address and
    /// not by name.
    #[schemars(extend("examples" = ["127.0.0.1:8090", "[::1]:8090"]))]
    pub listen: SocketAddr,
    /// The base URL that is told to the world, such as `https://sandbox.example`, where
    /// clients find the sandbox under another one than it listens at: behind a tunnel, or
    /// by a name of this machine. An origin of http or https, and nothing after it.
    #[schemars(regex(pattern = r"^https?://[^/?#@]+/?$"))]
    pub public_url: Option<String>,
    /// Serves https and not http, with a certificate authority of its own that phones are
    /// made to trust.
    pub tls: Option<Tls>,
    /// Apps under development that may take links of the sandbox.
    pub apps: Apps,
    /// The status of a good answer to a pushed authorization request: 201 as RFC 9126
    /// section 2.2 has it, or 200, which a client must take as well.
    #[schemars(extend("enum" = [200, 201]))]
    pub par_status: u16,
    /// Makes codes and tokens the same in each run, for the same requests in the same
    /// order: they are derived from this text. Whoever knows it can make them too.
    /// Without it they are new each time.
    pub seed: Option<String>,
    /// The time at which the clock begins, in seconds since 1970-01-01T00:00:00Z. It then
    /// stands still until it is moved. Without it the clock is the system's.
    #[schemars(range(min = 0, max = FURTHEST))]
    pub now: Option<i64>,
    /// How long things live.
    pub lifetimes: Lifetimes,
    /// How much is remembered.
    pub limits: Limits,
    /// The registered services. With one of your own, the two demo clients are not there.
    #[serde(rename = "client")]
    pub clients: Vec<RegisteredClient>,
    /// What goes wrong on demand from the start, as in the list of misbehaviours. More can
    /// be asked for while it runs.
    #[serde(rename = "misbehave")]
    pub rules: Vec<Rule>,
    /// The people who may hold the phone, the first one to begin with. With one of your
    /// own, the invented cast is not there.
    #[serde(rename = "person")]
    pub people: Vec<Person>,
}

/// Without the seed: codes and tokens can be made from it.
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
            limits: Limits::default(),
            rules: Vec::new(),
            people: Person::cast(),
        }
    }
}

/// How long things live, each in seconds. Something that lives `n` seconds is refused
/// from the `n`th second on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Lifetimes {
    /// How long a request waits for the person to decide. 600; a guess.
    #[schemars(range(min = 1, max = FURTHEST))]
    pub waiting: i64,
    /// A `request_uri` from a pushed authorization request. 60; from the guide.
    #[schemars(range(min = 1, max = FURTHEST))]
    pub request_uri: i64,
    /// An authorization code. 30; the guide says "around 30 seconds" in one place and
    /// 60 in another, and a client must live with the shorter.
    #[schemars(range(min = 1, max = FURTHEST))]
    pub code: i64,
    /// An access token, except at the start of a login session. 300, as in the samples.
    #[schemars(range(min = 1, max = FURTHEST))]
    pub access_token: i64,
    /// The first access token of a login session. Each refresh doubles it, and it is never
    /// longer than `access_token`. 150; that it starts short and grows is from the guide, the
    /// numbers are a guess: long enough that a client which refreshes a minute before the end
    /// does not do so at once, and not in the first half of its life.
    #[schemars(range(min = 1, max = FURTHEST))]
    pub first_login_access_token: i64,
    /// A login session without a refresh. 1,800; a guess.
    #[schemars(range(min = 1, max = FURTHEST))]
    pub idle_login: i64,
    /// The grant of an identity verification. 3,600; "limited, but long enough" in the
    /// guide, the number is a guess.
    #[schemars(range(min = 1, max = FURTHEST))]
    pub identity_verification: i64,
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
        }
    }
}

/// How much is remembered, so that the sandbox can stay open all day. What is used,
/// expired or revoked begins to go when there are many of its kind; when there is no more
/// room the oldest goes, and is then as unknown as if it had never been.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Authorization requests, waiting or decided.
    #[schemars(range(min = 1))]
    pub waiting: usize,
    /// Pushed authorization requests, fresh or used.
    #[schemars(range(min = 1))]
    pub pushed: usize,
    /// Grants: everything that followed from one approval.
    #[schemars(range(min = 1))]
    pub grants: usize,
    /// Flows in the trace. It is held to eight megabytes as well.
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
    fn the_seed_is_not_in_the_debug_output() {
        let config = Config {
            seed: Some("S3CRET".into()),
            ..Config::default()
        };
        let shown = format!("{config:?}");
        assert!(!shown.contains("S3CRET"), "{shown}");
        assert!(shown.contains("seed: Some(\"•\"), now: None"), "{shown}");
    }
}
