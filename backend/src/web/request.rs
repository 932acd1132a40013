//! The headers of a request: its credential, and the kind of answer that it accepts.

use axum::http::{HeaderMap, header};

use switchback_protocol::Purpose;

use super::cookie::{CookieCredentials, Cookies};
use crate::credential::Credential;

/// The header by which an app asks for tokens instead of a cookie.
pub(crate) const SESSION_HEADER: &str = "switchback-session";

/// The credentials of a request.
#[derive(Clone)]
pub(crate) enum PresentedCredential {
    /// The cookies of a browser, if it has any.
    Cookies(CookieCredentials),
    Bearer(Credential),
    /// A malformed bearer token, or several. The cookies do not count then.
    Invalid,
}

impl PresentedCredential {
    /// A bearer token takes precedence over a cookie. Another scheme in `Authorization` is
    /// ignored: it may be for a proxy in front that asks for a password (Basic, RFC 7617) and
    /// passes the header on.
    pub(crate) fn read(headers: &HeaderMap, cookies: &Cookies) -> Self {
        let all = headers.get_all(header::AUTHORIZATION).iter();
        let mut tokens = all.filter_map(|value| bearer(value.as_bytes()));
        match (tokens.next(), tokens.next()) {
            (None, _) => Self::Cookies(cookies.read(headers)),
            (Some(token), None) => Credential::read(token).map_or(Self::Invalid, Self::Bearer),
            (Some(_), Some(_)) => Self::Invalid,
        }
    }

    /// The credential for this purpose. A token is for every purpose.
    pub(crate) fn of(&self, purpose: Purpose) -> Option<&Credential> {
        match self {
            Self::Cookies(cookies) => cookies.of(purpose),
            Self::Bearer(credential) => Some(credential),
            Self::Invalid => None,
        }
    }

    /// The credential that begins and completes logins.
    pub(crate) fn initiator(&self) -> Option<&Credential> {
        self.of(Purpose::Login)
    }

    /// The credentials of the other sessions of a browser.
    pub(crate) fn others(&self) -> Vec<Credential> {
        let Self::Cookies(cookies) = self else {
            return Vec::new();
        };
        let others = cookies.all().filter(|(it, _)| *it != Purpose::Login);
        others.map(|(_, credential)| credential.clone()).collect()
    }

    /// Whether a browser has no credential that begins and completes logins.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::Cookies(_)) && self.initiator().is_none()
    }
}

/// Whether an app asks for tokens.
pub(crate) fn wants_tokens(headers: &HeaderMap) -> bool {
    let value = headers.get(SESSION_HEADER);
    value.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"token"))
}

/// The token of the scheme Bearer (RFC 6750 section 2.1). Scheme names are case-insensitive (RFC
/// 9110 section 11.1).
pub(super) fn bearer(value: &[u8]) -> Option<&[u8]> {
    let end = value.iter().position(|byte| *byte == b' ');
    let (scheme, token) = value.split_at(end.unwrap_or(value.len()));
    let is_bearer = scheme.eq_ignore_ascii_case(b"bearer");
    is_bearer.then(|| token.trim_ascii())
}

/// Whether a browser requests a page, and not a script or an app.
pub(crate) fn is_browser(headers: &HeaderMap) -> bool {
    accepts_html(headers) && !is_script(headers)
}

/// Whether a browser loads the address before the person follows a link, if they ever do (Fetch,
/// `Sec-Purpose`; older browsers have other headers).
pub(crate) fn is_prefetch(headers: &HeaderMap) -> bool {
    let names = ["sec-purpose", "purpose", "x-purpose", "x-moz"];
    let mut values = names.iter().flat_map(|name| headers.get_all(*name));
    values.any(|value| {
        let mut words = value.as_bytes().split(|byte| b",;".contains(byte));
        words.any(|word| {
            let is = |name: &[u8]| word.trim_ascii().eq_ignore_ascii_case(name);
            is(b"prefetch") || is(b"prerender") || is(b"preview")
        })
    })
}

/// Whether a script or an app sends the request, by the header's value. An Android web view sends
/// this header with the name of its app, and is a browser.
fn is_script(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all("x-requested-with").iter();
    values.any(|value| value.as_bytes().eq_ignore_ascii_case(b"xmlhttprequest"))
}

