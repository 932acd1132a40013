//! What is known of each service, one file each. No other file asks which service it is
//! talking to.

pub mod truid;

use alloc::borrow::Cow;
use alloc::string::{String, ToString as _};

use crate::{Purpose, Secret, form};

/// One service: where its endpoints are and how it behaves.
///
/// Make one with [`Provider::truid`], and change what is different with the methods
/// below. Facts that a service does not document carry the mark *guess*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    pub(crate) name: Cow<'static, str>,
    pub(crate) base_url: Cow<'static, str>,
    /// Path of the authorization endpoint for each purpose that the service has.
    pub(crate) authorization: &'static [(Purpose, &'static str)],
    /// Path of the pushed authorization request endpoint (RFC 9126) for each purpose that has
    /// one.
    pub(crate) pushed_authorization: &'static [(Purpose, &'static str)],
    pub(crate) token: &'static str,
    pub(crate) user_info: &'static str,
    pub(crate) presentation: &'static str,
    /// Where a token is revoked (RFC 7009).
    pub(crate) revocation: Option<String>,
    /// Where the person's session at the service is ended (OpenID Connect RP-Initiated
    /// Logout 1.0).
    pub(crate) end_session: Option<String>,
    /// The `iss` that the service promises to send in every callback (RFC 9207 §2.4).
    pub(crate) issuer: Option<String>,
    /// How long an access token lives, in seconds, where the answer does not say.
    pub(crate) access_token_lifetime: i64,
}

impl Provider {
    /// Moves every endpoint to another base URL: a test environment, or a sandbox on
    /// loopback. What it may be is checked when the client is configured.
    pub fn at(mut self, base_url: &str) -> Self {
        self.base_url = base_url.trim_end_matches('/').to_string().into();
        self
    }

    /// Demands that every callback names this issuer (RFC 9207). Without it a callback must
    /// name none: section 2.4 has such an answer discarded, since it may be another
    /// service's.
    pub fn with_issuer(mut self, issuer: &str) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// Where this service revokes tokens (RFC 7009): a path below the base URL. Logging out
    /// then tells the service, and so does whoever drops tokens that came too late.
    pub fn with_revocation(mut self, path: &str) -> Self {
        self.revocation = Some(path.into());
        self
    }

    /// Where this service ends the person's session with itself (OpenID Connect
    /// RP-Initiated Logout 1.0 §2): a path below the base URL.
    pub fn with_end_session(mut self, path: &str) -> Self {
        self.end_session = Some(path.into());
        self
    }

    /// The service's name for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The base URL, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The issuer that every callback must name, where the service promises one.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// Seconds for which an access token lives where the token answer does not say.
    pub fn access_token_lifetime(&self) -> i64 {
        self.access_token_lifetime
    }

    /// The authorization endpoint for a purpose; `None` where the service has no such
    /// function.
    pub fn authorization_endpoint(&self, purpose: Purpose) -> Option<String> {
        Some(self.url(self.authorization_path(purpose)?))
    }

    /// The pushed authorization request endpoint (RFC 9126) for a purpose, where the service
    /// has one.
    pub fn pushed_authorization_endpoint(&self, purpose: Purpose) -> Option<String> {
        let mut all = self.pushed_authorization.iter();
        let (_, path) = all.find(|(p, _)| *p == purpose)?;
        Some(self.url(path))
    }

    pub(crate) fn authorization_path(&self, purpose: Purpose) -> Option<&'static str> {
        let (_, path) = self.authorization.iter().find(|(p, _)| *p == purpose)?;
        Some(path)
    }

    /// The token endpoint.
    pub fn token_endpoint(&self) -> String {
        self.url(self.token)
    }

    /// The user info endpoint (OpenID Connect Core §5.3).
    pub fn user_info_endpoint(&self) -> String {
        self.url(self.user_info)
    }

    /// The presentation endpoint.
    pub fn presentation_endpoint(&self) -> String {
        self.url(self.presentation)
    }

    /// The revocation endpoint (RFC 7009), where the service has one.
    pub fn revocation_endpoint(&self) -> Option<String> {
        Some(self.url(self.revocation.as_deref()?))
    }

    /// The URL that ends the person's session at the service, to be opened in a browser:
    /// `None` where the service has no such thing. The ID token says whose session, and
    /// belongs in no log (OpenID Connect RP-Initiated Logout 1.0 §2).
    pub fn end_session_url(&self, client_id: &str, id_token: Option<&Secret>) -> Option<Secret> {
        let mut url = self.url(self.end_session.as_deref()?);
        form::push(&mut url, "?", "client_id", client_id);
        if let Some(id_token) = id_token {
            form::push(&mut url, "&", "id_token_hint", id_token.expose());
        }
        Some(url.into())
    }

    fn url(&self, path: &str) -> String {
        let mut url = String::with_capacity(self.base_url.len() + path.len());
        url.push_str(&self.base_url);
        url.push_str(path);
        url
    }
}
