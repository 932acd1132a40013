//! `GET` the redirect URI: a login ends.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use serde_json::json;

use super::shown::{Shown, is_ahead, is_browser, wants_tokens};
use super::{Site, answer, pages};
use crate::error::Error;
use crate::service::{LoginOutcome, Refusal, SamePerson, TokenAnswer};

/// What an app is told of a login that was completed.
#[derive(Serialize)]
struct Done<'a> {
    purpose: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    same_person: Option<SamePerson>,
    #[serde(flatten)]
    tokens: Option<TokenAnswer<'a>>,
}

pub(super) async fn complete(
    State(site): State<Arc<Site>>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    // An answer that is no success is not kept for when the person follows.
    if is_ahead(&headers) {
        return answer::failed(&Error::TryAgain { retry_after: None });
    }
    let shown = Shown::by(&headers, &site.cookies);
    let browser = is_browser(&headers);
    // Somebody's browser or a scanner, which must not use up the login of an app: whoever
    // began it is still on their way.
    let query = query.unwrap_or_default();
    let come_back = || pages::come_back(&site, &headers, &query, &shown);
    if method == Method::HEAD || browser && matches!(shown, Shown::Nothing) {
        return come_back();
    }
    let wants_tokens = wants_tokens(&headers) && !browser;
    let completed = site
        .service
        .complete(&query, shown.credential(), wants_tokens)
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
                    let done = Done {
                        purpose,
                        same_person,
                        tokens: Some(tokens.answer()),
                    };
                    Json(done).into_response()
                }
                (None, browser) => {
                    let response = match browser {
                        true => back(&site, &headers, None),
                        false => Json(Done {
                            purpose,
                            same_person,
                            tokens: None,
                        })
                        .into_response(),
                    };
                    let cookie = site.cookies.set(&credential, None);
                    answer::with(response, header::SET_COOKIE, cookie)
                }
            }
        }
        // Of the same kind: a browser that was given something else by us before.
        Ok(LoginOutcome::Refused(Refusal::InvalidState)) if browser => come_back(),
        Ok(LoginOutcome::Refused(refusal)) => match browser {
            true => back(&site, &headers, Some(&refusal)),
            false => answer::error(StatusCode::FORBIDDEN, answer::word(refusal.code())),
        },
        // It ended while it was given out.
        Err(Error::LoginRequired(_)) if browser => back(&site, &headers, Some(&Refusal::Replayed)),
        Err(error) if browser => {
            let again = format!("{}?{query}", site.callback);
            pages::failed(&site, &headers, &error, Some(&again))
        }
        Err(error) => answer::failed(&error),
    }
}

/// To the page that comes after a login, which is told why there was none.
fn back(site: &Site, headers: &HeaderMap, refusal: Option<&Refusal>) -> Response {
    let page = match refusal {
        Some(refusal) => site.web.after_login.refused(answer::word(refusal.code())),
        None => site.web.after_login.clone(),
    };
    if pages::is_framed(headers) {
        return pages::landed(&page);
    }
    let response = answer::json(StatusCode::FOUND, json!({}));
    answer::with(response, header::LOCATION, page.header())
}
