//! What a phone does with a link, and opening it for real.

use axum::body::Bytes;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::{field, fields, form_page};
use crate::endpoints::answer::{self, Answer};
use crate::http::{State, control};
use crate::pages;

/// What is looked at.
#[derive(Deserialize)]
pub(super) struct Look {
    #[serde(default)]
    url: String,
    /// `no`, where the Truid app is not on the phone.
    installed: Option<String>,
}

/// `GET /app/link`: changes nothing.
pub(super) async fn look(state: State, Query(look): Query<Look>) -> Answer {
    let installed = look.installed.as_deref() != Some("no");
    let html = pages::link(&state, &look.url, installed, None);
    form_page(StatusCode::OK, html)
}

/// `POST /app/link`: opens it, and the request waits.
pub(super) async fn open(state: State, headers: HeaderMap, body: Bytes) -> Answer {
    let fields = fields(&body);
    let url = field(&fields, "url").unwrap_or_default().trim();
    let outcome = control::same_site(&state, &headers).and_then(|()| state.open(url));
    match outcome {
        Ok(waiting) => answer::see_other(&format!("/app/{}", waiting.id)),
        Err(refusal) => {
            let html = pages::link(&state, url, true, Some(&refusal));
            let status = match refusal.error {
                "cross_site" => StatusCode::FORBIDDEN,
                _ => StatusCode::BAD_REQUEST,
            };
            form_page(status, html)
        }
    }
}
