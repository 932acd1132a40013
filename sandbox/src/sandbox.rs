//! The running sandbox: where the pure world meets the clock, the lock and the network.

use std::fmt;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::form::Form;
use crate::names::{self, Names};
use crate::world::World;
use crate::{Config, Counters, Refusal, RegisteredClient, Waiting, http, link};

/// How long [`Sandbox::stop`] waits for requests that are being answered.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// The furthest that the clock can be moved, in seconds: about 30,000 years.
const FURTHEST: i64 = 1_000_000_000_000;

/// A running sandbox. It stops when it is dropped, or in good order with
/// [`Sandbox::stop`].
pub struct Sandbox {
    shared: Arc<Shared>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address could not be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The system gave no random numbers.
    #[error("the system gave no random numbers: {0}")]
    Random(getrandom::Error),
    /// A client is not registered as it should be.
    #[error("client {client_id}: {reason}")]
    Client {
        /// The client.
        client_id: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Something else in the configuration is wrong.
    #[error("{0}")]
    Config(&'static str),
}

/// What the handles and the routes share.
pub(crate) struct Shared {
    world: Mutex<World>,
    /// How far the clock was moved, in seconds.
    moved: AtomicI64,
    /// Under which names it is served.
    pub(crate) names: Names,
    /// For the start page.
    pub(crate) clients: Vec<RegisteredClient>,
    /// The status of a good answer to a pushed authorization request.
    pub(crate) par_status: u16,
}

impl Shared {
    /// The sandbox's clock, in seconds since the epoch.
    pub(crate) fn now(&self) -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let now = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        now.saturating_add(self.moved.load(Ordering::Relaxed))
    }

    /// The world. A panic within it would be a bug in one request, and no reason to refuse
    /// all others.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the clock.
    pub(crate) fn advance(&self, seconds: i64) {
        let step = seconds.clamp(-FURTHEST, FURTHEST);
        let _ = self
            .moved
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |moved| {
                Some(moved.saturating_add(step).clamp(-FURTHEST, FURTHEST))
            });
    }

    /// Forgets all that happened, and sets the clock right.
    pub(crate) fn reset(&self) {
        self.world().reset();
        self.moved.store(0, Ordering::Relaxed);
    }

    /// What the operating system does with a link to the Truid app.
    pub(crate) fn open(&self, url: &str) -> Result<Waiting, Refusal> {
        let (function, query) = link::read(url, &self.names)?;
        let form = Form::parse(query)?;
        let now = self.now();
        self.world().authorize(function, &form, now)
    }
}

impl Sandbox {
    /// Binds and serves, on the tokio runtime that this is called in, which must have I/O
    /// and time enabled.
    ///
    /// # Errors
    /// Where the configuration is wrong or the address cannot be had.
    pub async fn start(config: Config) -> Result<Sandbox, StartError> {
        check(&config)?;
        let public = config.public_url.as_deref().map(names::public);
        let public = public.transpose().map_err(StartError::Config)?;
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(StartError::Random)?;
        let cannot_listen = |source| StartError::Listen {
            address: config.listen,
            source,
        };
        let listener = TcpListener::bind(config.listen)
            .await
            .map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;
        let shared = Arc::new(Shared {
            world: Mutex::new(World::new(&config, seed)),
            moved: AtomicI64::new(0),
            names: Names::new(address, false, public),
            clients: config.clients,
            par_status: config.par_status,
        });
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(http::serve(listener, Arc::clone(&shared), stopped));
        Ok(Sandbox {
            shared,
            stop,
            server,
        })
    }

    /// The base URL, such as `http://127.0.0.1:49152`, without a slash at its end:
    /// [`Config::public_url`] where there is one, else where a client on this machine
    /// finds the sandbox.
    pub fn url(&self) -> &str {
        self.shared.names.url()
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.shared.names.listen()
    }

    /// The fake Truid app.
    pub fn app(&self) -> App {
        App {
            shared: Arc::clone(&self.shared),
        }
    }

    /// Moves the sandbox's clock by so many seconds, back if they are negative.
    pub fn advance(&self, seconds: i64) {
        self.shared.advance(seconds);
    }

    /// The sandbox's clock, in seconds since the epoch.
    pub fn now(&self) -> i64 {
        self.shared.now()
    }

    /// What has happened since the start or the last reset.
    pub fn counters(&self) -> Counters {
        self.shared.world().counters()
    }

