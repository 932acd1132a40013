//! Reads `https://HOST/.well-known/assetlinks.json` (Digital Asset Links), by which Android verifies
//! that a host's links belong to an app.
//!
//! Before you change it: Android fetches the file once after the installation, and since Android 15
//! about weekly for the dynamic rules. It follows no redirect. A wrong rule does not stop the
//! verification; it silently keeps a link in the browser.

use alloc::borrow::ToOwned as _;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;

use super::pattern::Rules;
use super::{Severity, Warning, split_path};
use crate::http::Response;

/// The path of the file.
pub const PATH: &str = "/.well-known/assetlinks.json";

/// The relation that lets an app open a host's links.
const HANDLE_ALL_URLS: &str = "delegate_permission/common.handle_all_urls";

/// The app that must be in the file.
#[derive(Clone, Debug)]
pub struct App {
    /// Its package.
    pub package: String,
    /// The SHA-256 fingerprints of the certificates that sign its builds, all of which must be in
    /// the file.
    pub fingerprints: Vec<Fingerprint>,
}

/// The SHA-256 fingerprint of a certificate, as `keytool` prints it: `14:6D:…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Reads 32 bytes in hexadecimal digits, with or without colons. `None` if it is something else.
    pub fn read(text: &str) -> Option<Self> {
        let digits: String = text.trim().chars().filter(|c| *c != ':').collect();
        let is_one = digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        is_one.then(|| {
            let pairs = digits.as_bytes().chunks(2).map(String::from_utf8_lossy);
            Self(pairs.collect::<Vec<_>>().join(":").to_ascii_uppercase())
        })
    }

    /// Its text, in capital letters and with colons.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why Android does not verify the host, or does not open the app all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The server redirects.
    Redirect {
        /// Where to.
        to: String,
    },
    /// The status is not 200.
    Status {
        /// The status.
        status: u16,
    },
    /// The content type is not `application/json`.
    ContentType {
        /// The content type, if there is one.
        found: String,
    },
    /// The body is not a JSON list of statements.
    NotStatements {
        /// What is wrong.
        why: String,
    },
    /// No statement names the package.
    NoPackage {
        /// The packages that the file names.
        found: Vec<String>,
    },
    /// A statement names the package, without the relation that lets it open links.
    NoRelation,
    /// A certificate is missing.
    NoFingerprint {
        /// The missing fingerprint.
        missing: String,
        /// The fingerprints that the file has for the package.
        found: Vec<String>,
    },
    /// A fingerprint in the file is not one, or has small letters.
    Spelling {
        /// The fingerprint, as the file has it.
        found: String,
    },
    /// A dynamic rule excludes the redirect URI.
    Excluded {
        /// The place of the rule, from 1.
        rule: usize,
    },
    /// There are dynamic rules, and none matches the redirect URI.
    Unmatched {
        /// The number of rules.
        rules: usize,
    },
}

impl Fault {
    /// The same, as a link check says what is wrong.
    pub fn warning(&self) -> Warning {
        Warning {
            code: self.code(),
            severity: self.severity(),
            message: self.message(),
            fix: self.fix().into(),
        }
    }

