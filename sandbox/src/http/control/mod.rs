//! The sandbox's own API, for programs in any language: the fake Truid app, the clock,
//! misbehaviour, the trace. Described by OpenAPI at `/sandbox/v1/openapi.json`.

mod app;
mod body;
mod openapi;
mod operation;
mod operations;
mod people;
mod rules;
mod sandbox;
mod trace;

use std::sync::Arc;

use axum::Router;
use schemars::JsonSchema;
use serde::Serialize;

use crate::shared::Shared;

pub(super) use app::choice;
pub(super) use body::same_site;
pub(crate) use openapi::openapi;

/// The routes, below `/sandbox/v1`: one for each operation that is described.
pub(super) fn routes() -> Router<Arc<Shared>> {
    let all = openapi::operations().into_iter();
    all.map(|(_, operation)| operation.into_route())
        .fold(Router::new(), |router, (path, route)| {
            router.route(path, route)
        })
}

/// Done, and nothing to say.
#[derive(Serialize, JsonSchema)]
struct Empty {}
