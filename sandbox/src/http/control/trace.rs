//! The trace and its findings, for programs.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::steer::MaySteer;
use crate::http::State;
use crate::http::answer::{self, Answer};
use crate::{Finding, Found, Level, Refusal};

/// The most flows that are listed when nothing else is asked for.
const LISTED: usize = 100;

/// What `trace` may be asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    client_id: Option<String>,
    limit: Option<usize>,
}

/// What `findings` may be asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    flow: Option<String>,
    level: Option<String>,
}

/// What the assertion may be sent.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Allowed {
    #[serde(default)]
    allow: Vec<String>,
    #[serde(default)]
    flow: Option<String>,
}

/// What the assertion answers where something was found.
#[derive(Serialize)]
struct NotNone<'a> {
    error: &'static str,
    error_description: String,
    findings: &'a [Found],
}

/// `GET /sandbox/v1/trace`: the newest first.
pub(super) async fn flows(
    state: State,
    query: Result<Query<Which>, QueryRejection>,
) -> Result<Answer, Answer> {
    let Query(which) = query.map_err(|_| unread("client_id and limit"))?;
    let limit = which.limit.unwrap_or(LISTED);
    let flows = state.flows(which.client_id.as_deref(), limit);
    Ok(answer::json(StatusCode::OK, &json!({ "flows": flows })))
}

/// `GET /sandbox/v1/trace/{flow}`.
pub(super) async fn flow(state: State, Path(flow): Path<String>) -> Result<Answer, Answer> {
    let trace = state.flow(&flow).ok_or_else(no_flow)?;
    Ok(answer::json(StatusCode::OK, &trace))
}

/// `GET /sandbox/v1/findings`: in the order of the flows.
pub(super) async fn findings(
    state: State,
    query: Result<Query<Filter>, QueryRejection>,
) -> Result<Answer, Answer> {
    let Query(filter) = query.map_err(|_| unread("flow and level"))?;
    let level = filter.level.as_deref().map(level).transpose()?;
    let mut found = found(&state, filter.flow.as_deref())?;
    found.retain(|found| level.is_none_or(|level| found.level == level));
    Ok(answer::json(StatusCode::OK, &json!({ "findings": found })))
}

/// `POST /sandbox/v1/assert/no-findings`: 409 where something was found that is not
/// allowed.
pub(super) async fn assert_none(
    state: State,
    MaySteer(allowed): MaySteer<Allowed>,
) -> Result<Answer, Answer> {
    for id in &allowed.allow {
        if Finding::from_id(id).is_none() {
            let what = "allow names a finding that does not exist";
            return Err(Refusal::bad(what).into());
        }
    }
    let mut found = found(&state, allowed.flow.as_deref())?;
    found.retain(|found| allowed.allow.iter().all(|id| id != found.finding.id()));
    if found.is_empty() {
        return Ok(answer::json(StatusCode::OK, &json!({})));
    }
    let refused = NotNone {
        error: "findings",
        error_description: format!("{} findings; the first: {}", found.len(), found[0].title),
        findings: &found,
    };
    Ok(answer::json(StatusCode::CONFLICT, &refused))
}

fn found(state: &State, flow: Option<&str>) -> Result<Vec<Found>, Refusal> {
    match flow {
        None => Ok(state.findings()),
        Some(flow) => Ok(state.flow(flow).ok_or_else(no_flow)?.summary.findings),
    }
}

fn level(id: &str) -> Result<Level, Refusal> {
    [Level::Objection, Level::Unwise, Level::Guide]
        .into_iter()
        .find(|level| level.id() == id)
        .ok_or_else(|| Refusal::bad("level is objection, unwise or guide"))
}

fn no_flow() -> Refusal {
    Refusal::own("not_found", "no flow has this id, or not any more")
}

fn unread(names: &str) -> Refusal {
    Refusal::bad(format!("the query can have {names}, each once"))
}
