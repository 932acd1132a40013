//! What is known on iOS about a login's links, and what follows from it.
//!
//! Before you change it: an app can read its Info.plist, but not all of its entitlements, and iOS does
//! not say whether a link's domain is associated with an app before the link is opened. So most facts
//! are optional. An app gathers the cheap ones, and the command line adds the association file.
//!
//! The rules are Apple's:
//! - <https://developer.apple.com/documentation/xcode/supporting-associated-domains>
//! - <https://developer.apple.com/documentation/bundleresources/entitlements/com.apple.developer.associated-domains>
//! - <https://developer.apple.com/documentation/xcode/allowing-apps-and-websites-to-link-to-your-content>
//! - <https://developer.apple.com/documentation/authenticationservices/aswebauthenticationsession/callback>,
//!   and for `webcredentials` <https://developer.apple.com/forums/thread/805416>

use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;

use super::{
    Chosen, LeftOut, LinkCheck, Login, Opens, Return, Step, Warning, split_path, warning,
    worst_first,
};
use crate::origin::{self, HTTP, HTTPS, Origin};

/// The first version whose `ASWebAuthenticationSession` has https callbacks.
const HTTPS_CALLBACKS: Version = Version {
    major: 17,
    minor: 4,
};

/// The service of universal links.
const APPLINKS: &str = "applinks";

/// The service that https callbacks need.
const WEBCREDENTIALS: &str = "webcredentials";

/// A question and the facts to answer it.
pub type Report = super::Report<Question, Facts>;

/// The login that is asked about.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The kind of login.
    pub login: Login,
    /// The authorization endpoint.
    pub authorization_url: String,
    /// The redirect URI, as it is registered.
    pub redirect_uri: String,
    /// The app wants a page that keeps no cookies.
    #[serde(default)]
    pub ephemeral: bool,
    /// The app wants `SFSafariViewController` instead of `ASWebAuthenticationSession`.
    #[serde(default)]
    pub safari_view: bool,
}

/// What is known about the device, the app and the domain of the redirect URI. A fact that is not
/// known is left out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The version of iOS. Without it, the newest one.
    pub version: Option<Version>,
    /// The application identifier `TEAM.bundle`, or the bundle identifier alone.
    pub app_id: String,
    /// The URL schemes of Info.plist (`CFBundleURLTypes`).
    pub url_schemes: Option<Vec<String>>,
    /// The entitlement `com.apple.developer.associated-domains`, for example `applinks:app.example`.
    pub domains: Option<Vec<String>>,
    /// What the site's association file allows this app.
    pub site: Option<Association>,
    /// What Apple's copy of this file allows this app. Devices read the copy.
    pub apple_copy: Option<Association>,
}

/// A version of iOS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
}

/// What an association file allows an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Association {
    /// The app opens the redirect URI as a universal link.
    pub applinks: bool,
    /// The app receives the redirect URI as an https callback.
    pub webcredentials: bool,
}

/// Checks a login before it opens anything.
pub fn check(question: &Question, facts: &Facts) -> LinkCheck {
    let host = |url: &str| Origin::of(url).map(|origin| String::from(origin.host()));
    let check = Check {
        question,
        facts,
        scheme: question.redirect_uri.split(':').next().unwrap_or(""),
        host: host(&question.redirect_uri),
        authorization_host: host(&question.authorization_url),
    };
    LinkCheck {
        returns: check.returns(),
        steps: check.steps().into(),
        warnings: worst_first(check.warnings()),
    }
}

/// The host whose association file decides about a host. If the entitlements have the host only by a
/// wildcard, that is the host of the wildcard (<https://developer.apple.com/forums/thread/47315>).
pub fn file_host<'a>(domains: &'a [String], host: &'a str) -> &'a str {
    let entries = domains.iter().filter_map(|it| Domain::read(it));
    let mut named: Vec<Domain<'a>> = entries
        .filter(|it| it.service == APPLINKS && it.has(host))
        .collect();
    named.sort_by_key(|it| it.wildcard_of().is_some());
    let wildcard = named.first().and_then(Domain::wildcard_of);
    wildcard.unwrap_or(host)
}

/// An entry of the entitlement: `service:domain`, or `service:domain?mode=…`.
#[derive(Clone, Copy)]
struct Domain<'a> {
    service: &'a str,
    name: &'a str,
    /// A mode that bypasses Apple's copy, and works only in some builds or on some devices.
    mode: Option<&'a str>,
}

impl<'a> Domain<'a> {
    /// `None` if the system does not understand the entry.
    fn read(entry: &'a str) -> Option<Self> {
        let (service, rest) = entry.split_once(':')?;
        let (name, mode) = match rest.split_once('?') {
            None => (rest, None),
            Some((name, query)) => (name, Some(query.strip_prefix("mode=")?)),
        };
        let bare = name.strip_prefix("*.").unwrap_or(name);
        let is_name = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
        (!bare.is_empty() && bare.chars().all(is_name)).then_some(Self {
            service,
            name,
            mode,
        })
    }

