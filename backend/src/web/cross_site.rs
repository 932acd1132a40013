//! Requests that another site makes in the name of a person (CSRF).
//!
//! The cookie is `SameSite=Lax`, so a browser sends it with no cross-site POST. This is for
//! browsers that do not know that, and for sibling sites.

use axum::http::{HeaderMap, header};

use super::shown::Shown;

/// Whether a request that changes something may have been made by another site. One that
/// shows a token was made by whoever has the token.
pub(crate) fn is_foreign(headers: &HeaderMap, shown: &Shown, origin: &str) -> bool {
    if matches!(shown, Shown::Bearer(_)) {
        return false;
    }
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some(site), _) => !matches!(site, "same-origin" | "none"),
        (None, Some(from)) => !from.eq_ignore_ascii_case(origin),
        // No browser that keeps cookies leaves both away from a POST.
        (None, None) => false,
    }
}
