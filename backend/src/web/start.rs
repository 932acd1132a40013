//! `GET {prefix}/{name}`, where the name is the provider's for a purpose: a login begins.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use serde_json::{Map, Value, json};
use switchback_protocol::Purpose;

use super::shown::{Shown, is_ahead, is_browser, wants_tokens};
use super::{Site, answer, pages};
use crate::error::Error;

pub(super) async fn start(
    purpose: Purpose,
    State(site): State<Arc<Site>>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    // Nobody follows the answer to HEAD (RFC 9110 section 9.3.2).
    if method == Method::HEAD || is_ahead(&headers) {
        return answer::failed(&Error::TryAgain { retry_after: None });
    }
    let shown = Shown::by(&headers, &site.cookies);
    let login = match site.service.begin(purpose, shown.credential()).await {
        Ok(login) => login,
        Err(error) if is_browser(&headers) => {
            let again = site.start(purpose);
            return pages::failed(&site, &headers, &error, Some(&again));
        }
        Err(error) => return answer::failed(&error),
    };
    let mut location = HeaderValue::from_str(login.url.expose()).ok();
    if let Some(location) = &mut location {
        location.set_sensitive(true);
    }
    let response = if is_browser(&headers) {
        answer::json(StatusCode::FOUND, json!({}))
    } else {
        let mut body = Map::from_iter([("state".into(), login.state.expose().into())]);
        if let Some(seconds) = login.expires_in {
            body.insert("expires_in".into(), seconds.into());
        }
        if let Some(visitor) = login.visitor.as_ref().filter(|_| wants_tokens(&headers)) {
            body.insert("login_token".into(), visitor.text().expose().into());
        }
        answer::json(StatusCode::ACCEPTED, Value::Object(body))
    };
    let cookie = login.visitor.as_ref();
    let cookie = cookie.and_then(|visitor| site.cookies.set(visitor, None));
    let response = answer::with(response, header::LOCATION, location);
    answer::with(response, header::SET_COOKIE, cookie)
}
