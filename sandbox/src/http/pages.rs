//! The pages that a person looks at.

use axum::extract::Path;
use axum::http::header::{CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};

use super::answer::{self, Answer};
use super::{State, control};
use crate::pages;

/// `GET /`.
pub(super) async fn home(state: State) -> Answer {
    answer::page(
        StatusCode::OK,
        pages::home(state.names.url(), &state.clients),
    )
}

/// `GET /app`.
pub(super) async fn list(state: State) -> Answer {
    let now = state.now();
    let waiting = state.world().list(now);
    answer::page(StatusCode::OK, pages::list(&waiting, now))
}

/// `GET /app/{id}`.
pub(super) async fn request(state: State, Path(id): Path<String>) -> Answer {
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
) -> Answer {
    let outcome = control::same_site(&state, &headers)
        .and_then(|()| control::choice(&decision))
        .and_then(|choice| state.decide(&id, &choice));
    match outcome {
        Ok(callback) => {
            let mut answer = answer::body(StatusCode::SEE_OTHER, "text/plain", "");
            let redirect = callback.redirect.as_deref().unwrap_or("/app");
            if let Ok(location) = HeaderValue::from_str(redirect) {
                answer.headers_mut().insert(LOCATION, location);
            }
            answer
        }
        Err(refusal) => answer::page(answer::status(refusal.error), pages::refused(&refusal)),
    }
}

/// `GET /sandbox/style.css`.
pub(super) async fn style() -> Answer {
    answer::body(StatusCode::OK, "text/css; charset=utf-8", pages::STYLE)
}

/// `GET /favicon.ico`, which browsers ask for by themselves: there is none, and that is no
/// error for their console.
pub(super) async fn icon() -> StatusCode {
    StatusCode::NO_CONTENT
}
