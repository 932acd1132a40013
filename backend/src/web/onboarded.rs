//! `POST {prefix}/onboarded/...`: the data of people who were onboarded, for the service's own
//! code. The people need not be logged in.
//!
//! The subject is in the form, and not in the address, because logs contain addresses.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::post;
use serde_json::json;
use switchback_protocol::grant::SessionEnd;

use super::form::FormError;
use super::{WebState, api_keys, form, response, session};
use crate::error::{Error, reason};
use crate::service::User;

/// The paths below the prefix.
pub(crate) const PATHS: [&str; 2] = ["/onboarded/user-info", "/onboarded/presentation"];

/// The routes; without API keys there are none.
pub(super) fn routes(state: &WebState) -> Router<Arc<WebState>> {
    if state.web.api_keys.is_none() {
        return Router::new();
    }
    let [info, claims] = PATHS.map(|path| state.path(path));
    Router::new()
        .route(&info, post(user_info))
        .route(&claims, post(presentation))
        .layer(form::limit())
}

type Body = Result<Bytes, BytesRejection>;

/// `POST {prefix}/onboarded/user-info`, with `sub`.
async fn user_info(State(state): State<Arc<WebState>>, headers: HeaderMap, body: Body) -> Response {
    match read(&state, &headers, body) {
        Ok((person, _)) => respond(person.user_info_answer().await),
        Err(why) => *why,
    }
}

/// `POST {prefix}/onboarded/presentation`, with `sub` and `claims`.
async fn presentation(
    State(state): State<Arc<WebState>>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let (person, form) = match read(&state, &headers, body) {
        Ok(read) => read,
        Err(why) => return *why,
    };
    let claims = form::single(&form, "claims").unwrap_or_default();
    match session::claims(&claims) {
        Some(claims) => respond(person.presentation_answer(&claims).await),
        None => malformed(form::INVALID),
    }
}

/// The person that the service's own code asks for.
fn read(state: &WebState, headers: &HeaderMap, body: Body) -> Result<(User, Bytes), Box<Response>> {
    api_keys::admit(state, headers)?;
    let form = form::read(headers, body).map_err(|why| Box::new(malformed(why)))?;
    let subject = form::single(&form, "sub").ok_or_else(|| Box::new(malformed(form::INVALID)))?;
    let person = state.service.user(&*subject);
    Ok((person, form))
}

fn respond(read: Result<switchback_protocol::http::Response, Error>) -> Response {
    match read {
        Ok(said) => response::forward(said),
        // The error is about the onboarded person, and not about the caller.
        Err(Error::LoginRequired(why)) => {
            let mut body = json!({ "error": "not_onboarded" });
            if why != SessionEnd::NoSession {
                body["reason"] = reason(why).into();
            }
            response::json(StatusCode::NOT_FOUND, body)
        }
        Err(error) => response::for_error(&error),
    }
}

fn malformed((status, code): FormError) -> Response {
    response::error(status, code)
}
