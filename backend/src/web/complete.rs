//! `GET` the redirect URI: a login ends.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use serde_json::json;

use super::request::{PresentedCredential, is_ahead, is_browser, wants_tokens};
use super::{WebState, pages, response};
use crate::error::Error;
use crate::service::{LoginOutcome, Refusal, SamePerson, TokenResponseBody};

/// What an app is told of a login that was completed.
#[derive(Serialize)]
struct CompletedLogin<'a> {
    purpose: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    same_person: Option<SamePerson>,
    #[serde(flatten)]
    tokens: Option<TokenResponseBody<'a>>,
}

pub(super) async fn complete(
    State(state): State<Arc<WebState>>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    // An answer that is no success is not kept for when the person follows.
    if is_ahead(&headers) {
        return response::for_error(&Error::TryAgain { retry_after: None });
    }
    let presented = PresentedCredential::read(&headers, &state.cookies);
    let browser = is_browser(&headers);
    // Somebody's browser or a scanner, which must not use up the login of an app: whoever
    // began it is still on their way.
    let query = query.unwrap_or_default();
    let return_page = || pages::return_page(&state, &headers, &query, &presented);
    if method == Method::HEAD || browser && matches!(presented, PresentedCredential::Absent) {
        return return_page();
    }
    let wants_tokens = wants_tokens(&headers) && !browser;
    let completed = state
        .service
        .complete(&query, presented.credential(), wants_tokens)
        .await;
    match completed {
        Ok(LoginOutcome::LoggedIn {
            purpose,
            credential,
            tokens,
            same_person,
        }) => {
            let purpose = purpose.as_str();
            match (tokens, browser) {
                (Some(tokens), _) => {
                    let done = CompletedLogin {
                        purpose,
                        same_person,
                        tokens: Some(tokens.body()),
                    };
                    Json(done).into_response()
                }
                (None, browser) => {
                    let response = match browser {
                        true => redirect_after_login(&state, &headers, None),
                        false => Json(CompletedLogin {
                            purpose,
                            same_person,
                            tokens: None,
                        })
                        .into_response(),
                    };
                    let cookie = state.cookies.set(&credential, None);
                    response::with_header(response, header::SET_COOKIE, cookie)
                }
            }
        }
        // Of the same kind: a browser that was given something else by us before.
        Ok(LoginOutcome::Refused(Refusal::InvalidState)) if browser => return_page(),
        Ok(LoginOutcome::Refused(refusal)) => match browser {
            true => redirect_after_login(&state, &headers, Some(&refusal)),
            false => response::error(StatusCode::FORBIDDEN, response::safe_code(refusal.code())),
        },
        // It ended while it was given out.
        Err(Error::LoginRequired(_)) if browser => {
            redirect_after_login(&state, &headers, Some(&Refusal::Replayed))
        }
        Err(error) if browser => {
            let again = format!("{}?{query}", state.callback);
            pages::error_page(&error, Some(&again))
        }
        Err(error) => response::for_error(&error),
    }
}

/// To the page that comes after a login, which is told why there was none.
fn redirect_after_login(
    state: &WebState,
    headers: &HeaderMap,
    refusal: Option<&Refusal>,
) -> Response {
    let page = match refusal {
        Some(refusal) => state
            .web
            .after_login
            .refused(response::safe_code(refusal.code())),
        None => state.web.after_login.clone(),
    };
    if pages::is_framed(headers) {
        return pages::leave_frame(&page);
    }
    let response = response::json(StatusCode::FOUND, json!({}));
    response::with_header(response, header::LOCATION, page.header())
}
