//! The event stream of the authorize page: server-sent events (HTML Living Standard section 9.2).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Path;
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse, Response, Sse};
use futures_util::stream;
use serde_json::json;
use tokio::sync::watch;

use super::State;
use crate::endpoints::answer;
use crate::provider::PageState;
use crate::shared::Shared;

/// The longest time between two checks, in seconds: a day.
const MAX_WAIT: i64 = 86_400;

/// The state of an event stream.
struct DecisionStream {
    shared: Arc<Shared>,
    id: String,
    changes: watch::Receiver<Option<u64>>,
    /// How far the clock was moved when the stream sent the remaining seconds.
    announced: Option<i64>,
    ended: bool,
}

/// `GET /sandbox/v1/app/waiting/{id}/events`: `waiting` with the remaining seconds, immediately
/// and when the clock is moved; then `decided` with the URL that the page has to open, if there is
/// one, or `expired`; then the stream ends. It also ends when the sandbox stops. The URL is sent
/// until its code is used.
pub(super) async fn events(state: State, Path(id): Path<String>) -> Response {
    let pending = state.provider().pending(&id, state.now());
    if let Err(refusal) = pending
        && refusal.error == "not_found"
    {
        return answer::refused(&refusal, None).into_response();
    }
    let decision = DecisionStream {
        changes: state.subscribe(),
        shared: Arc::clone(&state),
        id,
        announced: None,
        ended: false,
    };
    let events = stream::unfold(decision, |mut decision| async move {
        let event = decision.next().await?;
        Some((Ok::<_, Infallible>(event), decision))
    });
    Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response()
}

impl DecisionStream {
    /// The next event; `None` at the end.
    async fn next(&mut self) -> Option<Event> {
        if self.ended {
            return None;
        }
        loop {
            // Mark the change as seen before reading the state, so that no change is missed.
            (*self.changes.borrow_and_update())?;
            let now = self.shared.now();
            let page = self.shared.provider().page_state(&self.id, now).ok()?;
            let left = match page {
                PageState::Waiting { deadline } => deadline.saturating_sub(now).clamp(1, MAX_WAIT),
                PageState::Expired => {
                    self.ended = true;
                    return Some(Event::default().event("expired").data("{}"));
                }
                PageState::Decided(redirect) => {
                    self.ended = true;
                    let data = json!({ "redirect": redirect }).to_string();
                    return Some(Event::default().event("decided").data(data));
                }
            };
            let moved = self.shared.moved();
            if self.announced.replace(moved) != Some(moved) {
                let data = json!({ "left": left }).to_string();
                return Some(Event::default().event("waiting").data(data));
            }
            let time_left = Duration::from_secs(left.unsigned_abs());
            if let Ok(Err(_)) = tokio::time::timeout(time_left, self.changes.changed()).await {
                return None;
            }
        }
    }
}
