//! What a client may be configured with, checked before anything is sent.
//!
//! There is no place for a client secret, on purpose. An app is a *public* client
//! (RFC 6749 §2.1, RFC 8252 §8.5): whatever ships inside it can be read by anyone who
//! has a copy, so a secret in an app is a secret of nobody, and an attacker who takes it
//! out can act as the service. A provider that insists on one needs the service's
//! backend between app and provider.

use alloc::borrow::ToOwned as _;
use alloc::string::{String, ToString as _};
use core::fmt;

use fluent_uri::Uri;

use crate::origin::{self, HTTP, HTTPS};
use crate::{Origin, Provider, form, secret};

/// Why a configuration cannot work. Every message says what to change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegistrationError {
    /// The client id is empty.
    #[error("the client id is empty: set the `client_id` that the service was registered with")]
    ClientId,
    /// A URL is none.
    #[error("{which} {uri:?} is not a URI ({why}): write it as scheme://host/path")]
    NotAUri {
        /// Which setting.
        which: Setting,
        /// What was given.
        uri: String,
        /// What the parser says.
        why: String,
    },
    /// The base URL is not https, and not loopback.
    #[error(
        "the base URL {0:?} is not https: use the provider's https address (http is for a \
         sandbox on 127.0.0.1, [::1] or localhost only)"
    )]
    BaseNotHttps(String),
    /// A URL has no host.
    #[error("{which} {uri:?} has no host: write it as https://host/path")]
    NoHost {
        /// Which setting.
        which: Setting,
        /// What was given.
        uri: String,
    },
    /// A URL has a user name in it.
    #[error("{which} {uri:?} has a user name in it: take out everything before the @")]
    UserInfo {
        /// Which setting.
        which: Setting,
        /// What was given.
        uri: String,
    },
    /// A URL has a query.
    #[error("{which} {uri:?} has a query: take out everything from the `?` on")]
    Query {
        /// Which setting.
        which: Setting,
        /// What was given.
        uri: String,
    },
    /// A URL has a fragment.
    #[error("{which} {uri:?} has a fragment: take out everything from the `#` on")]
    Fragment {
        /// Which setting.
        which: Setting,
        /// What was given.
        uri: String,
    },
    /// The redirect URI is not https, and the service is no test service.
    #[error(
        "the redirect URI {0:?} is not https: use a universal link or App Link that the app is \
         associated with, or set `test_service` if the service is registered as a test service"
    )]
    RedirectNotHttps(String),
    /// A backend's URL is not https, and not loopback.
    #[error(
        "{which} {uri:?} is not https: use the backend's https address (http is for 127.0.0.1, \
         [::1] or localhost only)"
    )]
    BackendNotHttps {
        /// Which setting.
        which: Setting,
        /// What was given.
        uri: String,
    },
    /// A URL is not on the origin of the backend's start URL.
    #[error(
        "{which} is not on the backend's own origin, {backend}: the callback and the session go \
         to the backend that began the login, and to nobody else"
    )]
    OtherOrigin {
        /// Which setting.
        which: Setting,
        /// Where it has to be.
        backend: Origin,
    },
    /// The redirect URI has a scheme that browsers run or open themselves.
    #[error("the scheme of the redirect URI {0:?} is not one that an app can own: choose another")]
    RedirectScheme(String),
}

/// The setting that an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The provider's base URL.
    BaseUrl,
    /// The app's redirect URI.
    RedirectUri,
    /// The backend's start URL, or the base URL of a backend of ours.
    StartUrl,
    /// The backend's user info URL.
    UserInfoUrl,
    /// The backend's presentation URL.
    PresentationUrl,
    /// The backend's log-out URL.
    LogOutUrl,
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BaseUrl => "the base URL",
            Self::RedirectUri => "the redirect URI",
            Self::StartUrl => "the backend's start URL",
            Self::UserInfoUrl => "the backend's user info URL",
            Self::PresentationUrl => "the backend's presentation URL",
            Self::LogOutUrl => "the backend's log-out URL",
        })
    }
}

/// A client as it is registered at a provider, checked.
///
/// ```
/// use switchback_protocol::{Provider, Registration, RegistrationError};
///
/// let error = Registration::new(Provider::truid(), "abcdef", "http://example.com/cb", false);
/// assert!(matches!(error, Err(RegistrationError::RedirectNotHttps(_))));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    provider: Provider,
    client_id: String,
    redirect_uri: RedirectUri,
    /// What every authorization request of this client has in common, encoded once.
    authorization_query: String,
}

