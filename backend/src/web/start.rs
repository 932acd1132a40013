//! `GET {prefix}/{name}`: begins a login. The name is the provider's for a purpose. A signing begins
//! with `?request=ID`, the id of a signing that the service's own code has prepared.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use serde_json::{Map, Value, json};
use switchback_protocol::Purpose;

use super::request::{PresentedCredential, is_browser, is_prefetch, wants_tokens};
use super::{WebState, form, pages, response};
use crate::error::Error;
use crate::service::SigningId;

pub(super) async fn start(
    purpose: Purpose,
    State(state): State<Arc<WebState>>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    // A client does not follow a redirect in the answer to HEAD (RFC 9110 section 9.3.2).
    if method == Method::HEAD || is_prefetch(&headers) {
        return response::for_error(&Error::TryAgain { retry_after: None });
    }
    let presented = PresentedCredential::read(&headers, &state.cookies);
    let (query, initiator) = (query.unwrap_or_default(), presented.initiator());
    let request = form::single(query.as_bytes(), "request");
    let begun = match (purpose, &request) {
        (Purpose::Signing, None) if !is_browser(&headers) => {
            return response::error(StatusCode::BAD_REQUEST, "invalid_request");
        }
        (Purpose::Signing, request) => {
            let id = request.as_ref().and_then(|id| id.parse::<SigningId>().ok());
            match id {
                Some(id) => state.service.begin_prepared_signing(&id, initiator).await,
                None => Err(Error::UnknownSigning),
            }
        }
        _ => state.service.begin(purpose, initiator).await,
    };
    let login = match begun {
        Ok(login) => login,
        Err(error) if is_browser(&headers) => {
            let mut again = state.start_path(purpose);
            if purpose == Purpose::Signing {
                again = format!("{again}?{query}");
            }
            return pages::error_page(&state, &headers, &error, Some(&again));
        }
        Err(error) => return response::for_error(&error),
    };
    let mut location = HeaderValue::from_str(login.url.expose()).ok();
    if let Some(location) = &mut location {
        location.set_sensitive(true);
    }
    let response = if is_browser(&headers) {
        response::json(StatusCode::FOUND, json!({}))
    } else {
        let mut body = Map::from_iter([("state".into(), login.state.expose().into())]);
        if let Some(seconds) = login.expires_in {
            body.insert("expires_in".into(), seconds.into());
        }
        if let Some(initiator) = login.initiator.as_ref().filter(|_| wants_tokens(&headers)) {
            body.insert("login_token".into(), initiator.text().expose().into());
        }
        response::json(StatusCode::ACCEPTED, Value::Object(body))
    };
    let cookie = login.initiator.as_ref();
    let cookie = cookie.and_then(|initiator| state.cookies.set(Purpose::Login, initiator, None));
    let response = response::with_header(response, header::LOCATION, location);
    response::with_header(response, header::SET_COOKIE, cookie)
}
