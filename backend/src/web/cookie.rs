//! The service's cookies (RFC 6265; RFC 6265bis for the prefix `__Host-`).
//!
//! A browser has one cookie for each purpose: an identity verification takes nothing from a login.
//! The cookie for logins is also the one with which a browser begins logins of every purpose.

use axum::http::{HeaderMap, HeaderValue, header};
use switchback_protocol::Purpose;

use crate::credential::Credential;

/// `__Host-` binds a cookie to this host, to https and to the whole site.
const HOST_PREFIX: &str = "__Host-";

/// The name of the cookie for a purpose, where there is https.
const fn secure_name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Login => "__Host-switchback",
        Purpose::Onboarding => "__Host-switchback-onboarding",
        Purpose::IdentityVerification => "__Host-switchback-identity-verification",
        Purpose::Signing => "__Host-switchback-signing",
    }
}

/// The names and the attributes of the cookies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cookies {
    /// Whether the service has https. A developer's loopback address without TLS has not, so that
    /// its cookies cannot have the prefix.
    secure: bool,
}

/// The credentials in the cookies of a request, by purpose.
#[derive(Clone, Default)]
pub(crate) struct CookieCredentials([Option<Credential>; Purpose::ALL.len()]);

impl CookieCredentials {
    pub(crate) fn of(&self, purpose: Purpose) -> Option<&Credential> {
        self.all()
            .find_map(|(it, credential)| (it == purpose).then_some(credential))
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (Purpose, &Credential)> {
        let all = Purpose::ALL.into_iter().zip(&self.0);
        all.filter_map(|(purpose, credential)| Some((purpose, credential.as_ref()?)))
    }
}

impl Cookies {
    pub(crate) fn new(secure: bool) -> Self {
        Self { secure }
    }

    fn name(self, purpose: Purpose) -> &'static str {
        let name = secure_name(purpose);
        match self.secure {
            true => name,
            false => name.strip_prefix(HOST_PREFIX).unwrap_or(name),
        }
    }

    fn attributes(self) -> &'static str {
        match self.secure {
            true => "Path=/; Secure; HttpOnly; SameSite=Lax",
            false => "Path=/; HttpOnly; SameSite=Lax",
        }
    }

    /// The credentials in the request's cookies. If several cookies have one name, the first
    /// well-formed one counts, because a browser sends the best match first. Other cookies may
    /// hold any bytes (RFC 6265bis section 5.6).
    pub(crate) fn read(self, headers: &HeaderMap) -> CookieCredentials {
        let mut read = CookieCredentials::default();
        let lines = headers.get_all(header::COOKIE).iter();
        for pair in lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';')) {
            for (purpose, found) in Purpose::ALL.into_iter().zip(&mut read.0) {
                if found.is_none() {
                    *found = value(pair, self.name(purpose)).and_then(Credential::read);
                }
            }
        }
        read
    }

    /// Sets the cookie for this purpose until the browser closes, or for this many seconds.
    pub(crate) fn set(
        self,
        purpose: Purpose,
        credential: &Credential,
        seconds: Option<i64>,
    ) -> Option<HeaderValue> {
        let (name, attributes) = (self.name(purpose), self.attributes());
        let text = credential.text();
        let max_age = seconds.map_or(String::new(), |s| format!("; Max-Age={s}"));
        sensitive(&format!("{name}={}; {attributes}{max_age}", text.expose()))
    }

    /// Removes the cookie for this purpose.
    pub(crate) fn remove(self, purpose: Purpose) -> Option<HeaderValue> {
        let (name, attributes) = (self.name(purpose), self.attributes());
        sensitive(&format!("{name}=; {attributes}; Max-Age=0"))
    }
}

/// The value of a pair, if it has this name.
fn value<'a>(pair: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let value = pair.trim_ascii().strip_prefix(name.as_bytes())?;
    let value = value.trim_ascii_start().strip_prefix(b"=")?;
    Some(value.trim_ascii_start())
}

fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_that_was_set_is_read() {
        let credential = Credential::new(&[7; 48]);
        let every = |secure| Purpose::ALL.map(|purpose| (secure, purpose));
        for (secure, purpose) in [true, false].into_iter().flat_map(every) {
            let cookies = Cookies::new(secure);
            let set = cookies.set(purpose, &credential, Some(5)).unwrap();
            let set = set.to_str().unwrap();
            assert_eq!(set.contains("Secure"), secure);
            assert_eq!(set.starts_with("__Host-"), secure);
            assert!(
                set.ends_with("; HttpOnly; SameSite=Lax; Max-Age=5"),
                "{set}"
            );
            let pair = set.split(';').next().unwrap();
            let around: [(&[u8], &[u8]); 5] = [
                (b"", b""),
                (b"a=b; ", b"; c=d"),
                (b"nick=\xc3\x85sa; ", b""),
                (b"nick=\xc5sa;", b" ;\xff"),
                (b";\x80=\"; =; ;\t", b"\t;"),
            ];
            for (before, after) in around {
                let line = [before, pair.as_bytes(), after].concat();
                let line = HeaderValue::from_bytes(&line).unwrap();
                let headers = HeaderMap::from_iter([(header::COOKIE, line)]);
                let read = cookies.read(&headers);
                let all: Vec<_> = read.all().collect();
                assert!(all == [(purpose, &credential)]);
                assert!(read.of(purpose) == Some(&credential));
            }
        }
    }

    #[test]
    fn foreign_cookies_are_ignored() {
        let cookies = Cookies::new(true);
        let text = Credential::new(&[7; 48]).text();
        for line in [
            String::new(),
            "__Host-switchback".into(),
            "__Host-switchback=short".into(),
            format!("switchback={}", text.expose()),
            format!("x__Host-switchback={}", text.expose()),
            format!("__Host-switchback-={}", text.expose()),
            format!("__Host-switchback-login={}", text.expose()),
            format!("__Host-switchback-identity_verification={}", text.expose()),
            format!("switchback-onboarding={}", text.expose()),
        ] {
            let headers = HeaderMap::from_iter([(header::COOKIE, line.parse().unwrap())]);
            assert!(cookies.read(&headers).all().next().is_none(), "{line}");
        }
    }

    #[test]
    fn every_purpose_has_its_own_cookie() {
        let credentials = [1, 2, 3].map(|n| Credential::new(&[n; 48]));
        for secure in [true, false] {
            let cookies = Cookies::new(secure);
            let all = || Purpose::ALL.into_iter().zip(&credentials);
            let pairs = all().map(|(purpose, credential)| {
                let set = cookies.set(purpose, credential, None).unwrap();
                set.to_str().unwrap().split(';').next().unwrap().to_owned()
            });
            let line = pairs.collect::<Vec<_>>().join("; ");
            let headers = HeaderMap::from_iter([(header::COOKIE, line.parse().unwrap())]);
            let read = cookies.read(&headers);
            assert!(read.all().eq(all()), "{line}");
        }
    }
}
