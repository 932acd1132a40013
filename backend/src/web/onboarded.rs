//! `POST {prefix}/onboarded/...`: what people who were onboarded say about themselves, for the
//! service's own code, whether or not they are there.
//!
//! The subject stands in a form, and not in the address, which logs keep.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::post;
use serde_json::json;
use switchback_protocol::grant::SessionEnd;

use super::api_keys::NotTheService;
use super::form::NoForm;
use super::{Site, answer, form, session};
use crate::error::{Error, reason};
use crate::service::User;

/// A key that a browser sent: it is no secret any more.
const KEY_IN_BROWSER: &str = "service.key-in-browser";

/// Below the prefix.
pub(crate) const PATHS: [&str; 2] = ["/onboarded/user-info", "/onboarded/presentation"];

/// The routes, which are there where there are keys.
pub(super) fn routes(site: &Site) -> Router<Arc<Site>> {
    if site.web.api_keys.is_none() {
        return Router::new();
    }
    let [info, claims] = PATHS.map(|path| site.at(path));
    Router::new()
        .route(&info, post(user_info))
        .route(&claims, post(presentation))
        .layer(form::limit())
}

type Body = Result<Bytes, BytesRejection>;

/// Why nobody is asked for anything.
enum Refused {
    /// Whoever asks is not the service's own code.
    Caller(NotTheService),
    /// What is asked is no question.
    Question(NoForm),
}

impl From<NotTheService> for Refused {
    fn from(why: NotTheService) -> Self {
        Self::Caller(why)
    }
}

impl From<NoForm> for Refused {
    fn from(why: NoForm) -> Self {
        Self::Question(why)
    }
}

/// `POST {prefix}/onboarded/user-info`, with `sub`.
async fn user_info(State(site): State<Arc<Site>>, headers: HeaderMap, body: Body) -> Response {
    match read(&site, &headers, body) {
        Ok((person, _)) => told(person.user_info_answer().await),
        Err(why) => refused(&why),
    }
}

/// `POST {prefix}/onboarded/presentation`, with `sub` and `claims`.
async fn presentation(State(site): State<Arc<Site>>, headers: HeaderMap, body: Body) -> Response {
    let (person, form) = match read(&site, &headers, body) {
        Ok(read) => read,
        Err(why) => return refused(&why),
    };
    let claims = form::once(&form, "claims").unwrap_or_default();
    match session::claims(&claims) {
        Some(claims) => told(person.presentation_answer(&claims).await),
        None => refused(&form::INVALID.into()),
    }
}

/// The person that the service's own code asks for.
fn read(site: &Site, headers: &HeaderMap, body: Body) -> Result<(User, Bytes), Refused> {
    match &site.web.api_keys {
        Some(keys) => keys.admit(headers)?,
        None => return Err(NotTheService::NoKey.into()),
    }
    let form = form::read(headers, body)?;
    let subject = form::once(&form, "sub").ok_or(form::INVALID)?;
    let person = site.service.user(&*subject);
    Ok((person, form))
}

fn told(read: Result<switchback_protocol::http::Response, Error>) -> Response {
    match read {
        Ok(said) => answer::passed_on(said),
        // Of the person, and not of whoever asks.
        Err(Error::LoginRequired(why)) => {
            let mut body = json!({ "error": "not_onboarded" });
            if why != SessionEnd::NoSession {
                body["reason"] = reason(why).into();
            }
            answer::json(StatusCode::NOT_FOUND, body)
        }
        Err(error) => answer::failed(&error),
    }
}

fn refused(why: &Refused) -> Response {
    let reason = match *why {
        Refused::Question((status, code)) => return answer::error(status, code),
        Refused::Caller(NotTheService::Browser { with_key }) => {
            if with_key {
                tracing::error!(target: "switchback", event = KEY_IN_BROWSER);
            }
            return answer::error(StatusCode::FORBIDDEN, "not_for_browsers");
        }
        Refused::Caller(NotTheService::NoKey) => "no_key",
        Refused::Caller(NotTheService::WrongKey) => "wrong_key",
    };
    let body = json!({ "error": "api_key_required", "reason": reason });
    let response = answer::json(StatusCode::UNAUTHORIZED, body);
    answer::with(response, header::WWW_AUTHENTICATE, Some(answer::BEARER))
}
