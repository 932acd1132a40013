//! The routes. This module reads requests from the network and writes answers;
//! [`crate::endpoints`] and [`crate::provider`] decide what to answer.

mod app;
mod assets;
pub(crate) mod certificates;
mod control;
mod developer;
mod exchange;
mod host;
mod log_in;
mod phones;
mod response;
mod waiting;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::{from_fn_with_state, map_response_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::clients::apps::SAMPLE_CALLBACK;
use crate::endpoints::sender::wants_page;
use crate::endpoints::{answer, misbehave};
use crate::network::connection::{Connections, ResetHandle};
use crate::oauth::incoming::{Target, exposes};
use crate::shared::Shared;
use crate::{Finding, Purpose, Refusal};
pub(crate) use control::openapi;
pub(crate) use log_in::Logins;

/// The maximum length of a body, in bytes.
const MAX_BODY_LENGTH: usize = 64 * 1024;

/// The token endpoint.
const TOKEN: &str = "/oauth2/v1/token";

/// The timestamp authority.
pub(crate) const TSA: &str = "/tsa";

/// The paths at which a client tries discovery. Browsers automatically request other paths below
/// `/.well-known/`.
const DISCOVERY: [&str; 3] = [
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/.well-known/jwks",
];

/// The answer to a request with a secret in the URL of a path that is not an endpoint.
const EXPOSED: &str = "a secret is in the URL, where logs store it; send all parameters in the body of a POST to an endpoint, and change the secret";

/// The refusal of a request that followed the redirect of the token endpoint.
const MOVED: &str = "the client followed a redirect from the token endpoint, which it must not do: another server could have received the secrets in this request";

/// The parameter of every handler.
type State = axum::extract::State<Arc<Shared>>;

/// Serves until `stopped` gets a message or its sender is dropped.
pub(crate) async fn serve(
    listener: TcpListener,
    shared: Arc<Shared>,
    stopped: oneshot::Receiver<()>,
) {
    let waiting = Arc::clone(&shared);
    let stopped = async move {
        let _ = stopped.await;
        // This ends the event streams.
        waiting.stopping();
    };
    let tls = shared.tls.as_ref().map(|tls| Arc::clone(&tls.config));
    let routes = routes(shared).into_make_service_with_connect_info::<ResetHandle>();
    let server =
        axum::serve(Connections::new(listener, tls), routes).with_graceful_shutdown(stopped);
    // `serve` never returns an error: it retries a failed accept.
    let _ = server.await;
}

fn routes(shared: Arc<Shared>) -> Router {
    Router::new()
        .merge(endpoints())
        .route("/", get(developer::home))
        .route("/log-in", get(log_in::begin))
        .merge(app::routes())
        .merge(assets::routes())
        .route("/trace", get(developer::trace))
        .route("/trace/reset", post(developer::reset))
        .route("/trace/{flow}", get(developer::flow))
        .route("/trace/{flow}/misbehave", post(developer::add_to_flow))
        .route("/findings", get(developer::findings))
        .route("/findings/{finding}", get(developer::finding))
        .route("/misbehave", get(developer::misbehave).post(developer::add))
        .route("/misbehave/{rule}/remove", post(developer::remove))
        .route("/phones", get(phones::phones))
        .route("/sandbox/ca.crt", get(phones::ca_der))
        .route("/sandbox/ca.pem", get(phones::ca_pem))
        .route(
            "/.well-known/apple-app-site-association",
            get(phones::apple),
        )
        .route("/.well-known/assetlinks.json", get(phones::android))
        .route(SAMPLE_CALLBACK, get(phones::sample_callback))
        .merge(certificates::routes())
        .nest("/sandbox/v1", control::routes())
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(MAX_BODY_LENGTH))
        .layer(from_fn_with_state(Arc::clone(&shared), host::check))
        .layer(map_response_with_state(
            Arc::clone(&shared),
            response::add_headers,
        ))
        .with_state(shared)
}

