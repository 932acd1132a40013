//! Checks the addresses, the pages, and the API keys.

use switchback_config_file::{KeyPath, Problems};
use switchback_protocol::visible::is_invisible;
use switchback_protocol::{Origin, Provider};

use super::common::at;
use super::sources::Sources;
use super::{Settings, WebSettings};
use crate::web::pages::Page;
use crate::web::{ApiKeys, Web};

/// The longest name that fits into the title of a page.
const LONGEST_NAME: usize = 100;

/// Reads everything of [`Web`] except the API keys.
pub(super) fn web(settings: &Settings, provider: &Provider, found: &mut Problems) -> Web {
    let mut web = Web::default();
    let given = &settings.web;
    if let Some(prefix) = &given.prefix {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-_~".contains(c);
        let is_part = |part: &str| !part.is_empty() && part.chars().all(is_plain);
        match prefix.strip_prefix('/') {
            Some(rest) if rest.split('/').all(is_part) => web.prefix = Some(prefix.clone()),
            _ => found.add(
                at("web", "prefix"),
                format!(
                    "must be a path of letters, digits, and . - _ ~ without a slash at its end, \
                     such as /{}",
                    provider.id()
                ),
            ),
        }
    }
    if let Some(page) = &given.after_login {
        match page.parse() {
            Ok(page) => web.after_login = page,
            Err(error) => found.add(at("web", "after_login"), error.to_string()),
        }
    }
    web.prefix = Some(web.prefix(provider));
    web.apps = settings.apps.clone();
    web
}

/// Reads the name of the home page, and the origins that it may frame.
pub(super) fn page(given: &WebSettings, found: &mut Problems) -> Page {
    let mut page = Page::default();
    if let Some(name) = &given.name {
        let is_shown = !name.trim().is_empty() && !name.contains(is_invisible);
        match is_shown && name.chars().count() <= LONGEST_NAME {
            true => page.name = Some(name.trim().to_owned()),
            false => found.add(
                at("web", "name"),
                format!(
                    "must be a readable name on one line, of {LONGEST_NAME} characters at most, \
                     such as \"Example\"; without this key, the pages show the \
                     host of the redirect URI"
                ),
            ),
        }
    }
    for (index, text) in given.frame_origins.iter().enumerate() {
        match Origin::of(text) {
            Some(origin) if is_framed(&origin) && origin.to_string() == *text => {
                page.frame_origins.push(text.clone());
            }
            _ => found.add(
                at("web", "frame_origins").index(index),
                "must be an origin as browsers write it: https, a host in lower case, and a \
                 port other than 443, without a path or a slash at its end, such as \
                 https://login.example; http is allowed for loopback",
            ),
        }
    }
    page
}

/// Whether a browser frames this origin, and a policy with this text names only it (CSP level 3,
/// section 2.3.1).
fn is_framed(origin: &Origin) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._[]:".contains(c);
    let is_secure = origin.to_string().starts_with("https:") || origin.is_loopback();
    is_secure && origin.host().chars().all(is_plain)
}

/// Reads the API keys.
pub(super) fn api_keys(
    settings: &Settings,
    sources: &Sources<'_>,
    found: &mut Problems,
) -> Option<ApiKeys> {
    let given = settings.api_keys.as_ref()?;
    let (file, env) = (at("api_keys", "file"), at("api_keys", "env"));
    if given.file.is_none() && given.env.is_none() {
        found.add(
            KeyPath::default().key("api_keys"),
            "no keys are configured: write file = \"FILE\" or env = \"NAME\", or remove [api_keys]",
        );
    }
    let place = match &given.file {
        Some(_) => file.clone(),
        None => env.clone(),
    };
    let text = sources.file_or_variable(
        (file, given.file.as_deref()),
        (env, given.env.as_deref()),
        found,
    )?;
    let keys = ApiKeys::read(&text).map_err(|error| found.add(place, error.to_string()));
    keys.ok()
}
