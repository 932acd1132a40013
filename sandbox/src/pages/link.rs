//! What a phone does with a link to the Truid app, step by step. The facts are Apple's
//! ("Supporting universal links in your app", `universalLinksOnly`) and Google's ("Verify
//! Android App Links", `FLAG_ACTIVITY_REQUIRE_NON_BROWSER`).

use askama::Template;
use url::{Host, Url, form_urlencoded};

use super::render;
use crate::network::addresses::Names;
use crate::oauth::link::{AUTHORIZE, Link};
use crate::shared::Shared;
use crate::{Purpose, Refusal};

/// The parameters whose values the page shows. Any other could be a secret in the wrong place,
/// or has a meaning only for the service.
const SHOWN: [&str; 8] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "request_uri",
    "scope",
    "code_challenge_method",
    "claims",
    "user_message",
];
/// The maximum length of a shown value, in characters.
const MAX_VALUE_LENGTH: usize = 300;
/// The maximum number of shown parameters.
const MAX_PARAMETERS: usize = 40;

#[derive(Template)]
#[template(path = "link.html")]
struct Page<'a> {
    /// The pasted link.
    text: &'a str,
    installed: bool,
    report: Option<Report>,
    /// The refusal, if the link was opened and refused.
    refusal: Option<&'a Refusal>,
}

/// The result of the check of a link.
struct Report {
    steps: Vec<Step>,
    /// Whether the link opens the Truid app.
    opens_app: bool,
    parameters: Vec<(String, String)>,
    endpoint: Endpoint,
    callback: Option<CallbackKind>,
}

struct Step {
    is_good: bool,
    words: String,
}

/// The answer of the authorization endpoint.
enum Endpoint {
    /// The link does not lead to the endpoint.
    Unasked,
    Good,
    /// The request was pushed, so it can be read only once.
    Pushed,
    Refused(Refusal),
}

/// The kind of the redirect URI.
enum CallbackKind {
    /// A universal link or an App Link, at this host.
    Link(String),
    /// A custom scheme.
    Scheme(String),
    /// A program that listens on the same device.
    Loopback,
    /// http at another host, which no app opens.
    Plain,
}

/// The page, with the report if there is a link.
pub(crate) fn link(
    shared: &Shared,
    text: &str,
    installed: bool,
    refusal: Option<&Refusal>,
) -> String {
    let link = text.trim();
    render(&Page {
        text: link,
        installed,
        report: (!link.is_empty()).then(|| report(shared, link)),
        refusal,
    })
}

fn report(shared: &Shared, link: &str) -> Report {
    let names = &shared.names;
    let read = Link::read(link, names);
    let mut steps = match Url::parse(link) {
        Ok(url) => steps(&url, names),
        Err(_) => Vec::new(),
    };
    if let Err(refusal) = &read
        && steps.iter().all(|step| step.is_good)
    {
        let words = refusal.description.clone();
        steps.push(Step {
            is_good: false,
            words,
        });
    }
    let query = link.split_once('?').map_or("", |(_, query)| query);
    let pairs = || form_urlencoded::parse(query.as_bytes());
    let value = |name: &str| pairs().find(|(own, _)| own == name).map(|(_, value)| value);
    let endpoint = match &read {
        Err(_) => Endpoint::Unasked,
        Ok(_) if value("request_uri").is_some() => Endpoint::Pushed,
        Ok(link) => {
            let preview = shared.provider().preview(link);
            preview.map_or_else(Endpoint::Refused, |()| Endpoint::Good)
        }
    };
    Report {
        steps,
        opens_app: read.is_ok(),
        parameters: pairs().take(MAX_PARAMETERS).map(parameter).collect(),
        endpoint,
        callback: value("redirect_uri").and_then(|uri| callback_kind(&uri)),
    }
}

/// What the operating system checks before it opens an app.
fn steps(url: &Url, names: &Names) -> Vec<Step> {
    let host = url.host_str().unwrap_or_default();
    let (is_good, scheme) = match url.scheme() {
        "https" => (
            true,
            "The link is https. Universal links and App Links have to be https.",
        ),
        "http" if is_loopback(url) => (
            true,
            "The link is http on loopback. No phone would open an app with it; the sandbox and Switchback accept it for development.",
        ),
        "http" => (
            false,
            "The link is http. Phones open apps only with https links.",
        ),
        _ => (
            false,
            "The link has a custom scheme. Truid documents no custom scheme: its app opens https links of its host.",
        ),
    };
    let scheme = Step {
        is_good,
        words: scheme.to_owned(),
    };
    let here = names.leads_here(url);
    let words = if here {
        format!("The host {host} belongs to this Truid app.")
    } else if host == "api.truid.app" {
        "The host is that of the real Truid, not of this Truid app.".to_owned()
    } else {
        format!(
            "The scheme, host or port is not that of this Truid app; it opens links of {}.",
            names.url()
        )
    };
    let host = Step {
        is_good: here,
        words,
    };
    let purpose = url
        .path()
        .strip_prefix(AUTHORIZE)
        .and_then(Purpose::from_function);
    let words = match purpose {
        Some(purpose) => format!("The path is that of a function: {}.", purpose.title()),
        None => format!(
            "The app does not open this path. It opens {AUTHORIZE}confirm-signup, login-session, idv and sign."
        ),
    };
    let path = Step {
        is_good: purpose.is_some(),
        words,
    };
    vec![scheme, host, path]
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// A parameter as the page shows it.
fn parameter(
    (name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>),
) -> (String, String) {
    let shown = if SHOWN.contains(&name.as_ref()) {
        value.chars().take(MAX_VALUE_LENGTH).collect()
    } else {
        format!("({} characters)", value.chars().count())
    };
    (name.chars().take(40).collect(), shown)
}

fn callback_kind(redirect_uri: &str) -> Option<CallbackKind> {
    let url = Url::parse(redirect_uri).ok()?;
    Some(match url.scheme() {
        "https" => CallbackKind::Link(url.host_str()?.to_owned()),
        "http" if is_loopback(&url) => CallbackKind::Loopback,
        "http" => CallbackKind::Plain,
        scheme => CallbackKind::Scheme(scheme.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_a_link_is_not_shown() {
        let pair =
            |name: &str, value: &str| parameter((name.to_owned().into(), value.to_owned().into()));
        assert_eq!(pair("client_id", "demo").1, "demo");
        assert_eq!(pair("client_secret", "S3CRET").1, "(6 characters)");
    }

    #[test]
    fn a_redirect_uri_is_of_one_kind() {
        let kind = |uri: &str| match callback_kind(uri) {
            Some(CallbackKind::Link(host)) => host,
            Some(CallbackKind::Scheme(scheme)) => scheme,
            Some(CallbackKind::Loopback) => "loopback".into(),
            Some(CallbackKind::Plain) => "plain".into(),
            None => String::new(),
        };
        for (uri, expected) in [
            ("https://app.example/cb", "app.example"),
            ("demoapp:///callback", "demoapp"),
            ("http://[::1]:1/", "loopback"),
            ("http://localhost/", "loopback"),
            ("http://app.example/", "plain"),
            ("callback", ""),
        ] {
            assert_eq!(kind(uri), expected, "{uri}");
        }
    }
}
