//! The trace and its findings in the control API.

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
use crate::{Finding, FlowFinding, FlowSummary, Level, Refusal, suggest};

/// The default of [`FlowFilter::limit`].
const DEFAULT_LIMIT: usize = 100;

/// Which flows to list.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FlowFilter {
    /// Only flows of this client.
    client_id: Option<String>,
    /// The maximum number of flows: 100 if left out, at most 1,000.
    limit: Option<usize>,
}

/// The flows.
#[derive(Serialize, JsonSchema)]
pub(super) struct Flows {
    /// The flows, the newest first.
    flows: Vec<FlowSummary>,
}

/// Which findings to list.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FindingFilter {
    /// Only findings in this flow.
    flow: Option<String>,
    /// Only findings of this level.
    #[schemars(with = "Option<Level>")]
    level: Option<String>,
}

/// The findings.
#[derive(Serialize, JsonSchema)]
pub(super) struct Findings {
    /// The findings in the order of the flows; at most the newest 1,000.
    findings: Vec<FlowFinding>,
    /// The number of findings that are not in the list.
    left_out: usize,
}

/// The findings that the assertion allows.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Allowed {
    /// Findings that are expected.
    #[serde(default)]
    #[schemars(with = "Vec<Finding>")]
    allow: Vec<String>,
    /// If set, only findings in this flow count.
    #[serde(default)]
    flow: Option<String>,
}

/// The findings that the assertion does not allow.
#[derive(Serialize, JsonSchema)]
pub(super) struct UnexpectedFindings {
    /// Always `findings`.
    error: &'static str,
    /// The number of findings, and the title of the first.
    error_description: String,
    /// The findings; at most the newest 1,000.
    findings: Vec<FlowFinding>,
    /// The number of findings that are not in the list.
    left_out: usize,
}

/// `GET /sandbox/v1/trace`.
pub(super) async fn flows(
    state: State,
    RawQuery(raw): RawQuery,
    query: Result<Query<FlowFilter>, QueryRejection>,
) -> Result<Answer, Answer> {
    let names = ["client_id", "limit"];
    let Query(filter) = query.map_err(|_| bad_query(raw.as_deref(), &names))?;
    if let Some(client_id) = &filter.client_id {
        state.check_client(client_id)?;
    }
    let limit = filter.limit.unwrap_or(DEFAULT_LIMIT);
    let flows = state.flows(filter.client_id.as_deref(), limit);
    Ok(answer::json(StatusCode::OK, &Flows { flows }))
}

/// `GET /sandbox/v1/trace/{flow}`.
pub(super) async fn flow(state: State, Path(flow): Path<String>) -> Result<Answer, Answer> {
    let trace = state.flow(&flow).ok_or_else(no_flow)?;
    Ok(answer::json(StatusCode::OK, &trace))
}

/// `GET /sandbox/v1/findings`.
pub(super) async fn findings(
    state: State,
    RawQuery(raw): RawQuery,
    query: Result<Query<FindingFilter>, QueryRejection>,
) -> Result<Answer, Answer> {
    let names = ["flow", "level"];
    let Query(filter) = query.map_err(|_| bad_query(raw.as_deref(), &names))?;
    let level = filter.level.as_deref().map(level).transpose()?;
    let keep = |finding: Finding| level.is_none_or(|level| finding.level() == level);
    let (findings, left_out) = found(&state, filter.flow.as_deref(), keep)?;
    let findings = Findings { findings, left_out };
    Ok(answer::json(StatusCode::OK, &findings))
}

/// `POST /sandbox/v1/assert/no-findings`: 409 if there is a finding that is not allowed.
pub(super) async fn assert_none(
    state: State,
    OptionalJson(allowed): OptionalJson<Allowed>,
) -> Result<Answer, Answer> {
    for id in &allowed.allow {
        if Finding::from_id(id).is_none() {
            let ids = Finding::ALL.iter().map(|finding| finding.id());
            let ids = suggest::alternatives(id, ids);
            let what = format!("allow: there is no such finding; {ids}");
            return Err(Refusal::bad(what).into());
        }
    }
    let keep = |finding: Finding| allowed.allow.iter().all(|id| id != finding.id());
    let (found, left_out) = found(&state, allowed.flow.as_deref(), keep)?;
    if found.is_empty() {
        return Ok(answer::json(StatusCode::OK, &Empty {}));
    }
    let refused = UnexpectedFindings {
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

/// The findings for which `keep` is true, and how many more there are.
fn found(
    state: &State,
    flow: Option<&str>,
    keep: impl Fn(Finding) -> bool,
) -> Result<(Vec<FlowFinding>, usize), Refusal> {
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
        let ids = suggest::alternatives(id, all.iter().map(|level| level.id()));
        Refusal::bad(format!("level: there is no such level; {ids}"))
    })
}

fn no_flow() -> Refusal {
    Refusal::own(
        "not_found",
        "no flow has this id, or the sandbox has deleted it",
    )
}

/// The mistake in a query that can have the parameters `names`.
fn bad_query(query: Option<&str>, names: &[&str]) -> Refusal {
    let mut given = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let unknown = given.find(|(name, _)| !names.contains(&name.as_ref()));
    let Some((name, _)) = unknown else {
        let names = names.join(" and ");
        return Refusal::bad(format!(
            "the query can have {names}, each once; limit is a number"
        ));
    };
    let shown = suggest::shown(&name).map_or(String::new(), |name| format!("{name}: "));
    let names = suggest::alternatives(&name, names.iter().copied());
    Refusal::bad(format!("{shown}the query has no such parameter; {names}"))
}
