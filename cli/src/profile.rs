//! What a login was configured with, so that later commands need no options. None of it
//! is secret.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use switchback::provider::KNOWN;
use switchback::{Backend, Client, Config, LoginRequest, Platform, Provider, Purpose, store};
use switchback_protocol::{Environment, Origin, Registration, RegistrationError};

use crate::args::ServiceArgs;
use crate::exit::Failure;
use crate::format;

/// More redirect URIs of one client than these are forgotten.
const REDIRECT_URIS: usize = 8;

/// One client at one service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Profile {
    version: u32,
    /// The id of the provider. Profiles that were stored before there were several have none.
    #[serde(default = "first_provider")]
    provider: String,
    pub(crate) base_url: String,
    pub(crate) client_id: String,
    /// The last one used comes first: a login that was begun with an earlier one can
    /// still be completed.
    pub(crate) redirect_uris: Vec<String>,
    /// The last one used for each purpose: some services have one for each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    redirect_uri_of: BTreeMap<Purpose, String>,
    pub(crate) test_service: bool,
    pub(crate) issuer: Option<String>,
    #[serde(default)]
    pub(crate) presentation: Option<String>,
    /// Of profiles that were stored before there was [`presentation`](Self::presentation).
    #[serde(default, skip_serializing)]
    presentation_v1: bool,
    /// Earlier profiles call it a function.
    #[serde(alias = "function")]
    pub(crate) purpose: Purpose,
    pub(crate) scope: Vec<String>,
    /// The base of the service's backend, where the app logs in through one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) backend: Option<String>,
}

impl Profile {
    /// The form that is stored now.
    pub(crate) const VERSION: u32 = 1;

    /// A client for tests: of the sandbox.
    pub(crate) fn sandbox(base_url: &str, client_id: &str, redirect_uri: &str) -> Self {
        Self {
            version: Self::VERSION,
            provider: first_provider(),
            base_url: base_url.into(),
            client_id: client_id.into(),
            redirect_uris: vec![redirect_uri.into()],
            redirect_uri_of: BTreeMap::new(),
            test_service: true,
            issuer: None,
            presentation: None,
            presentation_v1: false,
            purpose: Purpose::Login,
            scope: Vec::new(),
            backend: None,
        }
    }

    /// What the options say; without options, what they said the last time, as these profiles
    /// have it.
    pub(crate) fn from_args(args: ServiceArgs, known: Vec<Self>) -> Result<Self, Failure> {
        let Some(client_id) = args.client_id else {
            return Self::remembered(args, known);
        };
        let redirect_uri = args.redirect_uri.ok_or_else(|| {
            Failure::usage("--redirect-uri is missing")
                .next("give the redirect URI exactly as it is registered for this client")
        })?;
        let unknown = || Failure::usage(format!("--provider: {} is not known", args.provider));
        let provider = Provider::named(&args.provider).ok_or_else(unknown)?;
        let base_url = args.base_url.as_deref().unwrap_or(provider.base_url());
        let mut profile = Self {
            provider: provider.id().into(),
            base_url: base_url.trim_end_matches('/').into(),
            test_service: args.test_service,
            issuer: args.issuer,
            presentation: args.presentation,
            purpose: purpose(&provider, args.purpose.as_deref())?.unwrap_or(Purpose::Login),
            scope: scope(&provider, &args.scope)?.unwrap_or_else(|| default_scope(&provider)),
            ..Self::sandbox("", &client_id, &redirect_uri)
        };
        if let Some(other) = known.iter().find(|other| profile.may_be_mixed_up(other)) {
            return Err(Failure::configuration(format!(
                "{} has this redirect URI already, so that its code could be sent to {} \
                 (RFC 9700 section 4.4)",
                format::echoed(&other.base_url),
                format::echoed(&profile.base_url),
            ))
            .next(
                "register another redirect URI with one of them; or give the --issuer of both, where \
                 they name themselves in their callbacks; or keep them apart, with another --home",
            ));
        }
        let earlier = known.into_iter().find(|other| {
            (&other.provider, &other.base_url, &other.client_id)
                == (&profile.provider, &profile.base_url, &profile.client_id)
        });
        if let Some(earlier) = earlier {
            let others = earlier.redirect_uris.into_iter();
            let others = others.filter(|uri| *uri != redirect_uri);
            profile.redirect_uris.extend(others.take(REDIRECT_URIS - 1));
            profile.redirect_uri_of = earlier.redirect_uri_of;
        }
        profile
            .redirect_uri_of
            .insert(profile.purpose, redirect_uri);
        Ok(profile)
    }

