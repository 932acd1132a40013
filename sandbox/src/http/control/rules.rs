//! Misbehaviour on demand, for programs.

use axum::extract::Path;
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::json;

use super::steer::{Steer, Steered};
use crate::http::State;
use crate::http::answer::{self, Answer};
use crate::{Endpoint, Misbehaviour, Refusal, Rule};

/// A misbehaviour in the list.
#[derive(Serialize)]
struct Entry {
    misbehaviour: Misbehaviour,
    title: &'static str,
    endpoints: &'static [Endpoint],
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<i64>,
}

/// A rule that waits.
#[derive(Serialize)]
struct Waiting<'a> {
    id: u64,
    #[serde(flatten)]
    rule: &'a Rule,
}

/// `GET /sandbox/v1/misbehaviours`.
pub(super) async fn misbehaviours() -> Answer {
    let all = Misbehaviour::ALL.iter().map(|one| Entry {
        misbehaviour: *one,
        title: one.title(),
        endpoints: one.endpoints(),
        seconds: one.seconds(),
    });
    let all: Vec<Entry> = all.collect();
    answer::json(StatusCode::OK, &json!({ "misbehaviours": all }))
}

/// `GET /sandbox/v1/rules`.
pub(super) async fn list(state: State) -> Answer {
    let world = state.world();
    let rules: Vec<Waiting<'_>> = world
        .rules
        .iter()
        .map(|(id, rule)| Waiting { id, rule })
        .collect();
    answer::json(StatusCode::OK, &json!({ "rules": rules }))
}

/// `POST /sandbox/v1/rules`.
pub(super) async fn add(state: State, Steer(rule): Steer<Rule>) -> Result<Answer, Answer> {
    let id = state.misbehave(rule)?;
    Ok(answer::json(StatusCode::CREATED, &json!({ "id": id })))
}

/// `DELETE /sandbox/v1/rules/{rule}`.
pub(super) async fn remove(
    state: State,
    Path(rule): Path<String>,
    _: Steered,
) -> Result<Answer, Answer> {
    let there = rule.parse().is_ok_and(|id| state.behave(Some(id)) > 0);
    if !there {
        let what = "no rule has this id, or not any more";
        return Err(Refusal::own("not_found", what).into());
    }
    Ok(answer::json(StatusCode::OK, &json!({})))
}

/// `DELETE /sandbox/v1/rules`.
pub(super) async fn clear(state: State, _: Steered) -> Answer {
    let removed = state.behave(None);
    answer::json(StatusCode::OK, &json!({ "removed": removed }))
}
