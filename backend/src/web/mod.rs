//! The service over HTTP: a [`Router`] to mount, and a [`Layer`](tower::Layer) for your own
//! routes.
//!
//! Browsers and apps use the same addresses. A request with `X-Requested-With: XMLHttpRequest`
//! (from an app or a script) gets 202 or 200 and JSON. Other requests that accept `text/html` get
//! pages and redirects.

mod after_login;
mod api_keys;
mod apps;
mod complete;
mod cookie;
mod cross_site;
mod form;
mod layer;
pub(crate) mod onboarded;
pub mod pages;
pub(crate) mod request;
pub(crate) mod response;
mod session;
pub(crate) mod signatures;
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

pub use after_login::{AfterLogin, AfterLoginError};
pub use api_keys::{ApiKeys, ApiKeysError};
pub use apps::{AndroidApp, AppError, Apps};
pub use layer::{LoginLayer, LoginService};
pub use well_known::well_known;

/// The addresses of the service, and access to it.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Web {
    /// The start of all paths except that of the redirect URI. `None`: a slash and the provider's
    /// id.
    pub prefix: Option<String>,
    /// Where the service redirects a browser after a login, also after a refused one.
    pub after_login: AfterLogin,
    /// The name of the service on pages. `None`: the host of the redirect URI.
    pub name: Option<String>,
    /// The apps that take the redirect URI on a phone.
    pub apps: Apps,
    /// The keys with which the service's own code reads the data of onboarded people without a
    /// session, and has documents signed. `None`: these routes do not exist.
    pub api_keys: Option<ApiKeys>,
}

impl Web {
    /// The start of all paths of a service with this provider.
    pub(crate) fn prefix(&self, provider: &Provider) -> String {
        match &self.prefix {
            Some(prefix) => prefix.trim_end_matches('/').to_owned(),
            None => format!("/{}", provider.id()),
        }
    }
}

/// The state of every handler.
pub(crate) struct WebState {
    pub(crate) service: Service,
    pub(crate) cookies: Cookies,
    pub(crate) web: Web,
    /// The start of all paths.
    prefix: String,
    /// The origin of the redirect URI, as in `https://service.example`.
    pub(crate) origin: String,
    /// The path of the redirect URI.
    pub(crate) callback: String,
}

impl WebState {
    pub(crate) fn new(service: Service, web: Web) -> Self {
        let registration = &service.config().registration;
        let redirect_uri = registration.redirect_uri().as_str();
        let uri = redirect_uri.parse::<Uri>().unwrap_or_default();
        Self {
            prefix: web.prefix(registration.provider()),
            cookies: Cookies::new(uri.scheme_str() == Some("https")),
            // Without the default port, as browsers write an origin.
            origin: Origin::of(redirect_uri)
                .map_or_else(|| origin(&uri), |origin| origin.to_string()),
            callback: uri.path().to_owned(),
            service,
            web,
        }
    }

    /// The name of the service on pages.
    pub(crate) fn name(&self) -> &str {
        let host = || self.origin.split_once("://").map_or("", |(_, host)| host);
        self.web.name.as_deref().unwrap_or_else(host)
    }

    fn path(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    pub(crate) fn provider(&self) -> &Provider {
        self.service.config().registration.provider()
    }

    /// The path at which a login for this purpose begins.
    fn start_path(&self, purpose: Purpose) -> String {
        self.path(&format!("/{}", self.provider().purpose_name(purpose)))
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

/// The routes of a service.
///
/// | address | what it does |
/// |---|---|
/// | `GET {prefix}/{name}` | begins a login for a purpose; the name is the provider's ([`Provider::purpose_name`]) |
/// | `GET` the redirect URI's path | completes the login |
/// | `GET {prefix}/session` | the person who is logged in |
/// | `GET {prefix}/user-info`, `GET {prefix}/presentation?claims=` | the data that the person shared |
/// | `POST {prefix}/token` | the next tokens of an app's session |
/// | `POST {prefix}/log-out` | logs out: in a browser, of every session |
/// | `POST {prefix}/onboarded/user-info`, `POST {prefix}/onboarded/presentation` | the data of an onboarded person, for the service's own code ([`Web::api_keys`]) |
/// | `POST {prefix}/signatures`, `POST {prefix}/signatures/digest`, `GET` and `DELETE {prefix}/signatures/{id}`, `GET {prefix}/signatures/{id}/presentation` | documents that people sign, for the service's own code |
///
/// A browser has one session, and one cookie, for each purpose. `?purpose=` says which session a
/// request means, if it is not the login.
///
/// All other paths get 404: a page for a browser, and JSON for other clients. Two routers that both
/// have a fallback cannot be merged: to keep yours, remove this one's with
/// [`Router::reset_fallback`].
pub fn router(service: Service, web: Web) -> Router {
    let state = Arc::new(WebState::new(service, web));
    let path = |path: &str| state.path(path);
    let mut router = Router::new();
    for purpose in state.service.config().scopes.keys().copied() {
        let start = get(move |state, method, query, headers| {
            start::start(purpose, state, method, query, headers)
        });
        router = router.route(&state.start_path(purpose), start);
    }
    router
        .route(&state.callback, get(complete::complete))
        .route(&path("/session"), get(session::session))
        .route(&path("/user-info"), get(session::user_info))
        .route(&path("/presentation"), get(session::presentation))
        .route(&path("/token"), post(token::token).layer(form::limit()))
        .route(&path("/log-out"), post(session::log_out))
        .merge(onboarded::routes(&state))
        .merge(signatures::routes(&state))
        .fallback(
            async |State(state): State<Arc<WebState>>, headers: HeaderMap| {
                pages::not_found(&state, &headers)
            },
        )
        .method_not_allowed_fallback(async || {
            response::error(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
        })
        .layer(axum::middleware::map_response(with_headers))
        .with_state(Arc::clone(&state))
}

/// No cache stores the response, no browser sends its address as a referrer or guesses its type,
/// and no other site frames it.
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