impl Registration {
    /// Checks provider, client id and redirect URI. `test_service` says that the provider
    /// knows this client as a test service, which may use `http` and custom schemes.
    pub fn new(
        provider: Provider,
        client_id: &str,
        redirect_uri: &str,
        test_service: bool,
    ) -> Result<Self, RegistrationError> {
        check_base_url(provider.base_url())?;
        if client_id.trim().is_empty() {
            return Err(RegistrationError::ClientId);
        }
        let redirect_uri = RedirectUri::new(redirect_uri, test_service)?;
        let mut authorization_query = String::from("?response_type=code");
        form::push(&mut authorization_query, "&", "client_id", client_id);
        form::push(
            &mut authorization_query,
            "&",
            "redirect_uri",
            redirect_uri.as_str(),
        );
        Ok(Self {
            provider,
            client_id: client_id.to_owned(),
            redirect_uri,
            authorization_query,
        })
    }

    /// A short name for this client at this provider, to keep what belongs to it apart
    /// from what belongs to others.
    pub fn namespace(&self) -> String {
        let mut whole = self.provider.base_url().to_owned();
        whole.push('\n');
        whole.push_str(&self.client_id);
        secret::short_hash(&whole)
    }

    /// `?response_type=code&client_id=…&redirect_uri=…` (RFC 6749 §4.1.1).
    pub(crate) fn authorization_query(&self) -> &str {
        &self.authorization_query
    }

    /// The provider.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// The client id.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The redirect URI.
    pub fn redirect_uri(&self) -> &RedirectUri {
        &self.redirect_uri
    }
}

/// Whether a URL of a backend can be asked: https, or http on loopback.
pub(crate) fn check_url(which: Setting, url: &str) -> Result<(), RegistrationError> {
    let uri = parse(which, url)?;
    let shown = || repeatable(url).into();
    if uri.authority().is_some_and(|a| a.has_userinfo()) {
        return Err(RegistrationError::UserInfo {
            which,
            uri: shown(),
        });
    }
    if uri.has_fragment() {
        return Err(RegistrationError::Fragment {
            which,
            uri: shown(),
        });
    }
    if uri.scheme() != HTTPS && !(uri.scheme() == HTTP && is_loopback(&uri)) {
        return Err(RegistrationError::BackendNotHttps {
            which,
            uri: shown(),
        });
    }
    if Origin::of(url).is_none() {
        return Err(RegistrationError::NoHost {
            which,
            uri: shown(),
        });
    }
    Ok(())
}

pub(crate) fn check_base_url(base: &str) -> Result<(), RegistrationError> {
    let which = Setting::BaseUrl;
    let uri = parse(which, base)?;
    check_parts(which, base, &uri)?;
    let scheme = uri.scheme();
    if scheme != HTTPS && !(scheme == HTTP && is_loopback(&uri)) {
        return Err(RegistrationError::BaseNotHttps(base.into()));
    }
    if !has_host(&uri) {
        return Err(RegistrationError::NoHost {
            which,
            uri: base.into(),
        });
    }
    Ok(())
}

/// Schemes that a browser or the system keeps for itself.
const FOREIGN_SCHEMES: [&str; 11] = [
    "about",
    "blob",
    "chrome",
    "content",
    "data",
    "file",
    "ftp",
    "intent",
    "javascript",
    "mailto",
    "ws",
];

/// The redirect URI of an app, checked: https on a host (a universal link or App Link),
/// without query and fragment, since Truid allows nothing to be added to it. Test
/// services may use `http` (loopback, RFC 8252 §7.3) and custom schemes (§7.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUri {
    registered: String,
    /// After RFC 3986 §6.2.2 and §6.2.3: what two spellings of one URI have in common.
    normalized: String,
}

impl RedirectUri {
    /// Checks a redirect URI.
    pub fn new(uri: &str, test_service: bool) -> Result<Self, RegistrationError> {
        let which = Setting::RedirectUri;
        let parsed = parse(which, uri)?;
        check_parts(which, uri, &parsed)?;
        let scheme = parsed.scheme();
        if scheme != HTTPS && !test_service {
            return Err(RegistrationError::RedirectNotHttps(uri.into()));
        }
        if FOREIGN_SCHEMES
            .iter()
            .any(|foreign| scheme.as_str().eq_ignore_ascii_case(foreign))
        {
            return Err(RegistrationError::RedirectScheme(uri.into()));
        }
        if (scheme == HTTPS || scheme == HTTP) && !has_host(&parsed) {
            return Err(RegistrationError::NoHost {
                which,
                uri: uri.into(),
            });
        }
        Ok(Self {
            registered: uri.into(),
            normalized: normalized(&parsed),
        })
    }

    /// Exactly as it is registered: this is what is sent.
    pub fn as_str(&self) -> &str {
        &self.registered
    }

    /// Whether a URL leads here: the same scheme, host, port and path after
    /// normalisation, whatever its query and fragment.
    pub fn leads_here(&self, url: &str) -> bool {
        let end = url.find(['?', '#']).unwrap_or(url.len());
        let address = &url[..end];
        // No spelling of it is that much longer: not worth parsing.
        if address == self.registered {
            return true;
        }
        address.len() <= 16 * self.normalized.len() + 16
            && Uri::parse(address).is_ok_and(|uri| normalized(&uri) == self.normalized)
    }
}

