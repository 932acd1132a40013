//! The cookies of one login, then of one session, with one backend (RFC 6265 §5).
//!
//! A [`Jar`] is the user agent of a single person at a single service: it is sent to one
//! origin, and no list of public suffixes is needed for that. Cookies without an end are
//! kept as well: what ends with a browser's session ends here with the login's.
//!
//! `Max-Age` and `Expires` become spans, measured by [`Time`]: a phone whose wall clock is
//! wrong or set neither loses its session by it nor keeps one. `Expires` is a moment by the
//! service's clock, and so is the `Date` of the answer that it came with: what lies between
//! the two is the span. Where there is no `Date`, nobody can tell, and the cookie has no end,
//! unless `Expires` is more than a day ago: that takes one away.
//!
//! ```
//! use switchback_protocol::{cookies::Jar, time::Time};
//!
//! let (mut jar, now) = (Jar::default(), Time::wall(1_000));
//! let set = "__Host-sid=s3cr3t; Path=/; Secure; HttpOnly; SameSite=Lax";
//! jar.store("https://service.example/truid/login-session", [set], None, &now);
//! let header = jar.header("https://service.example/api", &now).unwrap();
//! assert_eq!(header.expose(), "__Host-sid=s3cr3t");
//! assert!(jar.header("https://other.example/api", &now).is_none());
//! assert_eq!(format!("{jar:?}"), "Jar(1 cookies)");
//! ```

pub(crate) mod date;
mod set_cookie;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use fluent_uri::Uri;
use serde::{Deserialize, Serialize};

use crate::http::Response;
use crate::origin::HTTPS;
use crate::secret::stored;
use crate::time::Time;
use crate::{Origin, Secret};

/// More cookies than this are not kept: the oldest goes (RFC 6265 §6.1).
pub const MAX_COOKIES: usize = 50;

/// A longer cookie is not taken, in bytes of name and value (RFC 6265 §6.1).
pub const MAX_COOKIE_BYTES: usize = 4096;

/// Cookies, as they are stored.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Jar {
    /// In the order in which they were first set.
    cookies: Vec<Cookie>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Cookie {
    name: String,
    #[serde(with = "stored")]
    value: Secret,
    domain: String,
    /// Whether it goes to that very host only.
    host_only: bool,
    path: String,
    secure: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    life: Option<Lifetime>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Lifetime {
    since: Time,
    seconds: i64,
}

impl Lifetime {
    /// One whose age nobody can tell lives.
    fn is_over(&self, now: &Time) -> bool {
        self.seconds <= 0
            || now
                .since(&self.since)
                .is_some_and(|age| age >= self.seconds)
    }
}

/// Where a request goes, or an answer came from.
struct CookieUrl {
    https: bool,
    /// Nobody listens on the way: https, and loopback, as browsers have it.
    secure: bool,
    host: String,
    path: String,
}

impl CookieUrl {
    fn of(url: &str) -> Option<Self> {
        let origin = Origin::of(url)?;
        let uri = Uri::parse(url).ok()?;
        let path = uri.path().as_str();
        Some(Self {
            https: uri.scheme() == HTTPS,
            secure: uri.scheme() == HTTPS || origin.is_loopback(),
            host: origin.host().into(),
            path: match path {
                "" => "/".into(),
                path => path.into(),
            },
        })
    }

    /// RFC 6265 §5.1.4: everything before the last slash.
    fn default_path(&self) -> &str {
        match self.path.rfind('/') {
            None | Some(0) => "/",
            Some(end) => &self.path[..end],
        }
    }

    /// RFC 6265 §5.1.3. An address has no subdomains.
    fn is_below(&self, domain: &str) -> bool {
        let is_address =
            self.host.starts_with('[') || self.host.parse::<core::net::Ipv4Addr>().is_ok();
        self.host == domain
            || !is_address
                && self
                    .host
                    .strip_suffix(domain)
                    .is_some_and(|before| before.ends_with('.'))
    }

    /// RFC 6265 §5.1.4.
    fn is_on(&self, path: &str) -> bool {
        self.path
            .strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || path.ends_with('/') || rest.starts_with('/'))
    }
}

