//! Will this login come back? The check of the protocol, over facts that the platform gathers.

use switchback_protocol::link_check;
use switchback_protocol::link_check::android::{
    self, Browser, Facts, Handler, HostState, Question,
};
use switchback_protocol::link_check::ios::{
    self, Association as IosAssociation, Facts as IosFacts, Question as IosQuestion,
    Version as IosVersion,
};
use switchback_protocol::link_check::{Login, Opens, Return, Severity, Step, Warning};

/// What kind of login a provider has.
#[uniffi::remote(Enum)]
pub enum Login {
    /// The authorization URL opens an identity app, which returns by the redirect URI.
    AppSwitch,
    /// The authorization URL is a page in the browser.
    Page,
}

/// The login that is asked about, on Android.
#[uniffi::remote(Record)]
pub struct Question {
    /// The kind of login.
    pub login: Login,
    /// The authorization endpoint.
    pub authorization_url: String,
    /// The redirect URI, as it is registered.
    pub redirect_uri: String,
    /// The app wants a tab that keeps no cookies.
    pub ephemeral: bool,
    /// Browsers that the app prefers, the first one first.
    pub browsers: Vec<String>,
}

/// What an Android device says. A fact that the device does not know is left out.
#[uniffi::remote(Record)]
pub struct Facts {
    /// The API level.
    pub api_level: u32,
    /// The package of this app.
    pub package: String,
    /// The activities that handle the redirect URI, browsers included.
    pub redirect: Vec<Handler>,
    /// The package that the redirect URI opens now: `android` if the system would ask.
    pub redirect_opens: Option<String>,
    /// The state of the redirect URI's host, since Android 12.
    pub host: Option<HostState>,
    /// "Open supported links" is on for this app, since Android 12.
    pub may_open_links: Option<bool>,
    /// The activities that handle the authorization URL, browsers included.
    pub authorization: Vec<Handler>,
    /// The browsers that this app can see.
    pub browsers: Vec<Browser>,
}

/// An activity that handles a URL.
#[uniffi::remote(Record)]
pub struct Handler {
    /// The package of its app.
    pub package: String,
    /// Its class.
    pub activity: String,
    /// Other apps can start it.
    pub is_exported: bool,
}

/// What a browser declares.
#[uniffi::remote(Record)]
pub struct Browser {
    /// Its package.
    pub package: String,
    /// It is the default browser.
    pub is_default: bool,
    /// It has the service for Custom Tabs.
    pub custom_tab: bool,
    /// This service has the category of Auth Tabs.
    pub auth_tab: bool,
    /// This service has the category of ephemeral tabs.
    pub ephemeral: bool,
}

/// Whether Android lets this app open a host's links.
#[uniffi::remote(Enum)]
pub enum HostState {
    /// The manifest does not declare the host.
    Undeclared,
    /// Not verified.
    None,
    /// The person chose this app.
    Selected,
    /// Verified.
    Verified,
}

/// The login that is asked about, on iOS.
#[uniffi::remote(Record)]
pub struct IosQuestion {
    /// The kind of login.
    pub login: Login,
    /// The authorization endpoint.
    pub authorization_url: String,
    /// The redirect URI, as it is registered.
    pub redirect_uri: String,
    /// The app wants a page that keeps no cookies.
    pub ephemeral: bool,
    /// The app wants `SFSafariViewController` instead of `ASWebAuthenticationSession`.
    pub safari_view: bool,
}

/// What is known on iOS. A fact that is not known is left out.
#[uniffi::remote(Record)]
pub struct IosFacts {
    /// The version of iOS. Without it, the newest one.
    pub version: Option<IosVersion>,
    /// The application identifier `TEAM.bundle`, or the bundle identifier alone.
    pub app_id: String,
    /// The URL schemes of Info.plist.
    pub url_schemes: Option<Vec<String>>,
    /// The entitlement for associated domains, for example `applinks:app.example`.
    pub domains: Option<Vec<String>>,
    /// What the site's association file allows this app.
    pub site: Option<IosAssociation>,
    /// What Apple's copy of this file allows this app. Devices read the copy.
    pub apple_copy: Option<IosAssociation>,
}

