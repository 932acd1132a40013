//! The server of `switchback serve`.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use switchback_backend::server::{Plan, Server};
//!
//! let plan = Plan::read("service.toml".as_ref())?;
//! let server = Server::start(plan).await?;
//! println!("{}", server.url());
//! // ... and at the end:
//! server.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! | module | what it does |
//! |---|---|
//! | `settings` | the configuration file |
//! | `reachability`, `login_trial` | checks whether the provider can be reached, and accepts a login |
//! | `listen`, `tls`, `write_deadline` | one connection |
//! | `connections`, `descriptors` | the limits on connections |
//! | `middleware` | request id, limits, log and metrics of every request |
//! | `host` | checks that a request names this service |
//! | `rate`, `address` | limits the logins from one client address |
//! | `operations`, `readiness`, `metrics`, `logs` | monitoring |

mod address;
mod connections;
mod descriptors;
mod host;
mod listen;
mod login_trial;
mod logs;
mod metrics;
mod middleware;
mod operations;
mod rate;
mod reachability;
mod readiness;
mod settings;
mod tls;
mod write_deadline;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use secrecy::ExposeSecret as _;
use switchback_driver::ports::TransportError;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior};

use crate::error::Error;
use crate::service::{Platform, Service};
use crate::store::{Postgres, RowStore, Sqlite, SqliteError, StoreError};
use crate::web::{self, WebState};
use connections::Connections;
use host::HostNames;
use listen::{CurrentTlsConfig, HttpServer};
use metrics::Metrics;
use middleware::{MiddlewareState, RequestIds};
use operations::HealthState;
use rate::StartLimiter;
use readiness::Readiness;
use settings::KeySource;

pub use login_trial::LoginTrial;
pub use logs::install_logs;
pub use reachability::Reachability;
pub use settings::{
    ApiKeySettings, CacheSettings, ClientAuthenticationMethod, ConfigError, Database,
    DatabaseSettings, KeySettings, Lifetimes, Limits, LogFormat, LogLevel, LogSettings,
    MetricsSettings, Plan, Problem, ProviderSettings, Settings, SigningSettings, TimestampSettings,
    TlsSettings, WebSettings,
};

/// How long stopping may take. A refresh takes 35 seconds at most.
const STOP_TIMEOUT: Duration = Duration::from_secs(40);

/// How often expired rows are removed.
const CLEAN_UP_INTERVAL: Duration = Duration::from_secs(60);