    /// Forgets everything that happened, codes and tokens with it, and sets the clock
    /// right again.
    pub fn reset(&self) {
        self.shared.reset();
    }

    /// Stops: no new connections, and two seconds for requests that are being answered.
    pub async fn stop(self) {
        let Sandbox {
            stop, mut server, ..
        } = self;
        drop(stop);
        if tokio::time::timeout(STOP_WITHIN, &mut server)
            .await
            .is_err()
        {
            server.abort();
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

/// The fake Truid app: it plays the phone and the person who holds it.
#[derive(Clone)]
pub struct App {
    shared: Arc<Shared>,
}

impl App {
    /// What the operating system does with a link to the Truid app: the request is checked
    /// as the authorization endpoint checks it, and waits for the person.
    ///
    /// # Errors
    /// `unknown_link` where the link does not lead to this sandbox (equivalence as in RFC
    /// 3986 section 6.2.2), and all that the authorization endpoint refuses. Where the
    /// service may be told, the refusal has the callback URL in `redirect`.
    pub fn open(&self, url: &str) -> Result<Waiting, Refusal> {
        self.shared.open(url)
    }

    /// All that waits, the oldest first.
    pub fn waiting(&self) -> Vec<Waiting> {
        let now = self.shared.now();
        self.shared.world().list(now)
    }

    /// The person approves. Gives the callback URL that the operating system would open,
    /// with a code (RFC 6749 section 4.1.2).
    ///
    /// # Errors
    /// `not_found`, `already_decided` or `expired`.
    pub fn approve(&self, id: &str) -> Result<String, Refusal> {
        let now = self.shared.now();
        self.shared.world().approve(id, now)
    }

    /// The person declines. Gives the callback URL with `error=access_denied` (RFC 6749
    /// section 4.1.2.1).
    ///
    /// # Errors
    /// As [`App::approve`].
    pub fn decline(&self, id: &str) -> Result<String, Refusal> {
        let now = self.shared.now();
        self.shared.world().decline(id, now)
    }

    /// The person ends all login sessions with a service. Gives how many there were. That
    /// the service hears `invalid_grant` and `invalid_token` of it is a guess.
    pub fn end_sessions(&self, client_id: &str) -> usize {
        let now = self.shared.now();
        self.shared.world().end_sessions(client_id, now)
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("url", &self.shared.names.url())
            .finish_non_exhaustive()
    }
}

/// What can be wrong before anything is bound.
fn check(config: &Config) -> Result<(), StartError> {
    for (index, client) in config.clients.iter().enumerate() {
        let wrong = |reason| StartError::Client {
            client_id: client.client_id.clone(),
            reason,
        };
        client.check().map_err(wrong)?;
        if config.clients[..index]
            .iter()
            .any(|other| other.client_id == client.client_id)
        {
            return Err(wrong("another client has the same client_id"));
        }
    }
    if !matches!(config.par_status, 200 | 201) {
        return Err(StartError::Config("par_status must be 200 or 201"));
    }
    let Config { lifetimes: l, .. } = config;
    let all = [
        l.waiting,
        l.request_uri,
        l.code,
        l.access_token,
        l.first_login_access_token,
        l.idle_login,
        l.identity_verification,
    ];
    if all.iter().any(|seconds| !(1..=FURTHEST).contains(seconds)) {
        return Err(StartError::Config(
            "every lifetime must be from 1 to 1,000,000,000,000 seconds",
        ));
    }
    if l.first_login_access_token > l.access_token {
        return Err(StartError::Config(
            "first_login_access_token must not be longer than access_token, which it grows to",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_configuration_is_refused() {
        let wrong = |change: fn(&mut Config)| {
            let mut config = Config::default();
            change(&mut config);
            check(&config).unwrap_err().to_string()
        };
        assert!(check(&Config::default()).is_ok());
        assert!(wrong(|c| c.par_status = 204).contains("par_status"));
        assert!(wrong(|c| c.lifetimes.code = 0).contains("lifetime"));
        assert!(wrong(|c| c.lifetimes.code = FURTHEST + 1).contains("1,000,000,000,000"));
        assert!(wrong(|c| c.lifetimes.access_token = 59).contains("longer than access_token"));
        assert!(wrong(|c| c.clients.push(RegisteredClient::demo_app())).contains("same"));
        assert!(wrong(|c| c.clients[0].redirect_uris.clear()).contains("demo-app"));
    }
}
