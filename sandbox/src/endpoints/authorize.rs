//! The answers of the authorization endpoints and of the PAR endpoints.

use axum::http::header::{CONTENT_SECURITY_POLICY, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use serde_json::json;

use super::Request;
use super::answer::{self, Answer};
use super::sender::{accepts, is_framed, is_phone, wants_page};
use crate::{Finding, Purpose, Refusal, Waiting, pages};

impl Request<'_> {
    /// `GET /oauth2/v1/authorize/{function}`.
    pub(super) fn authorize(&mut self, purpose: Purpose) -> Answer {
        let headers = self.incoming.headers();
        if is_phone(headers) && is_framed(headers) {
            let refusal = Refusal::request(
                Finding::FramedOnPhone,
                "on a phone this page must not be in a frame; open it at the top level",
            );
            self.context.note(&refusal);
            return self.show_error(&refusal);
        }
        let form = self.incoming.form();
        let outcome = form.and_then(|form| {
            self.provider
                .authorize(self.context, purpose, form, self.now)
        });
        match outcome {
            Ok(waiting) => self.pending(&waiting),
            Err(refusal) => {
                self.context.note(&refusal);
                redirect_error(&refusal).unwrap_or_else(|| self.show_error(&refusal))
            }
        }
    }

    /// The answer to an accepted request: a page, or JSON for a program that accepts JSON but not
    /// HTML.
    fn pending(&self, waiting: &Waiting) -> Answer {
        let headers = self.incoming.headers();
        if accepts(headers, "application/json") && !wants_page(headers) {
            return answer::json(StatusCode::OK, waiting);
        }
        let phone = is_phone(headers);
        let html = pages::authorize(waiting, self.names, phone);
        let mut answer = answer::page(StatusCode::OK, html);
        // `connect-src` allows the event stream of the page.
        let policy = HeaderValue::from_static(if phone {
            "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; \
             img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        } else {
            // A service may show this page in a frame; the guide has one of 400 by 500 pixels.
            "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; \
             img-src 'self'; base-uri 'none'; form-action 'none'"
        });
        answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        answer
    }

    /// The error as the answer of this endpoint: a page if the sender accepts HTML, or else JSON.
    /// The status is always 400, because this endpoint does not authenticate clients.
    fn show_error(&self, refusal: &Refusal) -> Answer {
        if wants_page(self.incoming.headers()) {
            return answer::page(StatusCode::BAD_REQUEST, pages::refused(refusal));
        }
        let mut answer = answer::refused(refusal, Some(self.names.url()));
        *answer.status_mut() = StatusCode::BAD_REQUEST;
        answer
    }

    /// `POST /oauth2/v1/par/{function}`.
    pub(super) fn push(&mut self, purpose: Purpose) -> Answer {
        let pushed = self
            .provider
            .push(self.context, purpose, self.incoming, self.now);
        match pushed {
            Ok((request_uri, expires_in)) => answer::json(
                StatusCode::from_u16(self.provider.par_status).unwrap_or(StatusCode::CREATED),
                &json!({ "request_uri": request_uri, "expires_in": expires_in }),
            ),
            Err(refusal) => self.refused_client(&refusal),
        }
    }
}

/// A redirect to the redirect URI with the error, if that is safe.
fn redirect_error(refusal: &Refusal) -> Option<Answer> {
    let location = HeaderValue::from_str(refusal.redirect.as_deref()?).ok()?;
    let mut answer = answer::body(StatusCode::FOUND, "text/plain", "");
    answer.headers_mut().insert(LOCATION, location);
    Some(answer)
}
