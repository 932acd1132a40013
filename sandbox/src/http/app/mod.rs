//! The fake Truid app: the pages of the phone, for the person who uses it.

mod link;
mod people;
mod request;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use axum::http::{HeaderValue, StatusCode};
use axum::routing::{get, post};

use crate::endpoints::answer::{self, Answer};
use crate::shared::Shared;
use crate::{Refusal, pages};

/// A page of the app may load its own files, and portraits that are inside the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; \
    style-src 'self'; img-src 'self' data:; manifest-src 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/app", get(request::list))
        .route("/app/people", get(people::list))
        .route(
            "/app/people/{person}",
            get(people::one).post(people::change),
        )
        .route("/app/link", get(link::check).post(link::open))
        .route("/app/{id}", get(request::request))
        .route("/app/{id}/code.svg", get(request::code))
        .route("/app/{id}/{decision}", post(request::decide))
}

/// A page of the app without forms.
fn page(status: StatusCode, html: String) -> Answer {
    let mut answer = answer::page(status, html);
    let policy = HeaderValue::from_static(POLICY);
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    answer
}

/// A page of the app with forms. Its policy has no `form-action`, because browsers apply that to
/// the redirect after the form, which leads to the service and possibly further.
fn form_page(status: StatusCode, html: String) -> Answer {
    let mut answer = page(status, html);
    // With `no-referrer`, a browser would send the forms with `Origin: null`.
    let referrer = HeaderValue::from_static("same-origin");
    answer.headers_mut().insert(REFERRER_POLICY, referrer);
    answer
}

fn refused(refusal: &Refusal) -> Answer {
    page(answer::status(refusal.error), pages::app::refused(refusal))
}

/// The fields of a form.
fn fields(body: &Bytes) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body).into_owned().collect()
}

/// The first field with this name that is not empty.
fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let own = fields.iter().find(|(own, _)| own == name)?;
    Some(own.1.as_str()).filter(|value| !value.is_empty())
}