/// A version of iOS.
#[uniffi::remote(Record)]
pub struct IosVersion {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
}

/// What an association file allows an app.
#[uniffi::remote(Record)]
pub struct IosAssociation {
    /// The app opens the redirect URI as a universal link.
    pub applinks: bool,
    /// The app receives the redirect URI as an https callback.
    pub webcredentials: bool,
}

/// What happens when the provider redirects to the redirect URI.
#[uniffi::remote(Enum)]
pub enum Return {
    /// The link opens this app.
    ThisApp,
    /// The system asks the person which app to open.
    Asks,
    /// The link opens another app.
    OtherApp,
    /// The browser shows the redirect URI as a page.
    Browser,
    /// Nothing opens the link.
    Nothing,
    /// The system does not say what opens the link.
    Unknown,
}

/// What a step opens.
#[uniffi::remote(Enum)]
pub enum Opens {
    /// The identity app, directly.
    IdentityApp,
    /// A tab of the browser that gives the redirect to this app as a result.
    AuthTab,
    /// A tab of the browser, within the task of this app.
    CustomTab,
    /// `ASWebAuthenticationSession`, which gives the redirect to this app as a result.
    WebAuthenticationSession,
    /// `SFSafariViewController`.
    SafariView,
    /// The browser itself.
    Browser,
}

/// How bad a warning is.
#[uniffi::remote(Enum)]
pub enum Severity {
    /// The login does not come back.
    Stops,
    /// The login may not come back on this device, or on another one.
    MayStop,
    /// The login comes back, with a disadvantage.
    Notice,
}

/// One way to open a login.
#[derive(Clone, Debug, uniffi::Record)]
pub struct LinkStep {
    /// What it opens.
    pub opens: Opens,
    /// The package that it opens, if one is chosen.
    pub package: Option<String>,
    /// The tab keeps no cookies after it is closed.
    pub is_ephemeral: bool,
    /// The person must tap something on the page before the browser opens another app.
    pub needs_tap: bool,
    /// A stable name for the reason why this way is left out. Nothing if it is part of the plan.
    pub left_out: Option<String>,
    /// Why it is part of the plan or left out, for a developer.
    pub reason: String,
}

/// One thing that is wrong.
#[derive(Clone, Debug, uniffi::Record)]
pub struct LinkWarning {
    /// A stable name.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, for a developer.
    pub message: String,
    /// What to do about it, for a developer.
    pub fix: String,
}

/// Whether a login will come back.
#[derive(Clone, Debug, uniffi::Record)]
pub struct LinkCheck {
    /// What happens to the link.
    pub returns: Return,
    /// Every way to open the login, in order.
    pub steps: Vec<LinkStep>,
    /// What is wrong, the worst first.
    pub warnings: Vec<LinkWarning>,
}

/// Checks a login on Android before it opens anything.
#[uniffi::export]
pub fn check_android_links(question: &Question, facts: &Facts) -> LinkCheck {
    android::check(question, facts).into()
}

/// Checks a login on iOS before it opens anything.
#[uniffi::export]
pub fn check_ios_links(question: &IosQuestion, facts: &IosFacts) -> LinkCheck {
    ios::check(question, facts).into()
}

impl From<link_check::LinkCheck> for LinkCheck {
    fn from(found: link_check::LinkCheck) -> Self {
        let step = |step: Step| LinkStep {
            opens: step.opens,
            is_ephemeral: step.is_ephemeral,
            needs_tap: step.needs_tap,
            left_out: step.choice.err().map(|it| it.as_str().into()),
            reason: step.reason().into(),
            package: step.package,
        };
        let warning = |warning: Warning| LinkWarning {
            code: warning.code.into(),
            severity: warning.severity,
            message: warning.message,
            fix: warning.fix,
        };
        Self {
            returns: found.returns,
            steps: found.steps.into_iter().map(step).collect(),
            warnings: found.warnings.into_iter().map(warning).collect(),
        }
    }
}
