//! The sandbox itself: its clock, its counters, and what happens in it.

use std::convert::Infallible;

use axum::http::StatusCode;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::{Stream, stream};
use serde::Deserialize;
use serde_json::json;

use super::steer::{MaySteer, Steer};
use crate::http::State;
use crate::http::answer::{self, Answer};

/// What `clock` is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Advance {
    advance: i64,
}

/// What `reset` may be sent.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reset {
    #[serde(default)]
    seed: Option<String>,
}

/// `GET /sandbox/v1/clock`.
pub(super) async fn clock(state: State) -> Answer {
    answer::json(StatusCode::OK, &json!({ "now": state.now() }))
}

/// `POST /sandbox/v1/clock`.
pub(super) async fn advance(state: State, Steer(Advance { advance }): Steer<Advance>) -> Answer {
    state.advance(advance);
    clock(state).await
}

/// `GET /sandbox/v1/counters`.
pub(super) async fn counters(state: State) -> Answer {
    let counters = state.world().counters();
    answer::json(StatusCode::OK, &counters)
}

/// `POST /sandbox/v1/reset`.
pub(super) async fn reset(state: State, MaySteer(Reset { seed }): MaySteer<Reset>) -> Answer {
    state.reset(seed.as_deref());
    answer::json(StatusCode::OK, &json!({}))
}

/// `GET /sandbox/v1/events`: an event `changed` at once and whenever something happens
/// (server-sent events). It ends when the sandbox does.
pub(super) async fn events(
    state: State,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let mut news = state.listen();
    news.mark_changed();
    let changes = stream::unfold(news, |mut news| async move {
        news.changed().await.ok()?;
        let number = *news.borrow_and_update();
        // Nothing in it may be taken for state: who listens looks for itself.
        let event = Event::default().event("changed").data(number.to_string());
        Some((Ok(event), news))
    });
    Sse::new(changes).keep_alive(KeepAlive::default())
}
