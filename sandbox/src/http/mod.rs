//! The routes. What a request means is decided in [`crate::world`]; here it is only read
//! off the wire, and the answer put on it.

mod answer;
mod authorize;
mod control;
mod data;
mod entry;
mod line;
mod pages;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::Refusal;
use crate::sandbox::Shared;
use line::{Hangup, Lines};

/// The longest body that is read, in bytes.
const LONGEST_BODY: usize = 64 * 1024;

/// The token endpoint.
const TOKEN: &str = "/oauth2/v1/token";

/// What every handler is given.
type State = axum::extract::State<Arc<Shared>>;

/// Serves until `stopped` says so, or whoever could say so is gone.
pub(crate) async fn serve(
    listener: TcpListener,
    shared: Arc<Shared>,
    stopped: oneshot::Receiver<()>,
) {
    let stopped = async {
        let _ = stopped.await;
    };
    let routes = routes(shared).into_make_service_with_connect_info::<Hangup>();
    let server = axum::serve(Lines::new(listener), routes).with_graceful_shutdown(stopped);
    // It never gives an error: a failed accept is tried again.
    let _ = server.await;
}

fn routes(shared: Arc<Shared>) -> Router {
    Router::new()
        .route(
            "/oauth2/v1/authorize/{function}",
            get(authorize::authorize).head(answer::wants_get),
        )
        .route("/oauth2/v1/par/{function}", post(authorize::push))
        .route(TOKEN, post(token::token))
        .route(
            "/oidc/v1/user-info",
            get(data::user_info).head(answer::wants_get),
        )
        .route(
            "/exchange/v1/presentation",
            get(data::presentation).head(answer::wants_get),
        )
        .route(
            "/exchange/v2/presentation",
            get(data::presentation).head(answer::wants_get),
        )
        .route("/", get(pages::home))
        .route("/app", get(pages::list))
        .route("/app/{id}", get(pages::request))
        .route("/app/{id}/{decision}", post(pages::decide))
        .route("/sandbox/style.css", get(pages::style))
        .route("/sandbox/v1/app/open", post(control::open))
        .route("/sandbox/v1/app/waiting", get(control::waiting))
        .route(
            "/sandbox/v1/app/waiting/{id}/{decision}",
            post(control::decide),
        )
        .route("/sandbox/v1/app/end-sessions", post(control::end_sessions))
        .route(
            "/sandbox/v1/clock",
            get(control::clock).post(control::advance),
        )
        .route("/sandbox/v1/counters", get(control::counters))
        .route("/sandbox/v1/reset", post(control::reset))
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(from_fn_with_state(Arc::clone(&shared), entry::check))
        .layer(map_response(answer::guard))
        .with_state(shared)
}

async fn not_found(uri: Uri) -> Response {
    answer::refused(&Refusal::new(
        "not_found",
        if uri.path().starts_with("/.well-known/") {
            "Truid documents no discovery, so the sandbox offers none; configure the endpoints by hand"
        } else {
            "there is nothing at this path"
        },
    ))
}

/// axum adds the `Allow` header.
async fn wrong_method(method: Method, uri: Uri) -> Response {
    let exposed = uri.path() == TOKEN && uri.query().is_some_and(token::exposes);
    answer::json(
        StatusCode::METHOD_NOT_ALLOWED,
        &answer::Refused {
            error: "method_not_allowed",
            error_description: if exposed {
                "a secret is in the URL, where logs will keep it; this endpoint wants POST with all parameters in the body; change the secret"
            } else if method == Method::GET {
                "this endpoint wants POST"
            } else {
                "this endpoint wants another method; see the Allow header"
            },
            redirect: None,
        },
    )
}
