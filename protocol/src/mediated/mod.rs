//! An app whose service has a backend: the backend holds the client secret and the
//! provider's tokens, the app asks it for the URL, forwards the callback to it and keeps its
//! session (RFC 8252 §8.5 says why the secret is there).
//!
//! What the backend answers is not believed beyond that: an app opens what it says, and so
//! it must be the provider's own page, see [`start`].

pub mod complete;
pub mod login_check;
pub mod start;

use alloc::string::{String, ToString as _};

use crate::http::{Header, Method, Request};
use crate::registration::{RegistrationError, Setting, check_provider, check_url};
use crate::{
    Environment, Origin, Provider, Purpose, RedirectUri, RedirectUris, Secret, secret, token,
};

/// In a start URL, where the name of the function goes.
const PURPOSE: &str = "{purpose}";

/// Asks a backend of ours for tokens in place of a cookie.
const SESSION_HEADER: (&str, &str) = ("switchback-session", "token");

/// Where the service's backend is, as an app is configured with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backend {
    start: String,
    /// Below it everything is by convention: it is one of ours.
    base: Option<String>,
    user_info: Option<String>,
    presentation: Option<String>,
    log_out: Option<String>,
}

impl Backend {
    /// Switchback's own backend, below this URL: `https://service.example/truid`. Its session
    /// is a pair of tokens of its own, which are refreshed as a provider's are.
    pub fn switchback(base: &str) -> Self {
        let base = base.trim_end_matches('/');
        let below = |path: &str| [base, "/", path].concat();
        Self {
            start: below(PURPOSE),
            base: Some(base.into()),
            user_info: Some(below("user-info")),
            presentation: Some(below("presentation")),
            log_out: Some(below("log-out")),
        }
    }

    /// A backend that others wrote: it is asked for the authorization URL here. `{purpose}` in
    /// the URL is replaced by the provider's name for the purpose
    /// ([`Provider::purpose_name`]): `https://service.example/truid/{purpose}`. Its session is a
    /// cookie.
    pub fn custom(start_url: &str) -> Self {
        Self {
            start: start_url.into(),
            base: None,
            user_info: None,
            presentation: None,
            log_out: None,
        }
    }

    /// Where this backend answers with OpenID user info.
    pub fn with_user_info(mut self, url: &str) -> Self {
        self.user_info = Some(url.into());
        self
    }

    /// Where this backend answers with a presentation, given `claims=a,b`.
    pub fn with_presentation(mut self, url: &str) -> Self {
        self.presentation = Some(url.into());
        self
    }

    /// Where this backend ends the session, by `POST`.
    pub fn with_log_out(mut self, url: &str) -> Self {
        self.log_out = Some(url.into());
        self
    }
}

/// A backend, and the provider behind it, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mediation {
    provider: Provider,
    provider_origin: Origin,
    backend: Backend,
    origin: Origin,
    redirect_uris: RedirectUris,
    environment: Environment,
}

impl Mediation {
    /// Checks every URL. The callback is forwarded to the redirect URI itself, and so that
    /// must be https and the backend's own. With a [test service](Environment::Test) it may have
    /// a scheme of the app's own: then the callback is forwarded to its path at the backend.
    pub fn new(
        provider: Provider,
        backend: Backend,
        redirect_uri: &str,
        environment: Environment,
    ) -> Result<Self, RegistrationError> {
        check_provider(&provider, environment)?;
        let no_host = |which, uri: &str| RegistrationError::NoHost {
            which,
            uri: uri.into(),
        };
        let provider_origin = Origin::of(provider.base_url())
            .ok_or_else(|| no_host(Setting::BaseUrl, provider.base_url()))?;
        let first = start_url(&provider, &backend, Purpose::Login);
        check_url(Setting::StartUrl, &first, environment)?;
        let origin = Origin::of(&first).ok_or_else(|| no_host(Setting::StartUrl, &first))?;
        let starts = Purpose::ALL.map(|purpose| start_url(&provider, &backend, purpose));
        let starts = starts.iter().map(|url| (Setting::StartUrl, url));
        let others = [
            (Setting::UserInfoUrl, &backend.user_info),
            (Setting::PresentationUrl, &backend.presentation),
            (Setting::LogOutUrl, &backend.log_out),
        ];
        let others = others
            .iter()
            .filter_map(|(which, url)| Some((*which, url.as_ref()?)));
        // Whether it may be http is checked where its callbacks are forwarded to.
        let redirect_uris = RedirectUris::new(redirect_uri, Environment::Test)?;
        let completion = completion(redirect_uris.default_uri(), &origin, environment)?;
        let all = starts
            .chain(others)
            .chain([(Setting::RedirectUri, &completion)]);
        for (which, url) in all {
            check_on(&origin, which, url, environment)?;
        }
        if let Some(base) = &backend.base
            && base.contains('?')
        {
            return Err(RegistrationError::Query {
                which: Setting::StartUrl,
                uri: base.split('?').next().unwrap_or_default().into(),
            });
        }
        Ok(Self {
            provider,
            provider_origin,
            backend,
            origin,
            redirect_uris,
            environment,
        })
    }

