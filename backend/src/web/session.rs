//! The person who is logged in, the data that they shared, and the log-out.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use switchback_protocol::grant::SessionEnd;

use super::cross_site::is_cross_site;
use super::request::{PresentedCredential, is_browser};
use super::{WebState, form, response};
use crate::error::Error;
use crate::service::{LoggedIn, SamePerson};

/// The maximum number of claims in one request.
const MAX_CLAIMS: usize = 64;

/// The answer about a session. It holds no credential.
#[derive(Serialize)]
struct SessionInfo<'a> {
    /// OpenID Connect Core section 2.
    sub: &'a str,
    /// The session's id, as in OpenID Connect Front-Channel Logout 1.0 section 3.
    sid: &'a str,
    purpose: &'static str,
    since: i64,
    expires_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    same_person: Option<SamePerson>,
}

/// `GET {prefix}/session`, answered from the database. The provider receives a request only if the
/// stored token does not prove that the session lives.
pub(super) async fn session(State(state): State<Arc<WebState>>, headers: HeaderMap) -> Response {
    let read = async {
        let presented = PresentedCredential::read(&headers, &state.cookies);
        let presented = presented.credential();
        let presented = presented.ok_or(Error::LoginRequired(SessionEnd::NoSession))?;
        let person = state.service.session_from_store(presented).await?;
        let same_person = person.is_same_person().await?;
        Ok((person, same_person))
    };
    match read.await {
        Ok((person, same_person)) => Json(SessionInfo {
            sub: person.subject(),
            sid: person.session_id(),
            purpose: person.purpose().as_str(),
            since: person.since(),
            expires_at: person.expires_at(),
            same_person,
        })
        .into_response(),
        Err(error) => response::for_error(&error),
    }
}

/// `GET {prefix}/user-info`.
pub(super) async fn user_info(State(state): State<Arc<WebState>>, headers: HeaderMap) -> Response {
    let read = async { logged_in(&state, &headers).await?.user_info_answer().await };
    match read.await {
        Ok(info) => response::forward(info),
        Err(error) => response::for_error(&error),
    }
}

/// `GET {prefix}/presentation?claims=a,b`.
pub(super) async fn presentation(
    State(state): State<Arc<WebState>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let given = form::single(query.as_bytes(), "claims").unwrap_or_default();
    let Some(claims) = claims(&given) else {
        return response::error(StatusCode::BAD_REQUEST, "invalid_request");
    };
    let read = async {
        let person = logged_in(&state, &headers).await?;
        person.presentation_answer(&claims).await
    };
    match read.await {
        Ok(presentation) => response::forward(presentation),
        Err(error) => response::for_error(&error),
    }
}

/// The claims of a comma-separated list, if all of them are well-formed.
pub(super) fn claims(list: &str) -> Option<Vec<&str>> {
    let claims: Vec<&str> = list.split(',').filter(|claim| !claim.is_empty()).collect();
    let may_be =
        (1..=MAX_CLAIMS).contains(&claims.len()) && claims.iter().all(|claim| is_claim(claim));
    may_be.then_some(claims)
}

/// Whether the text may be the type or the key of a claim. The provider decides which claims
/// exist; malformed ones are not sent to it.
fn is_claim(text: &str) -> bool {
    let may_be = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/".contains(&byte);
    text.len() <= 128 && text.bytes().all(may_be)
}

/// `POST {prefix}/log-out`.
pub(super) async fn log_out(State(state): State<Arc<WebState>>, headers: HeaderMap) -> Response {
    let presented = PresentedCredential::read(&headers, &state.cookies);
    if is_cross_site(&headers, &presented, &state.origin) {
        return response::error(StatusCode::FORBIDDEN, "cross_site");
    }
    let done = match (&presented, presented.credential()) {
        (_, Some(credential)) => state.service.log_out(credential).await,
        // With a malformed token, the cookie was not read, and it may still open a session.
        (PresentedCredential::Invalid, None) => Err(Error::LoginRequired(SessionEnd::NoSession)),
        (_, None) => Ok(()),
    };
    if let Err(error) = done {
        return response::for_error(&error);
    }
    let response = match is_browser(&headers) {
        true => {
            let response = StatusCode::SEE_OTHER.into_response();
            response::with_header(response, header::LOCATION, state.web.after_login.header())
        }
        false => StatusCode::NO_CONTENT.into_response(),
    };
    let cookie = match presented {
        PresentedCredential::Bearer(_) => None,
        _ => state.cookies.remove(),
    };
    response::with_header(response, header::SET_COOKIE, cookie)
}

/// The person who makes this request.
pub(super) async fn logged_in(state: &WebState, headers: &HeaderMap) -> Result<LoggedIn, Error> {
    logged_in_with(state, &PresentedCredential::read(headers, &state.cookies)).await
}

/// The person who is logged in with this credential.
pub(super) async fn logged_in_with(
    state: &WebState,
    presented: &PresentedCredential,
) -> Result<LoggedIn, Error> {
    match presented.credential() {
        Some(credential) => state.service.session(credential).await,
        None => Err(Error::LoginRequired(SessionEnd::NoSession)),
    }
}
