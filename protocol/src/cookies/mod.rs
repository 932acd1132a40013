//! The cookies of one login, then of one session, with one backend (RFC 6265 §5).
//!
//! A [`Jar`] acts as the browser of one person at one service. Its cookies go to one origin, so it
//! needs no list of public suffixes. It stores session cookies (those without `Max-Age` and
//! `Expires`) too: they end with the login or session that has the jar.
//!
//! `Max-Age` and `Expires` become durations, measured by [`Time`], so that a phone with a wrong
//! wall clock neither loses its session nor keeps an ended one. The clock of the service decides
//! `Expires`, and the `Date` of the same answer: the duration is their difference. Without `Date`
//! the duration is unknown. Then the cookie does not expire, unless `Expires` is more than a day
//! ago, which deletes it.
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

/// The number of cookies in a jar (RFC 6265 §6.1). A further one replaces the oldest.
pub const MAX_COOKIES: usize = 50;

/// The longest cookie that is stored, in bytes of name and value (RFC 6265 §6.1).
pub const MAX_COOKIE_BYTES: usize = 4096;

/// The cookies of one person at one service, in the stored form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Jar {
    /// In the order of their creation.
    cookies: Vec<Cookie>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Cookie {
    name: String,
    #[serde(with = "stored")]
    value: Secret,
    domain: String,
    /// Whether it goes to this host only, and not to subdomains.
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
    /// Whether it has expired. If the clocks cannot say its age, it has not.
    fn is_over(&self, now: &Time) -> bool {
        self.seconds <= 0
            || now
                .since(&self.since)
                .is_some_and(|age| age >= self.seconds)
    }
}

/// The parts of a URL that decide about cookies.
struct CookieUrl {
    https: bool,
    /// Whether `Secure` cookies may be sent: https and loopback, as in browsers.
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

    /// The default path (RFC 6265 §5.1.4): the path up to its last slash.
    fn default_path(&self) -> &str {
        match self.path.rfind('/') {
            None | Some(0) => "/",
            Some(end) => &self.path[..end],
        }
    }

    /// Domain match (RFC 6265 §5.1.3). An IP address has no subdomains.
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

    /// Path match (RFC 6265 §5.1.4).
    fn is_on(&self, path: &str) -> bool {
        self.path
            .strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || path.ends_with('/') || rest.starts_with('/'))
    }
}

/// The `Date` of an answer (RFC 9110 §6.6.1), in seconds since the epoch by the server's clock.
pub fn date_of(response: &Response) -> Option<i64> {
    response.header("date").and_then(date::read)
}

impl Jar {
    /// Whether the jar has no cookie.
    pub fn is_empty(&self) -> bool {
        self.cookies.is_empty()
    }

    /// Whether the jar has a cookie that has not expired.
    pub fn has_valid_cookie(&self, now: &Time) -> bool {
        self.cookies.iter().any(|cookie| !cookie.is_over(now))
    }

    /// The values of all cookies, to redact in the answers of a backend.
    pub fn secrets(&self) -> Vec<Secret> {
        let values = self.cookies.iter().map(|cookie| cookie.value.clone());
        values.collect()
    }

    /// Stores the cookies of an answer from this URL.
    pub fn store_from(&mut self, url: &str, response: &Response, now: &Time) {
        self.store(url, response.set_cookies(), date_of(response), now);
    }

    /// Stores the cookies of `Set-Cookie` headers from this URL (RFC 6265 §5.3). Invalid cookies
    /// are ignored. `date` is the `Date` of the answer ([`date_of`]).
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

    /// Stores a cookie. An expired one only deletes the cookie that it replaces.
    fn put(&mut self, cookie: Cookie, now: &Time) {
        self.cookies.retain(|kept| !kept.is_over(now));
        let same = self.cookies.iter().position(|kept| kept.is_same(&cookie));
        match (same, cookie.is_over(now)) {
            (Some(at), true) => drop(self.cookies.remove(at)),
            // The position stays, because RFC 6265 §5.3 keeps the time of creation.
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

    /// The `Cookie` header for a request to this URL, longest path first (RFC 6265 §5.4). `None` if
    /// no cookie belongs to the URL.
    pub fn header(&self, url: &str, now: &Time) -> Option<Secret> {
        let url = CookieUrl::of(url)?;
        let mut ours: Vec<&Cookie> = self
            .cookies
            .iter()
            .filter(|cookie| cookie.goes_to(&url) && !cookie.is_over(now))
            .collect();
        ours.sort_by_key(|cookie| core::cmp::Reverse(cookie.path.len()));
        let size = |cookie: &&Cookie| cookie.name.len() + cookie.value.expose().len() + 3;
        // Reserves the final size, because growing would leave copies of secrets in memory.
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
