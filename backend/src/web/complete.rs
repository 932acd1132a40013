//! `GET` the redirect URI: completes a login.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use serde_json::json;
use switchback_protocol::Purpose;

use super::request::{PresentedCredential, is_browser, is_prefetch, wants_tokens};
use super::{WebState, pages, response};
use crate::error::Error;
use crate::service::{LoginOutcome, Refusal, SamePerson, SigningId, TokenResponseBody};
use crate::web::AfterLogin;

/// The answer to an app whose login was completed.
#[derive(Serialize)]
struct CompletedLogin<'a> {
    purpose: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    same_person: Option<SamePerson>,
    /// The id of the signing.
    #[serde(skip_serializing_if = "Option::is_none")]
    signing: Option<SigningId>,
    #[serde(flatten)]
    tokens: Option<TokenResponseBody<'a>>,
}

pub(super) async fn complete(
    State(state): State<Arc<WebState>>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    // A browser does not keep an unsuccessful answer for the time when the person follows the
    // link.
    if is_prefetch(&headers) {
        return response::for_error(&Error::TryAgain { retry_after: None });
    }
    let presented = PresentedCredential::read(&headers, &state.cookies);
    let browser = is_browser(&headers);
    // A browser or a link scanner without a credential must not use up the login of an app, whose
    // person is still on the way.
    let query = query.unwrap_or_default();
    let return_page = || pages::return_page(&state, &headers, &query, &presented);
    if method == Method::HEAD || browser && presented.is_missing() {
        return return_page();
    }
    let wants_tokens = wants_tokens(&headers) && !browser;
    let completed = state
        .service
        .complete(
            &query,
            presented.initiator(),
            &presented.others(),
            wants_tokens,
        )
        .await;
    match completed {
        Ok(LoginOutcome::LoggedIn {
            purpose: of,
            credential,
            initiator,
            tokens,
            same_person,
            signing,
        }) => {
            let purpose = of.as_str();
            match (tokens, browser) {
                (Some(tokens), _) => {
                    let done = CompletedLogin {
                        purpose,
                        same_person,
                        signing,
                        tokens: Some(tokens.body()),
                    };
                    Json(done).into_response()
                }
                (None, browser) => {
                    let response = match browser {
                        true => {
                            let page = &state.web.after_login;
                            match &signing {
                                Some(id) => redirect_to(&headers, &page.signed(id)),
                                None => redirect_to(&headers, page),
                            }
                        }
                        false => Json(CompletedLogin {
                            purpose,
                            same_person,
                            signing,
                            tokens: None,
                        })
                        .into_response(),
                    };
                    let cookie = state.cookies.set(of, &credential, None);
                    let response = response::with_header(response, header::SET_COOKIE, cookie);
                    let cookie = initiator.as_ref();
                    let cookie = cookie.and_then(|it| state.cookies.set(Purpose::Login, it, None));
                    response::with_header(response, header::SET_COOKIE, cookie)
                }
            }
        }
        // The same for a browser with a credential from another login.
        Ok(LoginOutcome::Refused(Refusal::InvalidState)) if browser => return_page(),
        Ok(LoginOutcome::Refused(refusal)) => match browser {
            true => redirect_refused(&state, &headers, &refusal),
            false => response::error(StatusCode::FORBIDDEN, response::safe_code(refusal.code())),
        },
        // The session ended while its credential was made.
        Err(Error::LoginRequired(_)) if browser => {
            redirect_refused(&state, &headers, &Refusal::Replayed)
        }
        Err(error) if browser => {
            let again = format!("{}?{query}", state.callback);
            pages::error_page(&state, &headers, &error, Some(&again))
        }
        Err(error) => response::for_error(&error),
    }
}

/// Redirects to the page after the login, with the reason why there was no login.
fn redirect_refused(state: &WebState, headers: &HeaderMap, refusal: &Refusal) -> Response {
    let code = response::safe_code(refusal.code());
    redirect_to(headers, &state.web.after_login.refused(code))
}

fn redirect_to(headers: &HeaderMap, page: &AfterLogin) -> Response {
    if pages::is_framed(headers) {
        return pages::leave_frame(page);
    }
    let response = response::json(StatusCode::FOUND, json!({}));
    response::with_header(response, header::LOCATION, page.header())
}
