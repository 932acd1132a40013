//! The sandbox itself: its clock, its counters, and what happens in it.

use std::convert::Infallible;

use axum::http::StatusCode;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::{Stream, stream};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Empty;
use super::body::{JsonBody, OptionalJson};
use crate::endpoints::answer::{self, Answer};
use crate::http::State;

/// The sandbox's clock.
#[derive(Serialize, JsonSchema)]
pub(super) struct Clock {
    /// The time, in seconds since the epoch.
    now: i64,
}

/// How the clock is moved.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Advance {
    /// By so many seconds, back if they are negative.
    advance: i64,
    /// Whether the test moves the clocks of the clients by as much. Otherwise they stay where
    /// they are, and what has expired by this alone is refused and is no finding.
    #[serde(default)]
    with_clients: bool,
}

/// How to begin again.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reset {
    /// Any text. Whoever knows it can make the same codes and tokens.
    #[serde(default)]
    seed: Option<String>,
}

/// `GET /sandbox/v1/clock`.
pub(super) async fn clock(state: State) -> Answer {
    answer::json(StatusCode::OK, &Clock { now: state.now() })
}

/// `POST /sandbox/v1/clock`.
pub(super) async fn advance(state: State, JsonBody(by): JsonBody<Advance>) -> Answer {
    state.advance(by.advance, by.with_clients);
    clock(state).await
}

/// `GET /sandbox/v1/counters`.
pub(super) async fn counters(state: State) -> Answer {
    let counters = state.world().counters();
    answer::json(StatusCode::OK, &counters)
}

/// `POST /sandbox/v1/reset`.
pub(super) async fn reset(
    state: State,
    OptionalJson(Reset { seed }): OptionalJson<Reset>,
) -> Answer {
    state.reset(seed.as_deref());
    answer::json(StatusCode::OK, &Empty {})
}

/// `GET /sandbox/v1/events`: an event `changed` at once and whenever something happens
/// (server-sent events). It ends when the sandbox does.
pub(super) async fn events(
    state: State,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let mut changes = state.subscribe();
    changes.mark_changed();
    let events = stream::unfold(changes, |mut changes| async move {
        changes.changed().await.ok()?;
        let number = (*changes.borrow_and_update())?;
        // Nothing in it may be taken for state: who listens looks for itself.
        let event = Event::default().event("changed").data(number.to_string());
        Some((Ok(event), changes))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
