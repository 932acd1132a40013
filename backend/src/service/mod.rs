//! The service: begin a login, complete it, and know who is logged in.
//!
//! The state machines of `switchback-protocol` decide. This module stores their states, sends
//! their requests, and reports the result. It does not depend on an HTTP server;
//! [`web`](crate::web) does.

mod begin;
mod clean_up;
mod clock;
mod complete;
mod database_client;
mod grant_store;
mod grants;
mod logged_in;
mod oauth_client;
mod provider;
mod reads;
mod session;
mod session_rows;
mod signing;
mod tokens;
mod user;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use quick_cache::sync::Cache;
use switchback_driver::complete::Completions;
use switchback_driver::http::Reqwest;
use switchback_driver::owner;
use switchback_driver::ports::{Clock, Entropy, HttpTransport, SystemClock, SystemEntropy};
use switchback_driver::refresh::Refreshes;
use switchback_driver::sender::Sender;
use switchback_driver::task::Tasks;
use switchback_protocol::lease::Owner;
use switchback_protocol::provider::Retention;
use switchback_protocol::time::Time;
use switchback_protocol::{Provider, Purpose, Registration};
use zeroize::Zeroizing;

use crate::config::Config;
use crate::counters::Counters;
use crate::credential::{Credential, SessionName};
use crate::error::Error;
use crate::sealing::Keys;
use crate::store::RowStore;
use crate::time_ordered;
use clock::SharedClock;

pub use begin::{LoginAttempt, SamePerson};
pub use complete::{LoginOutcome, Refusal};
pub use logged_in::LoggedIn;
pub use signing::{
    NotASigningId, PreparedSigning, Signature, Signing, SigningId, SigningOptions, SigningStatus,
    Timestamps,
};
pub(crate) use tokens::TokenResponseBody;
pub use tokens::Tokens;
pub use user::User;

/// A service that logs people in with a provider and keeps their sessions. Clones share one
/// service.
#[derive(Clone)]
pub struct Service {
    pub(crate) inner: Arc<Inner>,
}

/// The database, keys, HTTP client, clock and random source of a service.
#[derive(Clone)]
pub struct Platform {
    /// The database.
    pub store: Arc<dyn RowStore>,
    /// The keys that seal stored values.
    pub keys: Keys,
    /// The HTTP client for requests to the provider.
    pub http: Arc<dyn HttpTransport>,
    /// This machine's clock.
    pub clock: Arc<dyn Clock>,
    /// The source of random bytes.
    pub entropy: Arc<dyn Entropy>,
}

impl Platform {
    /// A platform with this database, the system's clock and random source, and reqwest.
    pub fn new(store: impl RowStore, keys: Keys) -> Self {
        Self {
            store: Arc::new(store),
            keys,
            http: Arc::new(Reqwest::new()),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
        }
    }
}

pub(crate) struct Inner {
    pub(crate) config: Config,
    pub(crate) platform: Platform,
    pub(crate) counters: Counters,
    owner: Owner,
    sessions: Cache<SessionName, Arc<session::CachedSession>>,
    /// How often sessions were evicted from the cache because they ended.
    evictions: AtomicU64,
    reads: reads::ReadsByGrant,
    sender: Sender,
    /// One refresh at a time for each grant; all callers in this process share its result.
    refreshes: Refreshes<Error>,
    completions: Completions<Error>,
    /// One fetch at a time for each signature.
    fetches: signing::Fetches,
    /// The row of a signing after which the maintenance continues.
    continued: std::sync::Mutex<Option<(i64, String)>>,
    crls: signing::Crls,
    verify: signing::Verify,
    tasks: Tasks,
}

