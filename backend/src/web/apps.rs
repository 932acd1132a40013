//! The service's apps that take its links: Apple's associated domains and Google's Digital Asset
//! Links.

use serde::Deserialize;

/// Apps that take the redirect URI when the provider's app opens it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Apps {
    /// Application identifiers: prefix (most often the team) and bundle id, as in
    /// `ABCDE12345.com.example.app`.
    pub ios: Vec<String>,
    /// Apps for Android.
    pub android: Vec<AndroidApp>,
}

/// An app for Android.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AndroidApp {
    /// The application id, as in `com.example.app`.
    pub package: String,
    /// The SHA-256 fingerprints of the app's signing certificates, as `keytool` and the Play
    /// Console print them: 32 pairs of upper-case hex digits with colons between them. A debug
    /// build has another fingerprint than a release.
    pub sha256_cert_fingerprints: Vec<String>,
}

/// An app identifier that no phone accepts. A phone reports no error: it opens the link in the
/// browser.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AppError {
    /// A malformed application identifier of iOS.
    #[error(
        "{0:?} is not an application identifier: write the prefix (ten capital letters and \
         digits, most often the team's), a dot and the bundle id, as in \
         ABCDE12345.com.example.app"
    )]
    AppId(String),
    /// A malformed application id of Android.
    #[error("{0:?} is not an application id of Android: write it as in com.example.app")]
    Package(String),
    /// An app without a fingerprint.
    #[error("{0} has no fingerprint: write the SHA-256 fingerprint of each signing certificate")]
    NoFingerprint(String),
    /// A malformed fingerprint.
    #[error(
        "{fingerprint:?} of {package} is not a SHA-256 fingerprint: write 32 pairs of upper-case \
         hex digits with colons between them, as keytool prints them"
    )]
    Fingerprint {
        /// The app.
        package: String,
        /// The text that was configured.
        fingerprint: String,
    },
}

impl Apps {
    /// Checks the format of all identifiers.
    ///
    /// # Errors
    /// The first malformed identifier, with the expected format.
    pub fn check(&self) -> Result<(), AppError> {
        if let Some(id) = self.ios.iter().find(|id| !is_app_id(id)) {
            return Err(AppError::AppId(id.clone()));
        }
        self.android.iter().try_for_each(AndroidApp::check)
    }
}

impl AndroidApp {
    fn check(&self) -> Result<(), AppError> {
        let package = || self.package.clone();
        if !is_package(&self.package) {
            return Err(AppError::Package(package()));
        }
        let fingerprints = &self.sha256_cert_fingerprints;
        if fingerprints.is_empty() {
            return Err(AppError::NoFingerprint(package()));
        }
        match fingerprints.iter().find(|print| !is_fingerprint(print)) {
            None => Ok(()),
            Some(fingerprint) => Err(AppError::Fingerprint {
                package: package(),
                fingerprint: fingerprint.clone(),
            }),
        }
    }
}

fn is_app_id(id: &str) -> bool {
    let Some((prefix, bundle)) = id.split_once('.') else {
        return false;
    };
    let is_prefix = prefix.len() == 10
        && prefix
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    is_prefix && bundle.split('.').all(|part| is_alphanumeric_or(part, b'-'))
}

fn is_package(package: &str) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic()) && is_alphanumeric_or(part, b'_')
    };
    package.contains('.') && package.split('.').all(is_part)
}

/// Whether a word has only letters, digits and this byte.
fn is_alphanumeric_or(word: &str, and: u8) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == and)
}

fn is_fingerprint(fingerprint: &str) -> bool {
    let is_digit = |b: u8| matches!(b, b'0'..=b'9' | b'A'..=b'F');
    let is_pair = |pair: &str| pair.len() == 2 && pair.bytes().all(is_digit);
    fingerprint.split(':').count() == 32 && fingerprint.split(':').all(is_pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn android(package: &str, fingerprints: &[&str]) -> Result<(), AppError> {
        let app = AndroidApp {
            package: package.into(),
            sha256_cert_fingerprints: fingerprints.iter().map(|&f| f.into()).collect(),
        };
        app.check()
    }

    #[test]
    fn malformed_app_identifiers_are_refused() {
        let good = ["0A"; 32].join(":");
        let both = [good.as_str(), good.as_str()];
        assert_eq!(android("com.example.app_2", &both), Ok(()));
        for package in ["", "app", "com..app", "com.2app", "com.example.app-x", ".a"] {
            let error = android(package, &[&good]).unwrap_err();
            assert!(error.to_string().contains("com.example.app"), "{error}");
        }
        let none = android("com.example.app", &[]).unwrap_err();
        assert!(none.to_string().contains("com.example.app"), "{none}");
        for fingerprint in [
            String::new(),
            ["0A"; 31].join(":"),
            ["0a"; 32].join(":"),
            ["0A"; 32].concat(),
            ["0G"; 32].join(":"),
        ] {
            let error = android("com.example.app", &[&good, &fingerprint]).unwrap_err();
            assert!(error.to_string().contains("32 pairs"), "{error}");
        }
        let ios = |id: &str| {
            let ios = vec!["ABCDE12345.com.example.app-2".into(), id.into()];
            Apps {
                ios,
                ..Apps::default()
            }
            .check()
        };
        assert_eq!(ios("0123456789.app"), Ok(()));
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
            let error = ios(id).unwrap_err();
            assert!(error.to_string().contains("ABCDE12345.com"), "{error}");
        }
    }

    #[test]
    fn unknown_and_missing_fields_are_refused() {
        let read = |json: &str| serde_json::from_str::<Apps>(json);
        assert_eq!(read("{}").unwrap(), Apps::default());
        let app = r#"{"android": [{"package": "a.b", "sha256_cert_fingerprints": ["C"]}]}"#;
        assert_eq!(read(app).unwrap().android[0].package, "a.b");
        read(r#"{"android": [{"package": "a.b"}]}"#).unwrap_err();
        read(r#"{"iOS": []}"#).unwrap_err();
    }
}
