//! What stops a link from opening the app, or makes it uncertain, and how to fix it.
//!
//! Before you change it: there is one function for each warning and no enum with all texts, so that the
//! library for one platform does not contain the texts of the other.

use alloc::format;
use alloc::string::String;

use super::Login;
use Severity::{MayStop, Notice, Stops};

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

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The stable name, in JSON and timelines.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, for a developer.
    pub message: String,
    /// What to do about it, for a developer.
    pub fix: String,
}

/// No activity of this app handles the redirect URI.
pub(super) fn no_activity(redirect_uri: &str) -> Warning {
    Warning {
        code: "no_activity",
        severity: Stops,
        message: format!("no activity of this app handles {redirect_uri}"),
        fix: "set the manifest placeholders `switchbackHost` and `switchbackPath` to the parts of \
              the redirect URI, whose scheme is https or the application id, and look at the \
              merged manifest"
            .into(),
    }
}

/// An activity handles the redirect URI, and other apps cannot start it.
pub(super) fn not_exported(activity: &str) -> Warning {
    Warning {
        code: "not_exported",
        severity: Stops,
        message: format!(
            "{activity} handles the link, but it is not exported: nothing can start it"
        ),
        fix: "set `android:exported=\"true\"` on this activity".into(),
    }
}

/// An activity of the app itself receives the links, and not the one of the library.
pub(super) fn other_activity(activity: &str) -> Warning {
    Warning {
        code: "other_activity",
        severity: MayStop,
        message: format!("the link opens {activity}, not the activity of Switchback"),
        fix: "remove the intent filter for the redirect URI from that activity, or give its links \
              to `handle` there"
            .into(),
    }
}

/// Several activities of this app handle the redirect URI.
pub(super) fn several_activities(activities: &[String]) -> Warning {
    Warning {
        code: "several_activities",
        severity: MayStop,
        message: format!(
            "several activities of this app handle the link: {}",
            activities.join(", ")
        ),
        fix: "leave the intent filter for the redirect URI on one activity".into(),
    }
}

/// Other apps handle the redirect URI too.
pub(super) fn other_apps(packages: &[String]) -> Warning {
    Warning {
        code: "other_apps",
        severity: MayStop,
        message: format!("other apps handle the link too: {}", packages.join(", ")),
        fix: "for builds of this app beside each other, give each its own path or host; against \
              another app, use an https redirect URI whose domain only this app is verified for"
            .into(),
    }
}

/// The manifest declares the redirect URI's host without `autoVerify`.
pub(super) fn not_declared(host: &str) -> Warning {
    Warning {
        code: "not_declared",
        severity: Stops,
        message: format!("the manifest does not ask Android to verify {host}"),
        fix: "set `android:autoVerify=\"true\"` on the intent filter that has this host".into(),
    }
}

/// Android could not verify the redirect URI's host.
pub(super) fn not_verified(host: &str) -> Warning {
    Warning {
        code: "not_verified",
        severity: Stops,
        message: format!("Android has not verified that {host} belongs to this app"),
        fix: format!(
            "publish https://{host}/.well-known/assetlinks.json with the package and with the \
             fingerprint of the certificate that signs what people install (with Play App Signing: \
             Google's certificate, not the upload key); `switchback doctor android` checks the \
             file; then run `adb shell pm verify-app-links --re-verify` with the package"
        ),
    }
}

/// The person chose in the settings that this app opens the links.
pub(super) fn selected_by_person(host: &str) -> Warning {
    Warning {
        code: "selected_by_person",
        severity: MayStop,
        message: format!(
            "links to {host} open this app only because someone chose so in the settings of this \
             device"
        ),
        fix: format!(
            "other devices need the verification: check https://{host}/.well-known/assetlinks.json \
             with `switchback doctor android`"
        ),
    }
}

/// The person switched off that this app opens links.
pub(super) fn link_handling_off() -> Warning {
    Warning {
        code: "link_handling_off",
        severity: Stops,
        message: "in the settings of this device, \"Open supported links\" is off for this app"
            .into(),
        fix: "ask the person to switch it on: Settings, Apps, this app, Open by default \
              (`Settings.ACTION_APP_OPEN_BY_DEFAULT_SETTINGS` opens the page)"
            .into(),
    }
}

