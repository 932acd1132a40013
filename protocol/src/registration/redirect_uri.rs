//! The redirect URI of an app (RFC 6749 §3.1.2, RFC 8252 §7), and whether a URL matches it.
//!
//! Before you change this: the provider compares the registered spelling character by character, so
//! that spelling is sent unchanged. The link that comes back went through a browser and an
//! operating system, which normalize it, so it is compared in normal form.

use alloc::string::String;

use fluent_uri::Uri;

use super::check::{check_parts, has_host, parse};
use super::{Environment, RegistrationError, Setting, scheme};
use crate::origin::{HTTP, HTTPS};

/// The checked redirect URI of an app: https with a host (a universal link or App Link), without
/// query and fragment, because services compare it character by character. Dot segments and invalid
/// ports are refused, because a callback URL does not have them. A [test
/// service](Environment::Test) may use `http` (loopback, RFC 8252 §7.3) and custom schemes (§7.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUri {
    registered: String,
    /// Normalized by RFC 3986 §6.2.2 and §6.2.3, for comparison.
    normalized: String,
}

impl RedirectUri {
    /// Checks a redirect URI.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn new(uri: &str, environment: Environment) -> Result<Self, RegistrationError> {
        let which = Setting::RedirectUri;
        let parsed = parse(which, uri)?;
        check_parts(which, uri, &parsed)?;
        let scheme = parsed.scheme();
        if scheme != HTTPS && environment == Environment::Production {
            return Err(RegistrationError::RedirectNotHttps(uri.into()));
        }
        if scheme::is_reserved(scheme.as_str()) {
            return Err(RegistrationError::RedirectScheme(uri.into()));
        }
        if (scheme == HTTPS || scheme == HTTP) && !has_host(&parsed) {
            return Err(RegistrationError::NoHost {
                which,
                uri: uri.into(),
            });
        }
        if has_dot_segments(parsed.path().as_str()) {
            return Err(RegistrationError::RedirectDots(uri.into()));
        }
        Ok(Self {
            registered: uri.into(),
            normalized: normalized(&parsed),
        })
    }

    /// The registered spelling, which requests send.
    pub fn as_str(&self) -> &str {
        &self.registered
    }

    /// Its path, if it has a custom scheme.
    pub(crate) fn custom_scheme_path(&self) -> Option<&str> {
        let uri = Uri::parse(self.registered.as_str()).ok()?;
        (uri.scheme() != HTTPS && uri.scheme() != HTTP).then(|| uri.path().as_str())
    }

    /// Whether a URL leads to this redirect URI: after normalization it has the same scheme, host,
    /// port and path. Its query and fragment do not count.
    pub fn matches(&self, url: &str) -> bool {
        let end = url.find(['?', '#']).unwrap_or(url.len());
        let address = &url[..end];
        // No equivalent spelling is much longer, so a longer URL is not parsed.
        if address == self.registered {
            return true;
        }
        address.len() <= 16 * self.normalized.len() + 16
            && Uri::parse(address).is_ok_and(|uri| normalized(&uri) == self.normalized)
    }
}

/// Normalizes by RFC 3986 §6.2.2 (case, percent-encoding, dot segments) and §6.2.3 (the default
/// port; after an authority, an empty path becomes `/`).
fn normalized(uri: &Uri<&str>) -> String {
    let uri = uri.normalize();
    let bare = uri.path().is_empty() && uri.has_authority();
    let mut text = uri.into_string();
    if bare {
        text.push('/');
    }
    text
}

