//! The pages at the end of a login.

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use super::html::{self, PagePolicy};
use super::messages::{self, Message};
use crate::error::Error;
use crate::web::request::{PresentedCredential, is_browser};
use crate::web::{AfterLogin, WebState, response};

/// Marks a callback that this service's own page requests again. In a callback, an unknown
/// parameter has no meaning (RFC 6749 section 4.1.2).
const AGAIN: &str = "&again";

/// The name of the service, a link to its start, and the request id.
struct Footer<'a> {
    name: &'a str,
    /// The start of the service's own pages.
    start: &'a AfterLogin,
    /// With this id, the operator finds the request in the log.
    request_id: Option<&'a str>,
}

impl<'a> Footer<'a> {
    fn new(state: &'a WebState, headers: &'a HeaderMap) -> Self {
        let id = header(headers, "x-request-id");
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
        let is_id = (1..=128).contains(&id.len()) && id.bytes().all(is_plain);
        Self {
            name: state.name(),
            start: &state.web.after_login,
            request_id: is_id.then_some(id),
        }
    }
}

#[derive(Template)]
#[template(path = "return.html")]
struct ReturnPage<'a> {
    footer: Footer<'a>,
    reason: Reason,
    heading: &'static str,
    /// Whether the page may be in a frame, as browsers without fetch metadata do not say.
    may_be_framed: bool,
    /// The callback's path and query.
    link: String,
    apps: Vec<App>,
    long_press_hint: bool,
}

/// Why the login does not finish with this request.
#[derive(Clone, Copy)]
enum Reason {
    /// The browser requests the callback again.
    Retrying,
    /// The browser omits the cookie in a frame.
    Framed,
    /// The login was started in an app or in another browser.
    StartedElsewhere,
}

impl Reason {
    fn heading(self) -> &'static str {
        match self {
            Self::Retrying => "One moment …",
            Self::Framed => "One more step",
            Self::StartedElsewhere => "Go back to where you started",
        }
    }
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
    let is_retrying = presented.is_missing() && may_omit_cookie(headers) && !query.ends_with(AGAIN);
    let link = format!("{}?{query}", state.callback);
    let reason = match (is_retrying, is_framed(headers)) {
        (true, _) => Reason::Retrying,
        (false, true) => Reason::Framed,
        (false, false) => Reason::StartedElsewhere,
    };
    let page = ReturnPage {
        footer: Footer::new(state, headers),
        reason,
        heading: reason.heading(),
        may_be_framed: !headers.contains_key("sec-fetch-dest"),
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
    footer: Footer<'a>,
    message: Message,
    again: Option<&'a str>,
}

/// An error page for a person, with a link to try again if that can help.
pub(crate) fn error_page(
    state: &WebState,
    headers: &HeaderMap,
    error: &Error,
    again: Option<&str>,
) -> Response {
    let json_error = response::for_error(error);
    let may_help = matches!(
        error,
        Error::TryAgain { .. } | Error::TooManyRequests { .. } | Error::Store(_)
    );
    let page = ErrorPage {
        footer: Footer::new(state, headers),
        message: messages::failure(error),
        again: again.filter(|_| may_help),
    };
    let mut response = html::page(&page, PagePolicy::default());
    *response.status_mut() = json_error.status();
    let after = json_error.headers().get(header::RETRY_AFTER).cloned();
    response::with_header(response, header::RETRY_AFTER, after)
}

/// The answer at an unknown address: a page for a browser, and JSON for other clients.
pub(crate) fn not_found(state: &WebState, headers: &HeaderMap) -> Response {
    if !is_browser(headers) {
        return response::error(StatusCode::NOT_FOUND, "not_found");
    }
    let page = ErrorPage {
        footer: Footer::new(state, headers),
        message: messages::NOT_FOUND,
        again: None,
    };
    let mut response = html::page(&page, PagePolicy::default());
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
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
