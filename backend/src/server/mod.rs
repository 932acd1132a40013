//! The server: what `switchback serve` runs, for who wants the service as it is.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use switchback_backend::server::{Plan, Server};
//!
//! let plan = Plan::read("service.toml".as_ref())?;
//! let server = Server::start(plan).await?;
//! println!("{}", server.url());
//! // ... until somebody wants it to end:
//! server.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! | file | what it does |
//! |---|---|
//! | `settings` | the configuration file |
//! | `reach`, `online` | whether the provider can be reached from here, and takes a login |
//! | `listen`, `tls`, `write_deadline` | a connection |
//! | `connections`, `descriptors` | how many there may be |
//! | `front` | what every request goes through |
//! | `host` | whether a request names this service |
//! | `rate`, `address` | how many logins from one address, and whose that is |
//! | `operations`, `readiness`, `metrics`, `logs` | for whoever watches over it |

mod address;
mod connections;
mod descriptors;
mod front;
mod host;
mod listen;
mod logs;
mod metrics;
mod online;
mod operations;
mod rate;
mod reach;
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
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior};

use crate::error::Error;
use crate::service::{Platform, Service};
use crate::store::{Postgres, RowStore, Sqlite, SqliteError, StoreError};
use crate::web::{self, Site};
use connections::Connections;
use front::{Front, Ids};
use host::Hosts;
use listen::{Certificate, Doorway};
use metrics::Metrics;
use operations::Health;
use rate::Starts;
use readiness::Readiness;
use settings::KeySource;

pub use logs::install_logs;
pub use online::Tried;
pub use reach::Reach;
pub use settings::{
    ApiKeySettings, CacheSettings, ConfigError, Database, DatabaseSettings, KeySettings, Lifetimes,
    Limits, LogFormat, LogLevel, LogSettings, Method, MetricsSettings, Plan, Problem,
    ProviderSettings, Settings, TlsSettings, WebSettings,
};

/// All that may be under way when it is to end has so long: a refresh takes 35 seconds at most.
const FINISH_WITHIN: Duration = Duration::from_secs(40);

/// How often what nobody will ask for is removed.
const CLEAN_UP_EVERY: Duration = Duration::from_secs(60);

