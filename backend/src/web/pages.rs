//! Pages for a person's browser.

use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse as _, Response};

/// A callback came without the cookie of whoever began the login: by a browser that is not
/// where it began, or from within a frame, where the cookie is not sent at first.
pub(super) fn come_back(headers: &HeaderMap) -> Response {
    let framed = headers
        .get("sec-fetch-dest")
        .is_some_and(|dest| dest == "iframe");
    let cross_site = headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "cross-site");
    let mut response = Html(RETURN).into_response();
    if framed && cross_site {
        // The same address once more, asked for by a page of our own: then the cookie comes.
        let again = axum::http::HeaderValue::from_static("0");
        response.headers_mut().insert(header::REFRESH, again);
    }
    response
}

const RETURN: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width\"><title>Go back to the app</title>\
<h1>Go back to the app</h1><p>This login was begun in another app or browser. Go back \
there: it goes on by itself.</p></html>";
