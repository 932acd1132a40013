//! What a sandbox is started with.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::{Apps, Person, RegisteredClient, Tls};

/// What a sandbox is started with. `Config::default()` is ready to use: a port that
/// the system chooses on 127.0.0.1, two clients ([`RegisteredClient::demo_app`] and
/// [`RegisteredClient::demo_backend`]) and one invented person.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen. Port 0 lets the system choose one; see
    /// [`Sandbox::address`](crate::Sandbox::address) for the outcome. Anything but a
    /// loopback address lets others on the network in, by IP address and not by name.
    pub listen: SocketAddr,
    /// The base URL that is told to the world, such as `https://sandbox.example`, where
    /// clients find the sandbox under another one than it listens at: behind a tunnel, or
    /// by a name of this machine. An origin of http or https, and nothing after it.
    pub public_url: Option<String>,
    /// Serves https and not http, with a certificate authority of its own that phones are
    /// made to trust.
    pub tls: Option<Tls>,
    /// Apps under development that may take links of the sandbox.
    pub apps: Apps,
    /// The registered services.
    pub clients: Vec<RegisteredClient>,
    /// Who holds the phone.
    pub person: Person,
    /// How long things live.
    pub lifetimes: Lifetimes,
    /// The status of a good answer to a pushed authorization request: 201 as RFC 9126
    /// section 2.2 has it, or 200, which a client must take as well.
    pub par_status: u16,
    /// How much is remembered.
    pub limits: Limits,
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
            person: Person::default(),
            lifetimes: Lifetimes::default(),
            par_status: 201,
            limits: Limits::default(),
        }
    }
}

/// How long things live, each in seconds. Something that lives `n` seconds is refused
/// from the `n`th second on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// How long a request waits for the person to decide. 600; a guess.
    pub waiting: i64,
    /// A `request_uri` from a pushed authorization request. 60; from the guide.
    pub request_uri: i64,
    /// An authorization code. 30; the guide says "around 30 seconds" in one place and
    /// 60 in another, and a client must live with the shorter.
    pub code: i64,
    /// An access token, except at the start of a login session. 300, as in the samples.
    pub access_token: i64,
    /// The first access token of a login session. Each refresh doubles it, up to
    /// `access_token`, and it must not be longer than that. 60; that it starts short and grows is from the guide, the numbers
    /// are a guess.
    pub first_login_access_token: i64,
    /// A login session without a refresh. 1,800; a guess.
    pub idle_login: i64,
    /// The grant of an identity verification. 3,600; "limited, but long enough" in the
    /// guide, the number is a guess.
    pub identity_verification: i64,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Lifetimes {
            waiting: 600,
            request_uri: 60,
            code: 30,
            access_token: 300,
            first_login_access_token: 60,
            idle_login: 1_800,
            identity_verification: 3_600,
        }
    }
}

/// How much is remembered, so that the sandbox can stay open all day. What is used,
/// expired or revoked begins to go when there are many of its kind; when there is no more
/// room the oldest goes, and is then as unknown as if it had never been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Authorization requests, waiting or decided.
    pub waiting: usize,
    /// Pushed authorization requests, fresh or used.
    pub pushed: usize,
    /// Grants: everything that followed from one approval.
    pub grants: usize,
    /// Flows in the trace. It is held to eight megabytes as well.
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
