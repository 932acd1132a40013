//! Who is logged in, what they shared, and logging out.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use switchback_protocol::grant::SessionEnd;

use super::cross_site::is_foreign;
use super::shown::{Shown, is_browser};
use super::{Site, answer, form};
use crate::error::Error;
use crate::service::{LoggedIn, SamePerson};

/// More claims than this are not asked for at once.
const MOST: usize = 64;

/// Who is logged in. Nothing of it opens anything.
#[derive(Serialize)]
struct Session<'a> {
    /// OpenID Connect Core section 2.
    sub: &'a str,
    /// OpenID Connect Front-Channel Logout 1.0 section 3: which session it is.
    sid: &'a str,
    purpose: &'static str,
    since: i64,
    expires_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    same_person: Option<SamePerson>,
}

/// `GET {prefix}/session`: by what is stored. The provider is asked where nothing stored proves
/// that the session lives, and for nothing else.
pub(super) async fn who(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let read = async {
        let shown = Shown::by(&headers, &site.cookies);
        let shown = shown.credential();
        let shown = shown.ok_or(Error::LoginRequired(SessionEnd::NoSession))?;
        let person = site.service.session_as_stored(shown).await?;
        let same_person = person.is_same_person().await?;
        Ok((person, same_person))
    };
    match read.await {
        Ok((person, same_person)) => Json(Session {
            sub: person.subject(),
            sid: person.session_id(),
            purpose: person.purpose().as_str(),
            since: person.since(),
            expires_at: person.expires_at(),
            same_person,
        })
        .into_response(),
        Err(error) => answer::failed(&error),
    }
}

/// `GET {prefix}/user-info`.
pub(super) async fn user_info(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let read = async { logged_in(&site, &headers).await?.user_info_answer().await };
    match read.await {
        Ok(info) => answer::passed_on(info),
        Err(error) => answer::failed(&error),
    }
}

/// `GET {prefix}/presentation?claims=a,b`.
pub(super) async fn presentation(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let given = form::once(query.as_bytes(), "claims").unwrap_or_default();
    let Some(claims) = claims(&given) else {
        return answer::error(StatusCode::BAD_REQUEST, "invalid_request");
    };
    let read = async {
        let person = logged_in(&site, &headers).await?;
        person.presentation_answer(&claims).await
    };
    match read.await {
        Ok(presentation) => answer::passed_on(presentation),
        Err(error) => answer::failed(&error),
    }
}

/// The claims of a list with commas, where all of them may be some.
pub(super) fn claims(list: &str) -> Option<Vec<&str>> {
    let claims: Vec<&str> = list.split(',').filter(|claim| !claim.is_empty()).collect();
    let may_be = (1..=MOST).contains(&claims.len()) && claims.iter().all(|claim| is_claim(claim));
    may_be.then_some(claims)
}

/// Whether this may be the type or the key of a claim. The provider knows which there are;
/// what cannot be one is not sent there.
fn is_claim(text: &str) -> bool {
    let may_be = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/".contains(&byte);
    text.len() <= 128 && text.bytes().all(may_be)
}

/// `POST {prefix}/log-out`.
pub(super) async fn log_out(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let shown = Shown::by(&headers, &site.cookies);
    if is_foreign(&headers, &shown, &site.origin) {
        return answer::error(StatusCode::FORBIDDEN, "cross_site");
    }
    let done = match (&shown, shown.credential()) {
        (_, Some(credential)) => site.service.log_out(credential).await,
        // A cookie that was not looked at may open a session still.
        (Shown::Other, None) => Err(Error::LoginRequired(SessionEnd::NoSession)),
        (_, None) => Ok(()),
    };
    if let Err(error) = done {
        return answer::failed(&error);
    }
    let response = match is_browser(&headers) {
        true => {
            let response = StatusCode::SEE_OTHER.into_response();
            answer::with(response, header::LOCATION, site.web.after_login.header())
        }
        false => StatusCode::NO_CONTENT.into_response(),
    };
    let cookie = match shown {
        Shown::Bearer(_) => None,
        _ => site.cookies.take_away(),
    };
    answer::with(response, header::SET_COOKIE, cookie)
}

/// Who makes this request.
pub(super) async fn logged_in(site: &Site, headers: &HeaderMap) -> Result<LoggedIn, Error> {
    who_shows(site, &Shown::by(headers, &site.cookies)).await
}

/// Who is logged in by what was shown.
pub(super) async fn who_shows(site: &Site, shown: &Shown) -> Result<LoggedIn, Error> {
    match shown.credential() {
        Some(credential) => site.service.session(credential).await,
        None => Err(Error::LoginRequired(SessionEnd::NoSession)),
    }
}