/// Whether a path has a `.` or `..` segment (RFC 3986 §3.3). Browsers remove them, but a service
/// that compares the URI character by character does not.
fn has_dot_segments(path: &str) -> bool {
    let path = path.to_ascii_lowercase().replace("%2e", ".");
    path.split('/').any(|segment| matches!(segment, "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;
    use proptest::prelude::*;

    fn redirect(uri: &str) -> Result<RedirectUri, RegistrationError> {
        RedirectUri::new(uri, Environment::Production)
    }

    #[test]
    fn a_redirect_uri_is_https_without_query_or_fragment() {
        use RegistrationError as E;
        assert!(redirect("https://example.com/cb").is_ok());
        assert!(redirect("HTTPS://example.com").is_ok());
        assert!(matches!(
            redirect("http://a.b/cb"),
            Err(E::RedirectNotHttps(_))
        ));
        assert!(matches!(
            redirect("myapp:///cb"),
            Err(E::RedirectNotHttps(_))
        ));
        assert!(matches!(
            redirect("https://a.b/cb?x=1"),
            Err(E::Query { .. })
        ));
        assert!(matches!(redirect("https://a.b/cb?"), Err(E::Query { .. })));
        assert!(matches!(
            redirect("https://a.b/cb#x"),
            Err(E::Fragment { .. })
        ));
        assert!(matches!(redirect("https:///cb"), Err(E::NoHost { .. })));
        assert!(matches!(redirect("https:cb"), Err(E::NoHost { .. })));
        assert!(matches!(redirect("/cb"), Err(E::NotAUri { .. })));
        assert!(matches!(
            redirect("https://a.b/c b"),
            Err(E::NotAUri { .. })
        ));
        assert!(matches!(redirect(""), Err(E::NotAUri { .. })));
    }

    #[test]
    fn errors_do_not_repeat_passwords_or_codes() {
        for uri in [
            "https://me:hunter2@a.b/cb",
            "https://me:hunter2@a.b/cb?x=1",
            "https://me:hunter2@a.b/cb#x",
            "https://me:hunter2@a.b/c b",
            "https://a.b/cb?code=hunter2",
            "https://a.b/cb#code=hunter2",
            "https://a.b/c b?code=hunter2",
            "https:///cb?code=hunter2",
            "http://a.b/cb?code=hunter2@x",
        ] {
            let error = redirect(uri).unwrap_err();
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_test_service_may_use_http_and_custom_schemes() {
        for good in [
            "http://127.0.0.1:4711/cb",
            "servicetest:///cb",
            "com.example:/cb",
        ] {
            assert!(RedirectUri::new(good, Environment::Test).is_ok(), "{good}");
            assert!(redirect(good).is_err(), "{good}");
        }
        for scheme in [
            "javascript",
            "JavaScript",
            "data",
            "file",
            "tel",
            "sms",
            "mailto",
            "market",
            "itms-apps",
            "itms-appss",
            "itms-services",
            "vbscript",
            "view-source",
            "jar",
            "chrome-extension",
            "ms-settings",
            "android-app",
            "intent",
            "wss",
            "facetime",
            "x-apple.systempreferences",
        ] {
            for rest in [":x", ":///x", "://x/y"] {
                let bad = [scheme, rest].concat();
                let error = RedirectUri::new(&bad, Environment::Test);
                assert!(
                    matches!(error, Err(RegistrationError::RedirectScheme(_))),
                    "{bad}"
                );
            }
        }
        // These only have a common beginning with a reserved scheme.
        for good in ["telia:///cb", "market-place:/cb", "jars:/cb", "smsapp://cb"] {
            assert!(RedirectUri::new(good, Environment::Test).is_ok(), "{good}");
        }
    }

    #[test]
    fn equivalent_spellings_of_a_redirect_uri_match() {
        let cb = redirect("https://example.com/cb/%7Euser").unwrap();
        for same in [
            "https://example.com/cb/%7Euser",
            "https://EXAMPLE.com:443/cb/~user?code=1",
            "https://example.com:/x/../cb/%7euser#frag",
            "HTTPS://ex%41mple.com/./cb/~user",
        ] {
            assert!(cb.matches(same), "{same}");
        }
        for other in [
            "http://example.com/cb/~user",
            "https://example.com.evil/cb/~user",
            "https://example.com:444/cb/~user",
            "https://example.com/CB/~user",
            "https://example.com/cb/~user/",
            "https://example.com@evil.example/cb/~user",
            "https://me@example.com/cb/~user",
            "https://example.com\\\\@evil.example/cb/~user",
            "https://example.com/cb%2F~user",
            " https://example.com/cb/~user",
            "",
        ] {
            assert!(!cb.matches(other), "{other}");
        }
    }

    #[test]
    fn an_empty_path_equals_a_slash_after_an_authority() {
        let own = |uri| RedirectUri::new(uri, Environment::Test).unwrap();
        for (one, other) in [
            ("app://host", "app://host/"),
            ("app://host", "APP://HOST?code=1"),
            ("app://host:", "app://host/"),
            ("app://", "app:///"),
            ("https://example.com", "https://example.com/"),
        ] {
            assert!(own(one).matches(other), "{one} {other}");
            assert!(own(other.split('?').next().unwrap()).matches(one));
        }
        for (one, other) in [
            ("app://host", "app://host//"),
            ("app://host", "app:host"),
            ("app://host", "app://host/x"),
            ("app:/cb", "app:cb"),
            ("app:cb", "app:cb/"),
        ] {
            assert!(!own(one).matches(other), "{one} {other}");
        }
    }

    #[test]
    fn dot_segments_and_bad_ports_are_refused() {
        use RegistrationError as E;
        for uri in [
            "https://a.b/x/../cb",
            "https://a.b/./cb",
            "https://a.b/..",
            "https://a.b/x/.",
            "https://a.b/x/%2e%2E/cb",
            "https://a.b/%2E/cb",
        ] {
            assert!(matches!(redirect(uri), Err(E::RedirectDots(_))), "{uri}");
        }
        assert!(RedirectUri::new("app:/../cb", Environment::Test).is_err());
        for good in [
            "https://a.b/..cb",
            "https://a.b/.well-known/cb",
            "https://a.b/c..b",
        ] {
            assert!(redirect(good).is_ok(), "{good}");
        }
        for port in ["0", "00", "65536", "99999", "123456789012345678901", "0443"] {
            let uri = ["https://a.b:", port, "/cb"].concat();
            assert!(matches!(redirect(&uri), Err(E::Port { .. })), "{uri}");
        }
        for good in [
            "https://a.b:1/cb",
            "https://a.b:65535/cb",
            "https://a.b:/cb",
        ] {
            assert!(redirect(good).is_ok(), "{good}");
        }
    }

    proptest! {
        #[test]
        fn no_url_makes_the_check_panic(url: String) {
            let cb = redirect("https://example.com/cb").unwrap();
            prop_assert!(!cb.matches(&url));
            let _ = RedirectUri::new(&url, Environment::Test);
        }
    }
}
