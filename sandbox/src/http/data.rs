//! User info and presentations: an access token in the header, and nowhere else.

use axum::extract::RawQuery;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{State, answer, token};
use crate::Refusal;
use crate::form::Form;
use crate::world::{self, ClaimKeys};

/// `GET /oidc/v1/user-info`.
pub(super) async fn user_info(
    state: State,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let now = state.now();
    let outcome = Form::parse(query.as_deref().unwrap_or_default())
        .and_then(|form| bearer(&headers, &form))
        .and_then(|token| state.world().read_user_info(token, now));
    match outcome {
        Ok(access) => answer::json(StatusCode::OK, &world::user_info(&access)),
        Err(refusal) => refused(&refusal, &headers),
    }
}

/// `GET /exchange/v1/presentation` and `GET /exchange/v2/presentation`.
pub(super) async fn presentation(
    state: State,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let now = state.now();
    let outcome = Form::parse(query.as_deref().unwrap_or_default()).and_then(|form| {
        let token = bearer(&headers, &form)?;
        state
            .world()
            .read_presentation(token, ClaimKeys::read(&form), now)
    });
    match outcome {
        Ok((access, claims)) => {
            answer::json(StatusCode::OK, &world::presentation(&access, &claims))
        }
        Err(refusal) => refused(&refusal, &headers),
    }
}

/// The access token in the `Authorization` header (RFC 6750 section 2.1).
fn bearer<'a>(headers: &'a HeaderMap, form: &Form<'_>) -> Result<&'a str, Refusal> {
    if form.get("access_token").is_some() {
        return Err(Refusal::request(
            "the access token is in the URL, where logs will keep it; send it in the Authorization header",
        ));
    }
    let header = token::authorization(headers)?.ok_or_else(|| {
        Refusal::token("the Authorization header is missing; send Bearer and the access token")
    })?;
    let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(Refusal::token(
            "the Authorization header must be Bearer and the access token",
        ));
    }
    Ok(token)
}

fn refused(refusal: &Refusal, headers: &HeaderMap) -> Response {
    let without = refusal.error == "invalid_token" && !headers.contains_key(AUTHORIZATION);
    answer::refused_bearer(refusal, without)
}
