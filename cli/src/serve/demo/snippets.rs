//! The printed snippets: the files in `snippets/`, with the addresses of this process.

use serde::Serialize;

use super::Addresses;

/// Snippets for an app, a shell and a browser.
#[derive(Serialize)]
pub(super) struct Snippets {
    /// An app's configuration, and its call.
    pub(super) kotlin: String,
    pub(super) swift: String,
    /// A whole login, for a shell.
    pub(super) curl: String,
    /// Prepares a document to sign, as the service's own code does.
    pub(super) sign: String,
    /// The page to open.
    pub(super) browser: String,
    /// Lets an emulator or a phone on a cable use the addresses of this machine.
    pub(super) adb: String,
    /// The host and the path of the redirect URI, for the Android library's manifest.
    pub(super) gradle: String,
    /// Allows http to this machine, in the debug build only.
    pub(super) network_security_config: String,
    pub(super) android_manifest: String,
    /// Allows http to this machine, and links with the scheme, in the debug build only.
    pub(super) info_plist: String,
}

impl Snippets {
    pub(super) fn of(addresses: &Addresses) -> Self {
        let (_, rest) = addresses.redirect_uri.split_once("://").unwrap_or_default();
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, path) = (host.to_owned(), path.to_owned());
        let filled = |template: &str| {
            let values = [
                ("{{provider}}", &addresses.provider),
                ("{{service}}", &addresses.service),
                ("{{start}}", &addresses.start),
                ("{{complete}}", &addresses.complete),
                ("{{redirect_uri}}", &addresses.redirect_uri),
                ("{{host}}", &host),
                ("{{path}}", &path),
                ("{{scheme}}", &addresses.scheme),
                ("{{client_id}}", &addresses.client_id),
                ("{{api_key}}", &addresses.api_key),
            ];
            let fill = |text: String, (place, value): (&str, &String)| text.replace(place, value);
            let text = values.into_iter().fold(template.to_owned(), fill);
            text.trim_end().to_owned()
        };
        let reverse = |port: u16| format!("adb reverse tcp:{port} tcp:{port}");
        let [service, provider] = addresses.ports;
        Self {
            kotlin: filled(include_str!("snippets/login.kt")),
            swift: filled(include_str!("snippets/login.swift")),
            curl: filled(include_str!("snippets/login.sh")),
            sign: filled(include_str!("snippets/sign.sh")),
            browser: addresses.page.clone(),
            adb: format!("{} && {}", reverse(service), reverse(provider)),
            gradle: filled(include_str!("snippets/build.gradle.kts")),
            network_security_config: filled(include_str!("snippets/network_security_config.xml")),
            android_manifest: filled(include_str!("snippets/AndroidManifest.xml")),
            info_plist: filled(include_str!("snippets/Info.plist")),
        }
    }
}
