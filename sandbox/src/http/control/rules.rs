//! Misbehaviour on demand, for programs.

use axum::extract::Path;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

use super::Empty;
use super::body::{JsonBody, SameSite};
use crate::endpoints::answer::{self, Answer};
use crate::http::State;
use crate::{Endpoint, Misbehaviour, Refusal, Rule};

/// What can go wrong.
#[derive(Serialize, JsonSchema)]
pub(super) struct Misbehaviours {
    /// All there are.
    misbehaviours: Vec<ListedMisbehaviour>,
}

/// Something that can go wrong.
#[derive(Serialize, JsonSchema)]
struct ListedMisbehaviour {
    /// The stable name.
    misbehaviour: Misbehaviour,
    /// What happens, in a few words.
    title: &'static str,
    /// Where it can happen.
    endpoints: &'static [Endpoint],
    /// The seconds that it takes when nothing else is said, where it takes any.
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<i64>,
}

/// What is to go wrong.
#[derive(Serialize, JsonSchema)]
pub(super) struct Rules {
    /// In the order in which they were made.
    rules: Vec<ListedRule>,
}

/// A rule that waits for its request.
#[derive(Serialize, JsonSchema)]
struct ListedRule {
    /// Names the rule.
    id: u64,
    #[serde(flatten)]
    rule: Rule,
}

/// The new rule.
#[derive(Serialize, JsonSchema)]
pub(super) struct Added {
    /// Names the rule.
    id: u64,
}

/// How many rules there were.
#[derive(Serialize, JsonSchema)]
pub(super) struct Removed {
    /// So many.
    removed: usize,
}

/// `GET /sandbox/v1/misbehaviours`.
pub(super) async fn misbehaviours() -> Answer {
    let all = Misbehaviour::ALL.iter().map(|one| ListedMisbehaviour {
        misbehaviour: *one,
        title: one.title(),
        endpoints: one.endpoints(),
        seconds: one.seconds(),
    });
    let misbehaviours = all.collect();
    answer::json(StatusCode::OK, &Misbehaviours { misbehaviours })
}

/// `GET /sandbox/v1/rules`.
pub(super) async fn list(state: State) -> Answer {
    let listed = |(id, rule): (u64, &Rule)| ListedRule {
        id,
        rule: rule.clone(),
    };
    let rules = state.world().rules.iter().map(listed).collect();
    answer::json(StatusCode::OK, &Rules { rules })
}

/// `POST /sandbox/v1/rules`.
pub(super) async fn add(state: State, JsonBody(rule): JsonBody<Rule>) -> Result<Answer, Answer> {
    let id = state.misbehave(rule)?;
    Ok(answer::json(StatusCode::CREATED, &Added { id }))
}

/// `DELETE /sandbox/v1/rules/{rule}`.
pub(super) async fn remove(
    state: State,
    Path(rule): Path<String>,
    _: SameSite,
) -> Result<Answer, Answer> {
    let there = rule.parse().is_ok_and(|id| state.behave(Some(id)) > 0);
    if !there {
        let what = "no rule has this id, or not any more";
        return Err(Refusal::own("not_found", what).into());
    }
    Ok(answer::json(StatusCode::OK, &Empty {}))
}

/// `DELETE /sandbox/v1/rules`.
pub(super) async fn clear(state: State, _: SameSite) -> Answer {
    let removed = state.behave(None);
    answer::json(StatusCode::OK, &Removed { removed })
}
