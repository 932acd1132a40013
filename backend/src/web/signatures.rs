//! `{prefix}/signatures`: documents that people sign, for the service's own code.
//!
//! The document comes from the service, and never from the phone: the service's code prepares a
//! signing here, and sends the person's app or browser to `{prefix}/sign?request=ID`.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use switchback_jades::{DigestInput, DocumentDigest, DocumentHasher};
use switchback_protocol::Purpose;
use switchback_protocol::signature::SignRequest;

use super::{WebState, api_keys, form, response, session};
use crate::error::{Error, reason};
use crate::service::{SigningId, SigningOptions, SigningStatus};

/// The path below the prefix.
pub(crate) const PATH: &str = "/signatures";

/// The path below the prefix at which a document may be of any length.
pub(crate) const DIGEST_PATH: &str = "/signatures/digest";

/// The longest texts, in characters.
const MAX_ID: usize = 2048;
const MAX_MESSAGE: usize = 4096;
const MAX_CONTENT_TYPE: usize = 255;

/// The limits of `expires_in`: 30 days.
const OPEN_FOR: std::ops::RangeInclusive<i64> = 60..=30 * 24 * 3600;

const JOSE: &str = "application/jose";

/// The routes. Without API keys, or if the service does not offer signing, there are none.
pub(super) fn routes(state: &WebState) -> Router<Arc<WebState>> {
    let offers_signing = state
        .service
        .config()
        .scopes
        .contains_key(&Purpose::Signing);
    if state.web.api_keys.is_none() || !offers_signing {
        return Router::new();
    }
    let one = format!("{}/{{id}}", state.path(PATH));
    Router::new()
        .route(&state.path(PATH), post(prepare))
        .route(&one, get(read).delete(remove))
        .route(&format!("{one}/presentation"), get(presentation))
        .layer(form::limit())
        .route(&state.path(DIGEST_PATH), post(digest))
}

/// What the service's own code asks a person to sign. A missing text is read as an empty one, and
/// [`Asked::read`] names it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[serde(default)]
    document_id: String,
    #[serde(default)]
    digest: String,
    #[serde(default)]
    b64: bool,
    content_type: Option<String>,
    #[serde(default)]
    user_message: String,
    data_points: Option<Vec<String>>,
    sub: Option<String>,
    expires_in: Option<i64>,
}

impl Asked {
    /// The request, or the name of the field that is wrong.
    fn read(self, state: &WebState) -> Result<(SignRequest, SigningOptions), &'static str> {
        // No parameter of an authorization request may have a control character (RFC 6749 appendix A).
        let is_line = |text: &str, longest: usize| {
            let length = text.chars().count();
            (1..=longest).contains(&length) && !text.contains(char::is_control)
        };
        if !is_line(&self.document_id, MAX_ID) {
            return Err("document_id");
        }
        if !is_line(&self.user_message, MAX_MESSAGE) {
            return Err("user_message");
        }
        let digest = DocumentDigest::from_base64url(&self.digest, input(self.b64));
        let digest = digest.ok_or("digest")?;
        let mut request = SignRequest::new(self.document_id, digest, self.user_message);
        if let Some(content_type) = self.content_type {
            if !content_type.is_ascii() || !is_line(&content_type, MAX_CONTENT_TYPE) {
                return Err("content_type");
            }
            request = request.with_content_type(content_type);
        }
        let mut options = SigningOptions::default();
        if let Some(words) = self.data_points {
            let scope = words.iter().map(|word| state.provider().scope_token(word));
            options.scope = Some(scope.collect::<Option<_>>().ok_or("data_points")?);
        }
        if self.sub.as_ref().is_some_and(String::is_empty) {
            return Err("sub");
        }
        options.subject = self.sub.map(Into::into);
        if self.expires_in.is_some_and(|it| !OPEN_FOR.contains(&it)) {
            return Err("expires_in");
        }
        options.open_for = self.expires_in;
        Ok((request, options))
    }
}

const fn input(b64: bool) -> DigestInput {
    match b64 {
        true => DigestInput::Base64url,
        false => DigestInput::Document,
    }
}

/// A signing that a person can begin.
#[derive(Serialize)]
struct Prepared {
    id: String,
    /// Where the app or the browser begins.
    url: String,
    expires_at: i64,
}

/// `POST {prefix}/signatures`.
async fn prepare(
    State(state): State<Arc<WebState>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    if let Err(why) = api_keys::admit(&state, &headers) {
        return *why;
    }
    let body = match form::read_json(&headers, body) {
        Ok(body) => body,
        Err((status, code)) => return response::error(status, code),
    };
    let asked = serde_json::from_slice::<Asked>(&body).map_err(|error| {
        // The position only: the text of the error repeats names of the request.
        format!("the JSON is wrong at column {}", error.column())
    });
    let asked = asked.and_then(|asked| {
        let wrong = |field| format!("{field} is missing, too long or malformed");
        asked.read(&state).map_err(wrong)
    });
    let (request, options) = match asked {
        Ok(asked) => asked,
        Err(why) => {
            let body = json!({ "error": "invalid_request", "error_description": why });
            return response::json(StatusCode::BAD_REQUEST, body);
        }
    };
    match state.service.prepare_signing(request, options).await {
        Ok(prepared) => {
            let id = prepared.id.to_string();
            let begin = state.start_path(Purpose::Signing);
            let location = HeaderValue::from_str(&format!("{}/{id}", state.path(PATH)));
            let prepared = Prepared {
                url: format!("{}{begin}?request={id}", state.origin),
                expires_at: prepared.open_until,
                id,
            };
            let created = (StatusCode::CREATED, Json(prepared)).into_response();
            response::with_header(created, header::LOCATION, location.ok())
        }
        Err(error) => response::for_error(&error),
    }
}

