//! The origin of a URL: scheme, host and port (RFC 6454 §4).
//!
//! It decides which server gets the headers of a session, and which page an app may open.
//!
//! Before you change this: compare origins and not the beginnings of URLs. A URL that this parser
//! and a browser understand differently must have no origin.

use alloc::string::{String, ToString as _};
use core::fmt;

use fluent_uri::Uri;
use fluent_uri::component::Scheme;

pub(crate) const HTTPS: &Scheme = Scheme::new_or_panic("https");
pub(crate) const HTTP: &Scheme = Scheme::new_or_panic("http");

/// Scheme, host and port of an http or https URL.
///
/// It is parsed strictly by RFC 3986. A browser is more tolerant: it takes a backslash for a slash
/// and removes tabs and line ends. A URL that only a browser can parse has no origin here, so that
/// this library never opens or sends a URL that a browser understands differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    https: bool,
    host: String,
    port: u16,
}

impl Origin {
    /// The origin of an absolute URL with a host and without a user name.
    ///
    /// ```
    /// use switchback_protocol::Origin;
    /// let origin = Origin::of("https://EXAMPLE.com:443/a?b#c").unwrap();
    /// assert_eq!(origin.to_string(), "https://example.com");
    /// assert_eq!(Origin::of("https://example.com@evil.example/"), None);
    /// assert_eq!(Origin::of("https://evil.example\\@example.com/"), None);
    /// ```
    pub fn of(url: &str) -> Option<Self> {
        let uri = Uri::parse(url).ok()?.normalize();
        let https = uri.scheme() == HTTPS;
        let authority = uri.authority()?;
        if !(https || uri.scheme() == HTTP) || authority.has_userinfo() {
            return None;
        }
        let port = match authority.port().map(|port| port.as_str()) {
            None | Some("") => match https {
                true => 443,
                false => 80,
            },
            Some(port) => port.parse().ok()?,
        };
        let host = authority.host();
        (!host.is_empty()).then(|| Self {
            https,
            host: host.to_string(),
            port,
        })
    }

    /// Whether the host is `127.0.0.0/8`, `[::1]` or `localhost` (RFC 8252 §7.3, RFC 6761 §6.3).
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    /// The host, in lower case.
    pub fn host(&self) -> &str {
        &self.host
    }
}

pub(crate) fn is_loopback(host: &str) -> bool {
    let ipv4 = host.parse::<core::net::Ipv4Addr>();
    ipv4.is_ok_and(|ip| ip.is_loopback())
        || host == "[::1]"
        || host.eq_ignore_ascii_case("localhost")
}

/// Whether a host is loopback or on the local network: private (RFC 1918, RFC 4193), link-local
/// (RFC 3927, RFC 4291 §2.5.6) or `*.local` (RFC 6762).
pub(crate) fn is_local(host: &str) -> bool {
    let ipv4 = host.parse::<core::net::Ipv4Addr>();
    let ipv6 = host.trim_matches(['[', ']']).parse::<core::net::Ipv6Addr>();
    let end = host.len().saturating_sub(".local".len());
    is_loopback(host)
        || ipv4.is_ok_and(|ip| ip.is_private() || ip.is_link_local())
        || ipv6.is_ok_and(|ip| ip.is_unique_local() || ip.is_unicast_link_local())
        || end > 0
            && host
                .get(end..)
                .is_some_and(|end| end.eq_ignore_ascii_case(".local"))
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, usual) = match self.https {
            true => ("https", 443),
            false => ("http", 80),
        };
        write!(f, "{scheme}://{}", self.host)?;
        match self.port == usual {
            true => Ok(()),
            false => write!(f, ":{}", self.port),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equivalent_spellings_have_the_same_origin() {
        let ours = Origin::of("https://api.example").unwrap();
        for same in [
            "https://api.example/",
            "HTTPS://API.EXAMPLE:443/x?y#z",
            "https://api.example:/x",
            "https://%61pi.example",
        ] {
            assert_eq!(Origin::of(same).as_ref(), Some(&ours), "{same}");
        }
    }

    #[test]
    fn private_and_link_local_hosts_are_local() {
        for local in [
            "127.0.0.1",
            "localhost",
            "[::1]",
            "10.0.2.2",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.17",
            "169.254.3.4",
            "[fd00::1]",
            "[fe80::1]",
            "my-mac.local",
            "My-Mac.LOCAL",
        ] {
            assert!(is_local(local), "{local}");
        }
        for public in [
            "",
            "local",
            ".local",
            "mac.local.evil.example",
            "maclocal",
            "10.0.2.2.evil.example",
            "10.0.2",
            "172.32.0.1",
            "192.169.1.1",
            "11.0.0.1",
            "8.8.8.8",
            "[2001:db8::1]",
            "example.com",
        ] {
            assert!(!is_local(public), "{public}");
        }
    }

    #[test]
    fn other_origins_are_not_equal() {
        let ours = Origin::of("https://api.example");
        for other in [
            "http://api.example",
            "https://api.example:444",
            "https://api.example:99999",
            "https://api.example.",
            "https://api.example.evil",
            "https://api.example%2eevil",
            "https://evilapi.example",
            "https://api.example@evil",
            "https://evil@api.example",
            "https://evil#@api.example",
            "https://evil?@api.example",
            "https://evil\\@api.example",
            "https:\\\\api.example",
            "https:/api.example",
            "https:api.example",
            "https:///api.example",
            "//api.example",
            "/x",
            " https://api.example",
            "https://api.example\n",
            "https://api\t.example",
            "https://api.examplé",
            "javascript:alert(1)//https://api.example",
            "intent://api.example#Intent;scheme=https;end",
            "data:text/html,x",
            "",
        ] {
            assert_ne!(Origin::of(other), ours, "{other:?}");
        }
    }
}
