//! `POST {prefix}/onboarded/...`: the data of people who were onboarded, for the service's own
//! code. The people need not be logged in.
//!
//! The subject is in the form, and not in the address, because logs contain addresses.

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

use super::api_keys::CallerRejected;
use super::form::FormError;
use super::{WebState, form, response, session};
use crate::error::{Error, reason};
use crate::service::User;

/// The log event for a key in a browser, where it is not a secret any more.
const KEY_IN_BROWSER: &str = "service.key-in-browser";

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

/// Why a request is rejected before the provider receives one.
enum Rejected {
    /// The caller is not the service's own code.
    Caller(CallerRejected),
    /// The form is malformed.
    Form(FormError),
}

impl From<CallerRejected> for Rejected {
    fn from(why: CallerRejected) -> Self {
        Self::Caller(why)
    }
}

impl From<FormError> for Rejected {
    fn from(why: FormError) -> Self {
        Self::Form(why)
    }
}

/// `POST {prefix}/onboarded/user-info`, with `sub`.
async fn user_info(State(state): State<Arc<WebState>>, headers: HeaderMap, body: Body) -> Response {
    match read(&state, &headers, body) {
        Ok((person, _)) => respond(person.user_info_answer().await),
        Err(why) => reject(&why),
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
        Err(why) => return reject(&why),
    };
    let claims = form::single(&form, "claims").unwrap_or_default();
    match session::claims(&claims) {
        Some(claims) => respond(person.presentation_answer(&claims).await),
        None => reject(&form::INVALID.into()),
    }
}

/// The person that the service's own code asks for.
fn read(state: &WebState, headers: &HeaderMap, body: Body) -> Result<(User, Bytes), Rejected> {
    match &state.web.api_keys {
        Some(keys) => keys.admit(headers)?,
        None => return Err(CallerRejected::NoKey.into()),
    }
    let form = form::read(headers, body)?;
    let subject = form::single(&form, "sub").ok_or(form::INVALID)?;
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

fn reject(why: &Rejected) -> Response {
    let reason = match *why {
        Rejected::Form((status, code)) => return response::error(status, code),
        Rejected::Caller(CallerRejected::Browser { with_key }) => {
            if with_key {
                tracing::error!(target: "switchback", event = KEY_IN_BROWSER);
            }
            return response::error(StatusCode::FORBIDDEN, "not_for_browsers");
        }
        Rejected::Caller(CallerRejected::NoKey) => "no_key",
        Rejected::Caller(CallerRejected::WrongKey) => "wrong_key",
    };
    let body = json!({ "error": "api_key_required", "reason": reason });
    let response = response::json(StatusCode::UNAUTHORIZED, body);
    response::with_header(response, header::WWW_AUTHENTICATE, Some(response::BEARER))
}
