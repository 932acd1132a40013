//! What a browser sees where a login ends.

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::html::{self, PagePolicy};
use super::messages::{self, Message};
use crate::error::Error;
use crate::web::request::PresentedCredential;
use crate::web::{AfterLogin, WebState, response};

/// Marks a callback that a page of our own asks for once more. What the provider did not say
/// means nothing in a callback (RFC 6749 §4.1.2).
const AGAIN: &str = "&again";

#[derive(Template)]
#[template(path = "return.html")]
struct ReturnPage {
    /// Whether the browser is already asking again.
    waits: bool,
    framed: bool,
    /// The callback, once more.
    link: String,
    apps: Vec<App>,
    by_touch: bool,
}

struct App {
    link: String,
    label: String,
}

/// A callback came without what the login belongs to. Nothing is used up, and a person is
/// told where to go:
/// - The browser is not where the login began: most often an app began it, and its link was
///   opened by the person's browser, or by something that looks at links.
/// - The browser left the cookie out, which is `SameSite=Lax`, since another state sent it here:
///   all do so in a frame, and some at the top level, after redirects. The page asks for the same
///   once more: this time it is our own page that asks, and the cookie comes.
pub(in crate::web) fn return_page(
    state: &WebState,
    headers: &HeaderMap,
    query: &str,
    presented: &PresentedCredential,
) -> Response {
    let waits = matches!(presented, PresentedCredential::Absent)
        && may_withhold(headers)
        && !query.ends_with(AGAIN);
    let link = format!("{}?{query}", state.callback);
    let page = ReturnPage {
        waits,
        // Browsers that say nothing of frames are there.
        framed: is_framed(headers) || !headers.contains_key("sec-fetch-dest"),
        apps: apps(state, headers, &link),
        by_touch: is_apple(state, headers),
        link,
    };
    let mut response = html::page(&page, PagePolicy::default());
    let own = response.headers_mut();
    own.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    if waits && let Ok(again) = HeaderValue::try_from(format!("0; url=?{query}{AGAIN}")) {
        own.insert(header::REFRESH, again);
    }
    response
}

/// Whether a browser may have left a cookie out that is `SameSite=Lax`: not where the person
/// opened the address, nor where our own state leads there (Fetch Metadata, W3C). Some browsers
/// do not say.
fn may_withhold(headers: &HeaderMap) -> bool {
    let from = header(headers, "sec-fetch-site");
    !matches!(from, "none" | "same-origin" | "same-site")
}

/// The ways into the app. The link that this page has is no way by itself: browsers stay
/// where they are when a page links to its own state.
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

/// Whether this is a phone or tablet of Apple's with an app for it. There the menu of a link
/// opens the app. A tablet says that it is a Mac.
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

/// A login in a frame is over: the page around the frame goes on, to there.
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

/// A failure, for a person, with a link to try it again where that can help.
pub(in crate::web) fn error_page(error: &Error, again: Option<&str>) -> Response {
    let told = response::for_error(error);
    let page = ErrorPage {
        message: messages::failure(error),
        again: again.filter(|_| matches!(error, Error::TryAgain { .. } | Error::Store(_))),
    };
    let mut response = html::page(&page, PagePolicy::default());
    *response.status_mut() = told.status();
    let after = told.headers().get(header::RETRY_AFTER).cloned();
    response::with_header(response, header::RETRY_AFTER, after)
}

/// Whether what is answered is presented in a frame (Fetch Metadata, W3C).
pub(in crate::web) fn is_framed(headers: &HeaderMap) -> bool {
    matches!(header(headers, "sec-fetch-dest"), "iframe" | "frame")
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}
