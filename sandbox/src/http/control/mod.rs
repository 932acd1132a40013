//! The sandbox's own API, for programs in any language: the fake Truid app, the clock,
//! misbehaviour, the trace. Described by OpenAPI at `/sandbox/v1/openapi.json`.

mod app;
mod rules;
mod sandbox;
mod steer;
mod trace;

use std::sync::Arc;

use axum::Router;
use axum::routing::{delete, get, post};

use crate::sandbox::Shared;

pub(super) use app::choice;
pub(super) use steer::same_site;

/// The routes, below `/sandbox/v1`.
pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/app/open", post(app::open))
        .route("/app/waiting", get(app::waiting))
        .route("/app/waiting/{id}", get(app::one))
        .route("/app/waiting/{id}/{decision}", post(app::decide))
        .route("/app/end-sessions", post(app::end_sessions))
        .route("/misbehaviours", get(rules::misbehaviours))
        .route(
            "/rules",
            get(rules::list).post(rules::add).delete(rules::clear),
        )
        .route("/rules/{rule}", delete(rules::remove))
        .route("/trace", get(trace::flows))
        .route("/trace/{flow}", get(trace::flow))
        .route("/findings", get(trace::findings))
        .route("/assert/no-findings", post(trace::assert_none))
        .route("/events", get(sandbox::events))
        .route("/clock", get(sandbox::clock).post(sandbox::advance))
        .route("/counters", get(sandbox::counters))
        .route("/reset", post(sandbox::reset))
}
