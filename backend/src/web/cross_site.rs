//! Cross-site request forgery.
//!
//! The cookie is `SameSite=Lax`, so that a browser sends it with no cross-site POST. This check is
//! for browsers that do not know the attribute, and for sibling sites.

use axum::http::{HeaderMap, HeaderName, header};
use switchback_protocol::Origin;

use super::request::PresentedCredential;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether another site may have made a request that changes something. Only the holder of a token
/// can make a request with it, so such a request is not cross-site.
///
/// The first header with information decides. `Origin: null` has none: browsers also send it from
/// the service's own page if the page's `Referrer-Policy` withholds the origin; then `Referer`
/// decides. A request without any of these headers comes from an app.
pub(crate) fn is_cross_site(
    headers: &HeaderMap,
    presented: &PresentedCredential,
    ours: &str,
) -> bool {
    if matches!(presented, PresentedCredential::Bearer(_)) {
        return false;
    }
    let all = |name: HeaderName, is: &dyn Fn(&str) -> bool| {
        let mut values = headers.get_all(name).iter();
        values.all(|value| value.to_str().is_ok_and(is))
    };
    let from_us = |url: &str| Origin::of(url).is_some_and(|it| Some(it) == Origin::of(ours));
    let has = |name: HeaderName| headers.contains_key(name);
    let is_ours = if has(SEC_FETCH_SITE) {
        all(SEC_FETCH_SITE, &|site| {
            matches!(site, "same-origin" | "none")
        })
    } else if has(header::ORIGIN) && !all(header::ORIGIN, &|origin| origin == "null") {
        // An origin has no path (RFC 6454 section 6.1).
        let is_origin = |text: &str| text.matches('/').count() == 2;
        all(header::ORIGIN, &|origin| {
            is_origin(origin) && from_us(origin)
        })
    } else if has(header::REFERER) {
        all(header::REFERER, &from_us)
    } else {
        !has(header::ORIGIN)
    };
    !is_ours
}
