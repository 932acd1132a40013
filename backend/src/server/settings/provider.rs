//! Checks the provider, and the registration of the service.

use std::sync::Arc;

use axum::http::Uri;
use switchback_config_file::Problems;
use switchback_protocol::provider::KNOWN;
use switchback_protocol::{Environment, Provider, RedirectUri, Registration};

use super::common::{at, loopback};
use super::sources::Sources;
use super::{ClientAuthenticationMethod, Settings};
use crate::client_authentication::{ClientAuthentication, SigningKey};
use crate::web::{Web, onboarded, signatures};

/// The service's own paths, below the prefix and at the root.
const OWN_PATHS: [&str; 7] = [
    "/session",
    "/user-info",
    "/presentation",
    "/token",
    "/log-out",
    onboarded::PATHS[0],
    onboarded::PATHS[1],
];
const OWN_ROOT_PATHS: [&str; 3] = ["/", "/health", "/ready"];

/// The provider with the configured name, or the first known one.
pub(super) fn provider(settings: &Settings, found: &mut Problems) -> Provider {
    let first = Provider::new(KNOWN[0]);
    let Some(name) = &settings.provider.name else {
        return first;
    };
    Provider::named(name).unwrap_or_else(|| {
        let names: Vec<&str> = KNOWN.iter().map(|facts| facts.id).collect();
        found.add(
            at("provider", "name"),
            format!("unknown provider: write one of {}", names.join(", ")),
        );
        first
    })
}

pub(super) fn registration(
    settings: &Settings,
    provider: &Provider,
    web: &Web,
    found: &mut Problems,
) -> Option<Registration> {
    let given = &settings.provider;
    let mut provider = provider.clone();
    if let Some(base) = &given.base_url {
        provider = provider.with_base_url(base);
    }
    if let Some(issuer) = &given.issuer {
        provider = provider.with_issuer(issuer);
    }
    // Checks the parts one by one, to report all mistakes at once.
    let somewhere = "https://service.invalid/complete";
    if let Err(error) = Registration::new(
        provider.clone(),
        "client",
        somewhere,
        Environment::Production,
    ) {
        found.add(at("provider", "base_url"), error.to_string());
    }
    if given.client_id.trim().is_empty() {
        found.add(
            at("provider", "client_id"),
            "missing: write the client id with which the service is registered",
        );
    }
    let place = at("provider", "redirect_uri");
    let uri = &given.redirect_uri;
    let environment = Environment::from_test_service(given.test_service);
    // A test service may have a custom scheme in an app's settings, but this service needs its own URL.
    let is_for_service = uri.starts_with("https://") || loopback(uri).is_some();
    let form = match is_for_service {
        true => environment,
        false => Environment::Test,
    };
    if uri.is_empty() {
        found.add(
            place.clone(),
            "missing: write the registered redirect URI, such as \
             https://service.example/truid/complete",
        );
    } else if let Err(error) = RedirectUri::new(uri, form) {
        found.add(place.clone(), error.to_string());
    } else if !is_for_service {
        found.add(
            place.clone(),
            "the redirect URI of a service must begin with https; if test_service = true, http is \
             also allowed for 127.0.0.1, [::1] and localhost. To try an app with a custom scheme, \
             run `switchback serve --demo --scheme SCHEME`, which needs no file",
        );
    } else if let Some(reason) = conflicting_path(uri, &web.prefix(&provider), &provider) {
        found.add(place, reason);
    }
    Registration::new(provider, &given.client_id, uri, environment).ok()
}

/// Why the service cannot serve the redirect URI's path.
fn conflicting_path(uri: &str, prefix: &str, provider: &Provider) -> Option<String> {
    let uri: Uri = uri.parse().ok()?;
    let path = uri.path();
    let below = path.strip_prefix(prefix).unwrap_or_default();
    let is_start = |purpose| below.strip_prefix('/') == Some(provider.purpose_name(purpose));
    let is_own = OWN_ROOT_PATHS.contains(&path)
        || path.starts_with("/.well-known/")
        || OWN_PATHS.contains(&below)
        || below.starts_with(signatures::PATH)
        || provider.purposes().any(is_start);
    if is_own {
        return Some(format!(
            "the service uses its path {path} for something else: register a path such as \
             {prefix}/complete, or choose another [web] prefix"
        ));
    }
    let is_odd = |part: &str| part.starts_with([':', '*']) || part.contains(['{', '}']);
    path.split('/').any(is_odd).then(|| {
        "a part of its path begins with : or *, or has a brace: register a path without these"
            .into()
    })
}

pub(super) fn authentication(
    settings: &Settings,
    sources: &Sources<'_>,
    found: &mut Problems,
) -> Option<ClientAuthentication> {
    let given = &settings.provider;
    let place = |key: &str| at("provider", key);
    let is_key = given.client_authentication == ClientAuthenticationMethod::PrivateKeyJwt;
    for (key, is_there, is_used) in [
        (
            "client_secret_file",
            given.client_secret_file.is_some(),
            !is_key,
        ),
        (
            "client_secret_env",
            given.client_secret_env.is_some(),
            !is_key,
        ),
        ("private_key_file", given.private_key_file.is_some(), is_key),
        ("private_key_id", given.private_key_id.is_some(), is_key),
    ] {
        if is_there && !is_used {
            let other = match is_key {
                true => {
                    "not used with client_authentication = \"private_key_jwt\": remove \
                         it"
                }
                false => {
                    "not used: remove it, or write client_authentication = \
                          \"private_key_jwt\""
                }
            };
            found.add(place(key), other);
        }
    }
    if is_key {
        let Some(file) = &given.private_key_file else {
            found.add(
                place("private_key"),
                "missing: write private_key_file = \"FILE\"",
            );
            return None;
        };
        let key = sources.file(file).and_then(|pem| {
            let key = SigningKey::from_pem(&pem, given.private_key_id.clone());
            key.map_err(|error| error.to_string())
        });
        return match key {
            Ok(key) => Some(ClientAuthentication::PrivateKey(Arc::new(key))),
            Err(reason) => {
                found.add(place("private_key_file"), reason);
                None
            }
        };
    }
    let (file, env) = (&given.client_secret_file, &given.client_secret_env);
    if file.is_none() && env.is_none() {
        found.add(
            place("client_secret"),
            "missing: write client_secret_file = \"FILE\", or client_secret_env = \"NAME\"",
        );
        return None;
    }
    let secret = sources.file_or_variable(
        (place("client_secret_file"), file.as_deref()),
        (place("client_secret_env"), env.as_deref()),
        found,
    )?;
    let secret = secret.trim();
    if secret.contains(char::is_control) {
        let key = match file {
            Some(_) => "client_secret_file",
            None => "client_secret_env",
        };
        found.add(
            place(key),
            "the client secret has more than one line, or a control character: write \
             only the secret, on one line",
        );
        return None;
    }
    let secret = secret.into();
    Some(match given.client_authentication {
        ClientAuthenticationMethod::ClientSecretBasic => ClientAuthentication::SecretBasic(secret),
        _ => ClientAuthentication::SecretPost(secret),
    })
}
