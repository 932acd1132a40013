//! What Android says about a login's links, and what follows from it.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;

use super::{
    Chosen, LeftOut, LinkCheck, Login, Opens, Return, Step, Warning, split_path, warning,
    worst_first,
};
use crate::origin::{self, HTTP, HTTPS, Origin};

/// Android 12, which says for each host whether it is verified.
const ANDROID_12: u32 = 31;

/// The package that asks the person which app to open.
const SYSTEM: &str = "android";

/// Browsers that open an app from a page without a tap of the person, by the beginning of the
/// package. All others need a tap.
const NO_TAP: [&str; 2] = ["org.mozilla.", "com.opera."];

/// Browsers in which logins were reported not to come back.
const BLOCKS: [&str; 2] = ["com.microsoft.emmx", "com.vivo.browser"];

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
    /// The app wants a tab that keeps no cookies.
    #[serde(default)]
    pub ephemeral: bool,
    /// Browsers that the app prefers, the first one first. Then follows the default browser.
    #[serde(default)]
    pub browsers: Vec<String>,
}

/// What the device says. A fact that the device does not know is left out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The API level (`Build.VERSION.SDK_INT`).
    pub api_level: u32,
    /// The package of this app.
    pub package: String,
    /// The activities that handle the redirect URI (`queryIntentActivities` with VIEW, BROWSABLE
    /// and `MATCH_ALL`), browsers included.
    #[serde(default)]
    pub redirect: Vec<Handler>,
    /// The package that the redirect URI opens now (`resolveActivity`): `android` if the system
    /// would ask.
    pub redirect_opens: Option<String>,
    /// The state of the redirect URI's host (`DomainVerificationUserState`), since Android 12.
    pub host: Option<HostState>,
    /// "Open supported links" is on for this app, since Android 12.
    pub may_open_links: Option<bool>,
    /// The activities that handle the authorization URL, browsers included.
    #[serde(default)]
    pub authorization: Vec<Handler>,
    /// The browsers that this app can see.
    #[serde(default)]
    pub browsers: Vec<Browser>,
}

/// An activity that handles a URL.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handler {
    /// The package of its app.
    pub package: String,
    /// Its class.
    #[serde(default)]
    pub activity: String,
    /// Other apps can start it.
    #[serde(default = "yes")]
    pub is_exported: bool,
}

/// What a browser declares.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Browser {
    /// Its package.
    pub package: String,
    /// It is the default browser.
    #[serde(default)]
    pub is_default: bool,
    /// It has the service for Custom Tabs.
    #[serde(default)]
    pub custom_tab: bool,
    /// This service has the category of Auth Tabs.
    #[serde(default)]
    pub auth_tab: bool,
    /// This service has the category of ephemeral tabs.
    #[serde(default)]
    pub ephemeral: bool,
}

/// Whether Android lets this app open a host's links.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostState {
    /// The manifest does not declare the host.
    Undeclared,
    /// Not verified (`DOMAIN_STATE_NONE`).
    None,
    /// The person chose this app (`DOMAIN_STATE_SELECTED`).
    Selected,
    /// Verified (`DOMAIN_STATE_VERIFIED`).
    Verified,
}

const fn yes() -> bool {
    true
}

/// The class of the activity that the library declares for the redirect URI.
pub const REDIRECT_ACTIVITY: &str = "app.switchback.android.RedirectActivity";

/// Checks a login before it opens anything.
pub fn check(question: &Question, facts: &Facts) -> LinkCheck {
    let check = Check {
        question,
        facts,
        scheme: question.redirect_uri.split(':').next().unwrap_or(""),
        host: Origin::of(&question.redirect_uri).map(|origin| origin.host().into()),
    };
    LinkCheck {
        returns: check.returns(),
        steps: check.steps(),
        warnings: worst_first(check.warnings()),
    }
}

struct Check<'a> {
    question: &'a Question,
    facts: &'a Facts,
    scheme: &'a str,
    /// The redirect URI's host, if it has one.
    host: Option<String>,
}

impl<'a> Check<'a> {
    fn is_https(&self) -> bool {
        self.scheme.eq_ignore_ascii_case(HTTPS.as_str())
    }

    fn is_browser(&self, package: &str) -> bool {
        let mut all = self.facts.browsers.iter();
        all.any(|browser| browser.package == package)
    }

