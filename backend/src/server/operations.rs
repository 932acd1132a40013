//! For whoever watches over the service: is it alive, is it ready, what does it count.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde_json::json;

use super::front::{WATCHED, refuse};
use super::metrics::{CONTENT_TYPE, Metrics};
use crate::service::Service;
use crate::web::{answer, with_headers};

/// A database that takes longer is not ready.
const PING_WITHIN: Duration = Duration::from_secs(2);

/// What is known of the server itself.
pub(super) struct Health {
    pub(super) service: Service,
    /// It goes down: nothing new should come.
    pub(super) is_stopping: AtomicBool,
}

/// `GET /health` and `GET /ready`.
pub(super) fn health(health: Arc<Health>) -> Router {
    let [alive_at, ready_at] = WATCHED;
    Router::new()
        .route(alive_at, get(alive))
        .route(ready_at, get(ready))
        .layer(axum::middleware::map_response(with_headers))
        .with_state(health)
}

/// The same, and `GET /metrics`: for a listener of their own.
pub(super) fn operations(metrics: Arc<Metrics>, state: Arc<Health>) -> Router {
    let figures = async move || match metrics.text() {
        Ok(text) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(_) => refuse(StatusCode::INTERNAL_SERVER_ERROR, "server_error").await,
    };
    health(state).route("/metrics", get(figures))
}

async fn alive() -> Response {
    answer::json(StatusCode::OK, json!({ "status": "alive" }))
}

async fn ready(State(health): State<Arc<Health>>) -> Response {
    let not_now = |status| {
        let body = json!({ "status": status });
        answer::json(StatusCode::SERVICE_UNAVAILABLE, body)
    };
    if health.is_stopping.load(Ordering::Relaxed) {
        return not_now("stopping");
    }
    match tokio::time::timeout(PING_WITHIN, health.service.ready()).await {
        Ok(Ok(())) => answer::json(StatusCode::OK, json!({ "status": "ready" })),
        Ok(Err(error)) => {
            tracing::error!(target: "switchback", event = "service.not-ready", %error);
            not_now("database")
        }
        Err(_) => {
            tracing::error!(target: "switchback", event = "service.not-ready");
            not_now("database")
        }
    }
}
