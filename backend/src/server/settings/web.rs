//! What people and apps see, and what the service's own code shows: what can be wrong with it.

use switchback_protocol::visible::is_invisible;
use switchback_protocol::{Origin as WebOrigin, Provider};
use switchback_toml::{Found, Place};

use super::origin::Origin;
use super::place::at;
use super::{Settings, WebSettings};
use crate::web::pages::Page;
use crate::web::{ApiKeys, Web};

/// A longer name fits into no title.
const LONGEST_NAME: usize = 100;

/// Everything of [`Web`] that the file says, but for its secrets: the one place for it.
pub(super) fn web(settings: &Settings, provider: &Provider, found: &mut Found) -> Web {
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
                    "it must be a path of letters, digits, and . - _ ~ without a slash at its end, \
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

/// What the page at `/` is called, and what it may frame.
pub(super) fn page(given: &WebSettings, found: &mut Found) -> Page {
    let mut page = Page::default();
    if let Some(name) = &given.name {
        let is_shown = !name.trim().is_empty() && !name.contains(is_invisible);
        match is_shown && name.chars().count() <= LONGEST_NAME {
            true => page.name = Some(name.trim().to_owned()),
            false => found.add(
                at("web", "name"),
                format!(
                    "it must be a name that people can read, of {LONGEST_NAME} characters at most \
                     and in one line, such as \"Example\"; or take it away, and the pages show the \
                     host of the redirect URI"
                ),
            ),
        }
    }
    for (index, text) in given.frame_origins.iter().enumerate() {
        match WebOrigin::of(text) {
            Some(origin) if is_framed(&origin) && origin.to_string() == *text => {
                page.frame_origins.push(text.clone());
            }
            _ => found.add(
                at("web", "frame_origins").index(index),
                "it must be an origin, as browsers write it: https, a host in lower case, and a \
                 port where that is not 443, without a path or a slash at its end, such as \
                 https://login.example; http is for loopback",
            ),
        }
    }
    page
}

/// Whether a browser frames it, and a policy names it and no other (CSP level 3, section 2.3.1).
fn is_framed(origin: &WebOrigin) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._[]:".contains(c);
    let is_secure = origin.to_string().starts_with("https:") || origin.is_loopback();
    is_secure && origin.host().chars().all(is_plain)
}

/// What the service's own code shows in place of a session.
pub(super) fn api_keys(
    settings: &Settings,
    origin: &Origin<'_>,
    found: &mut Found,
) -> Option<ApiKeys> {
    let given = settings.api_keys.as_ref()?;
    let (file, env) = (at("api_keys", "file"), at("api_keys", "env"));
    if given.file.is_none() && given.env.is_none() {
        found.add(
            Place::default().key("api_keys"),
            "there are none: write file = \"FILE\" or env = \"NAME\", or take [api_keys] away",
        );
    }
    let place = match &given.file {
        Some(_) => file.clone(),
        None => env.clone(),
    };
    let text = origin.either(
        (file, given.file.as_deref()),
        (env, given.env.as_deref()),
        found,
    )?;
    let keys = ApiKeys::read(&text).map_err(|error| found.add(place, error.to_string()));
    keys.ok()
}
