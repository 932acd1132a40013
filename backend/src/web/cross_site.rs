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
    let all = |name: &str, is_ours: &dyn Fn(&str) -> bool| {
        let mut values = headers.get_all(name).iter();
        values.all(|value| value.to_str().is_ok_and(is_ours))
    };
    let is_ours = match headers.contains_key("sec-fetch-site") {
        true => all("sec-fetch-site", &|site| {
            matches!(site, "same-origin" | "none")
        }),
        // No browser that keeps cookies leaves both away from a POST.
        false => all(header::ORIGIN.as_str(), &|from| {
            from.eq_ignore_ascii_case(origin)
        }),
    };
    !is_ours
}
