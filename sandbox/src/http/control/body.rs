//! The bodies of requests that change the sandbox: JSON, and refused if another web page sends
//! them.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::Refusal;
use crate::endpoints::answer::Answer;
use crate::shared::Shared;
use crate::suggest::shown;

/// The JSON body of a request that changes the sandbox.
pub(super) struct JsonBody<T>(pub(super) T);

/// As [`JsonBody`], but a missing body means the default.
pub(super) struct OptionalJson<T>(pub(super) T);

/// The check that a request without a body does not come from another web page.
pub(super) struct SameSite;

impl<T: DeserializeOwned> FromRequest<Arc<Shared>> for JsonBody<T> {
    type Rejection = Answer;

    async fn from_request(request: Request, shared: &Arc<Shared>) -> Result<Self, Answer> {
        let (headers, body) = body(request, shared).await?;
        Ok(JsonBody(read(&headers, &body)?))
    }
}

impl<T: DeserializeOwned + Default> FromRequest<Arc<Shared>> for OptionalJson<T> {
    type Rejection = Answer;

    async fn from_request(request: Request, shared: &Arc<Shared>) -> Result<Self, Answer> {
        let (headers, body) = body(request, shared).await?;
        if body.is_empty() {
            return Ok(OptionalJson(T::default()));
        }
        Ok(OptionalJson(read(&headers, &body)?))
    }
}

impl FromRequestParts<Arc<Shared>> for SameSite {
    type Rejection = Answer;

    async fn from_request_parts(parts: &mut Parts, shared: &Arc<Shared>) -> Result<Self, Answer> {
        same_site(shared, &parts.headers)?;
        Ok(SameSite)
    }
}

async fn body(request: Request, shared: &Arc<Shared>) -> Result<(HeaderMap, Bytes), Answer> {
    same_site(shared, request.headers())?;
    let headers = request.headers().clone();
    let body = Bytes::from_request(request, shared).await;
    Ok((headers, body.map_err(unread)?))
}

/// Refuses requests that another web page in the same browser sends. Older browsers send only
/// one of the two headers. Programs send neither, and are accepted.
pub(in crate::http) fn same_site(shared: &Shared, headers: &HeaderMap) -> Result<(), Refusal> {
    let site = headers.get("sec-fetch-site").map(|value| value.as_bytes());
    let host = headers.get(HOST).map_or(&b""[..], |value| value.as_bytes());
    let mut origins = headers.get_all(ORIGIN).iter();
    if matches!(site, Some(b"cross-site" | b"same-site"))
        || origins.any(|origin| !shared.names.is_origin(origin.as_bytes(), host))
    {
        return Err(Refusal::own(
            "cross_site",
            "another web page sent this request; only the sandbox's own pages and programs may change the sandbox",
        ));
    }
    Ok(())
}

/// Why a body could not be read.
fn unread(why: BytesRejection) -> Refusal {
    if why.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Refusal::own("too_large", "the body is longer than 64 KiB")
    } else {
        Refusal::bad("the body is incomplete: the connection was interrupted")
    }
}

/// Reads a body as a JSON object.
fn read<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Refusal> {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
    if !kind.is_some_and(|kind| kind.eq_ignore_ascii_case("application/json")) {
        return Err(Refusal::bad("the content type must be application/json"));
    }
    // serde would accept a list for a struct.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(Refusal::bad("the body must be a JSON object, in { }"));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut json).map_err(|error| mistake(&error))?;
    json.end().map_err(|error| no_json(&error))?;
    Ok(read)
}

/// The mistake in a body, and its key. The text repeats no value: the body can contain a URL
/// with a state.
fn mistake(error: &serde_path_to_error::Error<serde_json::Error>) -> Refusal {
    let inner = error.inner();
    if inner.classify() != Category::Data {
        return no_json(inner);
    }
    let message = inner.to_string();
    let end = format!(" at line {} column {}", inner.line(), inner.column());
    let message = message.strip_suffix(&end).unwrap_or(&message);
    let kind = message.strip_prefix("invalid type: ");
    let kind = match kind.and_then(|kind| kind.split([' ', ',']).next()) {
        Some("string") => Some("text"),
        Some("integer" | "floating") => Some("a number"),
        Some("boolean") => Some("true or false"),
        Some("null") => Some("null"),
        Some("sequence") => Some("a list"),
        Some("map") => Some("an object"),
        _ => None,
    };
    // A description must not contain quotes.
    let what = switchback_config_file::plain_message(message, kind).replace('"', "");
    Refusal::bad(match shown(&error.path().to_string()) {
        Some(key) => format!("{key}: {what}"),
        None => what,
    })
}

fn no_json(error: &serde_json::Error) -> Refusal {
    Refusal::bad(format!(
        "the body is not JSON (line {}, column {})",
        error.line(),
        error.column()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use serde::Deserialize;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "they are read only")]
    struct Body {
        advance: i64,
        #[serde(default)]
        allow: Vec<String>,
        kind: Option<Kind>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        Slow,
        Lost,
    }

    #[test]
    fn a_mistake_names_the_key_and_not_the_value() {
        let mut headers = HeaderMap::new();
        let json = HeaderValue::from_static("application/json");
        headers.insert(CONTENT_TYPE, json);
        for (body, expected) in [
            (
                r#"{"advnace":1}"#,
                "advnace: there is no such key here; did you mean advance? Known keys: advance, allow, kind",
            ),
            (
                r#"{"minutes":1,"advance":2}"#,
                "minutes: there is no such key here; known keys: advance, allow, kind",
            ),
            (
                r#"{"https://a.example/?state=S3CRET":1}"#,
                "there is no such key here; known keys: advance, allow, kind",
            ),
            ("{}", "advance is missing"),
            (
                r#"{"advance":"S3CRET"}"#,
                "advance: it must be a whole number, but is text",
            ),
            (
                r#"{"advance":1.5}"#,
                "advance: it must be a whole number, but is a number",
            ),
            (
                r#"{"advance":1,"allow":["a",{}]}"#,
                "allow[1]: it must be text in quotes, but is an object",
            ),
            (
                r#"{"advance":1,"kind":"solw"}"#,
                "kind: did you mean slow? It must be one of slow or lost",
            ),
            ("[1]", "the body must be a JSON object, in { }"),
            ("advance=1", "the body must be a JSON object, in { }"),
            ("", "the body must be a JSON object, in { }"),
            (
                "{\n'advance': 1}",
                "the body is not JSON (line 2, column 1)",
            ),
            (
                r#"{"advance":1} x"#,
                "the body is not JSON (line 1, column 15)",
            ),
        ] {
            let refusal = read::<Body>(&headers, body.as_bytes()).err();
            let refusal = refusal.unwrap();
            assert_eq!(refusal.description, expected, "{body}");
        }
        assert!(read::<Body>(&headers, b" {\"advance\":1}\n").is_ok());
    }
}
