//! The start of a login: the request to the backend, and which of its answers may be opened.
//!
//! Whoever answers in the backend's place could have the app open anything: a script, another
//! app, a page that looks like the provider's. So only one thing is opened, an https URL on
//! the provider's own host and port, and it must lead back to this app.

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
use crate::time::Time;
use crate::{Environment, OAuthError, Origin, Purpose, RedirectUri, Secret, form};

/// For how long a `request_uri` may be opened where the backend does not say, in seconds: as
/// long as in the example of RFC 9126 §2.2.
const REQUEST_URI_LIFE: i64 = 60;

/// A longer life is not believed, in seconds: a day.
const LONGEST_LIFE: i64 = 24 * 3600;

/// A good answer to a start.
#[derive(Clone, PartialEq, Eq)]
pub struct Started {
    /// What to open.
    pub url: Secret,
    /// What the callback will carry. `None` where it cannot be parameters, since it was pushed to
    /// the provider (RFC 9126) and the backend does not say.
    pub state: Option<Secret>,
    /// Seconds for which the URL may be opened, where that is limited.
    pub life: Option<i64>,
    /// Whether it may be opened once only (RFC 9126 §2.2).
    pub single_use: bool,
}

impl core::fmt::Debug for Started {
    /// Without the URL, which holds `state`.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Started")
            .field("life", &self.life)
            .field("single_use", &self.single_use)
            .finish_non_exhaustive()
    }
}

/// Why there is nothing to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotStarted {
    /// The backend cannot now: 429 and every 5xx, 408, 421 and 425.
    Busy {
        /// Seconds to wait, where it says so.
        retry_after: Option<u32>,
    },
    /// It wants to know who asks (401), and the session that asked, where one did, is none.
    NotLoggedIn,
    /// It does not do that: another 4xx, with its own words where there are some.
    Refused {
        /// The status.
        status: u16,
        /// Its words.
        error: Option<OAuthError>,
    },
    /// It begins the login with another redirect URI of its own than this app knows for this
    /// purpose.
    RedirectUri {
        /// The one that it named, as far as it is short.
        named: String,
        /// The one that is known.
        ours: String,
    },
    /// It broke a rule.
    Broken(Rule),
}

impl From<Rule> for NotStarted {
    fn from(rule: Rule) -> Self {
        Self::Broken(rule)
    }
}

/// A longer redirect URI is not repeated, in characters.
const MAX_SHOWN_CHARS: usize = 200;

impl Mediation {
    /// Asks for the authorization URL. `session` is what makes it a login under a session,
    /// or the same login once more; `extra` goes to the backend as it is.
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

    /// Where a login for this purpose is started.
    pub fn start_endpoint(&self, purpose: Purpose) -> String {
        start_url(&self.provider, &self.backend, purpose)
    }

    /// Reads the answer to [`start`](Self::start), and takes its cookies. One must go back
    /// with the callback, unless a session's token will say who comes back.
    pub fn read_start(
        &self,
        purpose: Purpose,
        asked: &Request,
        response: &Response,
        jar: &mut Jar,
        now: &Time,
    ) -> Result<Started, NotStarted> {
        match response.status {
            200 | 202 | 302 | 303 | 307 => {}
            _ if response.was_not_processed() || response.has_failed() => {
                return Err(NotStarted::Busy {
                    retry_after: response.retry_after(),
                });
            }
            401 => return Err(NotStarted::NotLoggedIn),
            status @ 400..=499 => {
                let sent = secrets_in(&asked.headers);
                let error = OAuthError::read(response, &sent.iter().collect::<Vec<_>>());
                return Err(NotStarted::Refused { status, error });
            }
            status @ 300..=399 => return Err(NotStarted::Broken(Rule::Redirect(status))),
            status => return Err(NotStarted::Broken(Rule::Status(status))),
        }
        let started = self
            .check_answer(purpose, response)
            .map_err(|why| match why {
                // It may repeat what was sent, like all that others say.
                NotStarted::RedirectUri { named, ours } => NotStarted::RedirectUri {
                    named: shown(named, &secrets_in(&asked.headers)),
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

    /// Whether the app may open it.
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
                // A signed request, which holds them where nobody looks (RFC 9101).
                "request" => {
                    parameters.is_pushed = true;
                    continue;
                }
                _ => continue,
            };
            // One of two would be the one that the provider reads.
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
            Some(uri) if ours.leads_here(&uri) => Ok(parameters),
            // It leads to nobody else, and so it is a redirect URI that nobody configured here.
            Some(uri) if self.may_be_ours(&uri) => Err(NotStarted::RedirectUri {
                named: uri.into(),
                ours: ours.as_str().into(),
            }),
            Some(_) => Err(Rule::LocationRedirectUri.into()),
        }
    }

    /// Whether a redirect URI is the backend's own, or has a scheme that an app can own.
    fn may_be_ours(&self, uri: &str) -> bool {
        let own_scheme = || {
            let uri = RedirectUri::new(uri, Environment::Test);
            uri.is_ok_and(|uri| uri.path_behind_own_scheme().is_some())
        };
        Origin::of(uri).as_ref() == Some(&self.origin) || own_scheme()
    }
}

/// A redirect URI that somebody named, short and without these secrets.
fn shown(named: String, sent: &[Secret]) -> String {
    let sent: Vec<&str> = sent.iter().map(Secret::expose).collect();
    let named = redacted(named, &sent);
    named.chars().take(MAX_SHOWN_CHARS).collect()
}

/// What can be parameters in an authorization URL.
#[derive(Default)]
struct UrlParameters<'a> {
    state: Option<Cow<'a, str>>,
    is_pushed: bool,
    is_single_use: bool,
}

/// What a backend says beside `Location`, or in its place. What cannot be read was not body.
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