/// Android before 12 does not say whether the host is verified, and the system would ask.
pub(super) fn unknown_before_12(host: &str) -> Warning {
    Warning {
        code: "unknown_before_12",
        severity: MayStop,
        message: format!(
            "a link to {host} does not open this app: before Android 12, one unverified host of \
             the manifest makes all of them unverified"
        ),
        fix: "check the assetlinks.json of every host that the manifest verifies with `switchback \
              doctor android`, and install the app again"
            .into(),
    }
}

/// The host is on this device or on a local network, where the system verifies nothing.
pub(super) fn local_host(host: &str) -> Warning {
    Warning {
        code: "local_host",
        severity: Stops,
        message: format!("no system can verify {host}: the host is not on the internet"),
        fix: "use a custom scheme with the test service while you develop, and a public host for \
              the https redirect URI"
            .into(),
    }
}

/// The redirect URI is `http`.
pub(super) fn http() -> Warning {
    Warning {
        code: "http",
        severity: Stops,
        message: "an http link does not open an app reliably, and the network can read its code"
            .into(),
        fix: "use https, or a custom scheme with a test service".into(),
    }
}

/// The redirect URI has a custom scheme, which any app can claim.
pub(super) fn custom_scheme(scheme: &str) -> Warning {
    Warning {
        code: "custom_scheme",
        severity: Notice,
        message: format!("any other app can claim the scheme {scheme} and receive the code"),
        fix: "use it with a test service only, and an https redirect URI for people".into(),
    }
}

/// The scheme or the host of the redirect URI has capital letters.
pub(super) fn capitals(redirect_uri: &str) -> Warning {
    Warning {
        code: "capitals",
        severity: MayStop,
        message: format!(
            "{redirect_uri} has capital letters in its scheme or host, which browsers write small \
             and Android compares with the manifest letter by letter"
        ),
        fix: "register the redirect URI in lower case, and write the manifest or Info.plist the \
              same"
            .into(),
    }
}

/// The redirect URI is on the host of the authorization URL.
pub(super) fn same_host(host: &str) -> Warning {
    Warning {
        code: "same_host",
        severity: MayStop,
        message: format!(
            "the authorization URL and the redirect URI are both on {host}: browsers follow a link \
             within one host themselves"
        ),
        fix: "use another host for the redirect URI".into(),
    }
}

/// This app handles the authorization URL.
pub(super) fn handles_authorization() -> Warning {
    Warning {
        code: "handles_authorization",
        severity: MayStop,
        message: "this app handles the authorization URL".into(),
        fix: "narrow the intent filter, or the components of the association file, to the path of \
              the redirect URI"
            .into(),
    }
}

/// The provider's login opens an identity app, and none is on this device.
pub(super) fn no_identity_app() -> Warning {
    Warning {
        code: "no_identity_app",
        severity: Notice,
        message: "the identity app is not on this device, or this app cannot see it".into(),
        fix: "the login goes on in the browser, where the person can use another device; if the \
              app is installed, check that `<queries>` of the merged manifest has VIEW with https"
            .into(),
    }
}

/// No browser is visible to this app.
pub(super) fn no_browser() -> Warning {
    Warning {
        code: "no_browser",
        severity: Stops,
        message: "this app sees no browser on this device".into(),
        fix: "check that `<queries>` of the merged manifest has VIEW with https; on a device \
              without a browser, tell the person to install one"
            .into(),
    }
}

/// No browser supports Custom Tabs.
pub(super) fn no_custom_tab() -> Warning {
    Warning {
        code: "no_custom_tab",
        severity: Notice,
        message: "no browser on this device supports Custom Tabs".into(),
        fix: "nothing: the login opens in the browser itself, outside of this app's task".into(),
    }
}

/// The app asked for a page without cookies, which the browser does not support.
pub(super) fn not_ephemeral(package: &str) -> Warning {
    Warning {
        code: "not_ephemeral",
        severity: Notice,
        message: format!("{package} does not support a page without cookies"),
        fix: "nothing: the login shares the browser's cookies, so a second person may find the \
              first one logged in at the provider"
            .into(),
    }
}

/// Logins in this browser were reported not to come back.
pub(super) fn browser_blocks(package: &str) -> Warning {
    Warning {
        code: "browser_blocks",
        severity: MayStop,
        message: format!("{package} was reported not to open apps from a page"),
        fix:
            "show the person \"open again\" and \"use another device\" while the login waits; the \
             page of your service must open the app by a link that the person taps"
                .into(),
    }
}