    /// Another redirect URI for this purpose, checked as the first.
    ///
    /// # Errors
    /// Where it cannot be one.
    pub fn with_redirect_uri(
        mut self,
        purpose: Purpose,
        uri: &str,
    ) -> Result<Self, RegistrationError> {
        self.redirect_uris.set(purpose, uri)?;
        let (origin, environment) = (&self.origin, self.environment);
        let completion = completion(self.redirect_uris.of(purpose), origin, environment)?;
        check_on(origin, Setting::RedirectUri, &completion, environment)?;
        Ok(self)
    }

    /// A short name, to keep what belongs to this backend apart from what belongs to others.
    pub fn namespace(&self) -> String {
        let session = match self.gives_tokens() {
            true => "tokens",
            false => "cookies",
        };
        let base_url = self.provider.base_url();
        let parts = [base_url, "\n", session, "\n", &self.backend.start];
        secret::short_hash(&parts.concat())
    }

    /// The provider behind it.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// The backend's origin.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The redirect URIs.
    pub fn redirect_uris(&self) -> &RedirectUris {
        &self.redirect_uris
    }

    /// Where the callbacks of a login for this purpose are forwarded to, with their query.
    pub fn completion_endpoint(&self, purpose: Purpose) -> String {
        let redirect_uri = self.redirect_uris.of(purpose);
        // It was checked before.
        completion(redirect_uri, &self.origin, self.environment)
            .unwrap_or_else(|_| redirect_uri.as_str().into())
    }

    /// Whether the backend's session is a pair of tokens.
    pub fn gives_tokens(&self) -> bool {
        self.backend.base.is_some()
    }

    /// Asks for new tokens of the backend's (RFC 6749 §6), where it gives any.
    pub fn refresh(&self, refresh_token: &Secret) -> Option<Request> {
        let base = self.backend.base.as_deref()?;
        let endpoint = [base, "/token"].concat();
        Some(token::refresh(&endpoint, None, refresh_token))
    }

    /// Where user info is, where that is known. A backend of ours has what its provider has.
    pub fn user_info_endpoint(&self) -> Option<&str> {
        let has_it = !self.gives_tokens() || self.provider.facts().user_info.is_some();
        self.backend.user_info.as_deref().filter(|_| has_it)
    }

    /// Where presentations are, where that is known.
    pub fn presentation_endpoint(&self) -> Option<&str> {
        self.backend.presentation.as_deref()
    }

    /// Where the backend is told that somebody logs out, where that is known.
    pub fn log_out_endpoint(&self) -> Option<&str> {
        self.backend.log_out.as_deref()
    }

    /// Tells the backend that somebody logs out: `session` is what belongs to their session.
    pub fn log_out(&self, endpoint: &str, session: impl IntoIterator<Item = Header>) -> Request {
        let mut request = Request::post(endpoint, String::new());
        request.headers.push(by_script());
        request.headers.extend(session);
        request
    }

    /// A request of the app itself, and not of a page in a browser.
    ///
    /// It is sent once: a start leaves something behind at the backend, and a callback is
    /// used up.
    fn ask(&self, url: String, session: impl IntoIterator<Item = Header>) -> Request {
        let mut headers = [("accept", Secret::from("application/json")), by_script()].to_vec();
        if self.gives_tokens() {
            let (name, value) = SESSION_HEADER;
            headers.push((name, value.into()));
        }
        headers.extend(session);
        Request {
            method: Method::Get,
            once: true,
            url,
            headers,
            body: None,
        }
    }
}

/// Where the callbacks of a redirect URI are forwarded to: to itself, and of one with a scheme
/// of the app's own to its path at the backend.
fn completion(
    uri: &RedirectUri,
    backend: &Origin,
    environment: Environment,
) -> Result<String, RegistrationError> {
    match uri.path_behind_own_scheme() {
        None => Ok(uri.as_str().into()),
        Some(_) if environment == Environment::Production => {
            Err(RegistrationError::RedirectNotHttps(uri.as_str().into()))
        }
        Some(path) if path.starts_with('/') => Ok([&backend.to_string(), path].concat()),
        Some(_) => Err(RegistrationError::RedirectPath(uri.as_str().into())),
    }
}

fn check_on(
    backend: &Origin,
    which: Setting,
    url: &str,
    environment: Environment,
) -> Result<(), RegistrationError> {
    check_url(which, url, environment)?;
    match Origin::of(url).as_ref() == Some(backend) {
        true => Ok(()),
        false => Err(RegistrationError::OtherOrigin {
            which,
            backend: backend.clone(),
        }),
    }
}

fn by_script() -> Header {
    ("x-requested-with", "XMLHttpRequest".into())
}

fn start_url(provider: &Provider, backend: &Backend, purpose: Purpose) -> String {
    let name = provider.purpose_name(purpose);
    backend.start.replace(PURPOSE, name)
}

#[cfg(test)]
mod tests;
