//! What stops a link from opening the app, or makes it uncertain, and how to fix it.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::Login;

/// How bad a warning is. The order is from bad to good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The login does not come back.
    Stops,
    /// The login may not come back on this device, or on another one.
    MayStop,
    /// The login comes back, with a disadvantage.
    Notice,
}

/// One thing that is wrong. [`message`](Self::message) says what, [`fix`](Self::fix) says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// No activity of this app handles the redirect URI.
    NoActivity {
        /// The redirect URI.
        redirect_uri: String,
    },
    /// An activity handles the redirect URI, and other apps cannot start it.
    NotExported {
        /// Its class.
        activity: String,
    },
    /// An activity of the app itself receives the links, and not the one of the library.
    OtherActivity {
        /// Its class.
        activity: String,
    },
    /// Several activities of this app handle the redirect URI.
    SeveralActivities {
        /// Their classes.
        activities: Vec<String>,
    },
    /// Other apps handle the redirect URI too.
    OtherApps {
        /// Their packages.
        packages: Vec<String>,
    },
    /// The manifest declares the redirect URI's host without `autoVerify`.
    NotDeclared {
        /// The host.
        host: String,
    },
    /// Android could not verify the redirect URI's host.
    NotVerified {
        /// The host.
        host: String,
    },
    /// The person chose in the settings that this app opens the links.
    SelectedByPerson {
        /// The host.
        host: String,
    },
    /// The person switched off that this app opens links.
    LinkHandlingOff,
    /// Android before 12 does not say whether the host is verified, and the system would ask.
    UnknownBefore12 {
        /// The host.
        host: String,
    },
    /// The host is on this device or on a local network, where the system verifies nothing.
    LocalHost {
        /// The host.
        host: String,
    },
    /// The redirect URI is `http`.
    Http,
    /// The redirect URI has a custom scheme, which any app can claim.
    CustomScheme {
        /// The scheme.
        scheme: String,
    },
    /// The scheme or the host of the redirect URI has capital letters.
    Capitals {
        /// The redirect URI.
        redirect_uri: String,
    },
    /// The redirect URI is on the host of the authorization URL.
    SameHost {
        /// The host.
        host: String,
    },
    /// This app handles the authorization URL.
    HandlesAuthorization,
    /// The provider's login opens an identity app, and none is on this device.
    NoIdentityApp,
    /// No browser is visible to this app.
    NoBrowser,
    /// No browser supports Custom Tabs.
    NoCustomTab,
    /// The app asked for a page without cookies, which the browser does not support.
    NotEphemeral {
        /// The browser, or the view of iOS.
        package: String,
    },
    /// Logins in this browser were reported not to come back.
    BrowserBlocks {
        /// The browser.
        package: String,
    },
    /// No URL type of Info.plist has the scheme of the redirect URI.
    SchemeNotDeclared {
        /// The scheme.
        scheme: String,
        /// The kind of login. `ASWebAuthenticationSession` does not need the URL type.
        login: Login,
    },
    /// The entitlements do not have the redirect URI's host for universal links.
    NoAppLinks {
        /// The host.
        host: String,
    },
    /// The host is not associated with this app for https callbacks.
    NoWebCredentials {
        /// The host.
        host: String,
    },
    /// The entitlements have the host only with a mode, for developers or managed devices.
    AlternateMode {
        /// The host.
        host: String,
    },
    /// The association file does not let this app open the redirect URI.
    NotAssociated {
        /// The host.
        host: String,
        /// The app.
        app_id: String,
    },
    /// The site's association file lets this app open the redirect URI, and Apple's copy does not.
    StaleCopy {
        /// The host.
        host: String,
    },
    /// It is not known which domains the entitlements have.
    DomainsUnknown {
        /// The host of the redirect URI.
        host: String,
    },
    /// iOS does not say whether the host is associated with this app.
    AssociationUnknown {
        /// The host.
        host: String,
    },
    /// An entry of the entitlements is not an associated domain.
    MalformedDomain {
        /// The entry.
        entry: String,
    },
    /// The login page opens in `SFSafariViewController`.
    NeedsTap,
}