/// No URL type of Info.plist has the scheme of the redirect URI.
pub(super) fn scheme_not_declared(scheme: &str, login: Login) -> Warning {
    Warning {
        code: "scheme_not_declared",
        severity: match login {
            Login::AppSwitch => Stops,
            Login::Page => MayStop,
        },
        message: format!("no URL type in Info.plist has the scheme {scheme}: a link opens nothing"),
        fix: "add it to `CFBundleURLTypes` (Xcode: Info, URL Types)".into(),
    }
}

/// The entitlements do not have the redirect URI's host for universal links.
pub(super) fn no_applinks(host: &str) -> Warning {
    Warning {
        code: "no_applinks",
        severity: Stops,
        message: format!(
            "the entitlements do not have applinks:{host}: a link to it stays in the browser"
        ),
        fix: format!(
            "add `applinks:{host}` (Xcode: Signing & Capabilities, Associated Domains); a wildcard \
             does not name the domain itself"
        ),
    }
}

/// The host is not associated with this app for https callbacks.
pub(super) fn no_webcredentials(host: &str) -> Warning {
    Warning {
        code: "no_webcredentials",
        severity: MayStop,
        message: format!(
            "{host} and this app do not share web credentials, which https callbacks of \
             ASWebAuthenticationSession need"
        ),
        fix: format!(
            "add `webcredentials:{host}` to the Associated Domains, and the app to \
             `webcredentials.apps` of https://{host}/.well-known/apple-app-site-association"
        ),
    }
}

/// The entitlements have the host only with a mode, for developers or managed devices.
pub(super) fn alternate_mode(host: &str) -> Warning {
    Warning {
        code: "alternate_mode",
        severity: MayStop,
        message: format!(
            "the entitlements have {host} only with `?mode=`: the link opens only a build that is \
             signed for development, or a managed device"
        ),
        fix: "remove the mode before the app is distributed; on the device of a developer, switch \
              on Settings, Developer, Associated Domains Development"
            .into(),
    }
}

/// The association file does not let this app open the redirect URI.
pub(super) fn not_associated(host: &str, app_id: &str) -> Warning {
    Warning {
        code: "not_associated",
        severity: Stops,
        message: format!(
            "the association file of {host} does not let {app_id} open the redirect URI"
        ),
        fix: format!(
            "correct https://{host}/.well-known/apple-app-site-association; `switchback doctor \
             ios` says what is wrong"
        ),
    }
}

/// The site's association file lets this app open the redirect URI, and Apple's copy does not.
pub(super) fn stale_copy(host: &str) -> Warning {
    Warning {
        code: "stale_copy",
        severity: Stops,
        message: format!(
            "the association file of {host} lets this app open the redirect URI, but Apple's copy, \
             which devices read, does not"
        ),
        fix: "wait: Apple fetches the file again within 24 hours, and a device when the app is \
              installed or updated; if the copy does not change, see whether your server blocks \
              Apple's fetcher"
            .into(),
    }
}

/// It is not known which domains the entitlements have.
pub(super) fn domains_unknown(host: &str) -> Warning {
    Warning {
        code: "domains_unknown",
        severity: Notice,
        message: format!(
            "an app cannot read all of its entitlements: it is not known whether they have \
             applinks:{host}"
        ),
        fix:
            "name the associated domains in the options of the client, and run `switchback doctor \
             ios --entitlements`"
                .into(),
    }
}

/// iOS does not say whether the host is associated with this app.
pub(super) fn association_unknown(host: &str) -> Warning {
    Warning {
        code: "association_unknown",
        severity: Notice,
        message: format!(
            "iOS does not say whether {host} is associated with this app before a link is opened"
        ),
        fix: "run `switchback doctor ios`, which reads the association file and Apple's copy of it"
            .into(),
    }
}

/// An entry of the entitlements is not an associated domain.
pub(super) fn malformed_domain(entry: &str) -> Warning {
    Warning {
        code: "malformed_domain",
        severity: MayStop,
        message: format!("the entry {entry:?} of the entitlements is not an associated domain"),
        fix: "write `applinks:` or `webcredentials:` and a host, without scheme, port and path"
            .into(),
    }
}

/// The login page opens in `SFSafariViewController`.
pub(super) fn needs_tap() -> Warning {
    Warning {
        code: "needs_tap",
        severity: MayStop,
        message: "the login page opens in SFSafariViewController, which a redirect without a tap \
                  does not leave"
            .into(),
        fix: "let the provider's or your service's last page have a link to the redirect URI that \
              the person taps"
            .into(),
    }
}
