//! What a browser sees where a login ends.

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use super::html::{self, May};
use super::words::{self, Words};
use crate::error::Error;
use crate::web::shown::{Shown, is_browser};
use crate::web::{AfterLogin, Site, answer};

/// Marks a callback that a page of our own asks for once more. What the provider did not say
/// means nothing in a callback (RFC 6749 §4.1.2).
const AGAIN: &str = "&again";

/// What a page says of where it is from.
struct Around<'a> {
    name: &'a str,
    /// Where the service's own pages begin.
    start: &'a AfterLogin,
    /// By which whoever runs the service finds the request in the log.
    request_id: Option<&'a str>,
}

impl<'a> Around<'a> {
    fn of(site: &'a Site, headers: &'a HeaderMap) -> Self {
        let id = header(headers, "x-request-id");
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
        let is_id = (1..=128).contains(&id.len()) && id.bytes().all(is_plain);
        Self {
            name: site.name(),
            start: &site.web.after_login,
            request_id: is_id.then_some(id),
        }
    }
}

#[derive(Template)]
#[template(path = "come_back.html")]
struct ComeBack<'a> {
    around: Around<'a>,
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
    words: String,
}

/// A callback came without what the login belongs to. Nothing is used up, and a person is
/// told where to go:
/// - The browser is not where the login began: most often an app began it, and its link was
///   opened by the person's browser, or by something that looks at links.
/// - The browser left the cookie out, which is `SameSite=Lax`, since another site sent it here:
///   all do so in a frame, and some at the top level, after redirects. The page asks for the same
///   once more: this time it is our own page that asks, and the cookie comes.
pub(in crate::web) fn come_back(
    site: &Site,
    headers: &HeaderMap,
    query: &str,
    shown: &Shown,
) -> Response {
    let waits = matches!(shown, Shown::Nothing) && may_withhold(headers) && !query.ends_with(AGAIN);
    let link = format!("{}?{query}", site.callback);
    let page = ComeBack {
        around: Around::of(site, headers),
        waits,
        // Browsers that say nothing of frames are there.
        framed: is_framed(headers) || !headers.contains_key("sec-fetch-dest"),
        apps: apps(site, headers, &link),
        by_touch: is_apple(site, headers),
        link,
    };
    let mut response = html::page(&page, May::default());
    let own = response.headers_mut();
    own.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    if waits && let Ok(again) = HeaderValue::try_from(format!("0; url=?{query}{AGAIN}")) {
        own.insert(header::REFRESH, again);
    }
    response
}

/// Whether a browser may have left a cookie out that is `SameSite=Lax`: not where the person
/// opened the address, nor where our own site leads there (Fetch Metadata, W3C). Some browsers
/// do not say.
fn may_withhold(headers: &HeaderMap) -> bool {
    let from = header(headers, "sec-fetch-site");
    !matches!(from, "none" | "same-origin" | "same-site")
}

/// The ways into the app. The link that this page has is no way by itself: browsers stay
/// where they are when a page links to its own site.
fn apps(site: &Site, headers: &HeaderMap, link: &str) -> Vec<App> {
    if header(headers, "user-agent").contains("Android") {
        let apps = &site.web.apps.android;
        let (scheme, place) = site.origin.split_once("://").unwrap_or_default();
        let app = |package: &str| App {
            link: format!("intent://{place}{link}#Intent;scheme={scheme};package={package};end"),
            words: match apps.len() {
                1 => "Open the app".into(),
                _ => format!("Open {package}"),
            },
        };
        return apps.iter().map(|it| app(&it.package)).collect();
    }
    let app = App {
        link: link.into(),
        words: "Open the app".into(),
    };
    is_apple(site, headers).then_some(app).into_iter().collect()
}

/// Whether this is a phone or tablet of Apple's with an app for it. There the menu of a link
/// opens the app. A tablet says that it is a Mac.
fn is_apple(site: &Site, headers: &HeaderMap) -> bool {
    let agent = header(headers, "user-agent");
    let is_apple = ["iPhone", "iPad", "Macintosh"]
        .iter()
        .any(|name| agent.contains(name));
    is_apple && !site.web.apps.ios.is_empty()
}

#[derive(Template)]
#[template(path = "landed.html")]
struct Landed<'a> {
    page: &'a AfterLogin,
}

/// A login in a frame is over: the page around the frame goes on, to there.
pub(in crate::web) fn landed(page: &AfterLogin) -> Response {
    let may = May {
        run: Some(html::LANDED_SCRIPT),
        ..May::default()
    };
    html::page(&Landed { page }, may)
}

#[derive(Template)]
#[template(path = "failed.html")]
struct Failed<'a> {
    around: Around<'a>,
    words: Words,
    again: Option<&'a str>,
}

/// A failure, for a person, with a link to try it again where that can help.
pub(crate) fn failed(
    site: &Site,
    headers: &HeaderMap,
    error: &Error,
    again: Option<&str>,
) -> Response {
    let told = answer::failed(error);
    let may_help = matches!(
        error,
        Error::TryAgain { .. } | Error::TooManyRequests { .. } | Error::Store(_)
    );
    let page = Failed {
        around: Around::of(site, headers),
        words: words::failure(error),
        again: again.filter(|_| may_help),
    };
    let mut response = html::page(&page, May::default());
    *response.status_mut() = told.status();
    let after = told.headers().get(header::RETRY_AFTER).cloned();
    answer::with(response, header::RETRY_AFTER, after)
}

/// An address at which nothing is: for a person a page, and JSON for everybody else.
pub(crate) fn not_found(site: &Site, headers: &HeaderMap) -> Response {
    if !is_browser(headers) {
        return answer::error(StatusCode::NOT_FOUND, "not_found");
    }
    let page = Failed {
        around: Around::of(site, headers),
        words: words::NO_PAGE,
        again: None,
    };
    let mut response = html::page(&page, May::default());
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// Whether what is answered is shown in a frame (Fetch Metadata, W3C).
pub(in crate::web) fn is_framed(headers: &HeaderMap) -> bool {
    matches!(header(headers, "sec-fetch-dest"), "iframe" | "frame")
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}
