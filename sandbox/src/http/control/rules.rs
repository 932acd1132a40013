//! Misbehaviours and rules in the control API.

use axum::extract::Path;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

use super::Empty;
use super::body::{JsonBody, SameSite};
use crate::endpoints::answer::{self, Answer};
use crate::http::State;
use crate::{Endpoint, Misbehaviour, Refusal, Rule};

/// The misbehaviours.
#[derive(Serialize, JsonSchema)]
pub(super) struct Misbehaviours {
    /// All misbehaviours.
    misbehaviours: Vec<ListedMisbehaviour>,
}

/// A misbehaviour.
#[derive(Serialize, JsonSchema)]
struct ListedMisbehaviour {
    /// The stable name.
    misbehaviour: Misbehaviour,
    /// What happens, in a few words.
    title: &'static str,
    /// The endpoints at which it can happen.
    endpoints: &'static [Endpoint],
    /// The default of `seconds` in a rule; absent if the misbehaviour has no seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<i64>,
}

/// The active rules.
#[derive(Serialize, JsonSchema)]
pub(super) struct Rules {
    /// The rules, the oldest first.
    rules: Vec<ListedRule>,
}

/// An active rule.
#[derive(Serialize, JsonSchema)]
struct ListedRule {
    /// The id of the rule.
    id: u64,
    #[serde(flatten)]
    rule: Rule,
}

/// The new rule.
#[derive(Serialize, JsonSchema)]
pub(super) struct Added {
    /// The id of the rule.
    id: u64,
}

/// The result of removing rules.
#[derive(Serialize, JsonSchema)]
pub(super) struct Removed {
    /// The number of rules that were removed.
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
    let rules = state.provider().rules.iter().map(listed).collect();
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
    let removed = rule.parse().is_ok_and(|id| state.behave(Some(id)) > 0);
    if !removed {
        let what = "no rule has this id, or the rule was removed";
        return Err(Refusal::own("not_found", what).into());
    }
    Ok(answer::json(StatusCode::OK, &Empty {}))
}

/// `DELETE /sandbox/v1/rules`.
pub(super) async fn clear(state: State, _: SameSite) -> Answer {
    let removed = state.behave(None);
    answer::json(StatusCode::OK, &Removed { removed })
}
