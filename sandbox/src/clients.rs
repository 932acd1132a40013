//! The services that are registered, as Truid's service enrolment would have them.

use std::fmt;

use subtle::ConstantTimeEq;
use url::Url;

use crate::apps::SAMPLE_CALLBACK;
use crate::claims::DATA_POINTS;

/// A service as it is registered ("Service Enrollment" in the guide). Every client of the
/// sandbox is a test service, so `http` and custom-scheme redirect URIs are taken.
#[derive(Clone, PartialEq, Eq)]
pub struct RegisteredClient {
    /// The client identifier.
    pub client_id: String,
    /// The name that the person is shown.
    pub name: String,
    /// The client secret of a confidential client. `None` is a public client, which has
    /// to go without: one that sends a secret is refused. Truid documents no public
    /// clients; that a test service may be one is a guess.
    pub secret: Option<String>,
    /// Where the person may be sent back to. A request must name one of these, character
    /// for character. One that begins with a slash is a path on the sandbox itself, at
    /// [`Sandbox::url`](crate::Sandbox::url).
    pub redirect_uris: Vec<String>,
    /// The data points that the service may ask for, as in
    /// `truid.app/data-point/email`.
    pub data_points: Vec<String>,
}

impl RegisteredClient {
    /// The secret of [`RegisteredClient::demo_backend`], which is no secret at all.
    pub const DEMO_BACKEND_SECRET: &str = "demo-backend-secret";

    /// A public client (an app without a backend) with every data point.
    pub fn public(client_id: impl Into<String>, redirect_uri: impl Into<String>) -> Self {
        let client_id = client_id.into();
        RegisteredClient {
            name: client_id.clone(),
            client_id,
            secret: None,
            redirect_uris: vec![redirect_uri.into()],
            data_points: DATA_POINTS.iter().map(|d| d.key.to_owned()).collect(),
        }
    }

    /// A confidential client (a service with a backend) with every data point.
    pub fn confidential(
        client_id: impl Into<String>,
        secret: impl Into<String>,
        redirect_uri: impl Into<String>,
    ) -> Self {
        RegisteredClient {
            secret: Some(secret.into()),
            ..RegisteredClient::public(client_id, redirect_uri)
        }
    }

    /// The public client `demo-app`, "Demo Shop", with the redirect URIs
    /// `https://app.example/truid/callback`, `demoapp:///callback` and `/sample/callback` on
    /// the sandbox.
    pub fn demo_app() -> Self {
        let mut client = RegisteredClient::public("demo-app", "https://app.example/truid/callback");
        client.name = "Demo Shop".into();
        client.redirect_uris.push("demoapp:///callback".into());
        client.redirect_uris.push(SAMPLE_CALLBACK.into());
        client
    }

    /// The confidential client `demo-backend`, "Demo Service", with the secret
    /// [`RegisteredClient::DEMO_BACKEND_SECRET`] and the redirect URI
    /// `https://service.example/truid/complete`.
    pub fn demo_backend() -> Self {
        let mut client = RegisteredClient::confidential(
            "demo-backend",
            Self::DEMO_BACKEND_SECRET,
            "https://service.example/truid/complete",
        );
        client.name = "Demo Service".into();
        client
    }

    /// The first thing that is wrong with this registration.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        let visible = |s: &str| !s.is_empty() && s.bytes().all(|b| matches!(b, 0x20..=0x7e));
        if !visible(&self.client_id) {
            return Err("its client_id is empty or has characters outside printable ASCII");
        }
        if self.secret.as_deref().is_some_and(|s| !visible(s)) {
            return Err("its secret is empty or has characters outside printable ASCII");
        }
        if self.redirect_uris.is_empty() {
            return Err("it has no redirect URI");
        }
        for uri in &self.redirect_uris {
            let whole;
            let uri = match is_path(uri) {
                true => {
                    whole = format!("https://sandbox.invalid{uri}");
                    &whole
                }
                false => uri,
            };
            let clean = uri.bytes().all(|b| matches!(b, 0x21..=0x7e));
            match Url::parse(uri) {
                _ if !clean => return Err("a redirect URI has characters that no URI may have"),
                Err(_) => return Err("a redirect URI is not an absolute URI"),
                Ok(url) if url.query().is_some() || url.fragment().is_some() => {
                    return Err("a redirect URI has a query or a fragment");
                }
                Ok(url) if matches!(url.scheme(), "javascript" | "data" | "file") => {
                    return Err("a redirect URI has a scheme that leads nowhere");
                }
                Ok(_) => {}
            }
        }
        Ok(())
    }

    /// Makes whole URIs of paths on the sandbox, whose base URL this is.
    pub(crate) fn resolve(&mut self, url: &str) {
        for uri in self.redirect_uris.iter_mut().filter(|uri| is_path(uri)) {
            uri.insert_str(0, url);
        }
    }

    /// Whether `secret` is this client's, in a time that does not tell how much of it
    /// was right.
    pub(crate) fn has_secret(&self, secret: &str) -> bool {
        let own = self.secret.as_deref().unwrap_or_default();
        self.secret.is_some() && bool::from(own.as_bytes().ct_eq(secret.as_bytes()))
    }

    /// `Ok` when `given` is registered, character for character; otherwise how it differs
    /// from the nearest one.
    pub(crate) fn check_redirect_uri(&self, given: &str) -> Result<(), &'static str> {
        if self.redirect_uris.iter().any(|uri| uri == given) {
            return Ok(());
        }
        let nearest = self
            .redirect_uris
            .iter()
            .filter_map(|registered| difference(registered, given))
            .min_by_key(|(far, _)| *far);
        Err(nearest.map_or("it is not an absolute URI", |(_, how)| how))
    }
}

