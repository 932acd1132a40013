//! Where the service redirects a browser after a login or a log-out.

use std::fmt;
use std::str::FromStr;

use axum::http::HeaderValue;
use switchback_protocol::Origin;

use crate::service::SigningId;

/// Where the service redirects a browser after a login, also after a refused one, and after a
/// log-out: a path of the service (`/in`), or an https URL, or an http URL on loopback. RFC 3986
/// defines its syntax.
///
/// ```
/// use switchback_backend::web::AfterLogin;
/// assert!("/in?lang=sv#top".parse::<AfterLogin>().is_ok());
/// assert!("//evil.example".parse::<AfterLogin>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AfterLogin(String);

/// The text is not such an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the address must be a path that begins with one slash, or an https URL, as RFC 3986 defines \
     them: without backslashes and spaces, and with non-ASCII letters percent-encoded, as in \
     /v%C3%A4lkommen"
)]
pub struct AfterLoginError;

impl FromStr for AfterLogin {
    type Err = AfterLoginError;

    fn from_str(text: &str) -> Result<Self, AfterLoginError> {
        let is_path = text.starts_with('/') && !text.starts_with("//");
        let good = match is_path {
            // Reads the path as a part of a URL.
            true => Origin::of(&format!("https://service.example{text}")).is_some(),
            false => Origin::of(text).is_some_and(|it| is_https(&it) || it.is_loopback()),
        };
        good.then(|| Self(text.into())).ok_or(AfterLoginError)
    }
}

fn is_https(origin: &Origin) -> bool {
    origin.to_string().starts_with("https:")
}

impl Default for AfterLogin {
    /// The root of the service.
    fn default() -> Self {
        Self("/".into())
    }
}

impl fmt::Display for AfterLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AfterLogin {
    /// The same address with the reason why there was no login, as `login` in its query.
    pub(super) fn refused(&self, code: &str) -> Self {
        self.with("login", code)
    }

    /// The same address with the id of a signing, as `signing` in its query.
    pub(super) fn signed(&self, id: &SigningId) -> Self {
        self.with("signing", &id.to_string())
    }

    fn with(&self, name: &str, value: &str) -> Self {
        let (page, fragment) = match self.0.split_once('#') {
            Some((page, fragment)) => (page, format!("#{fragment}")),
            None => (&*self.0, String::new()),
        };
        let separator = match page.split_once('?') {
            None => "?",
            Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        Self(format!("{page}{separator}{name}={value}{fragment}"))
    }

    /// The origin, unless it is the service's own.
    pub(super) fn origin(&self) -> Option<String> {
        Origin::of(&self.0).map(|origin| origin.to_string())
    }

    pub(super) fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_added_to_the_query() {
        for (page, refused) in [
            ("/", "/?login=no"),
            ("/in", "/in?login=no"),
            ("/?a=1", "/?a=1&login=no"),
            ("/?a=1#b", "/?a=1&login=no#b"),
            ("/#b", "/?login=no#b"),
            ("/#b?c", "/?login=no#b?c"),
            ("/?", "/?login=no"),
            ("/?a=1&#", "/?a=1&login=no#"),
            ("/?a=b?c#d", "/?a=b?c&login=no#d"),
            ("https://shop.example", "https://shop.example?login=no"),
            (
                "https://shop.example/in?a#/b",
                "https://shop.example/in?a&login=no#/b",
            ),
        ] {
            let page: AfterLogin = page.parse().unwrap();
            assert_eq!(page.refused("no").to_string(), refused);
            assert!(page.refused("no").header().is_some());
        }
    }

    #[test]
    fn ambiguous_addresses_are_refused() {
        for good in [
            "/",
            "/in?a=b/c?d#e",
            "/v%C3%A4lkommen",
            "/%5C",
            "https://shop.example",
            "HTTPS://Shop.example:8443/in",
            "http://localhost:8080/",
            "http://127.0.0.1/",
        ] {
            assert!(good.parse::<AfterLogin>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "in",
            "?a",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/in?a=\\",
            "/in#\\",
            "https:\\\\evil.example",
            "https://shop.example\\@evil.example",
            "https://user@shop.example/",
            "https:/shop.example",
            "https:shop.example",
            "http://shop.example/",
            "javascript:x",
            "data:,x",
            "/välkommen",
            "/?å",
            "/#å",
            "https://shöp.example/",
            "/a b",
            "/a\tb",
            "/a\r\nset-cookie: a=b",
            "/a#b#c",
            "/a%",
            "/a%zz",
            "/a\"b",
            "/<",
            "/{x}",
            " /",
            "/\u{200b}",
            "/\u{202e}",
        ] {
            assert_eq!(bad.parse::<AfterLogin>(), Err(AfterLoginError), "{bad:?}");
        }
    }
}
