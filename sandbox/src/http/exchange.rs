//! Reads a service's request from the network and writes the answer. This file only handles the
//! connection; [`Provider::handle`](crate::provider::Provider::handle) makes the answer.

use std::io;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};

use super::{MAX_BODY_LENGTH, State};
use crate::endpoints::answer::{self, Answer};
use crate::endpoints::{HandledRequest, misbehave};
use crate::network::connection::ResetHandle;
use crate::oauth::incoming::{Incoming, Target, misbehaviour_of};
use crate::{Finding, Misbehaviour, Refusal};

/// Reads and handles a request, and sends the answer.
pub(super) async fn exchange(state: State, place: Target, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let asked = match misbehaviour_of(&head.headers) {
        Ok(asked) => asked,
        Err(refusal) => return answer::refused(&refusal, None).into_response(),
    };
    let body = read(&head.headers, body).await;
    let handled = handle(&state, &Incoming::read(place, &head, &body, asked));
    let reset = head.extensions.get::<ConnectInfo<ResetHandle>>();
    send(&state, handled, reset).await
}

/// Handles a request while holding the lock once, and notifies the open pages. The clock is read
/// under the lock, so that the trace is ordered by time.
pub(super) fn handle(state: &State, incoming: &Incoming<'_>) -> HandledRequest {
    let mut provider = state.provider();
    let at = state.millis();
    let handled = provider.handle(incoming, &state.names, at);
    drop(provider);
    state.changed();
    handled
}

/// The body, or the refusal if it did not arrive.
async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Refusal> {
    to_bytes(body, MAX_BODY_LENGTH).await.map_err(|_| {
        // `to_bytes` returns the same error for a body that is too long and for an incomplete one.
        let length = headers.get(CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if length.is_none_or(|length| length > MAX_BODY_LENGTH) {
            Refusal::new(
                "too_large",
                Finding::RequestMalformed,
                "the body is longer than 64 KiB",
            )
        } else {
            Refusal::request(
                Finding::RequestMalformed,
                "the body is incomplete: the connection was interrupted",
            )
        }
    })
}

/// Sends an answer, and carries out the misbehaviours that concern the connection.
async fn send(
    state: &State,
    handled: HandledRequest,
    reset: Option<&ConnectInfo<ResetHandle>>,
) -> Response {
    let HandledRequest { answer, active } = handled;
    let Some(active) = active else {
        return answer.into_response();
    };
    let delay = active.delay();
    if !delay.is_zero() {
        state.delay(delay).await;
    }
    if active.drops()
        && let Some(ConnectInfo(reset)) = reset
    {
        reset.reset_connection();
    }
    match active.misbehaviour {
        Misbehaviour::TruncatedBody => truncated(answer),
        Misbehaviour::OversizedBody => misbehave::oversized(answer).into_response(),
        _ => answer.into_response(),
    }
}

/// An answer that announces the complete body, sends half of it, and resets the connection.
fn truncated(answer: Answer) -> Response {
    let (parts, body) = answer.into_parts();
    let length = body.len();
    let half = stream::iter([Ok::<Bytes, io::Error>(body.slice(..length / 2))]);
    let lost = async {
        // The server sends the first half during this yield; without the yield it sends nothing.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    };
    let body = Body::from_stream(half.chain(stream::once(lost)));
    let mut response = Response::from_parts(parts, body);
    response.headers_mut().insert(CONTENT_LENGTH, length.into());
    response
}
