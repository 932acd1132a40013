//! The clock, the counters, the reset and the events of the control API.

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
    /// The time, in seconds since 1970-01-01.
    now: i64,
}

/// A move of the clock.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Advance {
    /// The seconds to move the clock forward; negative seconds move it back.
    advance: i64,
    /// Whether the test moves the clocks of the clients by the same time. If it does not, the
    /// sandbox refuses what has expired only by this move, but reports no finding for it.
    #[serde(default)]
    with_clients: bool,
}

/// The options of a reset.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reset {
    /// The seed for ids, codes and tokens: any text. A person who knows it can compute them.
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
    let counters = state.provider().counters();
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

/// `GET /sandbox/v1/events`: an event `changed` immediately and whenever something happens
/// (server-sent events). The stream ends when the sandbox stops.
pub(super) async fn events(
    state: State,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let mut changes = state.subscribe();
    changes.mark_changed();
    let events = stream::unfold(changes, |mut changes| async move {
        changes.changed().await.ok()?;
        let number = (*changes.borrow_and_update())?;
        // The number contains no state: the listener requests the state that it needs.
        let event = Event::default().event("changed").data(number.to_string());
        Some((Ok(event), changes))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
