//! The service over HTTP: a [`Router`] to mount, and a [`Layer`](tower::Layer) for the routes
//! of your own.
//!
//! Browsers and apps meet the same addresses. Whoever sends `X-Requested-With:
//! XMLHttpRequest` (an app, a script) gets 202 or 200 and JSON; whoever else accepts `text/html`
//! gets pages and redirects.

mod after_login;
pub(crate) mod answer;
mod api_keys;
mod apps;
mod complete;
mod cookie;
mod cross_site;
mod form;
mod layer;
pub(crate) mod onboarded;
pub mod pages;
mod session;
mod shown;
mod start;
mod token;
mod well_known;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::routing::{get, post};
use switchback_protocol::{Origin, Provider, Purpose};

use crate::service::Service;
use cookie::Cookies;
pub(crate) use shown::is_browser;

pub use after_login::{AfterLogin, AfterLoginError};
pub use api_keys::{ApiKeys, ApiKeysError};
pub use apps::{AndroidApp, AppError, Apps};
pub use layer::{LoginLayer, LoginService};
pub use well_known::well_known;

/// How the service is reached.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Web {
    /// What all addresses begin with, but that of the redirect URI. `None`: a slash and the
    /// provider's id.
    pub prefix: Option<String>,
    /// Where a browser is sent after a login, whatever became of it.
    pub after_login: AfterLogin,
    /// What pages call the service. `None`: the host of the redirect URI.
    pub name: Option<String>,
    /// The apps that take the redirect URI on a phone.
    pub apps: Apps,
    /// What the service's own code shows to read the data of people who were onboarded, without
    /// a session. `None`: nobody can.
    pub api_keys: Option<ApiKeys>,
}

impl Web {
    /// What all addresses of a service begin with that logs in with this provider.
    pub(crate) fn prefix(&self, provider: &Provider) -> String {
        match &self.prefix {
            Some(prefix) => prefix.trim_end_matches('/').to_owned(),
            None => format!("/{}", provider.id()),
        }
    }
}

/// What every handler knows.
pub(crate) struct Site {
    pub(crate) service: Service,
    pub(crate) cookies: Cookies,
    pub(crate) web: Web,
    /// What all addresses begin with.
    prefix: String,
    /// `https://service.example`, where the redirect URI leads.
    pub(crate) origin: String,
    /// Its path.
    pub(crate) callback: String,
}

impl Site {
    pub(crate) fn new(service: Service, web: Web) -> Self {
        let registration = &service.config().registration;
        let redirect_uri = registration.redirect_uri().as_str();
        let uri = redirect_uri.parse::<Uri>().unwrap_or_default();
        Self {
            prefix: web.prefix(registration.provider()),
            cookies: Cookies::new(uri.scheme_str() == Some("https")),
            // Without a port where it is the usual one, as browsers write it.
            origin: Origin::of(redirect_uri)
                .map_or_else(|| origin(&uri), |origin| origin.to_string()),
            callback: uri.path().to_owned(),
            service,
            web,
        }
    }

    /// What pages call the service.
    pub(crate) fn name(&self) -> &str {
        let host = || self.origin.split_once("://").map_or("", |(_, host)| host);
        self.web.name.as_deref().unwrap_or_else(host)
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    pub(crate) fn provider(&self) -> &Provider {
        self.service.config().registration.provider()
    }

    /// Where a login for this purpose begins.
    fn start(&self, purpose: Purpose) -> String {
        self.at(&format!("/{}", self.provider().purpose_name(purpose)))
    }
}

/// Scheme and authority (RFC 6454).
fn origin(uri: &Uri) -> String {
    format!(
        "{}://{}",
        uri.scheme_str().unwrap_or_default(),
        uri.authority().map_or("", |authority| authority.as_str()),
    )
}

/// The routes of a service: start, complete, session.
///
/// | address | what it does |
/// |---|---|
/// | `GET {prefix}/{name}` | begins a login for a purpose: the name is the provider's own ([`Provider::purpose_name`]) |
/// | `GET` the redirect URI's path | completes it |
/// | `GET {prefix}/session` | who is logged in |
/// | `GET {prefix}/user-info`, `GET {prefix}/presentation?claims=` | what they shared |
/// | `POST {prefix}/token` | the next tokens of an app's session |
/// | `POST {prefix}/log-out` | logs out |
/// | `POST {prefix}/onboarded/user-info`, `POST {prefix}/onboarded/presentation` | what somebody shared who was onboarded, for the service's own code ([`Web::api_keys`]) |
///
/// Whatever else is asked for is answered with 404: a page for a browser, and JSON otherwise. Two routers of which each has a
/// fallback cannot be merged: to keep your own, take this one's away with
/// [`Router::reset_fallback`].
pub fn router(service: Service, web: Web) -> Router {
    let site = Arc::new(Site::new(service, web));
    let at = |path: &str| site.at(path);
    let mut router = Router::new();
    for purpose in site.service.config().scopes.keys().copied() {
        let start = get(move |site, method, headers| start::start(purpose, site, method, headers));
        router = router.route(&site.start(purpose), start);
    }
    router
        .route(&site.callback, get(complete::complete))
        .route(&at("/session"), get(session::who))
        .route(&at("/user-info"), get(session::user_info))
        .route(&at("/presentation"), get(session::presentation))
        .route(&at("/token"), post(token::token).layer(form::limit()))
        .route(&at("/log-out"), post(session::log_out))
        .merge(onboarded::routes(&site))
        .fallback(async |State(site): State<Arc<Site>>, headers: HeaderMap| {
            pages::not_found(&site, &headers)
        })
        .method_not_allowed_fallback(async || {
            answer::error(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
        })
        .layer(axum::middleware::map_response(with_headers))
        .with_state(Arc::clone(&site))
}

/// Nothing that comes from here is kept by a cache, sent on as a referrer, guessed about or
/// framed by somebody else.
pub(crate) async fn with_headers(
    mut response: axum::response::Response,
) -> axum::response::Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'",
        ),
    ] {
        // A page has its own policy.
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}
