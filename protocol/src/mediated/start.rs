//! The start of a login: the request to the backend, and the checks of the URL in its answer.
//!
//! A server that answers in place of the backend could make the app open any URL: a script, another
//! app, a page that imitates the provider's. Therefore the app opens only a URL on the provider's
//! own scheme, host and port, whose `redirect_uri`, if it is visible, is this app's.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Mediation, start_url};
use crate::callback::MAX_URL;
use crate::cookies::Jar;
use crate::http::{AUTHORIZATION, Header, MAX_BODY, Request, Response, secrets_in};
use crate::members::{self, Members};
use crate::redact::redacted;
use crate::rule::Rule;
use crate::status::{self, Meaning, RequestKind};
use crate::time::Time;
use crate::{Environment, OAuthError, Origin, Purpose, RedirectUri, Secret, form};

/// The lifetime of a `request_uri` in seconds, if the backend does not say it: that of the example
/// in RFC 9126 §2.2.
const REQUEST_URI_LIFE: i64 = 60;

/// The longest lifetime of a URL, in seconds: a day. A longer one is cut to it.
const LONGEST_LIFE: i64 = 24 * 3600;

/// A successful answer to a start request.
#[derive(Clone, PartialEq, Eq)]
pub struct Started {
    /// The URL to open.
    pub url: Secret,
    /// The `state` of the callback. `None` if the backend pushed it to the provider (RFC 9126) and
    /// does not return it.
    pub state: Option<Secret>,
    /// The lifetime of the URL in seconds. `None` if there is no limit.
    pub life: Option<i64>,
    /// Whether the URL may be opened only once (RFC 9126 §2.2).
    pub single_use: bool,
}

impl core::fmt::Debug for Started {
    /// Without the URL, which has `state`.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Started")
            .field("life", &self.life)
            .field("single_use", &self.single_use)
            .finish_non_exhaustive()
    }
}

/// Why there is no URL to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotStarted {
    /// The backend cannot answer now.
    Busy {
        /// Seconds to wait, if the backend says so.
        retry_after: Option<u32>,
    },
    /// The backend requires a session, or does not accept that of the request.
    NotLoggedIn,
    /// The backend refuses.
    Refused {
        /// The status.
        status: u16,
        /// The error in the answer, if any.
        error: Option<OAuthError>,
    },
    /// The redirect URI in the URL is not the configured one for this purpose, but may belong to the
    /// service: the configuration may be incomplete.
    RedirectUri {
        /// The redirect URI in the URL, cut after 200 characters.
        named: String,
        /// The configured redirect URI.
        ours: String,
    },
    /// The answer broke a rule.
    Broken(Rule),
}

impl From<Rule> for NotStarted {
    fn from(rule: Rule) -> Self {
        Self::Broken(rule)
    }
}

/// The length to which a redirect URI is cut in an error, in characters.
const MAX_SHOWN_CHARS: usize = 200;

impl Mediation {
    /// The request for the authorization URL. `session` has the headers of the session under which
    /// the login starts, or the cookies of a login that is opened again. `extra` goes into the
    /// query.
    pub fn start(
        &self,
        purpose: Purpose,
        extra: &BTreeMap<String, String>,
        session: impl IntoIterator<Item = Header>,
    ) -> Request {
        let mut url = start_url(&self.provider, &self.backend, purpose);
        for (name, value) in extra {
            form::push_to_url(&mut url, name, value);
        }
        self.ask(url, session)
    }

    /// The start URL for this purpose.
    pub fn start_endpoint(&self, purpose: Purpose) -> String {
        start_url(&self.provider, &self.backend, purpose)
    }

    /// Reads the answer to [`start`](Self::start) and stores its cookies. The backend needs a
    /// cookie with the callback, unless the request had an access token, which the callback will
    /// have too.
    ///
    /// # Errors
    /// There is no URL that the app may open.
    pub fn read_start(
        &self,
        purpose: Purpose,
        asked: &Request,
        response: &Response,
        jar: &mut Jar,
        now: &Time,
    ) -> Result<Started, NotStarted> {
        let sent = secrets_in(&asked.headers);
        let sent: Vec<&Secret> = sent.iter().collect();
        let (meaning, error) = status::read(RequestKind::Start, response, &sent);
        match meaning {
            Meaning::Success => {}
            Meaning::NotProcessed | Meaning::Failed => {
                return Err(NotStarted::Busy {
                    retry_after: response.retry_after(),
                });
            }
            Meaning::NotAuthenticated => return Err(NotStarted::NotLoggedIn),
            Meaning::Refused => {
                let status = response.status;
                return Err(NotStarted::Refused { status, error });
            }
            Meaning::Broken(rule) => return Err(NotStarted::Broken(rule)),
        }
        let started = self
            .check_answer(purpose, response)
            .map_err(|why| match why {
                // The backend's text may repeat secrets of the request.
                NotStarted::RedirectUri { named, ours } => NotStarted::RedirectUri {
                    named: shown(named, &sent),
                    ours,
                },
                other => other,
            })?;
        jar.store_from(&asked.url, response, now);
        let by_token = asked.headers.iter().any(|(name, _)| *name == AUTHORIZATION);
        match jar.header(&self.completion_endpoint(purpose), now) {
            None if !by_token => Err(NotStarted::Broken(Rule::NoCookie)),
            _ => Ok(started),
        }
    }

