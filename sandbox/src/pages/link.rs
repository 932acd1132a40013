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

/// The parameters whose values are shown. Any other may be a secret in the wrong place, or
/// is one that only the service can make something of.
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
/// The most characters of a value, and the most parameters.
const LONGEST: usize = 300;
const MOST: usize = 40;

#[derive(Template)]
#[template(path = "link.html")]
struct Page<'a> {
    /// What was pasted.
    text: &'a str,
    installed: bool,
    look: Option<Look>,
    /// What came of opening it.
    refusal: Option<&'a Refusal>,
}

/// What is seen of a link.
struct Look {
    steps: Vec<Step>,
    /// Whether the Truid app takes it.
    taken: bool,
    parameters: Vec<(String, String)>,
    endpoint: Endpoint,
    back: Option<Back>,
}

struct Step {
    is_good: bool,
    words: String,
}

/// What the authorization endpoint says.
enum Endpoint {
    /// The link does not lead there.
    Unasked,
    Good,
    /// The request was pushed, and can be looked at once.
    Pushed,
    Refused(Refusal),
}

/// How the redirect URI finds its way back.
enum Back {
    /// A universal link or an App Link, at this host.
    Link(String),
    /// A scheme of its own.
    Scheme(String),
    /// A program that listens on the same device.
    Loopback,
    /// http elsewhere, which no app takes.
    Plain,
}

/// The page, with what is seen of a link where there is one.
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
        look: (!link.is_empty()).then(|| look(shared, link)),
        refusal,
    })
}

fn look(shared: &Shared, link: &str) -> Look {
    let names = &shared.names;
    let taken = Link::read(link, names);
    let mut steps = match Url::parse(link) {
        Ok(url) => steps(&url, names),
        Err(_) => Vec::new(),
    };
    if let Err(refusal) = &taken
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
    let endpoint = match &taken {
        Err(_) => Endpoint::Unasked,
        Ok(_) if value("request_uri").is_some() => Endpoint::Pushed,
        Ok(link) => {
            let said = shared.world().preview(link);
            said.map_or_else(Endpoint::Refused, |()| Endpoint::Good)
        }
    };
    Look {
        steps,
        taken: taken.is_ok(),
        parameters: pairs().take(MOST).map(parameter).collect(),
        endpoint,
        back: value("redirect_uri").and_then(|uri| back(&uri)),
    }
}

/// What is looked at before anything opens.
fn steps(url: &Url, names: &Names) -> Vec<Step> {
    let host = url.host_str().unwrap_or_default();
    let (is_good, scheme) = match url.scheme() {
        "https" => (
            true,
            "The link is https, as universal links and App Links have to be.",
        ),
        "http" if is_loopback(url) => (
            true,
            "The link is http on loopback. No phone would take it; the sandbox does, and so does Switchback, for development.",
        ),
        "http" => (false, "The link is http. Phones give only https to apps."),
        _ => (
            false,
            "The link has a scheme of its own. Truid documents none: its app takes https links of its host.",
        ),
    };
    let scheme = Step {
        is_good,
        words: scheme.to_owned(),
    };
    let here = names.leads_here(url);
    let words = if here {
        format!("The host {host} is one that this Truid app claims.")
    } else if host == "api.truid.app" {
        "The host is that of the real Truid, which this app does not claim.".to_owned()
    } else {
        format!(
            "The scheme, host or port is not one that this Truid app claims; its own is {}.",
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
            "The path is none of the app's: it takes {AUTHORIZE}confirm-signup, login-session and idv."
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

/// A parameter as it is shown.
fn parameter(
    (name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>),
) -> (String, String) {
    let shown = if SHOWN.contains(&name.as_ref()) {
        value.chars().take(LONGEST).collect()
    } else {
        format!("({} characters)", value.chars().count())
    };
    (name.chars().take(40).collect(), shown)
}

fn back(redirect_uri: &str) -> Option<Back> {
    let url = Url::parse(redirect_uri).ok()?;
    Some(match url.scheme() {
        "https" => Back::Link(url.host_str()?.to_owned()),
        "http" if is_loopback(&url) => Back::Loopback,
        "http" => Back::Plain,
        scheme => Back::Scheme(scheme.to_owned()),
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
    fn ways_back() {
        let way = |uri: &str| match back(uri) {
            Some(Back::Link(host)) => host,
            Some(Back::Scheme(scheme)) => scheme,
            Some(Back::Loopback) => "loopback".into(),
            Some(Back::Plain) => "plain".into(),
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
            assert_eq!(way(uri), expected, "{uri}");
        }
    }
}