    /// Whether a callback could be meant for the other one's service, and nothing in it says so.
    /// A sandbox is nobody's service.
    fn may_be_mixed_up(&self, other: &Self) -> bool {
        let is_service = |profile: &Self| {
            let is_sandbox = Origin::of(&profile.base_url).is_some_and(|at| at.is_loopback());
            profile.backend.is_none() && !is_sandbox
        };
        let shares = |uri: &String| {
            let theirs = other.registration(uri);
            theirs.is_ok_and(|theirs| theirs.redirect_uri().matches(self.redirect_uri()))
        };
        is_service(self)
            && is_service(other)
            && self.base_url != other.base_url
            && !self.provider().is_distinguishable_from(&other.provider())
            && other.redirect_uris.iter().any(shares)
    }

    fn remembered(args: ServiceArgs, known: Vec<Self>) -> Result<Self, Failure> {
        let all = known.len();
        let mut known = known.into_iter();
        let mut profile = match (known.next(), all) {
            (Some(profile), 1) => profile,
            (None, _) => {
                return Err(
                    Failure::usage("--client-id and --redirect-uri are missing").next(
                        "switchback login --help; or try it without a service: switchback demo",
                    ),
                );
            }
            _ => {
                return Err(Failure::usage(format!(
                    "--client-id is missing, and there were logins with {all} clients"
                ))
                .next("say which with --client-id and --redirect-uri"));
            }
        };
        let provider = profile.provider();
        let purpose = purpose(&provider, args.purpose.as_deref())?;
        profile.purpose = purpose.unwrap_or(profile.purpose);
        profile.scope = scope(&provider, &args.scope)?.unwrap_or(profile.scope);
        Ok(profile)
    }

    /// The redirect URI of a new login.
    pub(crate) fn redirect_uri(&self) -> &str {
        let of_purpose = self.redirect_uri_of.get(&self.purpose);
        let uri = of_purpose.or(self.redirect_uris.first());
        uri.map_or("", String::as_str)
    }

    /// The provider as it is configured here.
    pub(crate) fn provider(&self) -> Provider {
        // A profile with another name is not read in the first place.
        let named = Provider::named(&self.provider);
        let mut provider = named.unwrap_or_else(|| Provider::new(KNOWN[0]));
        match &self.presentation {
            Some(path) => provider = provider.with_presentation(path),
            None if self.presentation_v1 => {
                provider = provider.with_presentation("/exchange/v1/presentation");
            }
            None => {}
        }
        if let Some(issuer) = &self.issuer {
            provider = provider.with_issuer(issuer);
        }
        provider.with_base_url(&self.base_url)
    }

    fn config(&self, redirect_uri: &str) -> Config {
        let mut config = match &self.backend {
            Some(base) => {
                Config::mediated(self.provider(), Backend::switchback(base), redirect_uri)
            }
            None => Config::direct(self.provider(), &self.client_id, redirect_uri),
        };
        config.test_service = self.test_service;
        config
    }

    /// A client of this service.
    pub(crate) fn client(&self, platform: Platform) -> Result<Client, Failure> {
        self.client_for(self.redirect_uri(), platform)
    }

    /// A client with one of the redirect URIs.
    pub(crate) fn client_for(&self, uri: &str, platform: Platform) -> Result<Client, Failure> {
        Client::new(self.config(uri), platform).map_err(|error| in_options(error.into()))
    }

    /// Whether a login can be begun with it, before anything is written down.
    pub(crate) async fn check(&self) -> Result<(), Failure> {
        let client = self.client(Platform::new(store::Memory::new()))?;
        client.begin(self.request()).await?;
        Ok(())
    }

