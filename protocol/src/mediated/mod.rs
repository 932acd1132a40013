//! Mediated mode: a login through the service's own backend. The backend has the client secret and
//! the provider's tokens (RFC 8252 §8.5 explains why an app must not have the secret). The app has
//! a session with the backend.
//!
//! | event | request of the app | answer of the backend | module |
//! |---|---|---|---|
//! | login starts | `GET` the start URL | the authorization URL | [`start`] |
//! | callback arrives | `GET` the completion URL with the callback's query | cookies or tokens | [`complete`] |
//! | answer lost, or 403 | `GET` user info or presentation | whether a person is logged in | [`login_check`] |
//! | tokens due | `POST` a refresh token (RFC 6749 §6) | new tokens | [`token`] |
//! | log-out | `POST` the log-out URL | | |
//!
//! The states and transitions are those of [`attempt`](crate::attempt) and [`grant`](crate::grant).
//!
//! Before you change it: an app opens the URL that the backend returns, and a server that answers
//! in place of the backend could return any URL. Therefore [`start`] accepts only a URL on the
//! provider's origin that leads back to this app.

pub mod complete;
pub mod login_check;
pub mod start;

use alloc::string::{String, ToString as _};

use crate::http::{Header, Method, Request};
use crate::registration::{RegistrationError, Setting, check_provider, check_url};
use crate::{
    Environment, Origin, Provider, Purpose, RedirectUri, RedirectUris, Secret, secret, token,
};

/// The part of a start URL that the provider's name for the purpose replaces.
const PURPOSE: &str = "{purpose}";

/// The header that requests tokens in place of a cookie from Switchback's own backend.
const SESSION_HEADER: (&str, &str) = ("switchback-session", "token");

/// The URLs of a service's backend, as an app configures them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backend {
    start: String,
    /// The base URL of Switchback's own backend, whose paths are fixed.
    base: Option<String>,
    user_info: Option<String>,
    presentation: Option<String>,
    log_out: Option<String>,
}

impl Backend {
    /// Switchback's own backend below this URL, such as `https://service.example/truid`. Its
    /// session is a pair of tokens, which are refreshed like a provider's.
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

    /// Another backend, which returns the authorization URL at this URL. `{purpose}` in it is
    /// replaced by the provider's name for the purpose ([`Provider::purpose_name`]), as in
    /// `https://service.example/truid/{purpose}`. Its session is a cookie.
    pub fn custom(start_url: &str) -> Self {
        Self {
            start: start_url.into(),
            base: None,
            user_info: None,
            presentation: None,
            log_out: None,
        }
    }

    /// Sets the URL at which the backend returns OpenID user info.
    pub fn with_user_info(mut self, url: &str) -> Self {
        self.user_info = Some(url.into());
        self
    }

    /// Sets the URL at which the backend returns a presentation for `claims=a,b`.
    pub fn with_presentation(mut self, url: &str) -> Self {
        self.presentation = Some(url.into());
        self
    }

    /// Sets the URL at which the backend ends the session, by `POST`.
    pub fn with_log_out(mut self, url: &str) -> Self {
        self.log_out = Some(url.into());
        self
    }
}

/// A checked configuration: a backend and its provider.
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
    /// Checks every URL. The app forwards a callback to the redirect URI itself, so this must be
    /// https and on the backend's origin. With a [test service](Environment::Test) it may have a
    /// custom scheme: then the app forwards the callback to the same path at the backend.
    ///
    /// # Errors
    /// The first setting that cannot work.
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
        // `completion` below checks whether it may be http.
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

    /// Sets another redirect URI for this purpose, with the same checks.
    ///
    /// # Errors
    /// It cannot be a redirect URI of this backend.
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

    /// A short name for the entries of this backend in a store.
    pub fn namespace(&self) -> String {
        let session = match self.has_token_session() {
            true => "tokens",
            false => "cookies",
        };
        let base_url = self.provider.base_url();
        let parts = [base_url, "\n", session, "\n", &self.backend.start];
        secret::short_hash(&parts.concat())
    }

    /// The provider.
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

    /// The URL, without query, to which callbacks for this purpose are forwarded.
    pub fn completion_endpoint(&self, purpose: Purpose) -> String {
        let redirect_uri = self.redirect_uris.of(purpose);
        // `new` has checked it.
        completion(redirect_uri, &self.origin, self.environment)
            .unwrap_or_else(|_| redirect_uri.as_str().into())
    }

    /// Whether the backend's session is a pair of tokens. Otherwise it is a cookie.
    pub fn has_token_session(&self) -> bool {
        self.backend.base.is_some()
    }

    /// The request for new tokens of the backend (RFC 6749 §6). `None` if its session is a cookie.
    pub fn refresh(&self, refresh_token: &Secret) -> Option<Request> {
        let base = self.backend.base.as_deref()?;
        let endpoint = [base, "/token"].concat();
        Some(token::refresh(&endpoint, None, refresh_token))
    }

    /// The user info URL, if any. Switchback's own backend has it if its provider has it.
    pub fn user_info_endpoint(&self) -> Option<&str> {
        let is_offered = !self.has_token_session() || self.provider.facts().user_info.is_some();
        self.backend.user_info.as_deref().filter(|_| is_offered)
    }

    /// The presentation URL, if any.
    pub fn presentation_endpoint(&self) -> Option<&str> {
        self.backend.presentation.as_deref()
    }

    /// The log-out URL, if any.
    pub fn log_out_endpoint(&self) -> Option<&str> {
        self.backend.log_out.as_deref()
    }

    /// The request that ends the session. `session` has the session's headers.
    pub fn log_out(&self, endpoint: &str, session: impl IntoIterator<Item = Header>) -> Request {
        let mut request = Request::post(endpoint, String::new());
        request.headers.push(by_script());
        request.headers.extend(session);
        request
    }

    /// A request of the app itself, not of a page in a browser. It must be sent once, because a
    /// start creates a login at the backend, and a callback is single use.
    fn ask(&self, url: String, session: impl IntoIterator<Item = Header>) -> Request {
        let mut headers = [("accept", Secret::from("application/json")), by_script()].to_vec();
        if self.has_token_session() {
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

/// The URL to which callbacks of a redirect URI are forwarded: the redirect URI itself, or for
/// a custom scheme the same path at the backend.
fn completion(
    uri: &RedirectUri,
    backend: &Origin,
    environment: Environment,
) -> Result<String, RegistrationError> {
    match uri.custom_scheme_path() {
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
