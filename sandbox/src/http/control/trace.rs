//! The trace and its findings, for programs.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, RawQuery};
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use super::Empty;
use super::body::OptionalJson;
use crate::endpoints::answer::{self, Answer};
use crate::http::State;
use crate::{Finding, FlowSummary, Found, Level, Refusal, known};

/// The most flows that are listed when nothing else is asked for.
const LISTED: usize = 100;

/// Which flows.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// Those of this client only.
    client_id: Option<String>,
    /// At most so many; 100 when it is left out, and never more than 1,000.
    limit: Option<usize>,
}

/// Some flows.
#[derive(Serialize, JsonSchema)]
pub(super) struct Flows {
    /// The newest first.
    flows: Vec<FlowSummary>,
}

/// Which findings.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// Those of this flow only.
    flow: Option<String>,
    /// Those of this level only.
    #[schemars(with = "Option<Level>")]
    level: Option<String>,
}

/// What was found.
#[derive(Serialize, JsonSchema)]
pub(super) struct Findings {
    /// In the order of the flows; the newest 1,000 where there are more.
    findings: Vec<Found>,
    /// How many others there are.
    left_out: usize,
}

/// What the assertion lets pass.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Allowed {
    /// Findings that are expected.
    #[serde(default)]
    #[schemars(with = "Vec<Finding>")]
    allow: Vec<String>,
    /// Looks at this flow only.
    #[serde(default)]
    flow: Option<String>,
}

/// What was found, and should not have been.
#[derive(Serialize, JsonSchema)]
pub(super) struct FoundSome {
    /// `findings`.
    error: &'static str,
    /// How many there are, and what the first is.
    error_description: String,
    /// The newest 1,000 of them.
    findings: Vec<Found>,
    /// How many others there are.
    left_out: usize,
}

/// `GET /sandbox/v1/trace`: the newest first.
pub(super) async fn flows(
    state: State,
    RawQuery(raw): RawQuery,
    query: Result<Query<Which>, QueryRejection>,
) -> Result<Answer, Answer> {
    let names = ["client_id", "limit"];
    let Query(which) = query.map_err(|_| unread(raw.as_deref(), &names))?;
    if let Some(client_id) = &which.client_id {
        state.check_client(client_id)?;
    }
    let limit = which.limit.unwrap_or(LISTED);
    let flows = state.flows(which.client_id.as_deref(), limit);
    Ok(answer::json(StatusCode::OK, &Flows { flows }))
}

/// `GET /sandbox/v1/trace/{flow}`.
pub(super) async fn flow(state: State, Path(flow): Path<String>) -> Result<Answer, Answer> {
    let trace = state.flow(&flow).ok_or_else(no_flow)?;
    Ok(answer::json(StatusCode::OK, &trace))
}

/// `GET /sandbox/v1/findings`: in the order of the flows.
pub(super) async fn findings(
    state: State,
    RawQuery(raw): RawQuery,
    query: Result<Query<Filter>, QueryRejection>,
) -> Result<Answer, Answer> {
    let names = ["flow", "level"];
    let Query(filter) = query.map_err(|_| unread(raw.as_deref(), &names))?;
    let level = filter.level.as_deref().map(level).transpose()?;
    let keep = |finding: Finding| level.is_none_or(|level| finding.level() == level);
    let (findings, left_out) = found(&state, filter.flow.as_deref(), keep)?;
    let findings = Findings { findings, left_out };
    Ok(answer::json(StatusCode::OK, &findings))
}

/// `POST /sandbox/v1/assert/no-findings`: 409 where something was found that is not
/// allowed.
pub(super) async fn assert_none(
    state: State,
    OptionalJson(allowed): OptionalJson<Allowed>,
) -> Result<Answer, Answer> {
    for id in &allowed.allow {
        if Finding::from_id(id).is_none() {
            let ids = Finding::ALL.iter().map(|finding| finding.id());
            let ids = known::instead(id, ids);
            let what = format!("allow: there is no such finding; {ids}");
            return Err(Refusal::bad(what).into());
        }
    }
    let keep = |finding: Finding| allowed.allow.iter().all(|id| id != finding.id());
    let (found, left_out) = found(&state, allowed.flow.as_deref(), keep)?;
    if found.is_empty() {
        return Ok(answer::json(StatusCode::OK, &Empty {}));
    }
    let refused = FoundSome {
        error: "findings",
        error_description: format!(
            "{} findings; the first: {}",
            found.len() + left_out,
            found[0].title
        ),
        findings: found,
        left_out,
    };
    Ok(answer::json(StatusCode::CONFLICT, &refused))
}

/// What is to be kept of what was found, and how much more there is.
fn found(
    state: &State,
    flow: Option<&str>,
    keep: impl Fn(Finding) -> bool,
) -> Result<(Vec<Found>, usize), Refusal> {
    let Some(flow) = flow else {
        return Ok(state.findings(keep));
    };
    let mut found = state.summary(flow).ok_or_else(no_flow)?.findings;
    found.retain(|found| keep(found.finding));
    Ok((found, 0))
}

fn level(id: &str) -> Result<Level, Refusal> {
    let all = [Level::Objection, Level::Unwise, Level::Guide];
    let level = all.into_iter().find(|level| level.id() == id);
    level.ok_or_else(|| {
        let ids = known::instead(id, all.iter().map(|level| level.id()));
        Refusal::bad(format!("level: there is no such level; {ids}"))
    })
}

fn no_flow() -> Refusal {
    Refusal::own("not_found", "no flow has this id, or not any more")
}

/// What is wrong with a query that can have these parameters.
fn unread(query: Option<&str>, names: &[&str]) -> Refusal {
    let mut given = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let unknown = given.find(|(name, _)| !names.contains(&name.as_ref()));
    let Some((name, _)) = unknown else {
        let names = names.join(" and ");
        return Refusal::bad(format!(
            "the query can have {names}, each once; limit is a number"
        ));
    };
    let shown = known::shown(&name).map_or(String::new(), |name| format!("{name}: "));
    let names = known::instead(&name, names.iter().copied());
    Refusal::bad(format!(
        "{shown}there is no such parameter of the query; {names}"
    ))
}
