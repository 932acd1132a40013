//! User info and presentations: an access token in the header, and nowhere else.

use axum::extract::Request;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::answer::{self, Answer};
use super::token;
use crate::http::State;
use crate::http::exchange::{Incoming, Place, exchange};
use crate::oauth::form::Form;
use crate::world::{self, ClaimKeys};
use crate::{Endpoint, Finding, Refusal};

/// `GET /oidc/v1/user-info`.
pub(crate) async fn user_info(state: State, request: Request) -> Response {
    exchange(
        state,
        Place::At(Endpoint::UserInfo),
        read_user_info,
        request,
    )
    .await
}

fn read_user_info(incoming: &mut Incoming<'_>) -> Answer {
    let (shared, now, query) = (incoming.shared, incoming.now, incoming.query());
    let trail = &mut *incoming.trail;
    let outcome = Form::parse(query)
        .and_then(|form| bearer(incoming.headers, &form))
        .and_then(|token| shared.world().read_user_info(trail, token, now));
    match outcome {
        Ok(access) => answer::json(StatusCode::OK, &world::user_info(&access)),
        Err(refusal) => refused(incoming, &refusal),
    }
}

/// `GET /exchange/v1/presentation` and `GET /exchange/v2/presentation`.
pub(crate) async fn presentation(state: State, request: Request) -> Response {
    let place = Place::At(Endpoint::Presentation);
    exchange(state, place, read_presentation, request).await
}

fn read_presentation(incoming: &mut Incoming<'_>) -> Answer {
    let (shared, now, query) = (incoming.shared, incoming.now, incoming.query());
    let trail = &mut *incoming.trail;
    let outcome = Form::parse(query).and_then(|form| {
        let token = bearer(incoming.headers, &form)?;
        let claims = ClaimKeys::read(&form);
        shared.world().read_presentation(trail, token, claims, now)
    });
    match outcome {
        Ok((access, claims)) => {
            answer::json(StatusCode::OK, &world::presentation(&access, &claims))
        }
        Err(refusal) => refused(incoming, &refusal),
    }
}

/// The access token in the `Authorization` header (RFC 6750 section 2.1).
fn bearer<'a>(headers: &'a HeaderMap, form: &Form<'_>) -> Result<&'a str, Refusal> {
    let missing = |what| Refusal::token(Finding::AccessTokenMissing, what);
    if form.get("access_token").is_some() {
        return Err(Refusal::request(
            Finding::SecretInUrl,
            "the access token is in the URL, where logs will keep it; send it in the Authorization header",
        ));
    }
    let header = token::authorization(headers)?.ok_or_else(|| {
        missing("the Authorization header is missing; send Bearer and the access token")
    })?;
    let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(missing(
            "the Authorization header must be Bearer and the access token",
        ));
    }
    Ok(token)
}

fn refused(incoming: &mut Incoming<'_>, refusal: &Refusal) -> Answer {
    let without = refusal.error == "invalid_token" && !incoming.headers.contains_key(AUTHORIZATION);
    let mut answer = incoming.refused(refusal);
    answer::challenge_bearer(&mut answer, refusal, without);
    answer
}
