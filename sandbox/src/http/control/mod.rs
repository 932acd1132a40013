//! The control API, for programs in any language: the fake Truid app, the clock,
//! misbehaviours, the trace. The OpenAPI document is at `/sandbox/v1/openapi.json`. To add an
//! operation, add it to the table in `operations.rs`.

mod app;
mod body;
mod openapi;
mod operation;
mod operations;
mod people;
mod rules;
mod sandbox;
mod signing;
mod trace;

use std::sync::Arc;

use axum::Router;
use schemars::JsonSchema;
use serde::Serialize;

use crate::Refusal;
use crate::shared::Shared;

pub(super) use app::choice;
pub(super) use body::same_site;
pub(crate) use openapi::openapi;

/// The routes below `/sandbox/v1`: one for each operation.
pub(super) fn routes() -> Router<Arc<Shared>> {
    let all = openapi::operations().into_iter();
    all.map(|(_, operation)| operation.into_route())
        .fold(Router::new(), |router, (path, route)| {
            router.route(path, route)
        })
}

/// The refusal of an unknown path below `/sandbox/v1`, with the most similar known path; `None`
/// for other paths.
pub(super) fn unknown_path(path: &str) -> Option<Refusal> {
    let given = path.strip_prefix("/sandbox/v1")?;
    // A parameter matches any text.
    let filled = |known: &str| {
        let parts = known.split('/').zip(given.split('/'));
        let parts = parts.map(|(known, given)| match known.starts_with('{') {
            true => given,
            false => known,
        });
        parts.collect::<Vec<_>>().join("/")
    };
    let known = openapi::operations().into_iter().map(|(_, o)| o.path);
    let known = known.filter(|known| known.split('/').count() == given.split('/').count());
    let known: Vec<(String, &str)> = known.map(|known| (filled(known), known)).collect();
    let near =
        switchback_config_file::nearest(given, known.iter().map(|(filled, _)| filled.as_str()));
    let near = near.and_then(|near| known.iter().find(|(filled, _)| filled == near));
    let near = near.map_or(String::new(), |(_, known)| {
        format!("; did you mean /sandbox/v1{known}")
    });
    let what = format!(
        "there is nothing at this path{near}; /sandbox/v1/openapi.json lists all operations"
    );
    Some(Refusal::own("not_found", what))
}

/// An empty answer.
#[derive(Serialize, JsonSchema)]
struct Empty {}
