//! Checks that are common to several settings (RFC 3986; TLS by RFC 6749 §3.1 and §3.2).
//!
//! Before you change this: the errors show the URL to a developer. A URL in a setting may have a
//! password, so show it by `without_secrets` only.

use alloc::borrow::ToOwned as _;
use alloc::string::ToString as _;

use fluent_uri::Uri;

use super::{Environment, RegistrationError, Setting};
use crate::origin::{self, HTTP, HTTPS};
use crate::{Origin, Provider};

/// Checks a URL of a backend: https, or http on a host that [`may_be_http`] allows.
pub(crate) fn check_url(
    which: Setting,
    url: &str,
    environment: Environment,
) -> Result<(), RegistrationError> {
    let uri = parse(which, url)?;
    let shown = || without_secrets(url).into();
    if uri.authority().is_some_and(|a| a.has_userinfo()) {
        return Err(RegistrationError::UserInfo {
            which,
            uri: shown(),
        });
    }
    if uri.has_fragment() {
        return Err(RegistrationError::Fragment {
            which,
            uri: shown(),
        });
    }
    if has_bad_port(&uri) {
        return Err(RegistrationError::Port {
            which,
            uri: shown(),
        });
    }
    if uri.scheme() != HTTPS && !may_be_http(&uri, environment) {
        return Err(RegistrationError::BackendNotHttps {
            which,
            uri: shown(),
        });
    }
    if Origin::of(url).is_none() {
        return Err(RegistrationError::NoHost {
            which,
            uri: shown(),
        });
    }
    Ok(())
}

fn check_base_url(base: &str, environment: Environment) -> Result<(), RegistrationError> {
    let which = Setting::BaseUrl;
    let uri = parse(which, base)?;
    check_parts(which, base, &uri)?;
    if uri.scheme() != HTTPS && !may_be_http(&uri, environment) {
        return Err(RegistrationError::BaseNotHttps(base.into()));
    }
    if !has_host(&uri) {
        return Err(RegistrationError::NoHost {
            which,
            uri: base.into(),
        });
    }
    Ok(())
}

/// Checks the base URL, and that no path that is appended to it leads to another host.
pub(crate) fn check_provider(
    provider: &Provider,
    environment: Environment,
) -> Result<(), RegistrationError> {
    check_base_url(provider.base_url(), environment)?;
    let wrong = |path: &str| !path.starts_with('/') || path.starts_with("//");
    match provider.paths().find(|(_, path)| wrong(path)) {
        Some((endpoint, path)) => Err(RegistrationError::EndpointPath {
            endpoint,
            path: path.into(),
        }),
        None => Ok(()),
    }
}

pub(super) fn parse(which: Setting, uri: &str) -> Result<Uri<&str>, RegistrationError> {
    Uri::parse(uri).map_err(|error| RegistrationError::NotAUri {
        which,
        uri: without_secrets(uri).into(),
        why: error.to_string(),
    })
}

/// The part of a URL that an error may repeat. Text before an `@` may be a password, and text after
/// a `?` or `#` may be the code of a callback that a developer pasted.
fn without_secrets(text: &str) -> &str {
    let end = text.find(['?', '#']).unwrap_or(text.len());
    text[..end].rsplit('@').next().unwrap_or_default()
}

/// Refuses a user name, a fragment, a query and an invalid port.
pub(super) fn check_parts(
    which: Setting,
    text: &str,
    uri: &Uri<&str>,
) -> Result<(), RegistrationError> {
    let has_userinfo = uri.authority().is_some_and(|a| a.has_userinfo());
    let shown = without_secrets(text).to_owned();
    if has_userinfo {
        Err(RegistrationError::UserInfo { which, uri: shown })
    } else if uri.has_fragment() {
        Err(RegistrationError::Fragment { which, uri: shown })
    } else if uri.has_query() {
        Err(RegistrationError::Query { which, uri: shown })
    } else if has_bad_port(uri) {
        Err(RegistrationError::Port { which, uri: shown })
    } else {
        Ok(())
    }
}

/// Ports are 1 to 65535. A leading zero is refused, because a callback would not have it.
fn has_bad_port(uri: &Uri<&str>) -> bool {
    let port = uri.authority().and_then(|authority| authority.port());
    let port = port.map_or("", |port| port.as_str());
    !port.is_empty() && (port.starts_with('0') || port.parse::<u16>().is_err())
}

pub(super) fn has_host(uri: &Uri<&str>) -> bool {
    uri.authority().is_some_and(|a| !a.host().is_empty())
}

/// Http is allowed on loopback. With a test service it is also allowed on the local network, where
/// a phone reaches a developer's machine.
fn may_be_http(uri: &Uri<&str>, environment: Environment) -> bool {
    let host = uri.authority().map_or("", |a| a.host());
    uri.scheme() == HTTP
        && match environment {
            Environment::Production => origin::is_loopback(host),
            Environment::Test => origin::is_local(host),
        }
}
