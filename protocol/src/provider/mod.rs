//! The facts about each service, in one file for each. No other file of this crate depends on
//! a specific service.
//!
//! [`Facts`] describe a service as plain data. To add a service, write a file beside `truid` and
//! a line in [`KNOWN`]; `docs/how-to/add-a-provider.md` says what to write. A service that only one program
//! uses can be described in that program and passed to [`Provider::new`].

mod answers;
mod facts;
mod names;
pub mod truid;

use alloc::borrow::{Cow, ToOwned as _};
use alloc::string::String;
use core::fmt;

pub use facts::{
    ClaimFacts, ErrorFacts, Facts, FrameFacts, PurposeFacts, Resource, Retention, ScopeFacts,
    SigningFacts,
};
pub use names::UnknownPurpose;

use crate::signature::SignRequest;
use crate::{Purpose, Secret, form};

/// Every service of this crate. The first is the default in settings and on the command line.
///
/// An app in Rust uses the function of its service ([`Provider::truid`]), so the compiler can drop
/// the others. The libraries for Kotlin and Swift look a service up here, and have all of them.
pub static KNOWN: &[&Facts] = &[&truid::FACTS];

/// One service: its facts and its configuration.
///
/// Start from [`Provider::truid`], or from [`Provider::new`] with your own description, and
/// configure it with the methods below.
#[derive(Clone)]
pub struct Provider {
    facts: &'static Facts,
    base_url: Cow<'static, str>,
    presentation: Option<Cow<'static, str>>,
    revocation: Option<Cow<'static, str>>,
    end_session: Option<Cow<'static, str>>,
    issuer: Option<String>,
}

/// The service does not have this endpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{provider} has no {endpoint} endpoint: do not request it for logins with {provider}")]
pub struct NoEndpoint {
    /// The service's name.
    pub provider: &'static str,
    /// The endpoint's name.
    pub endpoint: &'static str,
}

impl Provider {
    /// A service with this description.
    pub const fn new(facts: &'static Facts) -> Self {
        Self {
            facts,
            base_url: Cow::Borrowed(facts.base_url),
            presentation: match &facts.presentation {
                Some(presentation) => Some(Cow::Borrowed(presentation.path)),
                None => None,
            },
            revocation: borrowed(facts.revocation),
            end_session: borrowed(facts.end_session),
            issuer: None,
        }
    }

    /// The service in [`KNOWN`] with this [`id`](Self::id).
    pub fn named(id: &str) -> Option<Self> {
        let known = KNOWN.iter().find(|facts| facts.id == id)?;
        Some(Self::new(known))
    }

    /// Sets another base URL for every endpoint: that of a test environment, or of a sandbox on
    /// loopback. The configuration of the client checks it.
    pub fn with_base_url(mut self, base_url: &str) -> Self {
        self.base_url = base_url.trim_end_matches('/').to_owned().into();
        self
    }

    /// Requires that every callback names this issuer (RFC 9207). Without it, a callback may name
    /// no issuer or one on the service's own host. A callback with another issuer may come from
    /// another service (section 2.4): its code is not sent until an issuer is configured.
    pub fn with_issuer(mut self, issuer: &str) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// Sets another path for presentations, such as that of an earlier API version, if the service
    /// has presentations.
    pub fn with_presentation(mut self, path: &str) -> Self {
        self.presentation = Some(path.to_owned().into());
        self
    }

    /// Sets the path of the revocation endpoint (RFC 7009), below the base URL. This library then
    /// revokes the tokens of a session that is logged out, and tokens that arrive too late.
    pub fn with_revocation(mut self, path: &str) -> Self {
        self.revocation = Some(path.to_owned().into());
        self
    }

    /// Sets the path that ends the person's session at the service (OpenID Connect RP-Initiated
    /// Logout 1.0 §2), below the base URL.
    pub fn with_end_session(mut self, path: &str) -> Self {
        self.end_session = Some(path.to_owned().into());
        self
    }

    /// The parameters of the authorization request that ask for a signature. Empty if the service
    /// has no signatures.
    pub(crate) fn signing_parameters(
        &self,
        request: &SignRequest,
    ) -> impl Iterator<Item = (String, String)> + use<> {
        let signing = self.facts.signing.as_ref();
        let parameters = signing.map(|facts| (facts.parameters)(request));
        let parameters = parameters.into_iter().flatten();
        parameters.map(|(name, value)| (name.to_owned(), value))
    }

