//! The configuration of a login, stored so that later commands need no options. It contains no
//! secret.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use switchback::provider::KNOWN;
use switchback::{Backend, Client, Config, LoginRequest, Platform, Provider, Purpose, store};
use switchback_protocol::{Environment, Origin, Registration, RegistrationError};

use crate::args::{PurposeArgs, ServiceArgs};
use crate::exit::Failure;
use crate::format;

/// How many redirect URIs of one client a profile stores: the last ones used.
const REDIRECT_URIS: usize = 8;

/// One client at one provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Profile {
    version: u32,
    /// The provider's id. Profiles from before there were several providers have none.
    #[serde(default = "first_provider")]
    provider: String,
    pub(crate) base_url: String,
    pub(crate) client_id: String,
    /// The last one used comes first. The earlier ones stay, so that their logins can still be
    /// completed.
    pub(crate) redirect_uris: Vec<String>,
    /// The last one used for each purpose: a client can have one for each purpose.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    redirect_uri_of: BTreeMap<Purpose, String>,
    pub(crate) test_service: bool,
    pub(crate) issuer: Option<String>,
    #[serde(default)]
    pub(crate) presentation: Option<String>,
    /// In profiles from before [`presentation`](Self::presentation).
    #[serde(default, skip_serializing)]
    presentation_v1: bool,
    /// Earlier profiles name it `function`.
    #[serde(alias = "function")]
    pub(crate) purpose: Purpose,
    pub(crate) scope: Vec<String>,
    /// The base URL of the service's backend, in mediated mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) backend: Option<String>,
}

impl Profile {
    /// The version of the stored format.
    pub(crate) const VERSION: u32 = 1;

    /// A client of a sandbox.
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

    /// The profile of these options; without options, the known profile of the last login.
    pub(crate) fn of_login(
        args: ServiceArgs,
        given: PurposeArgs,
        known: Vec<Self>,
    ) -> Result<Self, Failure> {
        let profile = Self::from_args(args, given.purpose.as_deref(), known)?;
        match profile.purpose != Purpose::Signing {
            true => Ok(profile),
            false => Err(Failure::usage("--purpose: a signing needs a document")
                .next("switchback sign FILE --message TEXT")),
        }
    }

    /// The profile of these options for a signing.
    pub(crate) fn of_signing(args: ServiceArgs, known: Vec<Self>) -> Result<Self, Failure> {
        Self::from_args(args, Some(Purpose::Signing.as_str()), known)
    }

    /// The profile to store for a later `switchback login`, which is for this purpose.
    pub(crate) fn with_purpose(&self, purpose: Purpose) -> Self {
        Self {
            purpose,
            ..self.clone()
        }
    }