    fn check_answer(&self, purpose: Purpose, response: &Response) -> Result<Started, NotStarted> {
        if response.body.len() > MAX_BODY {
            return Err(Rule::TooLong.into());
        }
        let body = match response.is_json() {
            true => members::read(&response.body, StartBody::of).unwrap_or_default(),
            false => StartBody::default(),
        };
        let url = response.header("location").or(body.url.as_deref());
        let url = url.ok_or(Rule::NoLocation)?;
        let parameters = self.check_url_to_open(purpose, url)?;
        let state = match (parameters.state, body.state) {
            (Some(parameters), Some(body)) if *parameters != *body => {
                return Err(Rule::LocationState.into());
            }
            (Some(parameters), _) => Some(Secret::from(&*parameters)),
            (None, body) => body.map(Secret::from),
        };
        if state.is_none() && !parameters.is_pushed {
            return Err(Rule::LocationState.into());
        }
        let body_life = body.expires_in.filter(|seconds| *seconds > 0);
        let life = body_life.or(parameters.is_single_use.then_some(REQUEST_URI_LIFE));
        Ok(Started {
            url: url.into(),
            state,
            life: life.map(|seconds| seconds.min(LONGEST_LIFE)),
            single_use: parameters.is_single_use,
        })
    }

    /// Checks that the app may open this URL, and returns its parameters.
    fn check_url_to_open<'a>(
        &self,
        purpose: Purpose,
        url: &'a str,
    ) -> Result<UrlParameters<'a>, NotStarted> {
        if url.len() > MAX_URL || url.contains('#') {
            return Err(Rule::Location.into());
        }
        let origin = Origin::of(url).ok_or(Rule::Location)?;
        if origin != self.provider_origin {
            return Err(Rule::LocationHost.into());
        }
        let (_, query) = url.split_once('?').unwrap_or_default();
        let mut parameters = UrlParameters::default();
        let mut redirect_uri = None;
        for pair in form::read(query) {
            let (name, value) = pair.map_err(|_| Rule::Location)?;
            let slot = match &*name {
                "state" => &mut parameters.state,
                "redirect_uri" => &mut redirect_uri,
                "request_uri" => {
                    (parameters.is_pushed, parameters.is_single_use) = (true, true);
                    continue;
                }
                // A signed request (RFC 9101), whose parameters are not read here.
                "request" => {
                    parameters.is_pushed = true;
                    continue;
                }
                _ => continue,
            };
            // The provider and this app could read different values of a repeated parameter.
            if slot.replace(value).is_some() {
                return Err(Rule::Location.into());
            }
        }
        if parameters.state.as_deref() == Some("") {
            return Err(Rule::LocationState.into());
        }
        let ours = self.redirect_uris.of(purpose);
        match redirect_uri {
            None => Ok(parameters),
            Some(uri) if uri.contains(['?', '#']) => Err(Rule::LocationRedirectUri.into()),
            Some(uri) if ours.matches(&uri) => Ok(parameters),
            // Only this service or an app can own it, so the configuration may be incomplete.
            Some(uri) if self.may_be_configured(&uri) => Err(NotStarted::RedirectUri {
                named: uri.into(),
                ours: ours.as_str().into(),
            }),
            Some(_) => Err(Rule::LocationRedirectUri.into()),
        }
    }

    /// Whether a redirect URI is on the backend's origin, or has a custom scheme.
    fn may_be_configured(&self, uri: &str) -> bool {
        let own_scheme = || {
            let uri = RedirectUri::new(uri, Environment::Test);
            uri.is_ok_and(|uri| uri.custom_scheme_path().is_some())
        };
        Origin::of(uri).as_ref() == Some(&self.origin) || own_scheme()
    }
}

/// A redirect URI of an answer, without these secrets and cut.
fn shown(named: String, sent: &[&Secret]) -> String {
    let sent: Vec<&str> = sent.iter().map(|secret| secret.expose()).collect();
    let named = redacted(named, &sent);
    named.chars().take(MAX_SHOWN_CHARS).collect()
}

/// The checked parameters of an authorization URL.
#[derive(Default)]
struct UrlParameters<'a> {
    state: Option<Cow<'a, str>>,
    is_pushed: bool,
    is_single_use: bool,
}

/// The JSON body of a start answer. Unreadable members count as missing.
#[derive(Default)]
struct StartBody {
    url: Option<String>,
    state: Option<String>,
    expires_in: Option<i64>,
}

impl StartBody {
    fn of(members: &Members<'_>) -> Self {
        let text = |name| members.text(name).ok().map(Cow::into_owned);
        let mut urls = ["location", "url", "authorization_url"].into_iter();
        Self {
            url: urls.find_map(text),
            state: text("state"),
            expires_in: members.seconds("expires_in").ok(),
        }
    }
}
