//! Apps under development, and the well-known files that let them take links of the
//! sandbox: Apple's associated domains and Google's Digital Asset Links.

use serde_json::{Value, json};

/// Where the sample redirect URI of the sandbox leads.
pub(crate) const SAMPLE_CALLBACK: &str = "/sample/callback";

/// Apps that may take the link `/sample/callback` of the sandbox, for
/// [`Config::apps`](crate::Config::apps).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Apps {
    /// Application identifiers: prefix (most often the team) and bundle, as in
    /// `ABCDE12345.com.example.app`.
    pub ios: Vec<String>,
    /// Apps for Android.
    pub android: Vec<AndroidApp>,
}

/// An app for Android.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AndroidApp {
    /// The application id, as in `com.example.app`.
    pub package: String,
    /// The SHA-256 fingerprints of the certificates that it is signed with, as `keytool`
    /// and `./gradlew signingReport` print them: 32 pairs of upper-case hex digits and
    /// colons between them. A debug build has another one than a release.
    pub sha256_cert_fingerprints: Vec<String>,
}

impl Apps {
    /// The first thing that is wrong: with which app, and what.
    pub(crate) fn check(&self) -> Result<(), (&str, &'static str)> {
        for id in &self.ios {
            if !is_app_id(id) {
                return Err((
                    id,
                    "it is not of the form ABCDE12345.com.example.app: ten capital letters and digits, a dot, and the bundle identifier",
                ));
            }
        }
        for app in &self.android {
            if !is_package(&app.package) {
                return Err((
                    &app.package,
                    "it is not an application id such as com.example.app",
                ));
            }
            if app.sha256_cert_fingerprints.is_empty() {
                return Err((&app.package, "it has no fingerprint of a certificate"));
            }
            if !app
                .sha256_cert_fingerprints
                .iter()
                .all(|f| is_fingerprint(f))
            {
                return Err((
                    &app.package,
                    "a fingerprint is not 32 pairs of upper-case hex digits with colons between them",
                ));
            }
        }
        Ok(())
    }

    /// The file for Apple's systems, where there are apps for them. It claims the sample
    /// redirect URI and nothing else: the paths that open the Truid app are Truid's.
    pub(crate) fn apple(&self) -> Option<Value> {
        let components = json!([{ "/": format!("{SAMPLE_CALLBACK}*") }]);
        (!self.ios.is_empty()).then(|| {
            json!({ "applinks": { "details": [{ "appIDs": self.ios, "components": components }] } })
        })
    }

    /// The file for Android, where there are apps for it. Which paths an app takes, its
    /// own manifest says.
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

fn is_app_id(id: &str) -> bool {
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

fn is_package(package: &str) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    package.contains('.') && package.split('.').all(is_part)
}

fn is_fingerprint(fingerprint: &str) -> bool {
    let is_pair = |pair: &str| {
        pair.len() == 2 && pair.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F'))
    };
    fingerprint.split(':').count() == 32 && fingerprint.split(':').all(is_pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn android(package: &str, fingerprint: &str) -> Apps {
        Apps {
            android: vec![AndroidApp {
                package: package.into(),
                sha256_cert_fingerprints: vec![fingerprint.into()],
            }],
            ..Apps::default()
        }
    }

    #[test]
    fn shapes_are_checked() {
        let good = vec!["AB"; 32].join(":");
        assert_eq!(Apps::default().check(), Ok(()));
        assert_eq!(android("com.example.app_2", &good).check(), Ok(()));
        for package in [
            "",
            "app",
            "com..app",
            "com.2app",
            "com.example.app-x",
            ".a.b",
        ] {
            let apps = android(package, &good);
            assert_eq!(apps.check().unwrap_err().0, package);
        }
        for fingerprint in [
            String::new(),
            vec!["AB"; 31].join(":"),
            vec!["ab"; 32].join(":"),
            vec!["AB"; 32].join(""),
            vec!["AG"; 32].join(":"),
        ] {
            assert!(
                android("a.b", &fingerprint).check().is_err(),
                "{fingerprint}"
            );
        }
        let mut none = android("a.b", &good);
        none.android[0].sha256_cert_fingerprints.clear();
        assert!(none.check().unwrap_err().1.contains("no fingerprint"));

        let ios = |id: &str| {
            let apps = Apps {
                ios: vec![id.into()],
                ..Apps::default()
            };
            apps.check().is_ok()
        };
        assert!(ios("ABCDE12345.com.example.app-2"));
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
            assert!(!ios(id), "{id}");
        }
    }
}