    /// The packages that handle a URL, other than this app and browsers.
    fn other_apps(&self, handlers: &'a [Handler]) -> impl Iterator<Item = &'a Handler> {
        let is_other =
            |it: &&Handler| it.package != self.facts.package && !self.is_browser(&it.package);
        handlers.iter().filter(is_other)
    }

    /// The activities of this app for the redirect URI.
    fn own(&self) -> impl Iterator<Item = &'a Handler> {
        let all = self.facts.redirect.iter();
        all.filter(|it| it.package == self.facts.package)
    }

    fn returns(&self) -> Return {
        let Some(opens) = self.facts.redirect_opens.as_deref() else {
            return Return::Nothing;
        };
        match opens {
            SYSTEM => Return::Asks,
            _ if opens == self.facts.package => Return::ThisApp,
            _ if self.is_browser(opens) => Return::Browser,
            _ => Return::OtherApp,
        }
    }

    fn warnings(&self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        self.warn_of_activities(&mut warnings);
        match self.is_https() {
            true => warnings.extend(self.host_warning()),
            false if self.scheme.eq_ignore_ascii_case(HTTP.as_str()) => {
                warnings.push(warning::http())
            }
            false => warnings.push(warning::custom_scheme(self.scheme)),
        }
        self.warn_of_urls(&mut warnings);
        self.warn_of_browsers(&mut warnings);
        warnings
    }

    fn warn_of_activities(&self, warnings: &mut Vec<Warning>) {
        let own: Vec<&Handler> = self.own().collect();
        match own[..] {
            [] => warnings.push(warning::no_activity(&self.question.redirect_uri)),
            [one] if !one.is_exported => warnings.push(warning::not_exported(&one.activity)),
            [one] if one.activity != REDIRECT_ACTIVITY => {
                warnings.push(warning::other_activity(&one.activity))
            }
            [_] => {}
            _ => warnings.push(warning::several_activities(
                &own.iter().map(|it| it.activity.clone()).collect::<Vec<_>>(),
            )),
        }
        let mut packages: Vec<String> = Vec::new();
        for other in self.other_apps(&self.facts.redirect) {
            if !packages.contains(&other.package) {
                packages.push(other.package.clone());
            }
        }
        if !packages.is_empty() {
            warnings.push(warning::other_apps(&packages));
        }
    }

    /// What the state of an App Link's host means.
    fn host_warning(&self) -> Option<Warning> {
        let host = self.host.as_deref()?;
        if origin::is_local(host) || !host.contains('.') {
            return Some(warning::local_host(host));
        }
        let has_activity = self.own().next().is_some();
        if self.facts.api_level < ANDROID_12 {
            let is_open = self.returns() == Return::ThisApp;
            return (has_activity && !is_open).then_some(warning::unknown_before_12(host));
        }
        if self.facts.may_open_links == Some(false) {
            return Some(warning::link_handling_off());
        }
        match self.facts.host? {
            HostState::Verified => None,
            HostState::Selected => Some(warning::selected_by_person(host)),
            // Without an activity the manifest has no filter to verify.
            HostState::Undeclared => has_activity.then_some(warning::not_declared(host)),
            HostState::None => Some(warning::not_verified(host)),
        }
    }

    fn warn_of_urls(&self, warnings: &mut Vec<Warning>) {
        let uri = &self.question.redirect_uri;
        let (before_path, _) = split_path(uri);
        if before_path.contains(|c: char| c.is_ascii_uppercase()) {
            warnings.push(warning::capitals(uri));
        }
        let authorization = Origin::of(&self.question.authorization_url);
        let host = authorization.as_ref().map(Origin::host);
        if let Some(host) = host
            && self.is_https()
            && self.host.as_deref() == Some(host)
        {
            warnings.push(warning::same_host(host));
        }
        let mut handlers = self.facts.authorization.iter();
        if handlers.any(|it| it.package == self.facts.package) {
            warnings.push(warning::handles_authorization());
        }
    }