    fn wildcard_of(&self) -> Option<&'a str> {
        self.name.strip_prefix("*.")
    }

    /// Whether the entry names a host. A wildcard names each subdomain, but not the domain itself.
    fn has(&self, host: &str) -> bool {
        let same = |end: &str, name: &str| end.eq_ignore_ascii_case(name);
        match self.wildcard_of() {
            None => same(host, self.name),
            Some(parent) => host.len().checked_sub(parent.len()).is_some_and(|at| {
                host.get(at..).is_some_and(|end| same(end, parent)) && host[..at].ends_with('.')
            }),
        }
    }
}

/// What the entitlements say about a service and a host.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Declared {
    Unknown,
    No,
    /// With a mode.
    WithMode,
    Yes,
}

struct Check<'a> {
    question: &'a Question,
    facts: &'a Facts,
    scheme: &'a str,
    /// The redirect URI's host, if it is http or https.
    host: Option<String>,
    authorization_host: Option<String>,
}

impl Check<'_> {
    fn has_scheme(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    fn declared(&self, service: &str, host: &str) -> Declared {
        let Some(domains) = &self.facts.domains else {
            return Declared::Unknown;
        };
        let entries = domains.iter().filter_map(|it| Domain::read(it));
        let ours = entries.filter(|it| it.service == service && it.has(host));
        ours.fold(Declared::No, |found, it| match (found, it.mode) {
            (_, None) | (Declared::Yes, _) => Declared::Yes,
            _ => Declared::WithMode,
        })
    }

    /// Whether a host is associated with this app for a service, as far as is known.
    fn is_associated(&self, service: &str, host: &str) -> Option<bool> {
        let declared = self.declared(service, host);
        let files = match declared {
            Declared::WithMode => self.facts.site,
            _ => self.facts.apple_copy.or(self.facts.site),
        };
        let allowed = files.map(|it| match service {
            APPLINKS => it.applinks,
            _ => it.webcredentials,
        });
        match (declared, allowed) {
            (Declared::No, _) | (_, Some(false)) => Some(false),
            (Declared::Yes | Declared::Unknown, _) if is_local(host) => Some(false),
            (Declared::Yes, Some(true)) => Some(true),
            _ => None,
        }
    }

    fn returns(&self) -> Return {
        let Some(host) = &self.host else {
            return match &self.facts.url_schemes {
                None => Return::Unknown,
                Some(all) if all.iter().any(|it| self.has_scheme(it)) => Return::ThisApp,
                Some(_) => Return::Nothing,
            };
        };
        match self.is_associated(APPLINKS, host) {
            Some(false) => Return::Browser,
            // From a page on the same host, the link stays in the browser.
            _ if self.question.login == Login::Page && self.is_same_host() => Return::Browser,
            Some(true) => Return::ThisApp,
            None => Return::Unknown,
        }
    }

    fn is_same_host(&self) -> bool {
        self.host.is_some() && self.host == self.authorization_host
    }

    fn warnings(&self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        match &self.host {
            None => self.warn_of_scheme(&mut warnings),
            Some(_) if self.has_scheme(HTTP.as_str()) => warnings.push(warning::http()),
            Some(host) => {
                self.warn_of_applinks(host, &mut warnings);
                self.warn_of_callback(host, &mut warnings);
            }
        }
        self.warn_of_urls(&mut warnings);
        let pages = self.steps();
        let mut pages = pages
            .iter()
            .filter(|it| it.opens != Opens::IdentityApp && it.choice.is_ok());
        if let Some(first) = pages.next()
            && first.opens == Opens::SafariView
        {
            warnings.push(warning::needs_tap());
            if self.question.ephemeral {
                warnings.push(warning::not_ephemeral("SFSafariViewController"));
            }
        }
        warnings
    }

    fn warn_of_scheme(&self, warnings: &mut Vec<Warning>) {
        let (scheme, login) = (self.scheme, self.question.login);
        if self.returns() == Return::Nothing {
            warnings.push(warning::scheme_not_declared(scheme, login));
        }
        warnings.push(warning::custom_scheme(scheme));
    }

    fn warn_of_applinks(&self, host: &str, warnings: &mut Vec<Warning>) {
        let declared = self.declared(APPLINKS, host);
        if declared != Declared::WithMode && is_local(host) {
            warnings.push(warning::local_host(host));
            return;
        }
        let allows = |it: Option<Association>| it.map(|it| it.applinks);
        let (site, copy) = (allows(self.facts.site), allows(self.facts.apple_copy));
        match declared {
            Declared::No => warnings.push(warning::no_applinks(host)),
            Declared::WithMode => {
                warnings.push(warning::alternate_mode(host));
                if site == Some(false) {
                    warnings.push(self.not_associated(host));
                }
            }
            _ if copy.or(site) == Some(false) => warnings.push(match site {
                Some(true) => warning::stale_copy(host),
                _ => self.not_associated(host),
            }),
            Declared::Unknown => warnings.push(warning::domains_unknown(host)),
            Declared::Yes if copy.or(site).is_none() => {
                warnings.push(warning::association_unknown(host));
            }
            Declared::Yes => {}
        }
    }

    fn not_associated(&self, host: &str) -> Warning {
        warning::not_associated(host, &self.facts.app_id)
    }

    fn warn_of_callback(&self, host: &str, warnings: &mut Vec<Warning>) {
        let is_new = self.facts.version.is_none_or(|it| it >= HTTPS_CALLBACKS);
        // Of a local host, the missing universal link says enough.
        let is_missing = self.is_associated(WEBCREDENTIALS, host) == Some(false) && !is_local(host);
        if is_new && is_missing {
            warnings.push(warning::no_webcredentials(host));
        }
    }

    fn warn_of_urls(&self, warnings: &mut Vec<Warning>) {
        let uri = &self.question.redirect_uri;
        let (before_path, _) = split_path(uri);
        if before_path.contains(|c: char| c.is_ascii_uppercase()) {
            warnings.push(warning::capitals(uri));
        }
        if let Some(host) = &self.authorization_host {
            if self.is_same_host() {
                warnings.push(warning::same_host(host));
            } else if matches!(
                self.declared(APPLINKS, host),
                Declared::Yes | Declared::WithMode
            ) {
                warnings.push(warning::handles_authorization());
            }
        }
        let domains = self.facts.domains.iter().flatten();
        let malformed = domains.filter(|it| Domain::read(it).is_none());
        warnings.extend(malformed.map(|entry| warning::malformed_domain(entry)));
    }

    fn steps(&self) -> [Step; 4] {
        let step = |opens, choice| Step {
            opens,
            package: None,
            is_ephemeral: opens == Opens::WebAuthenticationSession
                && self.question.ephemeral
                && Result::is_ok(&choice),
            needs_tap: opens == Opens::SafariView,
            choice,
        };
        let identity_app = match self.question.login {
            Login::AppSwitch => Ok(Chosen::FoundByOpening),
            Login::Page => Err(LeftOut::LoginIsAPage),
        };
        let session = self.session();
        let safari_view = match session {
            _ if self.question.safari_view => Ok(Chosen::Asked),
            Ok(Chosen::GivesRedirect) => Err(LeftOut::NotAsked),
            _ => Ok(Chosen::Instead),
        };
        [
            step(Opens::IdentityApp, identity_app),
            step(Opens::WebAuthenticationSession, session),
            step(Opens::SafariView, safari_view),
            step(Opens::Browser, Ok(Chosen::Always)),
        ]
    }

    fn session(&self) -> Result<Chosen, LeftOut> {
        if self.question.safari_view {
            return Err(LeftOut::AskedForSafariView);
        }
        let Some(host) = &self.host else {
            return Ok(Chosen::GivesRedirect);
        };
        if !self.has_scheme(HTTPS.as_str()) {
            return Err(LeftOut::HttpRedirect);
        }
        if self.facts.version.is_some_and(|it| it < HTTPS_CALLBACKS) {
            return Err(LeftOut::NeedsIos17_4);
        }
        match self.is_associated(WEBCREDENTIALS, host) {
            Some(true) => Ok(Chosen::GivesRedirect),
            Some(false) => Err(LeftOut::NoWebCredentials),
            None => Ok(Chosen::FoundByStarting),
        }
    }
}

