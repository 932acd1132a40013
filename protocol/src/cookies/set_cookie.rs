//! Reads one `Set-Cookie` header (RFC 6265 §5.2) and checks whether the server may set the cookie
//! (§5.3, and the name prefixes of draft-ietf-httpbis-rfc6265bis §4.1.3).
//!
//! Before you change this: a mistake in one attribute loses that attribute, and never the cookie; a
//! broken security promise (`Secure`, a prefix, another domain) loses the cookie.

use super::{Cookie, CookieUrl, Lifetime, MAX_COOKIE_BYTES, date};
use crate::time::{MAX_CLOCK_OFFSET, Time};

/// The longest attribute value that counts, in bytes (draft-ietf-httpbis-rfc6265bis §5.6). It
/// limits the size of a stored cookie.
const MAX_ATTRIBUTE_BYTES: usize = 1024;

/// The cookie. `None` if it is malformed or a rule forbids it.
pub(super) fn read(header: &str, url: &CookieUrl, date: Option<i64>, now: &Time) -> Option<Cookie> {
    let mut parts = header.split(';');
    let pair = parts.next()?;
    // The cookie goes back in a header, so it must not have line ends or non-ASCII bytes.
    if !pair.bytes().all(|byte| matches!(byte, 0x20..=0x7e | b'\t')) {
        return None;
    }
    let (name, value) = pair.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    if name.is_empty() || name.len() + value.len() > MAX_COOKIE_BYTES {
        return None;
    }
    let mut attributes = Attributes::default();
    parts.for_each(|part| attributes.add(part));
    if attributes.secure && !url.secure || !attributes.satisfies_prefix(name, url) {
        return None;
    }
    let domain = attributes.domain.map(|domain| domain.to_ascii_lowercase());
    if domain.as_ref().is_some_and(|domain| !url.is_below(domain)) {
        return None;
    }
    let path = attributes.path.unwrap_or_else(|| url.default_path());
    Some(Cookie {
        name: name.into(),
        value: value.into(),
        host_only: domain.is_none(),
        domain: domain.unwrap_or_else(|| url.host.clone()),
        path: path.into(),
        secure: attributes.secure,
        life: attributes.seconds(date, now).map(|seconds| Lifetime {
            since: *now,
            seconds,
        }),
    })
}

/// The attributes that count. Of a repeated one the last counts. `HttpOnly` and `SameSite` concern
/// scripts and other sites, which exist only in browsers.
#[derive(Default)]
struct Attributes<'a> {
    domain: Option<&'a str>,
    path: Option<&'a str>,
    secure: bool,
    max_age: Option<i64>,
    /// Seconds since the epoch.
    expires: Option<i64>,
}

impl<'a> Attributes<'a> {
    fn add(&mut self, part: &'a str) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let (name, value) = (name.trim(), value.trim());
        if value.len() > MAX_ATTRIBUTE_BYTES {
            return;
        }
        let is = |attribute: &str| name.eq_ignore_ascii_case(attribute);
        if is("secure") {
            self.secure = true;
        } else if is("domain") {
            let domain = value.strip_prefix('.').unwrap_or(value);
            self.domain = (!domain.is_empty()).then_some(domain);
        } else if is("path") {
            self.path = value.starts_with('/').then_some(value);
        } else if is("max-age") {
            self.max_age = seconds(value).or(self.max_age);
        } else if is("expires") {
            self.expires = date::read(value).or(self.expires);
        }
    }

    /// The lifetime in seconds. `Max-Age` wins over `Expires`. Without `date`, `Expires` counts
    /// only if it is longer ago than [`MAX_CLOCK_OFFSET`]: then the cookie has expired.
    fn seconds(&self, date: Option<i64>, now: &Time) -> Option<i64> {
        let left = |expires: i64| match date {
            Some(date) => Some(expires.saturating_sub(date)),
            None => (expires < now.wall.saturating_sub(MAX_CLOCK_OFFSET)).then_some(0),
        };
        self.max_age.or_else(|| left(self.expires?))
    }

    /// Whether the cookie satisfies the prefix of its name. Loopback without https does not.
    fn satisfies_prefix(&self, name: &str, url: &CookieUrl) -> bool {
        let secure = self.secure && url.https;
        let starts_with = |prefix: &str| {
            name.get(..prefix.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        if starts_with("__Host-") {
            return secure && self.domain.is_none() && self.path == Some("/");
        }
        !starts_with("__Secure-") || secure
    }
}

/// Digits with an optional minus. A number that does not fit is the largest or the smallest one.
fn seconds(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().unwrap_or(match digits.len() < text.len() {
        true => i64::MIN,
        false => i64::MAX,
    }))
}
