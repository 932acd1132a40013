//! The pages that a person looks at.

use axum::extract::Path;
use axum::http::header::{CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;

use super::{State, answer, control};
use crate::pages;

/// `GET /`.
pub(super) async fn home(state: State) -> Response {
    answer::page(
        StatusCode::OK,
        pages::home(state.names.url(), &state.clients),
    )
}

/// `GET /app`.
pub(super) async fn list(state: State) -> Response {
    let now = state.now();
    let waiting = state.world().list(now);
    answer::page(StatusCode::OK, pages::list(&waiting, now))
}

/// `GET /app/{id}`.
pub(super) async fn request(state: State, Path(id): Path<String>) -> Response {
    let now = state.now();
    let outcome = state.world().look(&id, now);
    match outcome {
        Ok(waiting) => {
            let mut response = answer::page(StatusCode::OK, pages::request(&waiting, now));
            // No `form-action` here: browsers hold it against the redirect that answers
            // the form, which leads to the service, and on to wherever that leads.
            let policy = "default-src 'none'; style-src 'self'; base-uri 'none'; \
                          frame-ancestors 'none'";
            let policy = HeaderValue::from_static(policy);
            response
                .headers_mut()
                .insert(CONTENT_SECURITY_POLICY, policy);
            // Under `no-referrer` a browser would send its forms with `Origin: null`.
            let referrer = HeaderValue::from_static("same-origin");
            response.headers_mut().insert(REFERRER_POLICY, referrer);
            response
        }
        Err(refusal) => answer::page(answer::status(refusal.error), pages::refused(&refusal)),
    }
}

/// `POST /app/{id}/{decision}`: opens the service's redirect URI, as the real app does.
pub(super) async fn decide(
    state: State,
    headers: HeaderMap,
    Path((id, decision)): Path<(String, String)>,
) -> Response {
    let outcome = control::same_site(&state, &headers)
        .and_then(|()| control::decided(&state, &id, &decision));
    match outcome {
        Ok(redirect) => {
            let mut response = answer::body(StatusCode::SEE_OTHER, "text/plain", "");
            if let Ok(location) = HeaderValue::from_str(&redirect) {
                response.headers_mut().insert(LOCATION, location);
            }
            response
        }
        Err(refusal) => answer::page(answer::status(refusal.error), pages::refused(&refusal)),
    }
}

/// `GET /sandbox/style.css`.
pub(super) async fn style() -> Response {
    answer::body(StatusCode::OK, "text/css; charset=utf-8", pages::STYLE)
}