/// A running service.
pub struct Server {
    service: Service,
    address: SocketAddr,
    metrics_address: Option<SocketAddr>,
    health: Arc<HealthState>,
    certificate: Option<(CurrentTlsConfig, PathBuf, PathBuf)>,
    stop: watch::Sender<bool>,
    public: JoinHandle<()>,
    /// Tasks that run until the service has stopped.
    others: Vec<JoinHandle<()>>,
}

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The server cannot listen on the address.
    #[error(
        "cannot listen on {address}: {source}; stop the program that uses the port, or change \
         `listen` or `metrics.listen`"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The reason.
        source: io::Error,
    },
    /// This machine cannot connect to any provider.
    #[error(transparent)]
    Network(#[from] TransportError),
    /// The SQLite file cannot be opened.
    #[error(transparent)]
    Sqlite(#[from] SqliteError),
    /// PostgreSQL cannot be reached or used.
    #[error(transparent)]
    Postgres(#[from] StoreError),
    /// The key file cannot be read or created.
    #[error("{0}")]
    Keys(String),
    /// The service cannot be created.
    #[error(transparent)]
    Service(#[from] Error),
}

impl Server {
    /// Opens the database, creates it if necessary, and listens. The server answers as soon as
    /// this returns.
    ///
    /// # Errors
    /// [`StartError`], with the reason and what to do.
    pub async fn start(plan: Plan) -> Result<Self, StartError> {
        plan.can_connect()?;
        let mut start_routes = plan.start_paths();
        let prefix = plan.prefix();
        start_routes.push(format!("{prefix}/{{name}}"));
        let Plan {
            settings,
            database,
            config,
            web,
            page,
            keys,
            proxies,
            tls,
        } = plan;
        // First, so that a port in use leaves no new file behind.
        let (socket, address) = listen(settings.listen)?;
        let metrics_listener = match &settings.metrics {
            Some(metrics) => Some(listen(metrics.listen)?),
            None => None,
        };
        let keys = match keys {
            KeySource::Given(keys) => keys,
            KeySource::DefaultFile(file) => settings::make_key(&file).map_err(StartError::Keys)?,
        };
        let redirect_uri = config.registration.redirect_uri().as_str();
        let hosts = HostNames::new(redirect_uri, &settings.hosts, address.ip());
        let service = match database {
            Database::Sqlite(file) => new_service(Sqlite::open(file).await?, keys, config),
            Database::Postgres {
                address,
                connections,
                ..
            } => {
                let store = Postgres::connect(address.expose_secret(), connections).await?;
                new_service(store, keys, config)
            }
        }?;
        service.check_database().await?;
        let health = Arc::new(HealthState {
            service: service.clone(),
            readiness: Readiness::default(),
            is_stopping: AtomicBool::new(false),
        });
        let metrics = metrics_listener
            .as_ref()
            .map(|_| Metrics::new(service.clone()));
        let limits = descriptors::connections(&settings);
        // Half of the connections stay free for answers about load and health.
        let requests = settings.limits.requests.min(limits.total / 2);
        let connections = Connections::new(limits, proxies.clone());
        let state = Arc::new(WebState::new(service.clone(), web.clone()));
        let middleware = Arc::new(MiddlewareState {
            starts: StartLimiter::new(settings.limits.starts_per_minute),
            start_routes,
            proxies,
            metrics: metrics.clone(),
            https: tls.is_some(),
            logs_requests: settings.log.requests,
            long_body: Some(format!("{prefix}{}", web::signatures::DIGEST_PATH)),
            web: Some(Arc::clone(&state)),
            ..MiddlewareState::new(settings.limits, requests, request_ids()?)
        });
        let is_private = |metrics: &MetricsSettings| metrics.private_ready;
        let public_readiness = match settings.metrics.as_ref().is_some_and(is_private) {
            true => axum::Router::new(),
            false => operations::readiness(Arc::clone(&health)),
        };
        // Add further routes of the service here.
        let router = web::router(service.clone(), web.clone())
            .merge(web::well_known(&service, &web))
            .merge(web::pages::router(service.clone(), web, page))
            .merge(operations::health())
            .merge(public_readiness)
            .fallback(async move |headers: HeaderMap| {
                web::with_headers(web::pages::not_found(&state, &headers)).await
            })
            .method_not_allowed_fallback(async || {
                middleware::refuse(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed").await
            });
        let router = hosts
            .clone()
            .guard(router)
            .layer(axum::middleware::from_fn_with_state(
                Arc::clone(&middleware),
                middleware::handle,
            ));
        let certificate = tls.map(|tls| {
            let config = Arc::new(RwLock::new(tls.config));
            (config, tls.certificate, tls.key)
        });
        let server = HttpServer {
            router,
            certificate: certificate.as_ref().map(|(config, ..)| Arc::clone(config)),
            connections,
            read_within: Duration::from_secs(settings.limits.read_seconds),
            write_within: Duration::from_secs(settings.limits.write_seconds),
        };
        let (stop, stopped) = watch::channel(false);
        let mut others = vec![tokio::spawn(clean_up(service.clone(), middleware))];
        let metrics_address = metrics_listener.as_ref().map(|(_, address)| *address);
        if let (Some((socket, address)), Some(metrics)) = (metrics_listener, metrics) {
            let router = operations::operations(metrics, Arc::clone(&health));
            let server = HttpServer {
                router: hosts.at(address.ip()).guard(router),
                certificate: None,
                connections: Connections::new(descriptors::OPERATIONS, Vec::new()),
                ..server.clone()
            };
            // This listener stops last, so that monitoring can observe the shutdown.
            let (never, stopped) = watch::channel(false);
            others.push(tokio::spawn(async move {
                server.serve(socket, stopped).await;
                drop(never);
            }));
        }
        tracing::info!(target: "switchback", event = "service.started", %address);
        Ok(Self {
            service,
            address,
            metrics_address,
            health,
            certificate,
            stop,
            public: tokio::spawn(server.serve(socket, stopped)),
            others,
        })
    }

    /// The address on which the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address as a URL.
    pub fn url(&self) -> String {
        let scheme = match self.certificate {
            Some(_) => "https",
            None => "http",
        };
        format!("{scheme}://{}", self.address)
    }

    /// The address of the listener for monitoring, if configured.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// The service.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// Reads certificate and key again, for new connections. `false`: TLS is not configured.
    ///
    /// # Errors
    /// The reason why the new files cannot be used; the server continues with the old ones.
    pub fn reload_certificate(&self) -> Result<bool, String> {
        let Some((current, certificate, key)) = &self.certificate else {
            return Ok(false);
        };
        let config = tls::load(certificate, key).map_err(|error| error.reason)?;
        *current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
        Ok(true)
    }

    /// Stops the server: it accepts nothing new, finishes requests and refreshes under way, and
    /// takes 40 seconds at most. Returns whether everything was finished.
    pub async fn stop(self) -> bool {
        self.health.is_stopping.store(true, Ordering::Relaxed);
        self.stop.send_replace(true);
        tracing::info!(target: "switchback", event = "service.stopping");
        let deadline = Instant::now() + STOP_TIMEOUT;
        let all = async {
            // An error means that the task has ended in another way.
            let _ = self.public.await;
            self.service.finish().await;
        };
        let is_done = tokio::time::timeout_at(deadline, all).await.is_ok();
        for other in self.others {
            other.abort();
        }
        tracing::info!(target: "switchback", event = "service.stopped", is_done);
        is_done
    }
}

/// Adds to the routes of services what [`Server`] adds to its own: `/health`, an `x-request-id` in
/// each response, and the limits of [`Limits::default`] except that on logins. For your own server
/// on this machine.
///
/// # Errors
/// [`Error::Process`] if the operating system returns no random bytes.
pub fn with_middleware(routes: axum::Router) -> Result<axum::Router, Error> {
    let limits = Limits::default();
    let middleware = MiddlewareState::new(limits, limits.requests, request_ids()?);
    let handle = axum::middleware::from_fn_with_state(Arc::new(middleware), middleware::handle);
    Ok(routes.merge(operations::health()).layer(handle))
}

fn request_ids() -> Result<RequestIds, Error> {
    RequestIds::new().map_err(|_| Error::Process("the operating system returned no random bytes"))
}

fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Listen { address, source };
    let socket = listen::bind(address).map_err(failed)?;
    let address = socket.local_addr().map_err(failed)?;
    Ok((socket, address))
}

fn new_service(
    store: impl RowStore,
    keys: crate::sealing::Keys,
    config: crate::config::Config,
) -> Result<Service, Error> {
    Service::new(config, Platform::new(store, keys))
}

/// Removes expired entries at intervals.
async fn clean_up(service: Service, middleware: Arc<MiddlewareState>) {
    let mut minutes = tokio::time::interval(CLEAN_UP_INTERVAL);
    minutes.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        minutes.tick().await;
        if let Some(starts) = &middleware.starts {
            starts.remove_idle();
        }
        match service.clean_up().await {
            Ok(removed) => tracing::debug!(
                target: "switchback", event = "service.cleaned-up",
                attempts = removed.attempts, grants = removed.grants, sessions = removed.sessions,
                signatures = removed.signatures
            ),
            Err(error) => {
                tracing::error!(target: "switchback", event = "service.not-cleaned-up", %error);
            }
        }
        if let Err(error) = service.continue_signings().await {
            tracing::error!(target: "switchback", event = "signature.not-continued", %error);
        }
    }
}