    /// The stable name, in JSON.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Redirect { .. } => "redirect",
            Self::Status { .. } => "status",
            Self::ContentType { .. } => "content_type",
            Self::NotStatements { .. } => "not_statements",
            Self::NoPackage { .. } => "no_package",
            Self::NoRelation => "no_relation",
            Self::NoFingerprint { .. } => "no_fingerprint",
            Self::Spelling { .. } => "spelling",
            Self::Excluded { .. } => "excluded",
            Self::Unmatched { .. } => "unmatched",
        }
    }

    /// How bad it is.
    pub const fn severity(&self) -> Severity {
        match self {
            Self::Spelling { .. } | Self::Excluded { .. } | Self::Unmatched { .. } => {
                Severity::MayStop
            }
            _ => Severity::Stops,
        }
    }

    /// What is wrong, for a developer.
    pub fn message(&self) -> String {
        let listed = |all: &[String]| match all {
            [] => "none".to_owned(),
            _ => all.join(", "),
        };
        match self {
            Self::Redirect { to } => {
                format!("the server redirects to {to}, which Android does not follow")
            }
            Self::Status { status } => format!("the server answers with status {status}"),
            Self::ContentType { found } => {
                format!("the content type is {found:?}, not \"application/json\"")
            }
            Self::NotStatements { why } => format!("the file is not a list of statements: {why}"),
            Self::NoPackage { found } => format!(
                "no statement names the package; the file names: {}",
                listed(found)
            ),
            Self::NoRelation => {
                format!("the statement of the package lacks the relation {HANDLE_ALL_URLS:?}")
            }
            Self::NoFingerprint { missing, found } => format!(
                "the certificate {missing} is missing; the file has: {}",
                listed(found)
            ),
            Self::Spelling { found } => {
                format!("{found:?} is not a fingerprint in capital letters with colons")
            }
            Self::Excluded { rule } => format!(
                "dynamic rule {rule} excludes the redirect URI: on Android 15 and later the link \
                 stays in the browser"
            ),
            Self::Unmatched { rules } => format!(
                "none of the {rules} dynamic rules matches the redirect URI: on Android 15 and later \
                 the link may stay in the browser"
            ),
        }
    }

    /// What to do about it, for a developer.
    pub const fn fix(&self) -> &'static str {
        match self {
            Self::Redirect { .. } => "serve the file at this address itself",
            Self::Status { .. } => {
                "serve the file with status 200, to every client and without a login"
            }
            Self::ContentType { .. } => "send the header `Content-Type: application/json`",
            Self::NotStatements { .. } => {
                "write a JSON list of objects with `relation` and `target`"
            }
            Self::NoPackage { .. } => {
                "add a statement with the application id of the build that people install"
            }
            Self::NoRelation => "add the relation to the statement",
            Self::NoFingerprint { .. } => {
                "add it to `sha256_cert_fingerprints`. With Play App Signing, people install what \
                 Google's certificate signed, not what your upload key signed: Play Console, App \
                 integrity, App signing key certificate"
            }
            Self::Spelling { .. } => "write it as `keytool -list -v` prints it",
            Self::Excluded { .. } => {
                "put a rule for the path of the redirect URI before it: the first rule that matches \
                 decides"
            }
            Self::Unmatched { .. } => "add a rule for the path of the redirect URI",
        }
    }
}

/// Checks the answer of the server for an app and its redirect URI. The faults are in the order in
/// which Android meets them.
pub fn check(answer: &Response, app: &App, redirect_uri: &str) -> Vec<Fault> {
    match answer.status {
        200 => {}
        status @ 300..400 => {
            return [match answer.header("location") {
                Some(to) => Fault::Redirect { to: to.into() },
                None => Fault::Status { status },
            }]
            .into();
        }
        status => return [Fault::Status { status }].into(),
    }
    let mut faults = Vec::new();
    if !answer.is_json() {
        let found = answer.header("content-type").unwrap_or_default();
        faults.push(Fault::ContentType {
            found: found.into(),
        });
    }
    faults.extend(check_statements(&answer.body, app, redirect_uri));
    faults
}

/// Checks the content of the file.
pub fn check_statements(body: &[u8], app: &App, redirect_uri: &str) -> Vec<Fault> {
    let statements: Vec<Statement> = match serde_json::from_slice(body) {
        Ok(statements) => statements,
        Err(error) => {
            return [Fault::NotStatements {
                why: format!("{error}"),
            }]
            .into();
        }
    };
    let ours = |it: &&Statement| it.target.package() == Some(app.package.as_str());
    let ours: Vec<&Statement> = statements.iter().filter(ours).collect();
    if ours.is_empty() {
        let packages = statements.iter().filter_map(|it| it.target.package());
        let found = packages.map(String::from).collect();
        return [Fault::NoPackage { found }].into();
    }
    let opens_links = |it: &&Statement| it.relation.iter().any(|one| one == HANDLE_ALL_URLS);
    let ours: Vec<&Statement> = ours.into_iter().filter(opens_links).collect();
    if ours.is_empty() {
        return [Fault::NoRelation].into();
    }
    let found: Vec<String> = ours
        .iter()
        .flat_map(|it| it.target.fingerprints())
        .collect();
    let mut faults = Vec::new();
    for written in &found {
        if Fingerprint::read(written).is_none_or(|read| read.as_str() != written) {
            faults.push(Fault::Spelling {
                found: written.clone(),
            });
        }
    }
    for wanted in &app.fingerprints {
        if !found
            .iter()
            .any(|it| Fingerprint::read(it).as_ref() == Some(wanted))
        {
            faults.push(Fault::NoFingerprint {
                missing: wanted.as_str().into(),
                found: found.clone(),
            });
        }
    }
    let rules: Vec<&Rule> = ours.iter().flat_map(|it| it.rules()).collect();
    faults.extend(check_rules(&rules, redirect_uri));
    faults.sort_by_key(Fault::severity);
    faults
}