/// A service that runs.
pub struct Server {
    service: Service,
    address: SocketAddr,
    metrics_address: Option<SocketAddr>,
    health: Arc<Health>,
    certificate: Option<(Certificate, PathBuf, PathBuf)>,
    stop: watch::Sender<bool>,
    public: JoinHandle<()>,
    /// They go on until the very end.
    others: Vec<JoinHandle<()>>,
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// This machine can connect to no provider.
    #[error(transparent)]
    Network(#[from] TransportError),
    /// The SQLite file.
    #[error(transparent)]
    Sqlite(#[from] SqliteError),
    /// PostgreSQL.
    #[error(transparent)]
    Postgres(#[from] StoreError),
    /// The sealing keys.
    #[error("{0}")]
    Keys(String),
    /// The service.
    #[error(transparent)]
    Service(#[from] Error),
}

impl Server {
    /// Opens the database, which is made where there is none, and listens. What is there then
    /// answers at once.
    ///
    /// # Errors
    /// What is wrong, and what to do.
    pub async fn start(plan: Plan) -> Result<Self, StartError> {
        plan.can_connect()?;
        let mut start_routes = plan.start_paths();
        start_routes.push(format!("{}/{{name}}", plan.prefix()));
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
        // First: a port that is taken leaves no file behind.
        let (socket, address) = listen(settings.listen)?;
        let figures = match &settings.metrics {
            Some(metrics) => Some(listen(metrics.listen)?),
            None => None,
        };
        let keys = match keys {
            KeySource::Given(keys) => keys,
            KeySource::Beside(file) => settings::make_key(&file).map_err(StartError::Keys)?,
        };
        let redirect_uri = config.registration.redirect_uri().as_str();
        let hosts = Hosts::new(redirect_uri, &settings.hosts, address.ip());
        let service = match database {
            Database::Sqlite(file) => serve_from(Sqlite::open(file).await?, keys, config),
            Database::Postgres {
                address,
                connections,
                ..
            } => {
                let store = Postgres::connect(address.expose_secret(), connections).await?;
                serve_from(store, keys, config)
            }
        }?;
        let health = Arc::new(Health {
            service: service.clone(),
            readiness: Readiness::default(),
            is_stopping: AtomicBool::new(false),
        });
        let metrics = figures.as_ref().map(|_| Metrics::new(service.clone()));
        let most = descriptors::connections(&settings);
        // Half of the connections are free to be told that it is busy, or how it does.
        let requests = settings.limits.requests.min(most.in_all / 2);
        let connections = Connections::new(most, proxies.clone());
        let front = Arc::new(Front {
            limits: settings.limits,
            permits: Semaphore::new(requests),
            starts: Starts::new(settings.limits.starts_per_minute),
            start_routes,
            proxies,
            metrics: metrics.clone(),
            https: tls.is_some(),
            logs_requests: settings.log.requests,
            ids: ids()?,
            site: Some(Site::new(service.clone(), web.clone())),
        });
        let is_private = |metrics: &MetricsSettings| metrics.private_ready;
        let public_readiness = match settings.metrics.as_ref().is_some_and(is_private) {
            true => axum::Router::new(),
            false => operations::readiness(Arc::clone(&health)),
        };
        // Whatever is mounted beside the service's own routes belongs here.
        let site = Arc::new(Site::new(service.clone(), web.clone()));
        let router = web::router(service.clone(), web.clone())
            .merge(web::well_known(&service, &web))
            .merge(web::pages::router(service.clone(), web, page))
            .merge(operations::health())
            .merge(public_readiness)
            .fallback(async move |headers: HeaderMap| {
                web::with_headers(web::pages::not_found(&site, &headers)).await
            })
            .method_not_allowed_fallback(async || {
                front::refuse(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed").await
            });
        let router = hosts
            .clone()
            .guard(router)
            .layer(axum::middleware::from_fn_with_state(
                Arc::clone(&front),
                front::pass,
            ));
        let certificate = tls.map(|tls| {
            let config = Arc::new(RwLock::new(tls.config));
            (config, tls.certificate, tls.key)
        });
        let doorway = Doorway {
            router,
            certificate: certificate.as_ref().map(|(config, ..)| Arc::clone(config)),
            connections,
            read_within: Duration::from_secs(settings.limits.read_seconds),
            write_within: Duration::from_secs(settings.limits.write_seconds),
        };
        let (stop, stopped) = watch::channel(false);
        let mut others = vec![tokio::spawn(clean_up(service.clone(), front))];
        let metrics_address = figures.as_ref().map(|(_, address)| *address);
        if let (Some((socket, address)), Some(metrics)) = (figures, metrics) {
            let router = operations::operations(metrics, Arc::clone(&health));
            let doorway = Doorway {
                router: hosts.at(address.ip()).guard(router),
                certificate: None,
                connections: Connections::new(descriptors::PRIVATE, Vec::new()),
                ..doorway.clone()
            };
            // It is never told to stop: whoever watches sees how the rest does.
            let (never, stopped) = watch::channel(false);
            others.push(tokio::spawn(async move {
                doorway.serve(socket, stopped).await;
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
            public: tokio::spawn(doorway.serve(socket, stopped)),
            others,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it listens, as a URL.
    pub fn url(&self) -> String {
        let scheme = match self.certificate {
            Some(_) => "https",
            None => "http",
        };
        format!("{scheme}://{}", self.address)
    }

    /// Where its figures are.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// The service that is served.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// Reads certificate and key again, for connections that come from now on. Whether there
    /// are any.
    ///
    /// # Errors
    /// What is wrong with them: the old ones go on.
    pub fn reload_certificate(&self) -> Result<bool, String> {
        let Some((current, certificate, key)) = &self.certificate else {
            return Ok(false);
        };
        let config = tls::load(certificate, key).map_err(|error| error.reason)?;
        *current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
        Ok(true)
    }

    /// Ends it: nothing new is accepted, what is under way has its time, and no refresh is cut
    /// off, for 40 seconds at most. Whether all was done by then.
    pub async fn stop(self) -> bool {
        self.health.is_stopping.store(true, Ordering::Relaxed);
        self.stop.send_replace(true);
        tracing::info!(target: "switchback", event = "service.stopping");
        let deadline = Instant::now() + FINISH_WITHIN;
        let all = async {
            // An error says that it ended otherwise.
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

/// The routes of services with what [`Server`] has around its own: `/health`, an `x-request-id` for
/// each answer, and the limits of [`Limits::default`] but for logins. For a server of your own, on
/// this machine.
///
/// # Errors
/// [`Error::Process`] where the system's random source fails.
pub fn surround(routes: axum::Router) -> Result<axum::Router, Error> {
    let limits = Limits::default();
    let front = Front {
        limits,
        permits: Semaphore::new(limits.requests),
        starts: None,
        start_routes: Vec::new(),
        proxies: Vec::new(),
        metrics: None,
        https: false,
        logs_requests: false,
        ids: ids()?,
        site: None,
    };
    let pass = axum::middleware::from_fn_with_state(Arc::new(front), front::pass);
    Ok(routes.merge(operations::health()).layer(pass))
}

fn ids() -> Result<Ids, Error> {
    Ids::new().map_err(|_| Error::Process("the system's random source failed"))
}

fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Listen { address, source };
    let socket = listen::bind(address).map_err(failed)?;
    let address = socket.local_addr().map_err(failed)?;
    Ok((socket, address))
}

fn serve_from(
    store: impl RowStore,
    keys: crate::sealing::Keys,
    config: crate::config::Config,
) -> Result<Service, Error> {
    Service::new(config, Platform::new(store, keys))
}

/// Now and then, for as long as it runs.
async fn clean_up(service: Service, front: Arc<Front>) {
    let mut minutes = tokio::time::interval(CLEAN_UP_EVERY);
    minutes.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        minutes.tick().await;
        if let Some(starts) = &front.starts {
            starts.forget();
        }
        match service.clean_up().await {
            Ok(removed) => tracing::debug!(
                target: "switchback", event = "service.cleaned-up",
                attempts = removed.attempts, grants = removed.grants, sessions = removed.sessions
            ),
            Err(error) => {
                tracing::error!(target: "switchback", event = "service.not-cleaned-up", %error);
            }
        }
    }
}
