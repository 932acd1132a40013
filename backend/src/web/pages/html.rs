//! A page as it is sent: everything is in it, and its policy lets in nothing else.

use std::sync::LazyLock;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::web::answer;

pub(super) const STYLE: &str = include_str!("../../../templates/style.css");
pub(super) const HOME_SCRIPT: &str = include_str!("../../../templates/home.js");
pub(super) const LANDED_SCRIPT: &str = include_str!("../../../templates/landed.js");

/// What a page may do, beside being looked at.
#[derive(Clone, Copy, Default)]
pub(super) struct May<'a> {
    /// Run this script and no other.
    pub(super) run: Option<&'a str>,
    /// Have frames from these origins.
    pub(super) frame: Option<&'a str>,
    /// Be sent on to this origin after a form.
    pub(super) leave: Option<&'a str>,
}

pub(super) fn page(template: &impl Template, may: May<'_>) -> Response {
    let Ok(html) = template.render() else {
        return answer::error(StatusCode::INTERNAL_SERVER_ERROR, "server_error");
    };
    let policy = HeaderValue::from_str(&policy(may)).ok();
    let response = Html(html).into_response();
    answer::with(response, header::CONTENT_SECURITY_POLICY, policy)
}

/// Content Security Policy (W3C, level 3): style and script by their hash.
fn policy(may: May<'_>) -> String {
    static STYLE_HASH: LazyLock<String> = LazyLock::new(|| hash(STYLE));
    let mut policy = format!(
        "default-src 'none'; style-src {}; img-src data:; base-uri 'none'; \
         frame-ancestors 'self'; form-action 'self'",
        *STYLE_HASH
    );
    if let Some(origin) = may.leave {
        policy.push(' ');
        policy.push_str(origin);
    }
    if let Some(script) = may.run {
        policy.push_str("; script-src ");
        policy.push_str(&hash(script));
    }
    if let Some(origins) = may.frame {
        // A login begins and ends at our own origin.
        policy.push_str("; frame-src 'self' ");
        policy.push_str(origins);
    }
    policy
}

fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}
