//! The pages at the end of a login.

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::html::{self, PagePolicy};
use super::messages::{self, Message};
use crate::error::Error;
use crate::web::request::PresentedCredential;
use crate::web::{AfterLogin, WebState, response};

/// Marks a callback that this service's own page requests again. In a callback, an unknown
/// parameter has no meaning (RFC 6749 section 4.1.2).
const AGAIN: &str = "&again";

#[derive(Template)]
#[template(path = "return.html")]
struct ReturnPage {
    /// Whether the browser is requesting the callback again.
    is_retrying: bool,
    framed: bool,
    /// The callback's path and query.
    link: String,
    apps: Vec<App>,
    long_press_hint: bool,
}

struct App {
    link: String,
    label: String,
}

/// The answer to a callback without the credential of its login. The login is not used up, and the
/// page tells the person where to go. There are two causes:
///
/// - The browser did not begin the login. Most often an app began it, and the system opened its
///   link in the person's browser, or a scanner loads the link.
/// - The browser omitted the cookie. The cookie is `SameSite=Lax`, and another site sent the
///   browser here. All browsers omit it in a frame, and some at the top level, after redirects. The
///   page requests the same address again. The second request comes from the service's own page,
///   with the cookie.
pub(in crate::web) fn return_page(
    state: &WebState,
    headers: &HeaderMap,
    query: &str,
    presented: &PresentedCredential,
) -> Response {
    let is_retrying = matches!(presented, PresentedCredential::Absent)
        && may_omit_cookie(headers)
        && !query.ends_with(AGAIN);
    let link = format!("{}?{query}", state.callback);
    let page = ReturnPage {
        is_retrying,
        // Browsers without this header may be in a frame.
        framed: is_framed(headers) || !headers.contains_key("sec-fetch-dest"),
        apps: apps(state, headers, &link),
        long_press_hint: is_apple(state, headers),
        link,
    };
    let mut response = html::page(&page, PagePolicy::default());
    let own = response.headers_mut();
    own.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    if is_retrying && let Ok(again) = HeaderValue::try_from(format!("0; url=?{query}{AGAIN}")) {
        own.insert(header::REFRESH, again);
    }
    response
}

/// Whether the browser may have omitted a cookie that is `SameSite=Lax`. It does not if the person
/// opened the address, or if this site led there (Fetch Metadata, W3C). Some browsers do not send
/// the header.
fn may_omit_cookie(headers: &HeaderMap) -> bool {
    let from = header(headers, "sec-fetch-site");
    !matches!(from, "none" | "same-origin" | "same-site")
}

/// Links into the app. The link of this page itself does not open the app: browsers stay in the
/// browser if a page links to its own site.
fn apps(state: &WebState, headers: &HeaderMap, link: &str) -> Vec<App> {
    if header(headers, "user-agent").contains("Android") {
        let apps = &state.web.apps.android;
        let (scheme, authority) = state.origin.split_once("://").unwrap_or_default();
        let app = |package: &str| App {
            link: format!(
                "intent://{authority}{link}#Intent;scheme={scheme};package={package};end"
            ),
            label: match apps.len() {
                1 => "Open the app".into(),
                _ => format!("Open {package}"),
            },
        };
        return apps.iter().map(|it| app(&it.package)).collect();
    }
    let app = App {
        link: link.into(),
        label: "Open the app".into(),
    };
    is_apple(state, headers)
        .then_some(app)
        .into_iter()
        .collect()
}

/// Whether this is an Apple device, and the service has an app for it. The menu of a link opens
/// the app there. An iPad sends the name of a Mac.
fn is_apple(state: &WebState, headers: &HeaderMap) -> bool {
    let agent = header(headers, "user-agent");
    let is_apple = ["iPhone", "iPad", "Macintosh"]
        .iter()
        .any(|name| agent.contains(name));
    is_apple && !state.web.apps.ios.is_empty()
}

#[derive(Template)]
#[template(path = "leave_frame.html")]
struct LeaveFramePage<'a> {
    page: &'a AfterLogin,
}

/// The end of a login in a frame: the whole window goes to the page after the login.
pub(in crate::web) fn leave_frame(page: &AfterLogin) -> Response {
    let policy = PagePolicy {
        script: Some(html::LEAVE_FRAME_SCRIPT),
        ..PagePolicy::default()
    };
    html::page(&LeaveFramePage { page }, policy)
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    message: Message,
    again: Option<&'a str>,
}

/// An error page for a person, with a link to try again if that can help.
pub(in crate::web) fn error_page(error: &Error, again: Option<&str>) -> Response {
    let json_error = response::for_error(error);
    let page = ErrorPage {
        message: messages::failure(error),
        again: again.filter(|_| matches!(error, Error::TryAgain { .. } | Error::Store(_))),
    };
    let mut response = html::page(&page, PagePolicy::default());
    *response.status_mut() = json_error.status();
    let after = json_error.headers().get(header::RETRY_AFTER).cloned();
    response::with_header(response, header::RETRY_AFTER, after)
}

/// Whether the response will be shown in a frame (Fetch Metadata, W3C).
pub(in crate::web) fn is_framed(headers: &HeaderMap) -> bool {
    matches!(header(headers, "sec-fetch-dest"), "iframe" | "frame")
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}