    /// What keeps this client's entries apart from others' in a store.
    pub(crate) fn namespace(&self) -> Result<String, Failure> {
        self.registration(self.redirect_uri())
            .map(|registration| registration.namespace())
            .map_err(|error| Failure::configuration(error.to_string()))
    }

    pub(crate) fn registration(&self, uri: &str) -> Result<Registration, RegistrationError> {
        let environment = Environment::from_test_service(self.test_service);
        Registration::new(self.provider(), &self.client_id, uri, environment)
    }

    /// What to ask for.
    pub(crate) fn request(&self) -> LoginRequest {
        // A backend knows by itself what it asks for.
        let own = self.scope.iter().filter(|_| self.backend.is_none());
        LoginRequest::new(self.purpose, own.map(String::as_str))
    }

    /// Whether this is of a form that can be read here.
    pub(crate) fn is_readable(&self) -> bool {
        let mut uris = self.redirect_uris.iter();
        self.version == Self::VERSION
            && Provider::named(&self.provider).is_some()
            && !self.redirect_uris.is_empty()
            && uris.all(|uri| self.registration(uri).is_ok())
    }
}

/// The core names its own settings; here they are options.
fn in_options(mut failure: Failure) -> Failure {
    for (setting, option) in [
        ("`client_id`", "--client-id"),
        ("`test_service`", "--test-service"),
    ] {
        failure.message = failure.message.replace(setting, option);
    }
    failure
}

fn first_provider() -> String {
    KNOWN[0].id.into()
}

/// What a login is for, in our word for it or in the provider's.
pub(crate) fn purpose(provider: &Provider, name: Option<&str>) -> Result<Option<Purpose>, Failure> {
    let Some(name) = name else {
        return Ok(None);
    };
    let purpose = provider.purpose_named(name).map_err(|error| {
        let name = format::echoed(name);
        let known = error.known.join(" or ");
        Failure::usage(format!(
            "--purpose: there is no purpose {name}: use {known}"
        ))
    });
    purpose.map(Some)
}

/// What is asked for where nobody says what.
pub(crate) fn default_scope(provider: &Provider) -> Vec<String> {
    let words = provider.facts().scope.default.iter();
    words.map(|word| (*word).to_owned()).collect()
}

/// Short names become whole words; `all` is every word that is known.
fn scope(provider: &Provider, given: &[String]) -> Result<Option<Vec<String>>, Failure> {
    let known = provider.facts().scope.known;
    match given {
        [] => return Ok(None),
        [one] if one == "all" => {
            return Ok(Some(known.iter().map(|word| (*word).to_owned()).collect()));
        }
        some if some.iter().any(|word| word == "all") => {
            return Err(Failure::usage("--scope all stands alone")
                .next("leave out all, or leave out the others"));
        }
        _ => {}
    }
    let whole = |word: &String| {
        provider.scope_token(word).ok_or_else(|| {
            let word = format::echoed(word);
            let names = known.iter().map(|word| provider.short_scope_token(word));
            let names: Vec<&str> = names.collect();
            Failure::usage(format!("--scope: {word} is not a data point that is known")).next(
                format!("data points are {}, or whole keys", names.join(", ")),
            )
        })
    };
    given.iter().map(whole).collect::<Result<_, _>>().map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written before profiles named their provider, and never changed again.
    #[test]
    fn an_earlier_profile_reads_presentations_where_it_did() {
        let earlier = r#"{"version":1,"base_url":"http://127.0.0.1:1","client_id":"c",
            "redirect_uris":["http://127.0.0.1:2/"],"test_service":true,"issuer":null,
            "presentation_v1":true,"function":"login","scope":[]}"#;
        let read = |json: &str| serde_json::from_str::<Profile>(json).expect("it is a profile");
        let endpoint = |profile: &Profile| profile.provider().presentation_endpoint();
        let v1 = Ok("http://127.0.0.1:1/exchange/v1/presentation".to_owned());
        assert_eq!(endpoint(&read(earlier)), v1);
        let v2 = Ok("http://127.0.0.1:1/exchange/v2/presentation".to_owned());
        assert_eq!(
            endpoint(&read(
                &earlier.replace("true,\"function", "false,\"function")
            )),
            v2
        );
    }
}