/// Whether `text/html` is accepted with a weight above 0 (RFC 9110 section 12.5.1).
fn accepts_html(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT).iter();
    let mut ranges = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    ranges.any(|range| {
        let mut parts = range.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        let is_html = parts
            .next()
            .is_some_and(|it| it.eq_ignore_ascii_case(b"text/html"));
        is_html && !parts.any(is_no_weight)
    })
}

/// `q=0`, with up to three more zeros.
fn is_no_weight(parameter: &[u8]) -> bool {
    let is_weight = parameter
        .get(..2)
        .is_some_and(|q| q.eq_ignore_ascii_case(b"q="));
    let value = parameter.get(2..).unwrap_or_default();
    is_weight && value.starts_with(b"0") && value.iter().all(|byte| b"0.".contains(byte))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(all: &[(&'static str, &[u8])]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in all {
            headers.append(*name, HeaderValue::from_bytes(value).unwrap());
        }
        headers
    }

    #[test]
    fn browsers_are_told_from_scripts_by_headers() {
        let (accept, with) = ("accept", "x-requested-with");
        let html = (accept, &b"text/html"[..]);
        let browsers: &[&[(&str, &[u8])]] = &[
            &[html],
            &[html, (with, b"com.example.shop")],
            &[html, (with, b"")],
            &[html, (with, b"XMLHttpRequest2")],
            &[html, (with, b"\xff")],
            &[(accept, b"*/*"), html],
            &[(accept, b"text/HTML;charset=utf-8 ; q=0.1")],
            &[(accept, b"caf\xe9, text/html")],
            &[(accept, b"application/json;q=0, text/html")],
        ];
        for it in browsers {
            assert!(is_browser(&headers(it)), "{it:?}");
        }
        let others: &[&[(&str, &[u8])]] = &[
            &[],
            &[html, (with, b"XMLHttpRequest")],
            &[html, (with, b"xmlhttprequest")],
            &[html, (with, b"com.example.shop"), (with, b"XMLHttpRequest")],
            &[(accept, b"*/*")],
            &[(accept, b"text/htmlx")],
            &[(accept, b"x-text/html")],
            &[(accept, b"text/html;q=0")],
            &[(accept, b"text/html; Q=0.000, application/json")],
        ];
        for it in others {
            assert!(!is_browser(&headers(it)), "{it:?}");
        }
    }

    #[test]
    fn a_bearer_token_precedes_a_cookie() {
        let cookies = Cookies::new(true);
        let text = Credential::new(&[7; 48]).text();
        let cookie = format!("__Host-switchback={}", text.expose());
        let cookie = ("cookie", cookie.as_bytes());
        let good = format!("bEARER  {} ", text.expose());
        let by = |all: &[&[u8]]| {
            let all = all.iter().map(|value| ("authorization", *value));
            let all: Vec<_> = all.chain([cookie]).collect();
            PresentedCredential::read(&headers(&all), &cookies)
        };
        let cookies_count: &[&[&[u8]]] = &[
            &[],
            &[b""],
            &[b"Basic YTpi"],
            &[b"Basic \xc3\xa5"],
            &[b"Basic YTpi", b"Digest username=a"],
            &[b"Bearerx YTpi"],
            &[b"DPoP Bearer"],
        ];
        for all in cookies_count {
            let by_cookie = matches!(by(all), PresentedCredential::Cookies(_));
            assert!(by_cookie && !by(all).is_missing(), "{all:?}");
        }
        let good = good.as_bytes();
        for all in [&[good][..], &[b"Basic YTpi", good], &[good, b"Basic YTpi"]] {
            assert!(matches!(by(all), PresentedCredential::Bearer(_)), "{all:?}");
        }
        let others: &[&[&[u8]]] = &[
            &[good, good],
            &[b"Bearer"],
            &[b"Bearer "],
            &[b"Bearer x"],
            &[b"Bearer \xff"],
            &[b"Basic YTpi", b"Bearer x"],
        ];
        for all in others {
            assert!(matches!(by(all), PresentedCredential::Invalid), "{all:?}");
        }
    }
}
