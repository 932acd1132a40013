//! Conclusions from the headers of a request about its sender.

use axum::http::header::{ACCEPT, AUTHORIZATION, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue};

use crate::Finding;
use crate::oauth::incoming::{Incoming, Target};
use crate::trace::{self, RequestContext};

/// Adds the findings that follow from the headers of a request.
pub(super) fn add_findings(incoming: &Incoming<'_>, context: &mut RequestContext) {
    let headers = incoming.headers();
    match incoming.place {
        Target::Authorize(_) if is_web_view(headers) => {
            let what = "the User-Agent is that of a web view inside an app";
            context.find(Finding::WebView, what);
        }
        Target::Token | Target::Par(_) if trace::is_browser(headers) => {
            let header = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
            let basic = header.is_some_and(|header| header.starts_with(b"Basic "));
            let form = incoming.readable();
            if basic || form.is_some_and(|form| form.get("client_secret").is_some()) {
                let what = "the request has a client secret, and headers that only a browser sends";
                context.find(Finding::SecretFromBrowser, what);
            }
        }
        _ => {}
    }
}

fn is_web_view(headers: &HeaderMap) -> bool {
    let agent = text(headers, USER_AGENT.as_str());
    let apple = agent.contains("AppleWebKit") && agent.contains("Mobile/");
    agent.contains("; wv)") || (apple && !agent.contains("Safari/"))
}

/// Whether the headers say that the sender is a phone.
pub(super) fn is_phone(headers: &HeaderMap) -> bool {
    text(headers, "sec-ch-ua-mobile") == "?1"
        || text(headers, USER_AGENT.as_str()).contains("Mobile")
}

/// Whether the browser will show the page in a frame.
pub(super) fn is_framed(headers: &HeaderMap) -> bool {
    let place = headers.get("sec-fetch-dest").map(HeaderValue::as_bytes);
    matches!(place, Some(b"iframe" | b"frame" | b"embed" | b"object"))
}

/// Whether the sender names HTML among the types that it accepts.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    accepts(headers, "text/html")
}

/// Whether the sender names this media type among those that it accepts.
pub(super) fn accepts(headers: &HeaderMap, kind: &str) -> bool {
    let mut accepted = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok());
    accepted.any(|value| value.contains(kind))
}

/// Whether the sender accepts this media type: the `Accept` header allows it, or is missing (RFC
/// 9110 section 12.5.1).
pub(super) fn allows(headers: &HeaderMap, kind: &str) -> bool {
    if !headers.contains_key(ACCEPT) {
        return true;
    }
    let (group, _) = kind.split_once('/').unwrap_or_default();
    let all = headers.get_all(ACCEPT).iter();
    let all = all.filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let range = parts.next().unwrap_or_default();
        let refused = parts.any(|parameter| {
            let weight = parameter
                .strip_prefix("q=")
                .or(parameter.strip_prefix("Q="));
            weight.is_some_and(|weight| weight.parse() == Ok(0.0))
        });
        let named = range.eq_ignore_ascii_case(kind) || range == "*/*";
        let grouped = range
            .strip_suffix("/*")
            .is_some_and(|own| own.eq_ignore_ascii_case(group));
        !refused && (named || grouped)
    })
}

/// The text of a header. Empty if the header is missing or not ASCII.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let header = headers.get(name).and_then(|value| value.to_str().ok());
    header.unwrap_or_default()
}
