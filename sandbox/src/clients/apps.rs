//! Apps under development, and the well-known files that let them open links of the sandbox:
//! Apple's associated domains and Google's Digital Asset Links.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

/// The path of the sandbox's sample redirect URI.
pub(crate) const SAMPLE_CALLBACK: &str = "/sample/callback";

/// Apps that may open the link `/sample/callback` of the sandbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Apps {
    /// Application identifiers of iOS apps: prefix (usually the team) and bundle, as in
    /// `ABCDE12345.com.example.app`.
    pub ios: Vec<String>,
    /// Android apps.
    pub android: Vec<AndroidApp>,
}

/// An Android app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("required" = ["package", "sha256_cert_fingerprints"]))]
pub struct AndroidApp {
    /// The application id, as in `com.example.app`.
    pub package: String,
    /// The SHA-256 fingerprints of the app's signing certificates, as `keytool` and
    /// `./gradlew signingReport` print them: 32 pairs of upper-case hex digits, separated by
    /// colons. A debug build and a release build have different ones.
    pub sha256_cert_fingerprints: Vec<String>,
}

impl Apps {
    /// Apple's association file; `None` without iOS apps. It contains only the sample redirect
    /// URI: the authorization URLs belong to the Truid app.
    pub(crate) fn apple(&self) -> Option<Value> {
        let components = json!([{ "/": format!("{SAMPLE_CALLBACK}*") }]);
        (!self.ios.is_empty()).then(|| {
            json!({ "applinks": { "details": [{ "appIDs": self.ios, "components": components }] } })
        })
    }

    /// Android's asset links file; `None` without Android apps. The paths are in the app's own
    /// manifest.
    pub(crate) fn android(&self) -> Option<Value> {
        let statement = |app: &AndroidApp| {
            json!({
                "relation": ["delegate_permission/common.handle_all_urls"],
                "target": {
                    "namespace": "android_app",
                    "package_name": app.package,
                    "sha256_cert_fingerprints": app.sha256_cert_fingerprints,
                },
            })
        };
        let statements = || self.android.iter().map(statement).collect();
        (!self.android.is_empty()).then(statements)
    }
}

/// Whether it is an iOS application identifier: ten capital letters and digits, a dot, the
/// bundle.
pub(crate) fn is_app_id(id: &str) -> bool {
    let is_prefix = |prefix: &str| {
        prefix.len() == 10
            && prefix
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    };
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    id.split_once('.')
        .is_some_and(|(prefix, bundle)| is_prefix(prefix) && bundle.split('.').all(is_part))
}

/// Whether it is an Android application id.
pub(crate) fn is_package(package: &str) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    package.contains('.') && package.split('.').all(is_part)
}

/// Whether it is a SHA-256 fingerprint as Android's tools print it.
pub(crate) fn is_fingerprint(fingerprint: &str) -> bool {
    let is_pair = |pair: &str| {
        pair.len() == 2 && pair.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F'))
    };
    fingerprint.split(':').count() == 32 && fingerprint.split(':').all(is_pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_fingerprints_are_checked() {
        let good = vec!["AB"; 32].join(":");
        assert!(is_fingerprint(&good) && is_package("com.example.app_2"));
        for package in [
            "",
            "app",
            "com..app",
            "com.2app",
            "com.example.app-x",
            ".a.b",
        ] {
            assert!(!is_package(package), "{package}");
        }
        for fingerprint in [
            String::new(),
            vec!["AB"; 31].join(":"),
            vec!["ab"; 32].join(":"),
            vec!["AB"; 32].join(""),
            vec!["AG"; 32].join(":"),
        ] {
            assert!(!is_fingerprint(&fingerprint), "{fingerprint}");
        }
        assert!(is_app_id("ABCDE12345.com.example.app-2"));
        for id in [
            "",
            "com.example.app",
            "ABCDE12345",
            "ABCDE12345.",
            "abcde12345.com.example",
            "ABCDE1234.com.example",
            "ABCDE12345.com..example",
            "ABCDE12345.*",
        ] {
            assert!(!is_app_id(id), "{id}");
        }
    }
}
