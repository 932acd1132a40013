//! HTTP requests and answers as values (RFC 9110). This crate writes requests and reads answers;
//! its caller sends them.
//!
//! Before you change this: [`Request::once`] is a promise to the server, and every transport is
//! tested for it. What a status means for a login or a session is in
//! [`status`](mod@crate::status), and nowhere else.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroize as _;

use crate::members::{self, Members};
use crate::rule::Rule;
use crate::status::{Meaning, RequestKind, meaning};
use crate::{Secret, time};

/// The longest body that is read, in bytes: 1 MiB. A transport stops reading after it.
pub const MAX_BODY: usize = 1 << 20;

/// The methods that this library uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads. If the request changes something on the server anyway, [`Request::once`] is set.
    Get,
    /// Changes something on the server.
    Post,
}

/// A header of a request: its name in lower case, and its value.
pub type Header = (&'static str, Secret);

/// The header that carries an access token.
pub(crate) const AUTHORIZATION: &str = "authorization";

/// The header that carries this access token (RFC 6750 §2.1).
pub fn bearer(access_token: &Secret) -> Header {
    let mut bearer = String::with_capacity(7 + access_token.expose().len());
    bearer.push_str("Bearer ");
    bearer.push_str(access_token.expose());
    (AUTHORIZATION, bearer.into())
}

/// The secrets of these headers, to redact in the answer: tokens, and the value of each cookie.
pub fn secrets_in(headers: &[Header]) -> Vec<Secret> {
    let mut secrets = Vec::new();
    for (name, value) in headers {
        let value = value.expose();
        match *name {
            AUTHORIZATION => secrets.extend(value.split_once(' ').map(|(_, token)| token.into())),
            "cookie" => secrets.extend(
                value
                    .split("; ")
                    .filter_map(|pair| pair.split_once('='))
                    .map(|(_, value)| value.into()),
            ),
            _ => {}
        }
    }
    secrets
}

/// A request to send.
///
/// `Debug` shows only method and path: query, headers and body may have tokens.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Whether it must reach the server **at most once**. A code or a refresh token is single
    /// use, and its second arrival ends the whole grant. A transport must not repeat such a
    /// request after a broken connection, and must not send it on a connection that the server may
    /// be closing. Set for every `Post`, and for the `Get` requests that start a login at a backend
    /// or forward a callback to it.
    pub once: bool,
    /// An absolute https URL (or http on loopback). Redirects are never followed.
    pub url: String,
    /// The headers.
    pub headers: Vec<Header>,
    /// The body of a `Post`: a form.
    pub body: Option<Secret>,
}

impl Request {
    /// A `Post` of a form.
    pub fn post(url: &str, form: String) -> Self {
        Self {
            method: Method::Post,
            once: true,
            url: url.into(),
            headers: [
                ("content-type", "application/x-www-form-urlencoded"),
                ("accept", "application/json"),
            ]
            .map(|(name, value)| (name, Secret::from(value)))
            .into(),
            body: Some(form.into()),
        }
    }

    /// A `Get` of a protected resource, with the headers of a session.
    pub(crate) fn get(url: String, session: &[Header]) -> Self {
        Self::get_as("application/json", url, session)
    }

    /// The same, for an answer of this media type.
    pub(crate) fn get_as(media_type: &str, url: String, session: &[Header]) -> Self {
        let accept = ("accept", Secret::from(media_type));
        Self {
            method: Method::Get,
            once: false,
            url,
            headers: session.iter().cloned().chain([accept]).collect(),
            body: None,
        }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.url.split('?').next().unwrap_or_default();
        write!(f, "Request({:?} {path})", self.method)
    }
}

/// The answer to a request. `Debug` shows only status, content type and length.
#[derive(Clone, Default)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers in the server's order, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, at most [`MAX_BODY`] bytes.
    pub body: Vec<u8>,
}

impl Response {
    /// The value of the first header with this name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(n, _)| n == name)?;
        Some(value)
    }

    /// The values of all `Set-Cookie` headers, in their order.
    pub fn set_cookies(&self) -> impl Iterator<Item = &str> {
        let all = self.headers.iter();
        all.filter(|(name, _)| name == "set-cookie")
            .map(|(_, value)| value.as_str())
    }

    /// The content type without its parameters. Empty if there is none.
    pub(crate) fn media_type(&self) -> &str {
        let content_type = self.header("content-type");
        let media_type = content_type.and_then(|value| value.split(';').next());
        media_type.unwrap_or_default().trim()
    }

    /// Whether the content type is `application/json` or ends with `+json`.
    pub(crate) fn is_json(&self) -> bool {
        let media_type = self.media_type();
        let ending = |end: &str| {
            let at = media_type.len().checked_sub(end.len());
            at.and_then(|at| media_type.get(at..))
                .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
        };
        media_type.eq_ignore_ascii_case("application/json") || ending("+json")
    }

    /// Seconds to wait, from `Retry-After` (RFC 9110 §10.2.3). A date there is compared with the
    /// `Date` header of the same answer, because the clock of this device may be wrong.
    pub fn retry_after(&self) -> Option<u32> {
        let after = self.header("retry-after")?.trim();
        if !after.is_empty() && after.bytes().all(|b| b.is_ascii_digit()) {
            // A number that does not fit is the longest time.
            return Some(after.parse().unwrap_or(u32::MAX));
        }
        let seconds = time::date(after)? - time::date(self.header("date")?)?;
        Some(u32::try_from(seconds.max(0)).unwrap_or(u32::MAX))
    }
}

