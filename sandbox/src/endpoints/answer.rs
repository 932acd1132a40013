//! How answers look on the wire.

use std::ops::{Deref, DerefMut};
use std::time::{Duration, UNIX_EPOCH};

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode, response};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::Refusal;

/// The latest time that a `Date` can tell: the end of the year 9999.
const LAST_DATE: i64 = 253_402_300_799;

/// An answer whose body is at hand, so that the trace can keep it.
#[derive(Default)]
pub(crate) struct Answer(axum::http::Response<Bytes>);

impl Answer {
    pub(crate) fn into_parts(self) -> (response::Parts, Bytes) {
        self.0.into_parts()
    }
}

impl Deref for Answer {
    type Target = axum::http::Response<Bytes>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Answer {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        self.0.map(Body::from)
    }
}

impl From<Refusal> for Answer {
    /// A refusal of the sandbox's own API.
    fn from(refusal: Refusal) -> Self {
        refused(&refusal, None)
    }
}

/// A refusal as JSON (RFC 6749 section 5.2).
#[derive(Serialize, JsonSchema)]
pub(crate) struct Refused<'a> {
    /// A code for programs.
    pub(crate) error: &'a str,
    /// What was wrong and how to mend it, for people.
    pub(crate) error_description: &'a str,
    /// The page of what was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error_uri: Option<String>,
    /// The callback with the error, where the person may be sent back to the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) redirect: Option<&'a str>,
}

/// An answer with a body.
pub(crate) fn body(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Answer {
    let mut response = axum::http::Response::new(body.into());
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    Answer(response)
}

/// An answer as JSON.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Answer {
    match serde_json::to_vec(value) {
        Ok(bytes) => body(status, "application/json", bytes),
        // No type here has a map with other keys than strings, the one thing that fails.
        Err(_) => body(StatusCode::INTERNAL_SERVER_ERROR, "application/json", "{}"),
    }
}

/// A refusal, with the status that belongs to its error. With the base `url`, it names the
/// page of what was found.
pub(crate) fn refused(refusal: &Refusal, url: Option<&str>) -> Answer {
    json(
        status(refusal.error),
        &Refused {
            error: refusal.error,
            error_description: &refusal.description,
            error_uri: url.and_then(|url| refusal.page(url)),
            redirect: refusal.redirect.as_deref(),
        },
    )
}

/// Adds what a client hears that tried to authenticate with the `Authorization` header
/// (RFC 6749 section 5.2).
pub(crate) fn challenge_basic(answer: &mut Answer) {
    let challenge =
        HeaderValue::from_static("Basic realm=\"switchback sandbox\", charset=\"UTF-8\"");
    answer.headers_mut().insert(WWW_AUTHENTICATE, challenge);
}

/// Adds what is heard by who came with an access token, or without one (RFC 6750 section
/// 3). A request without any is told no error in the header (section 3.1).
pub(crate) fn challenge_bearer(answer: &mut Answer, refusal: &Refusal, without: bool) {
    let realm = "Bearer realm=\"switchback sandbox\"";
    // A description has no quotes and no backslashes.
    let challenge = if without {
        realm.to_owned()
    } else {
        format!(
            "{realm}, error=\"{}\", error_description=\"{}\"",
            refusal.error, refusal.description
        )
    };
    if let Ok(challenge) = HeaderValue::from_str(&challenge) {
        answer.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
}

/// The status of an error. Truid documents 400, 401 and 403; its 403 is a misbehaviour here.
/// Those below 401 are the sandbox's own.
pub(crate) fn status(error: &str) -> StatusCode {
    match error {
        "invalid_client" | "invalid_token" => StatusCode::UNAUTHORIZED,
        "cross_site" => StatusCode::FORBIDDEN,
        "not_found" | "no_such_person" => StatusCode::NOT_FOUND,
        "method_not_allowed" => StatusCode::METHOD_NOT_ALLOWED,
        "already_decided" | "assurance_too_low" => StatusCode::CONFLICT,
        "expired" => StatusCode::GONE,
        "misdirected_request" => StatusCode::MISDIRECTED_REQUEST,
        "too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// A page.
pub(crate) fn page(status: StatusCode, html: String) -> Answer {
    let mut response = body(status, "text/html; charset=utf-8", html);
    let policy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
                  form-action 'self'; frame-ancestors 'none'";
    let policy = HeaderValue::from_static(policy);
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, policy);
    response
}

/// The answer to a form: a redirect (303) to a page that the browser can load again (RFC 9110
/// section 15.4.4).
pub(crate) fn see_other(place: &str) -> Answer {
    let mut answer = body(StatusCode::SEE_OTHER, "text/plain", "");
    if let Ok(location) = HeaderValue::from_str(place) {
        answer.headers_mut().insert(LOCATION, location);
    }
    answer
}

/// A `Date` header (RFC 9110 section 6.6.1), as far as it can tell the time.
pub(crate) fn date(seconds: i64) -> HeaderValue {
    let seconds = seconds.clamp(0, LAST_DATE).unsigned_abs();
    let text = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}