/// Whether a redirect URI is a path on the sandbox. Two slashes would begin a host.
fn is_path(uri: &str) -> bool {
    uri.starts_with('/') && !uri.starts_with("//")
}

/// How `given` differs from `registered`, and how far off that is; nothing where `given`
/// is no URI at all.
fn difference(registered: &str, given: &str) -> Option<(u8, &'static str)> {
    if given.strip_suffix('/') == Some(registered) || registered.strip_suffix('/') == Some(given) {
        return Some((
            0,
            "it differs from the registered one by a slash at its end",
        ));
    }
    if given.eq_ignore_ascii_case(registered) {
        return Some((
            1,
            "it differs from the registered one in upper and lower case",
        ));
    }
    let rest = given.strip_prefix(registered);
    if rest.is_some_and(|rest| rest.starts_with('?')) {
        return Some((2, "a query was added to the registered one"));
    }
    if rest.is_some_and(|rest| rest.starts_with('#')) {
        return Some((2, "a fragment was added to the registered one"));
    }
    let (own, url) = (Url::parse(registered).ok()?, Url::parse(given).ok()?);
    if own == url {
        return Some((3, "it means the registered one but is spelt differently"));
    }
    let same_origin = own.scheme() == url.scheme()
        && own.host_str() == url.host_str()
        && own.port_or_known_default() == url.port_or_known_default();
    if same_origin {
        return Some((4, "its path differs from the registered one"));
    }
    let same_host = own.host_str() == url.host_str() && own.path() == url.path();
    if same_host && own.scheme() == url.scheme() {
        return Some((5, "its port differs from the registered one"));
    }
    if same_host {
        return Some((5, "its scheme differs from the registered one"));
    }
    Some((6, "it is not registered for this client"))
}

impl fmt::Debug for RegisteredClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegisteredClient")
            .field("client_id", &self.client_id)
            .field("name", &self.name)
            .field("secret", &self.secret.as_ref().map(|_| "[redacted]"))
            .field("redirect_uris", &self.redirect_uris)
            .field("data_points", &self.data_points)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_miss_is_told_apart() {
        let client = RegisteredClient::demo_app();
        let base = "https://app.example/truid/callback";
        assert_eq!(client.check_redirect_uri(base), Ok(()));
        assert_eq!(client.check_redirect_uri("demoapp:///callback"), Ok(()));
        for (given, part) in [
            ("https://app.example/truid/callback/", "slash"),
            ("https://app.example/truid/Callback", "case"),
            ("HTTPS://app.example/truid/callback", "case"),
            ("https://app.example/truid/callback?a=b", "query"),
            ("https://app.example/truid/callback#x", "fragment"),
            ("https://app.example:443/truid/callback", "spelt"),
            ("https://app.example/truid/./callback", "spelt"),
            ("https://app.example/truid/callback2", "path"),
            ("https://app.example:8443/truid/callback", "port"),
            ("http://app.example/truid/callback", "scheme"),
            ("https://app.example.evil/truid/callback", "not registered"),
            ("/truid/callback", "absolute"),
        ] {
            let how = client.check_redirect_uri(given).unwrap_err();
            assert!(how.contains(part), "{given}: {how}");
        }
    }

    #[test]
    fn a_registration_is_checked() {
        let bad = |uri: &str| RegisteredClient::public("a", uri).check().unwrap_err();
        assert_eq!(RegisteredClient::demo_app().check(), Ok(()));
        assert_eq!(RegisteredClient::demo_backend().check(), Ok(()));
        assert!(bad("https://a.example/?x=1").contains("query"));
        assert!(bad("https://a.example/#x").contains("fragment"));
        assert!(bad("//cb").contains("absolute"));
        assert!(bad("cb").contains("absolute"));
        assert!(bad("/cb?x=1").contains("query"));
        assert!(bad("/c b").contains("characters"));
        assert_eq!(RegisteredClient::public("a", "/cb").check(), Ok(()));
        assert!(bad("https://a.example/ö").contains("characters"));
        assert!(bad("javascript:alert(1)").contains("scheme"));
        assert!(RegisteredClient::public("", "a:b").check().is_err());
        assert!(
            RegisteredClient::confidential("a", "", "a:b")
                .check()
                .is_err()
        );
        let mut none = RegisteredClient::demo_app();
        none.redirect_uris.clear();
        assert!(none.check().is_err());
    }

    #[test]
    fn a_path_is_one_on_the_sandbox() {
        let mut client = RegisteredClient::demo_app();
        client.resolve("https://127.0.0.1:81");
        assert_eq!(
            client.redirect_uris,
            [
                "https://app.example/truid/callback",
                "demoapp:///callback",
                "https://127.0.0.1:81/sample/callback"
            ]
        );
    }

    #[test]
    fn secrets_are_compared_and_never_shown() {
        let client = RegisteredClient::demo_backend();
        assert!(client.has_secret("demo-backend-secret"));
        assert!(!client.has_secret("demo-backend-secre"));
        assert!(!client.has_secret(""));
        assert!(!RegisteredClient::demo_app().has_secret(""));
        assert!(!format!("{client:?}").contains("demo-backend-secret"));
    }
}
