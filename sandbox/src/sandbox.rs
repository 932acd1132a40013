//! [`Sandbox`] and [`App`]: the running sandbox, with its clock, lock and server.

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
    Callback, Choice, Config, ConfigError, Counters, Decision, FlowFinding, FlowSummary, FlowTrace,
    Refusal, RegisteredClient, Rule, Waiting, http,
};

/// How long [`Sandbox::stop`] waits for open requests.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// A running sandbox. It stops gracefully with [`Sandbox::stop`], and abruptly when it is
/// dropped.
pub struct Sandbox {
    shared: Arc<Shared>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The sandbox cannot listen on the address.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The configured address.
        address: SocketAddr,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The operating system returned no random bytes.
    #[error("the operating system returned no random bytes: {0}")]
    Random(getrandom::Error),
    /// A file of the certificate authority cannot be used.
    #[error("{}: {reason}", file.display())]
    Tls {
        /// The file.
        file: PathBuf,
        /// What is wrong with the file, and what to do.
        reason: String,
    },
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

impl Sandbox {
    /// The OpenAPI document (3.1) of the control API, also at `/sandbox/v1/openapi.json`.
    pub fn openapi() -> serde_json::Value {
        http::openapi()
    }

    /// Starts a sandbox in the current tokio runtime, which must have I/O and time enabled.
    ///
    /// # Errors
    /// The configuration is wrong, the sandbox cannot listen on the address, a file of the
    /// certificate authority cannot be used, or there are no random bytes.
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
    /// [`Config::public_url`] if set, or else the URL for clients on this machine.
    pub fn url(&self) -> &str {
        self.shared.names.url()
    }

    /// The registered services, with absolute redirect URIs.
    pub fn clients(&self) -> &[RegisteredClient] {
        &self.shared.clients
    }

    /// The file with the certificate that clients must trust (`ca.pem`), if the sandbox uses
    /// TLS.
    pub fn ca_file(&self) -> Option<&Path> {
        let tls = self.shared.tls.as_ref()?;
        Some(&tls.authority.file)
    }

    /// The address that the sandbox listens on.
    pub fn address(&self) -> SocketAddr {
        self.shared.names.listen()
    }

    /// The fake Truid app.
    pub fn app(&self) -> App {
        App {
            shared: Arc::clone(&self.shared),
        }
    }

    /// Moves the sandbox's clock forward by a number of seconds; back if it is negative. The
    /// clients' clocks do not move: the sandbox refuses what has expired only by this move, but
    /// reports no finding for it.
    pub fn advance(&self, seconds: i64) {
        self.shared.advance(seconds, false);
    }

    /// As [`Sandbox::advance`], for a test that moves the clients' clocks by the same time.
    pub fn advance_with_clients(&self, seconds: i64) {
        self.shared.advance(seconds, true);
    }

    /// The time of the sandbox's clock, in seconds since 1970-01-01.
    pub fn now(&self) -> i64 {
        self.shared.now()
    }

    /// The numbers of events since the start or the last reset.
    pub fn counters(&self) -> Counters {
        self.shared.provider().counters()
    }

    /// Deletes all flows, grants, codes and tokens, undoes moves of the clock and changes of
    /// people, and restores the configured rules.
    pub fn reset(&self) {
        self.shared.reset(None);
    }

    /// Revokes the intermediate certificate that issues the certificates of signatures, from now
    /// on by the sandbox's clock; or undoes that. The served certificate revocation list contains
    /// it.
    pub fn revoke_intermediate(&self, revoked: bool) {
        self.shared.revoke_intermediate(revoked);
    }

    /// Adds a rule.
    ///
    /// # Errors
    /// Those of [`Rule::check`], and `invalid_request` if the client or the flow id is unknown
    /// or there are 100 rules.
    pub fn misbehave(&self, rule: Rule) -> Result<(), Refusal> {
        self.shared.misbehave(rule).map(drop)
    }

    /// Removes all rules.
    pub fn behave(&self) {
        self.shared.behave(None);
    }

    /// The recorded flows, the newest first: at most 1,000.
    pub fn flows(&self) -> Vec<FlowSummary> {
        self.shared.flows(None, usize::MAX)
    }

    /// A flow with its requests and answers, with masked secrets; `None` if it is not recorded.
    pub fn flow(&self, id: &str) -> Option<FlowTrace> {
        self.shared.flow(id)
    }

    /// The findings in all recorded flows: at most the newest 1,000.
    pub fn findings(&self) -> Vec<FlowFinding> {
        self.shared.findings(|_| true).0
    }

    /// Stops the sandbox: it accepts no new connections, and open requests have two seconds.
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

/// The fake Truid app, with the person who uses it.
#[derive(Clone)]
pub struct App {
    shared: Arc<Shared>,
}

impl App {
    /// Opens a link in the Truid app, as the operating system does: checks the request as the
    /// authorization endpoint does, and adds it to the pending requests.
    ///
    /// # Errors
    /// `unknown_link` if the link does not lead to this sandbox (equivalence as in RFC 3986
    /// section 6.2.2), and all refusals of the authorization endpoint. If the service may get
    /// the error, the refusal has the callback URL in `redirect`.
    pub fn open(&self, url: &str) -> Result<Waiting, Refusal> {
        self.shared.open(url)
    }

    /// The pending requests, the oldest first.
    pub fn waiting(&self) -> Vec<Waiting> {
        let now = self.shared.now();
        self.shared.provider().all_pending(now)
    }

    /// Approves as the person. Returns the callback URL with a code (RFC 6749 section 4.1.2),
    /// which the operating system would open.
    ///
    /// # Errors
    /// `not_found`, `already_decided`, `expired` or `assurance_too_low`; `not_opened` if a rule
    /// says that the app never opens the callback.
    pub fn approve(&self, id: &str) -> Result<String, Refusal> {
        self.opened(id, Decision::Approve)
    }

    /// Declines as the person. Returns the callback URL with `error=access_denied` (RFC 6749
    /// section 4.1.2.1).
    ///
    /// # Errors
    /// Those of [`App::approve`].
    pub fn decline(&self, id: &str) -> Result<String, Refusal> {
        self.opened(id, Decision::Decline)
    }

    /// Decides as the person, with all options.
    ///
    /// # Errors
    /// Those of [`App::approve`] except `not_opened`, and `no_such_person`.
    pub fn decide(&self, id: &str, choice: &Choice) -> Result<Callback, Refusal> {
        self.shared.decide(id, choice)
    }

    fn opened(&self, id: &str, decision: Decision) -> Result<String, Refusal> {
        let callback = self.decide(id, &Choice::new(decision))?;
        callback.redirect.ok_or_else(|| {
            Refusal::own(
                "not_opened",
                "a rule says that the Truid app does not open the redirect URI",
            )
        })
    }

    /// Ends all login sessions with a service, as the person can in the Truid app. Returns how
    /// many ended. The service then gets `invalid_grant` and `invalid_token`, which is a guess.
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