/// Whether Apple cannot fetch a file from this host.
fn is_local(host: &str) -> bool {
    origin::is_local(host) || !host.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_names_hosts() {
        let has = |entry: &str, host: &str| Domain::read(entry).is_some_and(|it| it.has(host));
        assert!(has("applinks:app.example", "app.example"));
        assert!(has("applinks:App.example", "app.EXAMPLE"));
        assert!(has("applinks:*.app.example", "a.app.example"));
        assert!(has("applinks:*.app.example", "b.a.app.example"));
        assert!(has("applinks:app.example?mode=developer", "app.example"));
        assert!(!has("applinks:*.app.example", "app.example"));
        assert!(!has("applinks:*.app.example", "myapp.example"));
        assert!(!has("applinks:app.example", "www.app.example"));
        for malformed in [
            "app.example",
            "applinks:",
            "applinks:*.",
            "applinks:https://app.example",
            "applinks:app.example/callback",
            "applinks:app.example:8443",
            "applinks: app.example",
            "applinks:app.example?developer",
            "applinks:$(HOST)",
            "applinks:www.*.example",
        ] {
            assert!(Domain::read(malformed).is_none(), "{malformed}");
        }
    }

    #[test]
    fn the_file_of_a_wildcard_is_on_the_host_of_the_wildcard() {
        let host = |domains: &[&str]| {
            let domains: Vec<String> = domains.iter().map(|it| String::from(*it)).collect();
            String::from(file_host(&domains, "a.app.example"))
        };
        assert_eq!(host(&[]), "a.app.example");
        assert_eq!(host(&["applinks:*.app.example"]), "app.example");
        assert_eq!(
            host(&["applinks:*.app.example", "applinks:a.app.example"]),
            "a.app.example"
        );
    }
}
