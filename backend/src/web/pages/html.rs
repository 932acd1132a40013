//! Renders a page, with a Content Security Policy that allows only the page's own content.

use std::sync::LazyLock;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::web::response;

pub(super) const STYLE: &str = include_str!("../../../templates/style.css");
pub(super) const HOME_SCRIPT: &str = include_str!("../../../templates/home.js");
pub(super) const LEAVE_FRAME_SCRIPT: &str = include_str!("../../../templates/leave_frame.js");

/// What the Content Security Policy of a page allows, besides its own style.
#[derive(Clone, Copy, Default)]
pub(super) struct PagePolicy<'a> {
    /// The text of the one script that may run.
    pub(super) script: Option<&'a str>,
    /// The origins that may be framed, with spaces between them.
    pub(super) frame_origins: Option<&'a str>,
    /// The origin that the answer to a form may redirect to.
    pub(super) form_redirect: Option<&'a str>,
}

pub(super) fn page(template: &impl Template, policy: PagePolicy<'_>) -> Response {
    let Ok(html) = template.render() else {
        return response::error(StatusCode::INTERNAL_SERVER_ERROR, "server_error");
    };
    let policy = HeaderValue::from_str(&policy.header()).ok();
    let response = Html(html).into_response();
    response::with_header(response, header::CONTENT_SECURITY_POLICY, policy)
}

impl PagePolicy<'_> {
    /// The header's value. Style and script are named by their hashes (W3C Content Security
    /// Policy, level 3).
    fn header(self) -> String {
        static STYLE_HASH: LazyLock<String> = LazyLock::new(|| hash(STYLE));
        let mut policy = format!(
            "default-src 'none'; style-src {}; img-src data:; base-uri 'none'; \
             frame-ancestors 'self'; form-action 'self'",
            *STYLE_HASH
        );
        if let Some(origin) = self.form_redirect {
            policy.push(' ');
            policy.push_str(origin);
        }
        if let Some(script) = self.script {
            policy.push_str("; script-src ");
            policy.push_str(&hash(script));
        }
        if let Some(origins) = self.frame_origins {
            // A login in a frame begins and ends at this service's own origin.
            policy.push_str("; frame-src 'self' ");
            policy.push_str(origins);
        }
        policy
    }
}

fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}
