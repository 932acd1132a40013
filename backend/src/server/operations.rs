//! Monitoring: `/health`, `/ready` and `/metrics`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get};
use serde_json::json;

use super::metrics::{CONTENT_TYPE, Metrics};
use super::middleware::{HEALTH_ROUTES, refuse};
use super::readiness::Readiness;
use crate::service::Service;
use crate::web::{response, with_headers};

/// The state of the server for these routes.
pub(super) struct HealthState {
    pub(super) service: Service,
    pub(super) readiness: Readiness,
    /// The server is stopping and should get no new requests.
    pub(super) is_stopping: AtomicBool,
}

/// `GET /health`.
pub(super) fn health() -> Router {
    let [alive_at, _] = HEALTH_ROUTES;
    route(alive_at, get(alive))
}

/// `GET /ready`.
pub(super) fn readiness(health: Arc<HealthState>) -> Router {
    let [_, ready_at] = HEALTH_ROUTES;
    route(ready_at, get(ready).with_state(health))
}

fn route(at: &str, answers: MethodRouter) -> Router {
    Router::new()
        .route(at, answers)
        .layer(axum::middleware::map_response(with_headers))
}

/// All three routes, for a separate listener.
pub(super) fn operations(metrics: Arc<Metrics>, state: Arc<HealthState>) -> Router {
    let figures = async move || match metrics.text() {
        Ok(text) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(_) => refuse(StatusCode::INTERNAL_SERVER_ERROR, "server_error").await,
    };
    health()
        .merge(readiness(state))
        .route("/metrics", get(figures))
}

async fn alive() -> Response {
    response::json(StatusCode::OK, json!({ "status": "alive" }))
}

async fn ready(State(health): State<Arc<HealthState>>) -> Response {
    let not_now = |status| {
        let body = json!({ "status": status });
        response::json(StatusCode::SERVICE_UNAVAILABLE, body)
    };
    if health.is_stopping.load(Ordering::Relaxed) {
        return not_now("stopping");
    }
    let service = health.service.clone();
    let ping = async move { service.ready().await };
    match health.readiness.check(ping).await {
        true => response::json(StatusCode::OK, json!({ "status": "ready" })),
        false => not_now("database"),
    }
}