/// When an answer was sent, by the clock of whoever sent it (`Date`, RFC 9110 §6.6.1).
pub fn date_of(response: &Response) -> Option<i64> {
    response.header("date").and_then(date::read)
}

impl Jar {
    /// Whether there is no cookie in it.
    pub fn is_empty(&self) -> bool {
        self.cookies.is_empty()
    }

    /// Whether there is a cookie in it that is not over.
    pub fn has_valid_cookie(&self, now: &Time) -> bool {
        self.cookies.iter().any(|cookie| !cookie.is_over(now))
    }

    /// The values, to be blacked out in what a backend says.
    pub fn secrets(&self) -> Vec<Secret> {
        let values = self.cookies.iter().map(|cookie| cookie.value.clone());
        values.collect()
    }

    /// Takes the cookies of an answer that came from this URL.
    pub fn store_from(&mut self, url: &str, response: &Response, now: &Time) {
        self.store(url, response.set_cookies(), date_of(response), now);
    }

    /// Takes `Set-Cookie` headers that came from this URL (RFC 6265 §5.3). What breaks a rule
    /// is passed over. `date` is when they were sent, in seconds since the epoch, by the clock
    /// of whoever sent them.
    pub fn store<'a>(
        &mut self,
        url: &str,
        set_cookie: impl IntoIterator<Item = &'a str>,
        date: Option<i64>,
        now: &Time,
    ) {
        let Some(url) = CookieUrl::of(url) else {
            return;
        };
        for header in set_cookie {
            if let Some(cookie) = set_cookie::read(header, &url, date, now) {
                self.put(cookie, now);
            }
        }
    }

    /// One that is over takes away what it replaces.
    fn put(&mut self, cookie: Cookie, now: &Time) {
        self.cookies.retain(|kept| !kept.is_over(now));
        let same = self.cookies.iter().position(|kept| kept.is_same(&cookie));
        match (same, cookie.is_over(now)) {
            (Some(at), true) => drop(self.cookies.remove(at)),
            // It keeps its url: RFC 6265 §5.3 keeps its time of creation.
            (Some(at), false) => self.cookies[at] = cookie,
            (None, true) => {}
            (None, false) => {
                if self.cookies.len() >= MAX_COOKIES {
                    self.cookies.remove(0);
                }
                self.cookies.push(cookie);
            }
        }
    }

    /// The `Cookie` header for a request to this URL (RFC 6265 §5.4): the longest path
    /// first. `None` where no cookie belongs there.
    pub fn header(&self, url: &str, now: &Time) -> Option<Secret> {
        let url = CookieUrl::of(url)?;
        let mut ours: Vec<&Cookie> = self
            .cookies
            .iter()
            .filter(|cookie| cookie.goes_to(&url) && !cookie.is_over(now))
            .collect();
        ours.sort_by_key(|cookie| core::cmp::Reverse(cookie.path.len()));
        let size = |cookie: &&Cookie| cookie.name.len() + cookie.value.expose().len() + 3;
        // Of its final size: nothing of it is left behind in memory by growing.
        let mut header = String::with_capacity(ours.iter().map(size).sum());
        for cookie in &ours {
            if !header.is_empty() {
                header.push_str("; ");
            }
            header.push_str(&cookie.name);
            header.push('=');
            header.push_str(cookie.value.expose());
        }
        (!ours.is_empty()).then(|| header.into())
    }
}

impl Cookie {
    fn is_over(&self, now: &Time) -> bool {
        self.life.as_ref().is_some_and(|life| life.is_over(now))
    }

    fn is_same(&self, other: &Self) -> bool {
        (&self.name, &self.domain, &self.path) == (&other.name, &other.domain, &other.path)
    }

    fn goes_to(&self, url: &CookieUrl) -> bool {
        let to_host = match self.host_only {
            true => url.host == self.domain,
            false => url.is_below(&self.domain),
        };
        to_host && url.is_on(&self.path) && (url.secure || !self.secure)
    }
}

impl fmt::Debug for Jar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jar({} cookies)", self.cookies.len())
    }
}

#[cfg(test)]
mod tests;
