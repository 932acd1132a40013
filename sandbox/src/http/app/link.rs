//! The page that shows how a phone handles a link, and that opens the link.

use axum::body::Bytes;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::{field, fields, form_page};
use crate::endpoints::answer::{self, Answer};
use crate::http::{State, control};
use crate::pages;

/// The query of the page.
#[derive(Deserialize)]
pub(super) struct LinkQuery {
    #[serde(default)]
    url: String,
    /// `no` if the Truid app is not on the phone.
    installed: Option<String>,
}

/// `GET /app/link`: changes nothing.
pub(super) async fn check(state: State, Query(query): Query<LinkQuery>) -> Answer {
    let installed = query.installed.as_deref() != Some("no");
    let html = pages::link(&state, &query.url, installed, None);
    form_page(StatusCode::OK, html)
}

/// `POST /app/link`: opens the link, so that the request becomes pending.
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