/// The first rule that matches decides.
fn check_rules(rules: &[&Rule], redirect_uri: &str) -> Option<Fault> {
    if rules.is_empty() {
        return None;
    }
    let (_, path) = split_path(redirect_uri);
    match rules.iter().position(|rule| rule.matches(path)) {
        None => Some(Fault::Unmatched { rules: rules.len() }),
        Some(at) => rules[at]
            .exclude
            .then_some(Fault::Excluded { rule: at + 1 }),
    }
}

#[derive(Deserialize)]
struct Statement {
    #[serde(default)]
    relation: Vec<String>,
    target: Target,
    #[serde(default)]
    relation_extensions: BTreeMap<String, Extension>,
}

#[derive(Deserialize)]
#[serde(tag = "namespace", rename_all = "snake_case")]
enum Target {
    AndroidApp {
        package_name: String,
        #[serde(default)]
        sha256_cert_fingerprints: Vec<String>,
    },
    /// A website, or something newer.
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Extension {
    #[serde(default)]
    dynamic_app_link_components: Vec<Rule>,
}

/// A dynamic rule of Android 15. A part that is missing matches everything.
#[derive(Deserialize)]
struct Rule {
    #[serde(rename = "/")]
    path: Option<String>,
    /// A pattern for each parameter of the query that must be there.
    #[serde(rename = "?", default)]
    query: BTreeMap<String, String>,
    #[serde(rename = "#")]
    fragment: Option<String>,
    #[serde(default)]
    exclude: bool,
}

impl Target {
    fn package(&self) -> Option<&str> {
        match self {
            Self::AndroidApp { package_name, .. } => Some(package_name),
            Self::Other => None,
        }
    }

