//! The token endpoint, and what it shares with the PAR endpoints: how a form is read off
//! a request.

use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::extract::rejection::BytesRejection;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{State, answer};
use crate::Refusal;
use crate::form::Form;

/// `POST /oauth2/v1/token`.
pub(super) async fn token(
    state: State,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let now = state.now();
    let form = read(query.as_deref(), &headers, &body);
    let authorization = authorization(&headers);
    let basic = headers.contains_key(AUTHORIZATION);
    let outcome = match (form, authorization) {
        (Ok(form), Ok(header)) => state.world().token(Ok(&form), header, now),
        (Err(refusal), _) | (_, Err(refusal)) => state.world().token(Err(refusal), None, now),
    };
    match outcome {
        Ok(tokens) => answer::json(StatusCode::OK, &tokens),
        Err(refusal) => answer::refused_client(&refusal, basic),
    }
}

/// The form in a body. Parameters in the URL are refused: secrets would end up in logs
/// (RFC 6749 sections 2.3.1 and 3.2).
pub(super) fn read<'a>(
    query: Option<&str>,
    headers: &HeaderMap,
    body: &'a Result<Bytes, BytesRejection>,
) -> Result<Form<'a>, Refusal> {
    if let Some(query) = query.filter(|query| !query.is_empty()) {
        return Err(Refusal::request(if exposes(query) {
            "a secret is in the URL, where logs will keep it; send all parameters in the body, and change the secret"
        } else {
            "parameters are in the URL; send all of them in the body"
        }));
    }
    if headers.get_all(CONTENT_TYPE).iter().count() > 1 {
        return Err(Refusal::request(
            "there is more than one Content-Type header",
        ));
    }
    if !is_form(headers) {
        return Err(Refusal::request(
            "the content type must be application/x-www-form-urlencoded",
        ));
    }
    let bytes = body.as_ref().map_err(unread)?;
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::request("the body is not UTF-8"))?;
    Form::parse(text)
}

/// Whether a secret is in this query.
pub(super) fn exposes(query: &str) -> bool {
    let secret = ["client_secret", "code", "code_verifier", "refresh_token"];
    Form::parse(query).is_ok_and(|form| secret.iter().any(|name| form.get(name).is_some()))
}

/// Why a body could not be read.
pub(super) fn unread(why: &BytesRejection) -> Refusal {
    if why.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Refusal::new("too_large", "the body is longer than 64 KiB")
    } else {
        Refusal::request("the body did not arrive whole")
    }
}

/// The one `Authorization` header, if there is any.
pub(super) fn authorization(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let first = all.next();
    if all.next().is_some() {
        return Err(Refusal::request(
            "there is more than one Authorization header",
        ));
    }
    first
        .map(|value| value.to_str())
        .transpose()
        .map_err(|_| Refusal::request("the Authorization header is not ASCII"))
}

/// Whether the content type is that of a form, in no other character set than UTF-8.
fn is_form(headers: &HeaderMap) -> bool {
    let Some(Ok(kind)) = headers.get(CONTENT_TYPE).map(|value| value.to_str()) else {
        return false;
    };
    let mut parts = kind.split(';').map(str::trim);
    let form = "application/x-www-form-urlencoded";
    parts
        .next()
        .is_some_and(|kind| kind.eq_ignore_ascii_case(form))
        && parts.all(|part| {
            part.is_empty()
                || part.eq_ignore_ascii_case("charset=utf-8")
                || part.eq_ignore_ascii_case("charset=\"utf-8\"")
        })
}