/// RFC 3986 §6.2.2 (case, percent-encoding, dot segments) and §6.2.3 (the default port;
/// with http and https no path is `/`).
fn normalized(uri: &Uri<&str>) -> String {
    let uri = uri.normalize();
    let bare = uri.path().is_empty() && (uri.scheme() == HTTPS || uri.scheme() == HTTP);
    let mut text = uri.into_string();
    if bare {
        text.push('/');
    }
    text
}

fn parse(which: Setting, uri: &str) -> Result<Uri<&str>, RegistrationError> {
    Uri::parse(uri).map_err(|error| RegistrationError::NotAUri {
        which,
        uri: repeatable(uri).into(),
        why: error.to_string(),
    })
}

/// As much of a URL as may be repeated: what stands before an @ may be a password, and
/// what stands behind a ? or # may be the code of a callback that was pasted here.
fn repeatable(text: &str) -> &str {
    let end = text.find(['?', '#']).unwrap_or(text.len());
    text[..end].rsplit('@').next().unwrap_or_default()
}

/// What neither URL may have: a user name, a fragment, a query.
fn check_parts(which: Setting, text: &str, uri: &Uri<&str>) -> Result<(), RegistrationError> {
    let has_userinfo = uri.authority().is_some_and(|a| a.has_userinfo());
    let shown = repeatable(text).to_owned();
    if has_userinfo {
        Err(RegistrationError::UserInfo { which, uri: shown })
    } else if uri.has_fragment() {
        Err(RegistrationError::Fragment { which, uri: shown })
    } else if uri.has_query() {
        Err(RegistrationError::Query { which, uri: shown })
    } else {
        Ok(())
    }
}

fn has_host(uri: &Uri<&str>) -> bool {
    uri.authority().is_some_and(|a| !a.host().is_empty())
}

fn is_loopback(uri: &Uri<&str>) -> bool {
    origin::is_loopback(uri.authority().map_or("", |a| a.host()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn redirect(uri: &str) -> Result<RedirectUri, RegistrationError> {
        RedirectUri::new(uri, false)
    }

    #[test]
    fn a_redirect_uri_is_https_with_a_host_and_nothing_added() {
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
    fn a_password_or_a_code_in_a_url_is_not_repeated() {
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
            "truidtest:///cb",
            "com.example:/cb",
        ] {
            assert!(RedirectUri::new(good, true).is_ok(), "{good}");
            assert!(redirect(good).is_err(), "{good}");
        }
        for bad in ["javascript:alert(1)", "data:text/html,x", "file:///etc/x"] {
            assert!(
                matches!(
                    RedirectUri::new(bad, true),
                    Err(RegistrationError::RedirectScheme(_))
                ),
                "{bad}"
            );
        }
    }

    #[test]
    fn the_base_url_is_https_unless_loopback() {
        let check = |base: &str| {
            Registration::new(Provider::truid().at(base), "c", "https://a.b/cb", false)
        };
        for good in [
            "https://api.truid.app",
            "https://api.truid.app/prefix/",
            "http://127.0.0.1:8080",
            "http://127.1.2.3",
            "http://[::1]:8080",
            "http://localhost:1",
        ] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in [
            "http://api.truid.app",
            "http://127.0.0.1.evil.example",
            "http://localhost.evil.example",
            "ftp://127.0.0.1",
        ] {
            assert!(
                matches!(check(bad), Err(RegistrationError::BaseNotHttps(_))),
                "{bad}"
            );
        }
        assert!(check("https://a.b?x").is_err());
        assert!(check("https://u@a.b").is_err());
        assert!(check("https://").is_err());
        assert!(check("api.truid.app").is_err());
    }

    #[test]
    fn a_client_id_is_needed() {
        for empty in ["", "  "] {
            assert_eq!(
                Registration::new(Provider::truid(), empty, "https://a.b/cb", false),
                Err(RegistrationError::ClientId)
            );
        }
    }

    #[test]
    fn spellings_of_one_uri_are_one() {
        let cb = redirect("https://example.com/cb/%7Euser").unwrap();
        for same in [
            "https://example.com/cb/%7Euser",
            "https://EXAMPLE.com:443/cb/~user?code=1",
            "https://example.com:/x/../cb/%7euser#frag",
            "HTTPS://ex%41mple.com/./cb/~user",
        ] {
            assert!(cb.leads_here(same), "{same}");
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
            assert!(!cb.leads_here(other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn no_url_makes_it_panic(url: String) {
            let cb = redirect("https://example.com/cb").unwrap();
            prop_assert!(!cb.leads_here(&url));
            let _ = RedirectUri::new(&url, true);
        }
    }
}
