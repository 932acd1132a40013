//! The ways to open a login, and why one is left out.

use alloc::string::String;

use serde::Serialize;
use serde::ser::{SerializeStruct as _, Serializer};

/// What a step opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opens {
    /// The identity app, directly.
    IdentityApp,
    /// A tab of the browser that gives the redirect to this app as a result.
    AuthTab,
    /// A tab of the browser, within the task of this app.
    CustomTab,
    /// A page over this app that gives the redirect to this app as a result
    /// (`ASWebAuthenticationSession`).
    WebAuthenticationSession,
    /// A page over this app (`SFSafariViewController`).
    SafariView,
    /// The browser itself.
    Browser,
}

impl Opens {
    /// The stable name, in JSON and timelines.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IdentityApp => "identity_app",
            Self::AuthTab => "auth_tab",
            Self::CustomTab => "custom_tab",
            Self::WebAuthenticationSession => "web_authentication_session",
            Self::SafariView => "safari_view",
            Self::Browser => "browser",
        }
    }
}

/// One way to open a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it opens.
    pub opens: Opens,
    /// The package that it opens, if one is chosen. iOS names none.
    pub package: Option<String>,
    /// The tab keeps no cookies after it is closed.
    pub is_ephemeral: bool,
    /// The person must tap something on the page before the browser opens another app.
    pub needs_tap: bool,
    /// Why this way is part of the plan, or why it is left out.
    pub choice: Result<Chosen, LeftOut>,
}

impl Step {
    /// Why the step is part of the plan or left out, for a developer.
    pub const fn reason(&self) -> &'static str {
        match self.choice {
            Ok(chosen) => chosen.reason(),
            Err(left_out) => left_out.reason(),
        }
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut step = to.serialize_struct("Step", 6)?;
        step.serialize_field("opens", self.opens.as_str())?;
        step.serialize_field("package", &self.package)?;
        step.serialize_field("ephemeral", &self.is_ephemeral)?;
        step.serialize_field("needs_tap", &self.needs_tap)?;
        step.serialize_field("left_out", &self.choice.err().map(LeftOut::as_str))?;
        step.serialize_field("reason", self.reason())?;
        step.end()
    }
}

/// Why a way to open a login is part of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// The app handles the authorization URL.
    HandlesUrl,
    /// The app prefers this browser.
    Preferred,
    /// It is the default browser.
    Default,
    /// No preferred and no default browser supports it, and this one does.
    Supports,
    /// iOS says only afterwards whether an app opened the authorization URL.
    FoundByOpening,
    /// It gives the redirect to this app.
    GivesRedirect,
    /// iOS says only afterwards whether it gives the redirect to this app.
    FoundByStarting,
    /// The app asks for it.
    Asked,
    /// The way that gives the redirect to this app is left out.
    Instead,
    /// It needs nothing.
    Always,
}

impl Chosen {
    const fn reason(self) -> &'static str {
        match self {
            Self::HandlesUrl => "it handles the authorization URL",
            Self::Preferred => "the app prefers this browser",
            Self::Default => "it is the default browser",
            Self::Supports => "no preferred or default browser supports it, and this one does",
            Self::FoundByOpening => {
                "iOS opens an app only if one is associated with the authorization URL, and says so \
                 only then"
            }
            Self::GivesRedirect => "it gives the redirect to this app itself",
            Self::FoundByStarting => {
                "it gives the redirect to this app itself, if the redirect URI's domain is associated \
                 with this app, which iOS says only then"
            }
            Self::Asked => "the app asks for it",
            Self::Instead => "ASWebAuthenticationSession cannot be used",
            Self::Always => "every device has one",
        }
    }
}

/// Why a way to open a login is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The provider's login is a page in the browser.
    LoginIsAPage,
    /// No app other than browsers and this app handles the authorization URL.
    NoIdentityApp,
    /// The provider opens its identity app, which returns by the link and not to a tab.
    ReturnsFromAnotherApp,
    /// No browser says that it supports this kind of tab.
    NotSupported,
    /// The domain of the redirect URI is not verified on this device.
    NotVerified,
    /// No browser is visible to this app.
    NoBrowser,
    /// https callbacks need iOS 17.4.
    NeedsIos17_4,
    /// The domain of the redirect URI is not associated with this app for web credentials.
    NoWebCredentials,
    /// The redirect URI is http.
    HttpRedirect,
    /// The app asks for `SFSafariViewController`.
    AskedForSafariView,
    /// The app does not ask for it.
    NotAsked,
}

impl LeftOut {
    /// The stable name, in JSON and timelines.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LoginIsAPage => "login_is_a_page",
            Self::NoIdentityApp => "no_identity_app",
            Self::ReturnsFromAnotherApp => "returns_from_another_app",
            Self::NotSupported => "not_supported",
            Self::NotVerified => "not_verified",
            Self::NoBrowser => "no_browser",
            Self::NeedsIos17_4 => "needs_ios_17_4",
            Self::NoWebCredentials => "no_web_credentials",
            Self::HttpRedirect => "http_redirect",
            Self::AskedForSafariView => "asked_for_safari_view",
            Self::NotAsked => "not_asked",
        }
    }

    const fn reason(self) -> &'static str {
        match self {
            Self::LoginIsAPage => "the provider's login is a page in the browser",
            Self::NoIdentityApp => {
                "no app on this device, other than browsers, handles the authorization URL"
            }
            Self::ReturnsFromAnotherApp => {
                "the identity app returns by the link, which an Auth Tab does not receive"
            }
            Self::NotSupported => "no browser on this device supports it",
            Self::NotVerified => {
                "the redirect URI's domain is not verified on this device, so an Auth Tab would lose \
                 the code after the person approved"
            }
            Self::NoBrowser => "no browser is visible to this app",
            Self::NeedsIos17_4 => "https callbacks of ASWebAuthenticationSession need iOS 17.4",
            Self::NoWebCredentials => {
                "https callbacks of ASWebAuthenticationSession need `webcredentials`, and the redirect \
                 URI's domain does not have it"
            }
            Self::HttpRedirect => "ASWebAuthenticationSession has no http callbacks",
            Self::AskedForSafariView => "the app asks for SFSafariViewController",
            Self::NotAsked => "the app does not ask for it",
        }
    }
}