impl Drop for Response {
    /// Overwrites body and headers, which may have tokens, claims and cookies. Not inlined,
    /// because answers are dropped in many places.
    #[inline(never)]
    fn drop(&mut self) {
        self.body.zeroize();
        for (_, value) in &mut self.headers {
            value.zeroize();
        }
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("content_type", &self.header("content-type"))
            .field("bytes", &self.body.len())
            .finish()
    }
}

/// Reads the JSON body of an answer with a success status.
pub(crate) fn json<'a, T: serde::Deserialize<'a>>(response: &'a Response) -> Result<T, Rule> {
    let body = members::without_byte_order_mark(successful(response)?);
    if !response.is_json() {
        return Err(unreadable(response, Rule::ContentType));
    }
    // Checking the whole body for UTF-8 is faster than checking each text.
    let text = core::str::from_utf8(body).map_err(|e| Rule::Json(e.valid_up_to()));
    let read = text.and_then(|text| {
        serde_json::from_str(text).map_err(|error| Rule::Json(offset(body, &error)))
    });
    read.map_err(|rule| unreadable(response, rule))
}

/// Reads the members of the object in an answer with a success status, with any content type.
pub(crate) fn members<T>(response: &Response, read: impl Fn(&Members<'_>) -> T) -> Result<T, Rule> {
    let body = successful(response)?;
    members::read(body, read).map_err(|error| {
        let rule = match response.is_json() {
            true => Rule::Json(offset(body, &error)),
            false => Rule::ContentType,
        };
        unreadable(response, rule)
    })
}

/// The body of an answer with a success status.
pub(crate) fn successful(response: &Response) -> Result<&[u8], Rule> {
    match meaning(RequestKind::Data, response.status, false, None) {
        _ if response.body.len() > MAX_BODY => Err(Rule::TooLong),
        Meaning::Success if response.body.is_empty() => Err(Rule::EmptyBody),
        Meaning::Success => Ok(&response.body),
        Meaning::Broken(rule) => Err(rule),
        _ => Err(Rule::Status(response.status)),
    }
}

/// The rule to report for a body that breaks `rule`: if the body is compressed,
/// [`Rule::ContentCoding`]. Call it only for an unreadable body, because a transport may decode
/// a body and leave the header.
pub(crate) fn unreadable(response: &Response, rule: Rule) -> Rule {
    let coding = response.header("content-encoding").unwrap_or_default();
    // The last coding was applied last. The names are the registered ones (RFC 9110 §18.6).
    let last = coding.rsplit(',').next().unwrap_or_default().trim();
    let known = [
        "gzip", "x-gzip", "deflate", "br", "zstd", "compress", "dcb", "dcz",
    ];
    let named = known.iter().find(|known| last.eq_ignore_ascii_case(known));
    match named {
        Some(named) => Rule::ContentCoding(named),
        None if last.is_empty() || last.eq_ignore_ascii_case("identity") => rule,
        None => Rule::ContentCoding("an unknown one"),
    }
}

/// The byte at which serde_json stopped. Its message is not used: it could quote the content.
fn offset(body: &[u8], error: &serde_json::Error) -> usize {
    let lines = body.split_inclusive(|b| *b == b'\n');
    let before: usize = lines
        .take(error.line().saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    before + error.column()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    fn answer(content_type: &str) -> Response {
        Response {
            status: 200,
            headers: [("content-type".into(), content_type.into())].into(),
            body: b"{\"a\":1}".to_vec(),
        }
    }

    #[test]
    fn json_is_recognised_by_content_type() {
        for good in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/x+json",
        ] {
            assert!(answer(good).is_json(), "{good}");
        }
        for bad in ["", "text/html", "application/jsonp", "json", "+jsonx"] {
            assert!(!answer(bad).is_json(), "{bad}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let after = |retry_after: &str, date: &str| {
            let headers = [("retry-after", retry_after), ("date", date)];
            let headers = headers.map(|(name, value)| (name.into(), value.into()));
            Response {
                status: 429,
                headers: headers.into(),
                body: Vec::new(),
            }
            .retry_after()
        };
        let now = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(after(" 7 ", now), Some(7));
        assert_eq!(after("4294967295", now), Some(u32::MAX));
        assert_eq!(after("4294967296", now), Some(u32::MAX));
        assert_eq!(after(&"9".repeat(40), now), Some(u32::MAX));
        for (later, date) in [
            ("Sunday, 06-Nov-94 08:50:07 GMT", now),
            ("Sun Nov  6 08:50:07 1994", now),
            (now, "Sunday, 06-Nov-94 08:49:07 GMT"),
            (now, "Sun Nov  6 08:49:07 1994"),
        ] {
            assert_eq!(after(later, date), Some(30), "{later}");
        }
        assert_eq!(after("Tue, 06 Nov 2294 08:49:37 GMT", now), Some(u32::MAX));
        assert_eq!(after("-7", now), None);
        assert_eq!(after("", now), None);
        assert_eq!(after("Sun, 06 Nov 1994 08:50:07 GMT", now), Some(30));
        assert_eq!(after("Sun, 06 Nov 1994 08:49:07 GMT", now), Some(0));
        assert_eq!(after("Sun, 06 Nov 1994 08:50:07 GMT", ""), None);
        assert_eq!(after("later", now), None);
    }

    #[test]
    fn debug_shows_no_header_and_no_body() {
        let request = Request::get(
            "https://id.example/u?claims=x".into(),
            &[bearer(&"t0ken".into())],
        );
        assert_eq!(format!("{request:?}"), "Request(Get https://id.example/u)");
        let shown = format!("{:?}", answer("text/html"));
        assert!(
            shown.contains("text/html") && shown.contains("bytes: 7"),
            "{shown}"
        );
        assert!(!shown.contains('{') || !shown.contains("\"a\""), "{shown}");
    }
}
