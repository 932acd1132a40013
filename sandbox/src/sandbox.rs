//! The running sandbox: where the pure world meets the clock, the lock and the network.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::network::addresses::{self, Names};
use crate::shared::Shared;
use crate::{
    Callback, Choice, Config, ConfigError, Counters, Decision, FlowSummary, FlowTrace, Found,
    Refusal, RegisteredClient, Rule, Waiting, http,
};

/// How long [`Sandbox::stop`] waits for requests that are being answered.
const STOP_WITHIN: Duration = Duration::from_secs(2);

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
    /// A file of the certificate authority cannot be used.
    #[error("{}: {reason}", file.display())]
    Tls {
        /// Which file.
        file: PathBuf,
        /// What is wrong with it, and what to do.
        reason: String,
    },
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

impl Sandbox {
    /// The OpenAPI document (3.1) of the control API, as it is served at
    /// `/sandbox/v1/openapi.json`.
    pub fn openapi() -> serde_json::Value {
        http::openapi()
    }

    /// Binds and serves, on the tokio runtime that this is called in, which must have I/O
    /// and time enabled.
    ///
    /// # Errors
    /// Where the configuration is wrong or the address cannot be had.
    pub async fn start(mut config: Config) -> Result<Sandbox, StartError> {
        config.check()?;
        let public = config.public_url.as_deref();
        let public = public.and_then(|url| addresses::public(url).ok());
        let cannot_listen = |source| StartError::Listen {
            address: config.listen,
            source,
        };
        let listener = TcpListener::bind(config.listen)
            .await
            .map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;
        let names = Names::new(address, config.tls.is_some(), public);
        for client in &mut config.clients {
            client.resolve(names.url());
        }
        let tls = config.tls.as_ref().map(|tls| tls.serve(&names));
        let tls = tls.transpose().map_err(|error| StartError::Tls {
            file: error.file,
            reason: error.reason,
        })?;
        let shared = Arc::new(Shared::new(config, names, tls).map_err(StartError::Random)?);
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

    /// The registered services, with their redirect URIs as requests must name them.
    pub fn clients(&self) -> &[RegisteredClient] {
        &self.shared.clients
    }

    /// The certificate that a client must trust, as a file (`ca.pem`), where the sandbox
    /// speaks TLS.
    pub fn ca_file(&self) -> Option<&Path> {
        let tls = self.shared.tls.as_ref()?;
        Some(&tls.authority.file)
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

    /// Moves the sandbox's clock by so many seconds, back if they are negative. The clocks of
    /// the clients stay where they are: what has expired by this alone is refused, and is no
    /// finding.
    pub fn advance(&self, seconds: i64) {
        self.shared.advance(seconds, false);
    }

    /// The same where the test moves the clocks of the clients as well, which then can know
    /// what has expired.
    pub fn advance_with_clients(&self, seconds: i64) {
        self.shared.advance(seconds, true);
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
        self.shared.reset(None);
    }

    /// Lets something go wrong, as the rule says.
    ///
    /// # Errors
    /// As [`Rule::check`], and where there are a hundred rules already.
    pub fn misbehave(&self, rule: Rule) -> Result<(), Refusal> {
        self.shared.misbehave(rule).map(drop)
    }

    /// Takes all rules away.
    pub fn behave(&self) {
        self.shared.behave(None);
    }

    /// The flows that are remembered, the newest first, and a thousand at most.
    pub fn flows(&self) -> Vec<FlowSummary> {
        self.shared.flows(None, usize::MAX)
    }

    /// A flow with all that was said in it, secrets masked; nothing where it is not
    /// remembered.
    pub fn flow(&self, id: &str) -> Option<FlowTrace> {
        self.shared.flow(id)
    }

    /// What was found, in all flows that are remembered; the newest thousand where there is
    /// more.
    pub fn findings(&self) -> Vec<Found> {
        self.shared.findings(|_| true).0
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
    /// `not_found`, `already_decided`, `expired` or `assurance_too_low`, and `not_opened` where a rule has it that
    /// the app never opens it.
    pub fn approve(&self, id: &str) -> Result<String, Refusal> {
        self.opened(id, Decision::Approve)
    }

    /// The person declines. Gives the callback URL with `error=access_denied` (RFC 6749
    /// section 4.1.2.1).
    ///
    /// # Errors
    /// As [`App::approve`].
    pub fn decline(&self, id: &str) -> Result<String, Refusal> {
        self.opened(id, Decision::Decline)
    }

    /// The person decides, with all that can be said about it.
    ///
    /// # Errors
    /// As [`App::approve`], `no_such_person` and `assurance_too_low`.
    pub fn decide(&self, id: &str, choice: &Choice) -> Result<Callback, Refusal> {
        self.shared.decide(id, choice)
    }

    fn opened(&self, id: &str, decision: Decision) -> Result<String, Refusal> {
        let callback = self.decide(id, &Choice::new(decision))?;
        callback.redirect.ok_or_else(|| {
            Refusal::own(
                "not_opened",
                "the Truid app was told not to open the redirect URI",
            )
        })
    }

    /// The person ends all login sessions with a service. Gives how many there were. That
    /// the service hears `invalid_grant` and `invalid_token` of it is a guess.
    pub fn end_sessions(&self, client_id: &str) -> usize {
        self.shared.end_sessions(client_id)
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("url", &self.shared.names.url())
            .finish_non_exhaustive()
    }
}