    fn from_args(
        args: ServiceArgs,
        given: Option<&str>,
        known: Vec<Self>,
    ) -> Result<Self, Failure> {
        let Some(client_id) = args.client_id else {
            return Self::remembered(args, given, known);
        };
        let redirect_uri = args.redirect_uri.ok_or_else(|| {
            Failure::usage("--redirect-uri is missing")
                .next("write the redirect URI exactly as it is registered for this client")
        })?;
        let unknown = || {
            Failure::usage(format!(
                "--provider: there is no provider {}",
                args.provider
            ))
        };
        let provider = Provider::named(&args.provider).ok_or_else(unknown)?;
        let base_url = args.base_url.as_deref().unwrap_or(provider.base_url());
        let mut profile = Self {
            provider: provider.id().into(),
            base_url: base_url.trim_end_matches('/').into(),
            test_service: args.test_service,
            issuer: args.issuer,
            presentation: args.presentation,
            purpose: purpose(&provider, given)?.unwrap_or(Purpose::Login),
            scope: scope(&provider, &args.scope)?.unwrap_or_else(|| default_scope(&provider)),
            ..Self::sandbox("", &client_id, &redirect_uri)
        };
        if let Some(other) = known.iter().find(|other| profile.may_be_mixed_up(other)) {
            return Err(Failure::configuration(format!(
                "a client at {} already has this redirect URI, so its code could be sent to {} \
                 (a mix-up, RFC 9700 section 4.4)",
                format::echoed(&other.base_url),
                format::echoed(&profile.base_url),
            ))
            .next(
                "register another redirect URI with one of them; or use --issuer with both, if both \
                 send `iss` in their callbacks; or use another folder with --home",
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

    /// Whether a callback could belong to either provider, and nothing in it says to which one
    /// (a mix-up). A sandbox does not count.
    fn may_be_mixed_up(&self, other: &Self) -> bool {
        let is_real = |profile: &Self| {
            let is_sandbox = Origin::of(&profile.base_url).is_some_and(|at| at.is_loopback());
            profile.backend.is_none() && !is_sandbox
        };
        let shares = |uri: &String| {
            let theirs = other.registration(uri);
            theirs.is_ok_and(|theirs| theirs.redirect_uri().matches(self.redirect_uri()))
        };
        is_real(self)
            && is_real(other)
            && self.base_url != other.base_url
            && !self.provider().is_distinguishable_from(&other.provider())
            && other.redirect_uris.iter().any(shares)
    }

    fn remembered(
        args: ServiceArgs,
        given: Option<&str>,
        known: Vec<Self>,
    ) -> Result<Self, Failure> {
        let all = known.len();
        let mut known = known.into_iter();
        let mut profile = match (known.next(), all) {
            (Some(profile), 1) => profile,
            (None, _) => {
                return Err(Failure::usage("--client-id and --redirect-uri are missing")
                    .next("switchback login --help; or without a provider: switchback demo"));
            }
            _ => {
                return Err(Failure::usage(format!(
                    "--client-id is missing: this folder has logins of {all} clients"
                ))
                .next("name one client with --client-id and --redirect-uri"));
            }
        };
        let provider = profile.provider();
        let purpose = purpose(&provider, given)?;
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

    /// The provider with this profile's settings.
    pub(crate) fn provider(&self) -> Provider {
        // `is_readable` excludes unknown providers.
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

    /// The client of this profile.
    pub(crate) fn client(&self, platform: Platform) -> Result<Client, Failure> {
        self.client_for(self.redirect_uri(), platform)
    }

    /// The client with this redirect URI.
    pub(crate) fn client_for(&self, uri: &str, platform: Platform) -> Result<Client, Failure> {
        Client::new(self.config(uri), platform).map_err(|error| in_options(error.into()))
    }

    /// Fails if no login can begin with this profile. Stores nothing.
    pub(crate) async fn check(&self) -> Result<(), Failure> {
        self.check_request(self.request()).await
    }

    /// Fails if this login cannot begin with this profile. Stores nothing.
    pub(crate) async fn check_request(&self, request: LoginRequest) -> Result<(), Failure> {
        let client = self.client(Platform::new(store::Memory::new()))?;
        client.begin(request).await?;
        Ok(())
    }

    /// The prefix of this client's entries in a store.
    pub(crate) fn namespace(&self) -> Result<String, Failure> {
        self.registration(self.redirect_uri())
            .map(|registration| registration.namespace())
            .map_err(|error| Failure::configuration(error.to_string()))
    }

    pub(crate) fn registration(&self, uri: &str) -> Result<Registration, RegistrationError> {
        let environment = Environment::from_test_service(self.test_service);
        Registration::new(self.provider(), &self.client_id, uri, environment)
    }

    /// The request of a login.
    pub(crate) fn request(&self) -> LoginRequest {
        // In mediated mode the backend sets the scope.
        let scope = self.scope.iter().filter(|_| self.backend.is_none());
        LoginRequest::new(self.purpose, scope.map(String::as_str))
    }

    /// Whether this version can use the profile.
    pub(crate) fn is_readable(&self) -> bool {
        let mut uris = self.redirect_uris.iter();
        self.version == Self::VERSION
            && Provider::named(&self.provider).is_some()
            && !self.redirect_uris.is_empty()
            && uris.all(|uri| self.registration(uri).is_ok())
    }
}

/// Replaces the core's words for its settings by the names of the options.
fn in_options(mut failure: Failure) -> Failure {
    for (setting, option) in [
        ("set the client id", "give --client-id,"),
        (
            "configure the service as a test service",
            "give --test-service",
        ),
        ("for a test service", "with --test-service"),
    ] {
        failure.message = failure.message.replace(setting, option);
    }
    failure
}

fn first_provider() -> String {
    KNOWN[0].id.into()
}

/// The purpose of this name: one of ours, or the provider's own.
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

/// The scope without `--scope`.
pub(crate) fn default_scope(provider: &Provider) -> Vec<String> {
    let words = provider.facts().scope.default.iter();
    words.map(|word| (*word).to_owned()).collect()
}

/// Replaces short names by whole scope tokens, and `all` by every known scope token.
fn scope(provider: &Provider, given: &[String]) -> Result<Option<Vec<String>>, Failure> {
    let known = provider.facts().scope.known;
    match given {
        [] => return Ok(None),
        [one] if one == "all" => {
            return Ok(Some(known.iter().map(|word| (*word).to_owned()).collect()));
        }
        some if some.iter().any(|word| word == "all") => {
            return Err(
                Failure::usage("--scope all cannot be combined with other values")
                    .next("remove all, or remove the other values"),
            );
        }
        _ => {}
    }
    let whole = |word: &String| {
        provider.scope_token(word).ok_or_else(|| {
            let word = format::echoed(word);
            let names = known.iter().map(|word| provider.short_scope_token(word));
            let names: Vec<&str> = names.collect();
            Failure::usage(format!("--scope: there is no data point {word}")).next(format!(
                "use one of {}, or a whole scope token such as truid.app/data-point/name",
                names.join(", ")
            ))
        })
    };
    given.iter().map(whole).collect::<Result<_, _>>().map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stored profile from before profiles named their provider: never change it.
    #[test]
    fn an_earlier_profile_keeps_its_presentation_path() {
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
