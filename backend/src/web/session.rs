//! The person who is logged in, the data that they shared, and the log-out.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use switchback_protocol::Purpose;
use switchback_protocol::grant::SessionEnd;

use super::cross_site::is_cross_site;
use super::form::FormError;
use super::request::{PresentedCredential, is_browser};
use super::{WebState, form, response};
use crate::credential::Credential;
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
///
/// Without `purpose` the question is who is logged in, so only a login answers it, also with a
/// token.
pub(super) async fn session(
    State(state): State<Arc<WebState>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let purpose = match asked_purpose(query.as_deref()) {
        Ok(purpose) => purpose.unwrap_or(Purpose::Login),
        Err((status, code)) => return response::error(status, code),
    };
    let presented = PresentedCredential::read(&headers, &state.cookies);
    let read = async {
        let person = from_store(&state, &presented, purpose).await?;
        let same_person = match beside_login(&state, &presented, &person).await {
            Some(same) => Some(same),
            None => person.is_same_person().await?,
        };
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

/// Whether a verification is of the person who is logged in beside it. `None`: no person is.
///
/// The login can be another one than that under which the verification began: another person has
/// logged in since.
async fn beside_login(
    state: &WebState,
    presented: &PresentedCredential,
    verified: &LoggedIn,
) -> Option<SamePerson> {
    let is_beside = matches!(presented, PresentedCredential::Cookies(_));
    if !is_beside || !verified.is_one_off() {
        return None;
    }
    match from_store(state, presented, Purpose::Login).await {
        Ok(login) if login.subject() == verified.subject() => Some(SamePerson::Yes),
        Ok(_) => Some(SamePerson::No),
        Err(Error::LoginRequired(_)) => None,
        Err(_) => Some(SamePerson::Unknown),
    }
}

/// `GET {prefix}/user-info`.
pub(super) async fn user_info(
    State(state): State<Arc<WebState>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let purpose = match asked_purpose(query.as_deref()) {
        Ok(purpose) => purpose,
        Err((status, code)) => return response::error(status, code),
    };
    let read = async {
        let person = person_of(&state, &headers, purpose).await?;
        person.user_info_answer().await
    };
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
    let purpose = match asked_purpose(query.as_deref()) {
        Ok(purpose) => purpose,
        Err((status, code)) => return response::error(status, code),
    };
    let query = query.unwrap_or_default();
    let given = form::single(query.as_bytes(), "claims").unwrap_or_default();
    let Some(claims) = claims(&given) else {
        return response::error(StatusCode::BAD_REQUEST, "invalid_request");
    };
    let read = async {
        let person = person_of(&state, &headers, purpose).await?;
        person.presentation_answer(&claims).await
    };
    match read.await {
        Ok(presentation) => response::forward(presentation),
        Err(error) => response::for_error(&error),
    }
}

/// The purpose that a query asks for, if it asks for one.
///
/// # Errors
/// [`form::INVALID`] if the query has several purposes or an unknown one.
fn asked_purpose(query: Option<&str>) -> Result<Option<Purpose>, FormError> {
    let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let mut asked = pairs.filter(|(name, _)| name == "purpose");
    let Some((_, name)) = asked.next() else {
        return Ok(None);
    };
    let known = Purpose::ALL.into_iter().find(|it| it.as_str() == name);
    match (known, asked.next()) {
        (Some(purpose), None) => Ok(Some(purpose)),
        _ => Err(form::INVALID),
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

/// `POST {prefix}/log-out`. In a browser, the log-out of the login ends every other session too: no
/// data stays readable after it.
pub(super) async fn log_out(
    State(state): State<Arc<WebState>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let presented = PresentedCredential::read(&headers, &state.cookies);
    if is_cross_site(&headers, &presented, &state.origin) {
        return response::error(StatusCode::FORBIDDEN, "cross_site");
    }
    let purpose = match asked_purpose(query.as_deref()) {
        Ok(purpose) => purpose,
        Err((status, code)) => return response::error(status, code),
    };
    let others = Purpose::ALL.into_iter().filter(|it| *it != Purpose::Login);
    let ended: Vec<Purpose> = match purpose {
        // The login is the last: after a failure the person is still logged in.
        None | Some(Purpose::Login) => others.chain([Purpose::Login]).collect(),
        Some(other) => vec![other],
    };
    let sessions: Vec<(&Credential, Option<Purpose>)> = match &presented {
        PresentedCredential::Cookies(cookies) => {
            let credentials = ended.iter().filter_map(|it| cookies.of(*it));
            credentials.map(|credential| (credential, None)).collect()
        }
        PresentedCredential::Bearer(token) => vec![(token, purpose)],
        // With a malformed token, the cookies were not read, and they may still open sessions.
        PresentedCredential::Invalid => return response::for_error(&NO_SESSION),
    };
    for (credential, purpose) in sessions {
        if let Err(error) = state.service.log_out_of(credential, purpose).await {
            return response::for_error(&error);
        }
    }
    let mut response = match is_browser(&headers) {
        true => {
            let response = StatusCode::SEE_OTHER.into_response();
            response::with_header(response, header::LOCATION, state.web.after_login.header())
        }
        false => StatusCode::NO_CONTENT.into_response(),
    };
    if matches!(presented, PresentedCredential::Cookies(_)) {
        for purpose in ended.into_iter().rev() {
            let cookie = state.cookies.remove(purpose);
            response = response::with_header(response, header::SET_COOKIE, cookie);
        }
    }
    response
}

/// The session of this request for this purpose, without a request to the provider while the stored
/// token is valid.
async fn from_store(
    state: &WebState,
    presented: &PresentedCredential,
    purpose: Purpose,
) -> Result<LoggedIn, Error> {
    let credential = presented.of(purpose).ok_or(NO_SESSION)?;
    let asked = Some(purpose);
    state.service.session_for(credential, asked, 0).await
}

/// The person of this request's session for this purpose. Without a purpose: of the login, or of the
/// session that a token opens.
async fn person_of(
    state: &WebState,
    headers: &HeaderMap,
    purpose: Option<Purpose>,
) -> Result<LoggedIn, Error> {
    match (PresentedCredential::read(headers, &state.cookies), purpose) {
        (PresentedCredential::Bearer(token), None) => state.service.session(&token).await,
        (presented, purpose) => {
            session_for(state, &presented, purpose.unwrap_or(Purpose::Login)).await
        }
    }
}

/// The session of this request for this purpose.
pub(super) async fn session_for(
    state: &WebState,
    presented: &PresentedCredential,
    purpose: Purpose,
) -> Result<LoggedIn, Error> {
    let credential = presented.of(purpose).ok_or(NO_SESSION)?;
    let skew = state.service.config().refresh_skew;
    let asked = Some(purpose);
    state.service.session_for(credential, asked, skew).await
}

/// The session of this request for the first of these purposes that has one. Another failure than a
/// missing session counts at once: it must not lead to the session of another purpose.
pub(super) async fn first_of(
    state: &WebState,
    presented: &PresentedCredential,
    purposes: &[Purpose],
) -> Result<LoggedIn, Error> {
    let mut why = SessionEnd::NoSession;
    for purpose in purposes {
        match session_for(state, presented, *purpose).await {
            // The first reason that says more than "there is none".
            Err(Error::LoginRequired(ended)) if why == SessionEnd::NoSession => why = ended,
            Err(Error::LoginRequired(_)) => {}
            result => return result,
        }
    }
    Err(Error::LoginRequired(why))
}

const NO_SESSION: Error = Error::LoginRequired(SessionEnd::NoSession);
