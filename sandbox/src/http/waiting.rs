//! How the authorize page waits: server-sent events (HTML Living Standard section 9.2).

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
use crate::shared::Shared;
use crate::world::PageState;

/// The longest that nothing is looked at, in seconds: a day.
const LONGEST: i64 = 86_400;

/// What a page that waits knows.
struct Wait {
    shared: Arc<Shared>,
    id: String,
    changes: watch::Receiver<Option<u64>>,
    /// How far the clock was moved when the page was told how long it waits.
    announced: Option<i64>,
    over: bool,
}

/// `GET /sandbox/v1/app/waiting/{id}/events`: `waiting` with the seconds that are left, at
/// once and when the clock is moved; then `decided` with the URL to go to, if this page is
/// the one to go there, or `expired`; and the end. It ends as well when the sandbox stops.
/// The URL is given until its code was used.
pub(super) async fn events(state: State, Path(id): Path<String>) -> Response {
    let looked = state.world().look(&id, state.now());
    if let Err(refusal) = looked
        && refusal.error == "not_found"
    {
        return answer::refused(&refusal, None).into_response();
    }
    let wait = Wait {
        changes: state.subscribe(),
        shared: Arc::clone(&state),
        id,
        announced: None,
        over: false,
    };
    let events = stream::unfold(wait, |mut wait| async move {
        let event = wait.next().await?;
        Some((Ok::<_, Infallible>(event), wait))
    });
    Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response()
}

impl Wait {
    /// The next event, and nothing at the end.
    async fn next(&mut self) -> Option<Event> {
        if self.over {
            return None;
        }
        loop {
            // Marked as read before the world is asked, so that no change is missed.
            (*self.changes.borrow_and_update())?;
            let now = self.shared.now();
            let page = self.shared.world().page_state(&self.id, now).ok()?;
            let left = match page {
                PageState::Waiting { deadline } => deadline.saturating_sub(now).clamp(1, LONGEST),
                PageState::Expired => {
                    self.over = true;
                    return Some(Event::default().event("expired").data("{}"));
                }
                PageState::Decided(redirect) => {
                    self.over = true;
                    let data = json!({ "redirect": redirect }).to_string();
                    return Some(Event::default().event("decided").data(data));
                }
            };
            let moved = self.shared.moved();
            if self.announced.replace(moved) != Some(moved) {
                let data = json!({ "left": left }).to_string();
                return Some(Event::default().event("waiting").data(data));
            }
            let patience = Duration::from_secs(left.unsigned_abs());
            if let Ok(Err(_)) = tokio::time::timeout(patience, self.changes.changed()).await {
                return None;
            }
        }
    }
}