    /// The description of the service, without configuration.
    pub fn facts(&self) -> &'static Facts {
        self.facts
    }

    /// The service's stable name for programs.
    pub fn id(&self) -> &'static str {
        self.facts.id
    }

    /// The service's name for people.
    pub fn name(&self) -> &'static str {
        self.facts.name
    }

    /// The base URL, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The configured issuer, which every callback must name.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// Whether both services have an issuer and the issuers differ, so that a callback says which
    /// of the two it comes from (RFC 9207 §2.4).
    pub fn is_distinguishable_from(&self, other: &Self) -> bool {
        let issuers = (self.issuer(), other.issuer());
        matches!(issuers, (Some(ours), Some(theirs)) if ours != theirs)
    }

    /// The lifetime of an access token in seconds, if the token answer does not say it.
    pub fn access_token_lifetime(&self) -> i64 {
        self.facts.access_token_lifetime
    }

    /// The authorization endpoint for a purpose. `None` if the service does not offer the purpose.
    pub fn authorization_endpoint(&self, purpose: Purpose) -> Option<String> {
        Some(self.url(self.authorization_path(purpose)?))
    }

    /// The pushed authorization request endpoint (RFC 9126) for a purpose, if any.
    pub fn pushed_authorization_endpoint(&self, purpose: Purpose) -> Option<String> {
        Some(self.url(self.purpose(purpose)?.pushed_authorization?))
    }

    pub(crate) fn authorization_path(&self, purpose: Purpose) -> Option<&'static str> {
        Some(self.purpose(purpose)?.authorization)
    }

    /// The token endpoint.
    pub fn token_endpoint(&self) -> String {
        self.url(self.facts.token)
    }

    /// The user info endpoint (OpenID Connect Core §5.3).
    ///
    /// # Errors
    /// The service has none.
    pub fn user_info_endpoint(&self) -> Result<String, NoEndpoint> {
        let user_info = self.facts.user_info.as_ref();
        let user_info = user_info.ok_or_else(|| self.lacks("user info"))?;
        Ok(self.url(user_info.path))
    }

    /// The presentation endpoint.
    ///
    /// # Errors
    /// The service has none.
    pub fn presentation_endpoint(&self) -> Result<String, NoEndpoint> {
        match (&self.facts.presentation, &self.presentation) {
            (Some(_), Some(path)) => Ok(self.url(path)),
            _ => Err(self.lacks("presentation")),
        }
    }

    /// The endpoint that returns the signature of a login with
    /// [`Purpose::Signing`].
    ///
    /// # Errors
    /// The service has none.
    pub fn signature_endpoint(&self) -> Result<String, NoEndpoint> {
        let signing = self.facts.signing.as_ref();
        let signing = signing.ok_or_else(|| self.lacks("signature"))?;
        Ok(self.url(signing.signature))
    }

    /// The revocation endpoint (RFC 7009), if any.
    pub fn revocation_endpoint(&self) -> Option<String> {
        Some(self.url(self.revocation.as_deref()?))
    }

    /// The URL that ends the person's session at the service (OpenID Connect RP-Initiated Logout
    /// 1.0 §2). Open it in a browser, and do not log it: it has the ID token. `None` if the service
    /// has no such endpoint.
    pub fn end_session_url(&self, client_id: &str, id_token: Option<&Secret>) -> Option<Secret> {
        let mut url = self.url(self.end_session.as_deref()?);
        form::push(&mut url, "?", "client_id", client_id);
        if let Some(id_token) = id_token {
            form::push(&mut url, "&", "id_token_hint", id_token.expose());
        }
        Some(url.into())
    }

    /// The name and the configured path of every endpoint.
    pub(crate) fn paths(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let facts = self.facts;
        let purposes = facts.purposes.iter().flat_map(|purpose| {
            let pushed = purpose.pushed_authorization;
            let pushed = pushed.map(|path| ("pushed authorization request", path));
            [("authorization", purpose.authorization)]
                .into_iter()
                .chain(pushed)
        });
        let user_info = facts.user_info.as_ref().map(|user_info| user_info.path);
        let others = [
            ("token", Some(facts.token)),
            ("user info", user_info),
            ("presentation", self.presentation.as_deref()),
            (
                "signature",
                facts.signing.as_ref().map(|facts| facts.signature),
            ),
            ("revocation", self.revocation.as_deref()),
            ("end-session", self.end_session.as_deref()),
        ];
        let others = others
            .into_iter()
            .filter_map(|(name, path)| Some((name, path?)));
        purposes.chain(others)
    }

    fn lacks(&self, endpoint: &'static str) -> NoEndpoint {
        NoEndpoint {
            provider: self.facts.name,
            endpoint,
        }
    }

    fn url(&self, path: &str) -> String {
        let mut url = String::with_capacity(self.base_url.len() + path.len());
        url.push_str(&self.base_url);
        url.push_str(path);
        url
    }
}

const fn borrowed(path: Option<&'static str>) -> Option<Cow<'static, str>> {
    match path {
        Some(path) => Some(Cow::Borrowed(path)),
        None => None,
    }
}

/// Equal: the same service id and the same configuration.
impl PartialEq for Provider {
    fn eq(&self, other: &Self) -> bool {
        self.facts.id == other.facts.id
            && self.base_url == other.base_url
            && self.presentation == other.presentation
            && self.revocation == other.revocation
            && self.end_session == other.end_session
            && self.issuer == other.issuer
    }
}

impl Eq for Provider {}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider")
            .field("id", &self.facts.id)
            .field("base_url", &self.base_url)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