impl Warning {
    /// The stable name, in JSON and timelines.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoActivity { .. } => "no_activity",
            Self::NotExported { .. } => "not_exported",
            Self::OtherActivity { .. } => "other_activity",
            Self::SeveralActivities { .. } => "several_activities",
            Self::OtherApps { .. } => "other_apps",
            Self::NotDeclared { .. } => "not_declared",
            Self::NotVerified { .. } => "not_verified",
            Self::SelectedByPerson { .. } => "selected_by_person",
            Self::LinkHandlingOff => "link_handling_off",
            Self::UnknownBefore12 { .. } => "unknown_before_12",
            Self::LocalHost { .. } => "local_host",
            Self::Http => "http",
            Self::CustomScheme { .. } => "custom_scheme",
            Self::Capitals { .. } => "capitals",
            Self::SameHost { .. } => "same_host",
            Self::HandlesAuthorization => "handles_authorization",
            Self::NoIdentityApp => "no_identity_app",
            Self::NoBrowser => "no_browser",
            Self::NoCustomTab => "no_custom_tab",
            Self::NotEphemeral { .. } => "not_ephemeral",
            Self::BrowserBlocks { .. } => "browser_blocks",
            Self::SchemeNotDeclared { .. } => "scheme_not_declared",
            Self::NoAppLinks { .. } => "no_applinks",
            Self::NoWebCredentials { .. } => "no_webcredentials",
            Self::AlternateMode { .. } => "alternate_mode",
            Self::NotAssociated { .. } => "not_associated",
            Self::StaleCopy { .. } => "stale_copy",
            Self::DomainsUnknown { .. } => "domains_unknown",
            Self::AssociationUnknown { .. } => "association_unknown",
            Self::MalformedDomain { .. } => "malformed_domain",
            Self::NeedsTap => "needs_tap",
        }
    }

    /// How bad it is.
    pub const fn severity(&self) -> Severity {
        match self {
            Self::NoActivity { .. }
            | Self::NotExported { .. }
            | Self::NotDeclared { .. }
            | Self::NotVerified { .. }
            | Self::LinkHandlingOff
            | Self::LocalHost { .. }
            | Self::Http
            | Self::NoBrowser
            | Self::SchemeNotDeclared {
                login: Login::AppSwitch,
                ..
            }
            | Self::NoAppLinks { .. }
            | Self::NotAssociated { .. }
            | Self::StaleCopy { .. } => Severity::Stops,
            Self::OtherActivity { .. }
            | Self::SeveralActivities { .. }
            | Self::OtherApps { .. }
            | Self::SelectedByPerson { .. }
            | Self::UnknownBefore12 { .. }
            | Self::Capitals { .. }
            | Self::SameHost { .. }
            | Self::HandlesAuthorization
            | Self::BrowserBlocks { .. }
            | Self::SchemeNotDeclared { .. }
            | Self::NoWebCredentials { .. }
            | Self::AlternateMode { .. }
            | Self::MalformedDomain { .. }
            | Self::NeedsTap => Severity::MayStop,
            Self::CustomScheme { .. }
            | Self::NoIdentityApp
            | Self::NoCustomTab
            | Self::NotEphemeral { .. }
            | Self::DomainsUnknown { .. }
            | Self::AssociationUnknown { .. } => Severity::Notice,
        }
    }

    /// What is wrong, for a developer.
    pub fn message(&self) -> String {
        match self {
            Self::NoActivity { redirect_uri } => {
                format!("no activity of this app handles {redirect_uri}")
            }
            Self::NotExported { activity } => {
                format!("{activity} handles the link, but it is not exported: nothing can start it")
            }
            Self::OtherActivity { activity } => {
                format!("the link opens {activity}, not the activity of Switchback")
            }
            Self::SeveralActivities { activities } => format!(
                "several activities of this app handle the link: {}",
                activities.join(", ")
            ),
            Self::OtherApps { packages } => {
                format!("other apps handle the link too: {}", packages.join(", "))
            }
            Self::NotDeclared { host } => {
                format!("the manifest does not ask Android to verify {host}")
            }
            Self::NotVerified { host } => {
                format!("Android has not verified that {host} belongs to this app")
            }
            Self::SelectedByPerson { host } => format!(
                "links to {host} open this app only because someone chose so in the settings of \
                 this device"
            ),
            Self::LinkHandlingOff => {
                "in the settings of this device, \"Open supported links\" is off for this app"
                    .into()
            }
            Self::UnknownBefore12 { host } => format!(
                "a link to {host} does not open this app: before Android 12, one unverified host \
                 of the manifest makes all of them unverified"
            ),
            Self::LocalHost { host } => {
                format!("no system can verify {host}: the host is not on the internet")
            }
            Self::Http => {
                "an http link does not open an app reliably, and the network can read its code"
                    .into()
            }
            Self::CustomScheme { scheme } => {
                format!("any other app can claim the scheme {scheme} and receive the code")
            }
            Self::Capitals { redirect_uri } => format!(
                "{redirect_uri} has capital letters in its scheme or host, which browsers write small \
                 and Android compares with the manifest letter by letter"
            ),
            Self::SameHost { host } => format!(
                "the authorization URL and the redirect URI are both on {host}: browsers follow a \
                 link within one host themselves"
            ),
            Self::HandlesAuthorization => "this app handles the authorization URL".into(),
            Self::NoIdentityApp => {
                "the identity app is not on this device, or this app cannot see it".into()
            }
            Self::NoBrowser => "this app sees no browser on this device".into(),
            Self::NoCustomTab => "no browser on this device supports Custom Tabs".into(),
            Self::NotEphemeral { package } => {
                format!("{package} does not support a page without cookies")
            }
            Self::BrowserBlocks { package } => {
                format!("{package} was reported not to open apps from a page")
            }
            Self::SchemeNotDeclared { scheme, .. } => {
                format!("no URL type in Info.plist has the scheme {scheme}: a link opens nothing")
            }
            Self::NoAppLinks { host } => format!(
                "the entitlements do not have applinks:{host}: a link to it stays in the browser"
            ),
            Self::NoWebCredentials { host } => format!(
                "{host} and this app do not share web credentials, which https callbacks of \
                 ASWebAuthenticationSession need"
            ),
            Self::AlternateMode { host } => format!(
                "the entitlements have {host} only with `?mode=`: the link opens only a build that is \
                 signed for development, or a managed device"
            ),
            Self::NotAssociated { host, app_id } => {
                format!(
                    "the association file of {host} does not let {app_id} open the redirect URI"
                )
            }
            Self::StaleCopy { host } => format!(
                "the association file of {host} lets this app open the redirect URI, but Apple's \
                 copy, which devices read, does not"
            ),
            Self::DomainsUnknown { host } => format!(
                "an app cannot read all of its entitlements: it is not known whether they have \
                 applinks:{host}"
            ),
            Self::AssociationUnknown { host } => format!(
                "iOS does not say whether {host} is associated with this app before a link is opened"
            ),
            Self::MalformedDomain { entry } => {
                format!("the entry {entry:?} of the entitlements is not an associated domain")
            }
            Self::NeedsTap => "the login page opens in SFSafariViewController, which a redirect \
                 without a tap does not leave"
                .into(),
        }
    }

    /// What to do about it, for a developer.
    pub fn fix(&self) -> String {
        match self {
            Self::NoActivity { .. } => "set the manifest placeholders `switchbackHost` and \
                 `switchbackPath` to the parts of the redirect URI, whose scheme is https or the \
                 application id, and look at the merged manifest"
                .into(),
            Self::NotExported { .. } => "set `android:exported=\"true\"` on this activity".into(),
            Self::OtherActivity { .. } => {
                "remove the intent filter for the redirect URI from that \
                 activity, or give its links to `handle` there"
                    .into()
            }
            Self::SeveralActivities { .. } => {
                "leave the intent filter for the redirect URI on one activity".into()
            }
            Self::OtherApps { .. } => {
                "for builds of this app beside each other, give each its own \
                 path or host; against another app, use an https redirect URI whose domain only \
                 this app is verified for"
                    .into()
            }
            Self::NotDeclared { .. } => {
                "set `android:autoVerify=\"true\"` on the intent filter that has this host".into()
            }
            Self::NotVerified { host } => format!(
                "publish https://{host}/.well-known/assetlinks.json with the package and with the \
                 fingerprint of the certificate that signs what people install (with Play App \
                 Signing: Google's certificate, not the upload key); `switchback doctor android` \
                 checks the file; then run `adb shell pm verify-app-links --re-verify` with the \
                 package"
            ),
            Self::SelectedByPerson { host } => format!(
                "other devices need the verification: check \
                 https://{host}/.well-known/assetlinks.json with `switchback doctor android`"
            ),
            Self::LinkHandlingOff => {
                "ask the person to switch it on: Settings, Apps, this app, Open \
                 by default (`Settings.ACTION_APP_OPEN_BY_DEFAULT_SETTINGS` opens the page)"
                    .into()
            }
            Self::UnknownBefore12 { .. } => "check the assetlinks.json of every host that the \
                 manifest verifies with `switchback doctor android`, and install the app again"
                .into(),
            Self::LocalHost { .. } => {
                "use a custom scheme with the test service while you develop, \
                 and a public host for the https redirect URI"
                    .into()
            }
            Self::Http => "use https, or a custom scheme with a test service".into(),
            Self::CustomScheme { .. } => {
                "use it with a test service only, and an https redirect URI for people".into()
            }
            Self::Capitals { .. } => {
                "register the redirect URI in lower case, and write the manifest or Info.plist the \
                 same"
                    .into()
            }
            Self::SameHost { .. } => "use another host for the redirect URI".into(),
            Self::HandlesAuthorization => "narrow the intent filter, or the components of the \
                 association file, to the path of the redirect URI"
                .into(),
            Self::NoIdentityApp => "the login goes on in the browser, where the person can use \
                 another device; if the app is installed, check that `<queries>` of the merged \
                 manifest has VIEW with https"
                .into(),
            Self::NoBrowser => {
                "check that `<queries>` of the merged manifest has VIEW with https; \
                 on a device without a browser, tell the person to install one"
                    .into()
            }
            Self::NoCustomTab => {
                "nothing: the login opens in the browser itself, outside of this app's task".into()
            }
            Self::NotEphemeral { .. } => "nothing: the login shares the browser's cookies, so a \
                 second person may find the first one logged in at the provider"
                .into(),
            Self::BrowserBlocks { .. } => "show the person \"open again\" and \"use another \
                 device\" while the login waits; the page of your service must open the app by a \
                 link that the person taps"
                .into(),
            Self::SchemeNotDeclared { .. } => {
                "add it to `CFBundleURLTypes` (Xcode: Info, URL Types)".into()
            }
            Self::NoAppLinks { host } => format!(
                "add `applinks:{host}` (Xcode: Signing & Capabilities, Associated Domains); a wildcard \
                 does not name the domain itself"
            ),
            Self::NoWebCredentials { host } => format!(
                "add `webcredentials:{host}` to the Associated Domains, and the app to \
                 `webcredentials.apps` of https://{host}/.well-known/apple-app-site-association"
            ),
            Self::AlternateMode { .. } => {
                "remove the mode before the app is distributed; on the device of a developer, switch \
                 on Settings, Developer, Associated Domains Development"
                    .into()
            }
            Self::NotAssociated { host, .. } => format!(
                "correct https://{host}/.well-known/apple-app-site-association; `switchback doctor \
                 ios` says what is wrong"
            ),
            Self::StaleCopy { .. } => "wait: Apple fetches the file again within 24 hours, and a device \
                 when the app is installed or updated; if the copy does not change, see whether your \
                 server blocks Apple's fetcher"
                .into(),
            Self::DomainsUnknown { .. } => {
                "name the associated domains in the options of the client, and run `switchback doctor \
                 ios --entitlements`"
                    .into()
            }
            Self::AssociationUnknown { .. } => {
                "run `switchback doctor ios`, which reads the association file and Apple's copy of it"
                    .into()
            }
            Self::MalformedDomain { .. } => "write `applinks:` or `webcredentials:` and a host, \
                 without scheme, port and path"
                .into(),
            Self::NeedsTap => {
                "let the provider's or your service's last page have a link to the redirect URI that \
                 the person taps"
                    .into()
            }
        }
    }
}