impl Service {
    /// Checks the configuration. Nothing is read, written or sent:
    /// [`check_database`](Self::check_database) checks the database.
    ///
    /// # Errors
    /// [`Error::Configuration`], which says what to change.
    pub fn new(config: Config, platform: Platform) -> Result<Self, Error> {
        let wrong = |what: &str| Err(Error::Configuration(what.into()));
        if config.scopes.is_empty() {
            return wrong("no purpose is offered: configure the scope of at least one");
        }
        if config.registration.redirect_uris().all().nth(1).is_some() {
            return wrong(
                "the registration has several redirect URIs, and this backend serves one: register \
                 the same redirect URI for every purpose, or run a separate service for each",
            );
        }
        let lifetimes = [
            config.login_timeout,
            config.session_lifetime,
            config.token_lifetime,
        ];
        if lifetimes.iter().any(|seconds| *seconds <= 0) {
            return wrong("the lifetimes of login, session and token must be at least 1 second");
        }
        let others = [config.refresh_skew, config.grace, config.cached_for];
        if others.iter().any(|seconds| *seconds < 0) {
            return wrong("refresh skew, grace and cache time must be at least 0 seconds");
        }
        for (purpose, scope) in &config.scopes {
            let provider = config.registration.provider();
            if provider.authorization_endpoint(*purpose).is_none() {
                return wrong(&format!(
                    "{} does not offer {purpose}: remove this purpose",
                    provider.name()
                ));
            }
            switchback_protocol::authorization::check_scope(scope)
                .map_err(|error| Error::Configuration(error.to_string()))?;
        }
        let owner = owner::new(&*platform.entropy);
        let owner = owner.map_err(|_| Error::Process(NO_RANDOM_BYTES))?;
        let is_signing = config.scopes.contains_key(&Purpose::Signing);
        let has_roots = config
            .signing
            .as_ref()
            .is_some_and(|it| !it.roots.is_empty());
        if is_signing && !has_roots {
            return wrong(
                "signing is offered, and no root is trusted: configure the roots that the provider \
                 publishes, or no signature can be verified",
            );
        }
        let clock = SharedClock::new(&platform);
        let sender = Sender::new(Arc::clone(&platform.http), Arc::new(clock));
        Ok(Self {
            inner: Arc::new(Inner {
                sessions: Cache::new(config.cached_sessions.max(1)),
                evictions: AtomicU64::new(0),
                reads: reads::ReadsByGrant::new(config.cached_sessions),
                config,
                platform,
                counters: Counters::default(),
                owner,
                sender,
                refreshes: Refreshes::default(),
                completions: Completions::default(),
                fetches: signing::Fetches::default(),
                continued: std::sync::Mutex::default(),
                crls: signing::Crls::default(),
                verify: signing::verify,
                tasks: Tasks::default(),
            }),
        })
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// The counters since the process started.
    pub fn counters(&self) -> &Counters {
        &self.inner.counters
    }

    /// Checks that the database answers.
    ///
    /// # Errors
    /// [`Error::Store`] if it does not.
    pub async fn ready(&self) -> Result<(), Error> {
        Ok(self.inner.platform.store.ping().await?)
    }

    /// Waits until no request to the provider is under way. An interrupted refresh may end the
    /// session.
    pub async fn finish(&self) {
        // A login may start a refresh, but a refresh starts no login.
        self.inner.completions.all_done().await;
        self.inner.fetches.all_done().await;
        self.inner.refreshes.all_done().await;
        self.inner.tasks.all_done().await;
    }
}

impl Inner {
    fn registration(&self) -> &Registration {
        &self.config.registration
    }

    fn provider(&self) -> &Provider {
        self.registration().provider()
    }

    /// The time on the database's clock, which all nodes share.
    pub(crate) fn now(&self) -> Time {
        self.sender.now()
    }

    fn random_bytes<const N: usize>(&self) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        let filled = self.platform.entropy.fill(&mut bytes);
        filled.map_err(|_| Error::Process(NO_RANDOM_BYTES))?;
        Ok(bytes)
    }

    /// Whether a grant for this purpose belongs to the person as a user of the service, and not to
    /// one session.
    fn is_engagement(&self, purpose: Purpose) -> bool {
        self.provider().retention(purpose) == Retention::Engagement
    }

    /// Whether a grant for this purpose is a login: its session ends with the grant.
    fn is_login(&self, purpose: Purpose) -> bool {
        self.provider().retention(purpose) == Retention::Session
    }

    fn new_credential(&self) -> Result<Credential, Error> {
        let mut random_bytes = Zeroizing::new(self.random_bytes()?);
        time_ordered::stamp(&mut *random_bytes, self.now().wall);
        Ok(Credential::new(&random_bytes))
    }
}

/// Whether a browser presents the session of this purpose in the cookie with which it also begins
/// logins. A session of another purpose has its own cookie.
pub(crate) fn is_in_login_cookie(purpose: Purpose) -> bool {
    purpose == Purpose::Login
}

/// How long a caller waits at most. The request itself continues in the background.
const WAIT_LIMIT: Duration = Duration::from_secs(10);

const NO_RANDOM_BYTES: &str = "the operating system returned no random bytes";

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service")
            .field("config", &self.inner.config)
            .finish_non_exhaustive()
    }
}