    fn fingerprints(&self) -> Vec<String> {
        match self {
            Self::AndroidApp {
                sha256_cert_fingerprints,
                ..
            } => sha256_cert_fingerprints.clone(),
            Self::Other => Vec::new(),
        }
    }
}

impl Statement {
    fn rules(&self) -> impl Iterator<Item = &Rule> {
        let extension = self.relation_extensions.get(HANDLE_ALL_URLS);
        extension
            .into_iter()
            .flat_map(|it| &it.dynamic_app_link_components)
    }
}

impl Rule {
    /// Whether the rule matches a callback at this path. A callback has `code` or `error`, `state`
    /// and maybe `iss`, with any value, and no fragment.
    fn matches(&self, path: &str) -> bool {
        let has = |(name, pattern): (&String, &String)| {
            matches!(name.as_str(), "code" | "state") && pattern.contains('*')
        };
        let fits = |pattern: &Option<String>, text| {
            pattern
                .as_ref()
                .is_none_or(|it| Rules::EXACT.matches(it, text))
        };
        fits(&self.path, path) && self.query.iter().all(has) && fits(&self.fragment, "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "14:6D:E9:83:C5:73:06:50:D8:EE:B9:95:2F:34:FC:64:\
                        16:A0:83:42:E6:1D:BE:A8:8A:04:96:B2:3F:CF:44:E5";
    const URI: &str = "https://app.example/truid/callback";

    fn app() -> App {
        App {
            package: "com.example.app".into(),
            fingerprints: [Fingerprint::read(OURS).unwrap()].into(),
        }
    }

    fn statement(target: &str, more: &str) -> String {
        format!(r#"[{{"relation":["{HANDLE_ALL_URLS}"],"target":{target}{more}}}]"#)
    }

    fn target(fingerprint: &str) -> String {
        format!(
            r#"{{"namespace":"android_app","package_name":"com.example.app","sha256_cert_fingerprints":["{fingerprint}"]}}"#
        )
    }

    fn codes(body: &str) -> Vec<&'static str> {
        let faults = check_statements(body.as_bytes(), &app(), URI);
        faults.iter().map(Fault::code).collect()
    }

    fn with_rules(rules: &str) -> Vec<&'static str> {
        let more = format!(
            r#","relation_extensions":{{"{HANDLE_ALL_URLS}":{{"dynamic_app_link_components":{rules}}}}}"#
        );
        codes(&statement(&target(OURS), &more))
    }

    #[test]
    fn statements_are_compared_with_the_app() {
        assert_eq!(codes(&statement(&target(OURS), "")), [""; 0]);
        let other = OURS.replace("14:6D", "00:00");
        assert_eq!(codes(&statement(&target(&other), "")), ["no_fingerprint"]);
        // Small letters may work; another form does not.
        let small = OURS.to_ascii_lowercase();
        assert_eq!(codes(&statement(&target(&small), "")), ["spelling"]);
        assert_eq!(
            codes(&statement(&target("MIIC"), "")),
            ["no_fingerprint", "spelling"]
        );
        let other = target(OURS).replace("com.example.app", "com.example.app.debug");
        assert_eq!(codes(&statement(&other, "")), ["no_package"]);
        let web = r#"{"namespace":"web","site":"https://app.example"}"#;
        assert_eq!(codes(&statement(web, "")), ["no_package"]);
        let login = statement(&target(OURS), "").replace("handle_all_urls", "get_login_creds");
        assert_eq!(codes(&login), ["no_relation"]);
        for broken in [
            "",
            "{",
            "{}",
            "null",
            "[1]",
            "<html>",
            "[{\"relation\":[]}]",
        ] {
            assert_eq!(codes(broken), ["not_statements"], "{broken}");
        }
        assert_eq!(codes("[]"), ["no_package"]);
    }

    #[test]
    fn the_first_dynamic_rule_that_matches_decides() {
        for (rules, expected) in [
            ("[]", &[][..]),
            (r#"[{"/":"/truid/callback"}]"#, &[]),
            (r#"[{"/":"/truid/*"}]"#, &[]),
            (r#"[{"/":"/truid/?*"},{"/":"*","exclude":true}]"#, &[]),
            (r#"[{"/":"/truid/callback","?":{"code":"*"}}]"#, &[]),
            (r#"[{"/":"/truid/*","exclude":true}]"#, &["excluded"]),
            (r#"[{"/":"/other"},{"exclude":true}]"#, &["excluded"]),
            (
                r#"[{"/":"*/callback","exclude":true},{"/":"*"}]"#,
                &["excluded"],
            ),
            (r#"[{"/":"/truid/callback/"}]"#, &["unmatched"]),
            (r#"[{"/":"/truid/?"}]"#, &["unmatched"]),
            (
                r#"[{"/":"/truid/callback","?":{"utm":"*"}}]"#,
                &["unmatched"],
            ),
            (r##"[{"/":"/truid/callback","#":"done"}]"##, &["unmatched"]),
            (r##"[{"/":"/truid/callback","#":"*"}]"##, &[]),
        ] {
            assert_eq!(with_rules(rules), expected, "{rules}");
        }
    }

    #[test]
    fn the_answer_of_the_server_is_checked_first() {
        let answer = |status, headers: &[(&str, &str)], body: &str| Response {
            status,
            headers: headers
                .iter()
                .map(|(n, v)| ((*n).into(), (*v).into()))
                .collect(),
            body: body.into(),
        };
        let good = statement(&target(OURS), "");
        let json = [("content-type", "application/json; charset=utf-8")];
        let found = |answer: &Response| {
            let faults = check(answer, &app(), URI);
            for fault in &faults {
                assert!(!fault.message().is_empty() && !fault.fix().is_empty());
            }
            faults.iter().map(Fault::code).collect::<Vec<_>>()
        };
        assert_eq!(found(&answer(200, &json, &good)), [""; 0]);
        let text = [("content-type", "text/html")];
        assert_eq!(found(&answer(200, &text, &good)), ["content_type"]);
        assert_eq!(
            found(&answer(200, &[], "<html>")),
            ["content_type", "not_statements"]
        );
        let to = [("location", "https://www.app.example/")];
        assert_eq!(found(&answer(301, &to, "")), ["redirect"]);
        assert_eq!(found(&answer(304, &[], "")), ["status"]);
        assert_eq!(found(&answer(404, &json, &good)), ["status"]);
    }

    #[test]
    fn fingerprints_are_read_with_and_without_colons() {
        let bare = OURS.replace(':', "").to_ascii_lowercase();
        assert_eq!(Fingerprint::read(&bare), Fingerprint::read(OURS));
        for wrong in ["", "14:6D", &OURS[1..], &OURS.replace('E', "G")] {
            assert_eq!(Fingerprint::read(wrong), None);
        }
    }
}