/// `POST {prefix}/signatures/digest`, with the document as the body. Reads it in parts, and stores
/// nothing.
async fn digest(
    State(state): State<Arc<WebState>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response {
    if let Err(why) = api_keys::admit(&state, &headers) {
        return *why;
    }
    let query = query.unwrap_or_default();
    let b64 = match form::single(query.as_bytes(), "b64").as_deref() {
        Some("true") => true,
        Some("false") => false,
        None if query.is_empty() => false,
        _ => return response::error(StatusCode::BAD_REQUEST, "invalid_request"),
    };
    let (mut hasher, mut size) = (DocumentHasher::new(input(b64)), 0_u64);
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        let part = match part {
            Ok(part) => part,
            Err(error) => return unread(&error),
        };
        hasher.update(&part);
        size = size.saturating_add(u64::try_from(part.len()).unwrap_or(u64::MAX));
        // A fast connection gives its thread to other requests in between.
        tokio::task::yield_now().await;
    }
    let digest = hasher.finish().base64url();
    Json(json!({ "digest": digest, "b64": b64, "size": size })).into_response()
}

/// The answer if a document could not be read to its end: the client sent it too slowly, or not
/// wholly.
pub(crate) fn unread(error: &axum::Error) -> Response {
    let mut causes = std::iter::successors(Some(error as &dyn std::error::Error), |it| it.source());
    let is_slow = causes.any(|cause| {
        let cause = cause.downcast_ref::<std::io::Error>();
        cause.is_some_and(|it| it.kind() == std::io::ErrorKind::TimedOut)
    });
    match is_slow {
        true => response::error(StatusCode::REQUEST_TIMEOUT, "too_slow"),
        false => response::error(StatusCode::BAD_REQUEST, "invalid_request"),
    }
}

/// `GET {prefix}/signatures/{id}`: the status with the verified signature, or only the signature with
/// `Accept: application/jose`.
async fn read(
    State(state): State<Arc<WebState>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let id = match admitted(&state, &headers, &id) {
        Ok(id) => id,
        Err(why) => return *why,
    };
    let status = match state.service.signing(&id).await {
        Ok(status) => status,
        Err(error) => return response::for_error(&error),
    };
    let name = status.as_str();
    match status {
        SigningStatus::Signed(signature) if accepts(&headers, JOSE) => {
            let content_type = HeaderValue::from_static(JOSE);
            (
                [(header::CONTENT_TYPE, content_type)],
                signature.compact.clone(),
            )
                .into_response()
        }
        SigningStatus::Signed(signature) => {
            let mut body = json!({
                "status": name,
                "signature": signature.compact,
                "report": signature.report,
                "verified_at": signature.verified_at,
                "awaits_timestamp": signature.awaits_timestamp,
            });
            if let Some(json) = &signature.json {
                body["signature_json"] = serde_json::from_str(json).unwrap_or_default();
            }
            Json(body).into_response()
        }
        _ if accepts(&headers, JOSE) => response::json(
            StatusCode::CONFLICT,
            json!({ "error": "not_signed", "status": name }),
        ),
        SigningStatus::Unverified(report) | SigningStatus::Refused(report) => {
            Json(json!({ "status": name, "report": Value::clone(&report) })).into_response()
        }
        _ => Json(json!({ "status": name })).into_response(),
    }
}

/// `GET {prefix}/signatures/{id}/presentation?claims=a,b`.
async fn presentation(
    State(state): State<Arc<WebState>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let id = match admitted(&state, &headers, &id) {
        Ok(id) => id,
        Err(why) => return *why,
    };
    let query = query.unwrap_or_default();
    let given = form::single(query.as_bytes(), "claims").unwrap_or_default();
    let Some(claims) = session::claims(&given) else {
        return response::error(StatusCode::BAD_REQUEST, "invalid_request");
    };
    match state.service.signatory_answer(&id, &claims).await {
        Ok(answer) => response::forward(answer),
        // The error is about the person who signed, and not about the caller.
        Err(Error::LoginRequired(why)) => response::json(
            StatusCode::GONE,
            json!({ "error": "no_longer_available", "reason": reason(why) }),
        ),
        Err(error) => response::for_error(&error),
    }
}

/// `DELETE {prefix}/signatures/{id}`.
async fn remove(
    State(state): State<Arc<WebState>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let id = match admitted(&state, &headers, &id) {
        Ok(id) => id,
        Err(why) => return *why,
    };
    match state.service.remove_signing(&id).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => response::for_error(&error),
    }
}

/// The id in the path of a request of the service's own code.
fn admitted(state: &WebState, headers: &HeaderMap, id: &str) -> Result<SigningId, Box<Response>> {
    api_keys::admit(state, headers)?;
    id.parse()
        .map_err(|_| Box::new(response::for_error(&Error::UnknownSigning)))
}

/// Whether the client names this media type.
fn accepts(headers: &HeaderMap, media_type: &str) -> bool {
    let lines = headers.get_all(header::ACCEPT).iter();
    let mut ranges = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    ranges.any(|range| {
        let range = range.split(|byte| *byte == b';').next().unwrap_or_default();
        range
            .trim_ascii()
            .eq_ignore_ascii_case(media_type.as_bytes())
    })
}