/// The endpoints of Truid. `HEAD` must not do what `GET` does there.
fn endpoints() -> Router<Arc<Shared>> {
    let at = |place: Target| {
        async move |state: State, request: Request| exchange::exchange(state, place, request).await
    };
    let of = |place: fn(Purpose) -> Target| {
        async move |state: State, Path(function): Path<String>, request: Request| {
            match Purpose::from_function(&function) {
                Some(purpose) => exchange::exchange(state, place(purpose), request).await,
                None => unknown_path(state, request).await,
            }
        }
    };
    let moved = Target::Unknown(Refusal::request(Finding::RedirectFollowed, MOVED));
    Router::new()
        .route(
            "/oauth2/v1/authorize/{function}",
            get(of(Target::Authorize)).head(response::wants_get),
        )
        .route("/oauth2/v1/par/{function}", post(of(Target::Par)))
        .route(TOKEN, post(at(Target::Token)))
        .route(misbehave::MOVED, any(at(moved)))
        .route(
            "/oidc/v1/user-info",
            get(at(Target::UserInfo)).head(response::wants_get),
        )
        .route(
            "/exchange/v1/presentation",
            get(at(Target::Presentation)).head(response::wants_get),
        )
        .route(
            "/exchange/v2/presentation",
            get(at(Target::Presentation)).head(response::wants_get),
        )
        .route(
            "/exchange/v1/signature",
            get(at(Target::Signature)).head(response::wants_get),
        )
        .route(TSA, post(at(Target::Timestamp)))
}

/// The answer at an unknown path. A request below Truid's paths goes into the trace.
async fn unknown_path(state: State, request: Request) -> Response {
    let path = request.uri().path();
    let exposed = request.uri().query().is_some_and(exposes);
    let refusal = if DISCOVERY.iter().any(|start| path.starts_with(start)) {
        Refusal::new(
            "not_found",
            Finding::DiscoveryRequested,
            "Truid documents no discovery, so the sandbox has none; configure the endpoints manually",
        )
    } else if is_protocol(path) && exposed {
        Refusal::new("not_found", Finding::SecretInUrl, EXPOSED)
    } else if is_protocol(path) {
        Refusal::new(
            "not_found",
            Finding::NoSuchEndpoint,
            "there is nothing at this path; the functions are confirm-signup, login-session, idv and sign",
        )
    } else {
        let refusal = control::unknown_path(path)
            .unwrap_or_else(|| Refusal::own("not_found", "there is nothing at this path"));
        if wants_page(request.headers()) {
            let page = crate::pages::refused(&refusal);
            return answer::page(StatusCode::NOT_FOUND, page).into_response();
        }
        return answer::refused(&refusal, None).into_response();
    };
    exchange::exchange(state, Target::Unknown(refusal), request).await
}

/// A field of a form; empty if it is missing.
fn parameter(form: &[u8], name: &str) -> String {
    let mut pairs = url::form_urlencoded::parse(form);
    let pair = pairs.find(|(own, _)| own == name);
    pair.map(|(_, value)| value.trim().to_owned())
        .unwrap_or_default()
}

/// Whether a path is below the paths of Truid's endpoints.
fn is_protocol(path: &str) -> bool {
    ["/oauth2/", "/oidc/", "/exchange/"]
        .iter()
        .any(|start| path.starts_with(start))
}

/// The answer to a request with a wrong method. axum adds the `Allow` header.
async fn wrong_method(state: State, request: Request) -> Response {
    let get = request.method() == Method::GET;
    let wants = if get {
        "this endpoint requires POST"
    } else {
        "this endpoint requires another method; see the Allow header"
    };
    let path = request.uri().path();
    if !is_protocol(path) {
        let refusal = Refusal::own("method_not_allowed", wants);
        return answer::refused(&refusal, None).into_response();
    }
    let exposed = request.uri().query().is_some_and(exposes);
    let refusal = if exposed {
        Refusal::new("method_not_allowed", Finding::SecretInUrl, EXPOSED)
    } else {
        Refusal::new("method_not_allowed", Finding::NoSuchEndpoint, wants)
    };
    exchange::exchange(state, Target::Unknown(refusal), request).await
}
