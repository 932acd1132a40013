//! [`Answer`]: the HTTP answers, with their status and headers.

use std::ops::{Deref, DerefMut};
use std::time::{Duration, UNIX_EPOCH};

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode, response};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::Refusal;

/// The latest time in a `Date` header, in seconds since 1970-01-01: the end of the year 9999.
const LATEST_DATE: i64 = 253_402_300_799;

/// An answer with its complete body, which the trace can record.
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
    /// A refusal by the sandbox's own API.
    fn from(refusal: Refusal) -> Self {
        refused(&refusal, None)
    }
}

/// A refusal as JSON (RFC 6749 section 5.2).
#[derive(Serialize, JsonSchema)]
pub(crate) struct Refused<'a> {
    /// A code for programs.
    pub(crate) error: &'a str,
    /// What was wrong and how to correct it, for people.
    pub(crate) error_description: &'a str,
    /// The URL of the finding's page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error_uri: Option<String>,
    /// The callback with the error, if it is safe to redirect the person to it.
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
        // Serializing fails only for maps with keys that are not strings; there are none.
        Err(_) => body(StatusCode::INTERNAL_SERVER_ERROR, "application/json", "{}"),
    }
}

/// A refusal, with the status of its error. With the base URL `url`, it contains the URL of the
/// finding's page.
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

/// Adds the challenge for a client that tried to authenticate in the `Authorization` header (RFC
/// 6749 section 5.2).
pub(crate) fn challenge_basic(answer: &mut Answer) {
    let challenge =
        HeaderValue::from_static("Basic realm=\"switchback sandbox\", charset=\"UTF-8\"");
    answer.headers_mut().insert(WWW_AUTHENTICATE, challenge);
}

/// Adds the challenge of a refused access token (RFC 6750 section 3). If the request was
/// `without` a token, the challenge contains no error (section 3.1).
pub(crate) fn challenge_bearer(answer: &mut Answer, refusal: &Refusal, without: bool) {
    let realm = "Bearer realm=\"switchback sandbox\"";
    // `Refusal` removes quotes and backslashes from descriptions.
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

/// The HTTP status of an error code. Truid documents 400, 401 and 403; the sandbox answers
/// Truid's 403 only as a misbehaviour. All statuses above 401 are for the sandbox's own errors.
pub(crate) fn status(error: &str) -> StatusCode {
    match error {
        "invalid_client" | "invalid_token" => StatusCode::UNAUTHORIZED,
        "cross_site" | "insufficient_scope" => StatusCode::FORBIDDEN,
        "not_found" | "no_such_person" => StatusCode::NOT_FOUND,
        "method_not_allowed" => StatusCode::METHOD_NOT_ALLOWED,
        "not_acceptable" => StatusCode::NOT_ACCEPTABLE,
        "already_decided" | "assurance_too_low" => StatusCode::CONFLICT,
        "expired" => StatusCode::GONE,
        "misdirected_request" => StatusCode::MISDIRECTED_REQUEST,
        "unsupported_media_type" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        "server_error" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// An HTML page.
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

/// A `Date` header (RFC 9110 section 6.6.1), from the year 1970 to 9999.
pub(crate) fn date(seconds: i64) -> HeaderValue {
    let seconds = seconds.clamp(0, LATEST_DATE).unsigned_abs();
    let text = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}
