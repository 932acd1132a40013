//! The service's cookie (RFC 6265; RFC 6265bis for the prefix `__Host-`).

use axum::http::{HeaderMap, HeaderValue, header};

use crate::credential::Credential;

/// The name and the attributes of the cookie.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cookies {
    name: &'static str,
    attributes: &'static str,
}

impl Cookies {
    /// `__Host-` binds the cookie to this host, to https and to the whole site. It requires https,
    /// so that a developer's loopback address without TLS uses another name.
    pub(crate) fn new(secure: bool) -> Self {
        match secure {
            true => Self {
                name: "__Host-switchback",
                attributes: "Path=/; Secure; HttpOnly; SameSite=Lax",
            },
            false => Self {
                name: "switchback",
                attributes: "Path=/; HttpOnly; SameSite=Lax",
            },
        }
    }

    /// The credential in the request's cookie. If several cookies have this name, the first
    /// well-formed one counts, because a browser sends the best match first. Other cookies may
    /// hold any bytes (RFC 6265bis section 5.6).
    pub(crate) fn read(&self, headers: &HeaderMap) -> Option<Credential> {
        let lines = headers.get_all(header::COOKIE).iter();
        lines
            .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
            .filter_map(|pair| {
                let value = pair.trim_ascii().strip_prefix(self.name.as_bytes())?;
                value.trim_ascii_start().strip_prefix(b"=")
            })
            .find_map(|value| Credential::read(value.trim_ascii_start()))
    }

    /// Sets the cookie until the browser closes, or for this many seconds.
    pub(crate) fn set(&self, credential: &Credential, seconds: Option<i64>) -> Option<HeaderValue> {
        let text = credential.text();
        let max_age = seconds.map_or(String::new(), |s| format!("; Max-Age={s}"));
        let cookie = format!(
            "{}={}; {}{max_age}",
            self.name,
            text.expose(),
            self.attributes
        );
        sensitive(&cookie)
    }

    /// Removes the cookie.
    pub(crate) fn remove(&self) -> Option<HeaderValue> {
        sensitive(&format!("{}=; {}; Max-Age=0", self.name, self.attributes))
    }
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
        for secure in [true, false] {
            let cookies = Cookies::new(secure);
            let set = cookies.set(&credential, Some(5)).unwrap();
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
                assert!(cookies.read(&headers) == Some(credential.clone()));
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
        ] {
            let headers = HeaderMap::from_iter([(header::COOKIE, line.parse().unwrap())]);
            assert!(cookies.read(&headers).is_none(), "{line}");
        }
    }
}
