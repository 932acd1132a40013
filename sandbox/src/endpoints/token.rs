//! The token endpoint, and what it shares with the PAR endpoints: how a form is read off
//! a request.

use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::answer::{self, Answer};
use crate::http::State;
use crate::http::exchange::{Incoming, Place, exchange};
use crate::oauth::form::Form;
use crate::{Finding, Refusal};

/// `POST /oauth2/v1/token`.
pub(crate) async fn token(state: State, request: Request) -> Response {
    exchange(state, Place::Token, tokens, request).await
}

fn tokens(incoming: &mut Incoming<'_>) -> Answer {
    let (shared, now) = (incoming.shared, incoming.now);
    let read = read(incoming).and_then(|form| Ok((form, authorization(incoming.headers)?)));
    let outcome = match &read {
        Ok((form, header)) => shared.world().token(incoming.trail, Ok(form), *header, now),
        Err(refusal) => {
            let refusal = Err(refusal.clone());
            shared.world().token(incoming.trail, refusal, None, now)
        }
    };
    match outcome {
        Ok(tokens) => answer::json(StatusCode::OK, &tokens),
        Err(refusal) => refused(incoming, &refusal),
    }
}

/// Where a redirect from the token endpoint leads: nowhere that a client should go.
pub(crate) async fn moved(state: State, request: Request) -> Response {
    let handler = |incoming: &mut Incoming<'_>| {
        incoming.refused(&Refusal::request(
            Finding::RedirectFollowed,
            "a redirect from the token endpoint must not be followed: what was sent here could have gone anywhere",
        ))
    };
    exchange(state, Place::Elsewhere, handler, request).await
}

/// A refusal for a client that may have tried to authenticate.
pub(crate) fn refused(incoming: &mut Incoming<'_>, refusal: &Refusal) -> Answer {
    let mut answer = incoming.refused(refusal);
    if refusal.error == "invalid_client" && incoming.headers.contains_key(AUTHORIZATION) {
        answer::challenge_basic(&mut answer);
    }
    answer
}

/// The form in a body. Parameters in the URL are refused: secrets would end up in logs
/// (RFC 6749 sections 2.3.1 and 3.2).
pub(crate) fn read<'a>(incoming: &Incoming<'a>) -> Result<Form<'a>, Refusal> {
    let malformed = |what| Refusal::request(Finding::RequestMalformed, what);
    let query = incoming.query();
    if exposes(query) {
        return Err(Refusal::request(
            Finding::SecretInUrl,
            "a secret is in the URL, where logs will keep it; send all parameters in the body, and change the secret",
        ));
    }
    if !query.is_empty() {
        return Err(malformed(
            "parameters are in the URL; send all of them in the body",
        ));
    }
    if incoming.headers.get_all(CONTENT_TYPE).iter().count() > 1 {
        return Err(malformed("there is more than one Content-Type header"));
    }
    if !is_form(incoming.headers) {
        return Err(malformed(
            "the content type must be application/x-www-form-urlencoded",
        ));
    }
    let bytes = incoming.body.as_ref().map_err(Clone::clone)?;
    let text = std::str::from_utf8(bytes).map_err(|_| malformed("the body is not UTF-8"))?;
    Form::parse(text)
}

/// Whether a secret is in this query, however badly the rest of it is made.
pub(crate) fn exposes(query: &str) -> bool {
    const SECRETS: [&str; 6] = [
        "access_token",
        "client_assertion",
        "client_secret",
        "code",
        "code_verifier",
        "refresh_token",
    ];
    url::form_urlencoded::parse(query.as_bytes())
        .any(|(name, value)| SECRETS.contains(&&*name) && !value.is_empty())
}

/// The one `Authorization` header, if there is any.
pub(crate) fn authorization(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let first = all.next();
    if all.next().is_some() {
        return Err(Refusal::request(
            Finding::RequestMalformed,
            "there is more than one Authorization header",
        ));
    }
    first.map(|value| value.to_str()).transpose().map_err(|_| {
        let what = "the Authorization header is not ASCII";
        Refusal::request(Finding::RequestMalformed, what)
    })
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
