//! The pages that a person looks at.

use axum::http::StatusCode;

use super::State;
use crate::endpoints::answer::{self, Answer};
use crate::pages;

/// `GET /`.
pub(super) async fn home(state: State) -> Answer {
    answer::page(
        StatusCode::OK,
        pages::home(state.names.url(), &state.clients),
    )
}

/// `GET /favicon.ico`, which browsers ask for by themselves: there is none, and that is no
/// error for their console.
pub(super) async fn icon() -> StatusCode {
    StatusCode::NO_CONTENT
}