    fn warn_of_browsers(&self, warnings: &mut Vec<Warning>) {
        let is_app_switch = self.question.login == Login::AppSwitch;
        let has_identity_app = self.identity_app().is_some();
        if is_app_switch && !has_identity_app {
            warnings.push(warning::no_identity_app());
        }
        let tab = self.tab();
        match self.any_browser() {
            // The identity app needs no browser.
            None if is_app_switch && has_identity_app => {}
            None => warnings.push(warning::no_browser()),
            Some(_) if tab.is_none() => warnings.push(warning::no_custom_tab()),
            Some(_) => {}
        }
        if let Some(tab) = tab
            && self.question.ephemeral
            && !tab.ephemeral
        {
            warnings.push(warning::not_ephemeral(&tab.package));
        }
        let chosen = tab.or(self.any_browser());
        if let Some(browser) = chosen
            && BLOCKS.contains(&browser.package.as_str())
        {
            warnings.push(warning::browser_blocks(&browser.package));
        }
    }

    fn identity_app(&self) -> Option<&'a Handler> {
        self.other_apps(&self.facts.authorization).next()
    }

    /// The first browser that can do this: those that the app prefers, the default browser, the
    /// others. Browsers that were reported to block come last in their group.
    fn browser(&self, can: fn(&Browser) -> bool) -> Option<&'a Browser> {
        let all = self.facts.browsers.iter().filter(|it| can(it));
        all.min_by_key(|browser| {
            let mut preferred = self.question.browsers.iter();
            let place = preferred.position(|package| *package == browser.package);
            let blocks = BLOCKS.contains(&browser.package.as_str());
            (place.unwrap_or(usize::MAX), !browser.is_default, blocks)
        })
    }

    fn any_browser(&self) -> Option<&'a Browser> {
        self.browser(|_| true)
    }

    fn tab(&self) -> Option<&'a Browser> {
        self.browser(|it| it.custom_tab)
    }

    fn steps(&self) -> Vec<Step> {
        [
            self.identity_app_step(),
            self.auth_tab_step(),
            self.browser_step(Opens::CustomTab, self.tab().ok_or(LeftOut::NotSupported)),
            self.browser_step(Opens::Browser, self.any_browser().ok_or(LeftOut::NoBrowser)),
        ]
        .into()
    }

    fn identity_app_step(&self) -> Step {
        let choice = match (self.question.login, self.identity_app()) {
            (Login::Page, _) => Err(LeftOut::LoginIsAPage),
            (Login::AppSwitch, None) => Err(LeftOut::NoIdentityApp),
            (Login::AppSwitch, Some(app)) => Ok(app),
        };
        Step {
            opens: Opens::IdentityApp,
            package: choice.ok().map(|app| app.package.clone()),
            is_ephemeral: false,
            needs_tap: false,
            choice: choice.map(|_| Chosen::HandlesUrl),
        }
    }

    /// Chromium checks the domain of an https redirect after the person approved. If the check
    /// fails, it does not give the URL to the app, and the code is lost.
    fn auth_tab_step(&self) -> Step {
        let browser = self.browser(|it| it.auth_tab);
        let is_verified = self.facts.host == Some(HostState::Verified);
        let choice = match (self.question.login, browser) {
            (Login::AppSwitch, _) => Err(LeftOut::ReturnsFromAnotherApp),
            (Login::Page, None) => Err(LeftOut::NotSupported),
            (Login::Page, Some(_)) if self.is_https() && !is_verified => Err(LeftOut::NotVerified),
            (Login::Page, Some(browser)) => Ok(browser),
        };
        Step {
            // The tab gives the redirect to the app itself.
            needs_tap: false,
            ..self.browser_step(Opens::AuthTab, choice)
        }
    }

    fn browser_step(&self, opens: Opens, choice: Result<&Browser, LeftOut>) -> Step {
        let browser = choice.ok();
        let is_tab = opens != Opens::Browser;
        let needs_tap = |it: &Browser| !NO_TAP.iter().any(|start| it.package.starts_with(start));
        let prefers = |it: &Browser| self.question.browsers.contains(&it.package);
        Step {
            opens,
            package: browser.map(|it| it.package.clone()),
            is_ephemeral: is_tab
                && self.question.ephemeral
                && browser.is_some_and(|it| it.ephemeral),
            needs_tap: browser.is_some_and(needs_tap),
            choice: choice.map(|it| match it {
                it if prefers(it) => Chosen::Preferred,
                it if it.is_default => Chosen::Default,
                _ => Chosen::Supports,
            }),
        }
    }
}
