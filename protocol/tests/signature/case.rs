//! One case of the vectors: everything that a verification takes, and what its report must say.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::SignatureVerificationAlgorithm;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use switchback_jades::{
    Anchors, Crl, DigestInput, DocumentDigest, Expected, Policy, Report, SubIndication,
};
use switchback_protocol::Provider;
use switchback_protocol::signature::{self, Asked};

static ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[webpki::ring::ECDSA_P256_SHA256];

/// What a signer's clock may differ, in seconds. The same in every case.
const SKEW: i64 = 60;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    about: String,
    pub(crate) cases: Vec<Case>,
}

impl File {
    pub(crate) fn new(about: &str, cases: Vec<Case>) -> Self {
        let about = format!("{about} The clock may differ by {SKEW} s.");
        Self { about, cases }
    }

    pub(crate) fn read(json: &str) -> Self {
        serde_json::from_str(json).unwrap()
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap() + "\n"
    }
}

/// The members in the order of their names. Without this, the order would depend on a feature of
/// `serde_json` that other crates of the workspace turn on.
pub(crate) fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort();
            let member = |name: &String| (name.clone(), sorted(&members[name]));
            Value::Object(names.into_iter().map(member).collect())
        }
        Value::Array(values) => values.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) signature: String,
    pub(crate) document: Option<Document>,
    pub(crate) id: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) user_message: Option<String>,
    /// PEM.
    pub(crate) anchors: Vec<String>,
    /// The roots of timestamp authorities, PEM.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) timestamp_anchors: Vec<String>,
    /// PEM.
    pub(crate) crls: Vec<String>,
    /// The time of the verification.
    pub(crate) time: i64,
    pub(crate) max_age: Option<i64>,
    pub(crate) expected: Outcome,
    /// The same verification at a later time. Its members replace those of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) later: Option<Later>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Later {
    pub(crate) time: i64,
    /// PEM.
    pub(crate) crls: Vec<String>,
    pub(crate) expected: Outcome,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    pub(crate) sha256: String,
    pub(crate) b64: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outcome {
    pub(crate) indication: String,
    pub(crate) sub_indication: Option<String>,
    pub(crate) at_claimed_time: String,
    /// The first check that gives the sub-indication.
    pub(crate) check: Option<String>,
    /// `B-B` or `B-T`. It is compared only where a case has it, as the next member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) level: Option<String>,
    /// Words of what the report says about a timestamp.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) timestamp: Option<String>,
}

impl Outcome {
    pub(crate) fn passed() -> Self {
        let passed = String::from("TOTAL-PASSED");
        Self {
            at_claimed_time: passed.clone(),
            indication: passed,
            sub_indication: None,
            check: None,
            level: None,
            timestamp: None,
        }
    }

    pub(crate) fn not_passed(why: SubIndication, check: &str) -> Self {
        let indication = why.indication().as_str().to_owned();
        Self {
            at_claimed_time: indication.clone(),
            indication,
            sub_indication: Some(name(why)),
            check: Some(check.to_owned()),
            level: None,
            timestamp: None,
        }
    }

    /// What a report says, as far as a case can expect it.
    pub(crate) fn of(report: &Report, expected: &Self) -> Self {
        let level = report.summary.as_ref().map(|summary| summary.level);
        let level = level.map(name);
        let timestamps = report
            .checks
            .iter()
            .filter(|check| check.name == "timestamp");
        let timestamps: Vec<&str> = timestamps.map(|check| &*check.text).collect();
        let timestamps = timestamps.join(" ");
        let words = expected.timestamp.as_ref();
        let why = report.sub_indication;
        let check = why.and_then(|why| {
            let mut checks = report.checks.iter();
            checks.find(|check| check.sub_indication == Some(why))
        });
        Self {
            indication: report.indication.as_str().to_owned(),
            sub_indication: why.map(name),
            at_claimed_time: report.at_claimed_time.as_str().to_owned(),
            check: check.map(|check| check.name.to_owned()),
            level: expected.level.as_ref().and(level),
            timestamp: words.map(|words| match timestamps.contains(words) {
                true => words.clone(),
                false => timestamps,
            }),
        }
    }
}

fn name(value: impl Serialize) -> String {
    let name = serde_json::to_value(value).unwrap();
    name.as_str().unwrap().to_owned()
}

impl Case {
    /// The case, and the one of the later time.
    pub(crate) fn moments(&self) -> Vec<Self> {
        let mut moments = vec![self.clone()];
        moments.extend(self.later.clone().map(|later| Self {
            name: format!("{}, later", self.name),
            time: later.time,
            crls: later.crls,
            expected: later.expected,
            later: None,
            ..self.clone()
        }));
        moments
    }

    pub(crate) fn verify(&self) -> Report {
        let document = self.document.as_ref().map(|document| {
            let input = match document.b64 {
                true => DigestInput::Base64url,
                false => DigestInput::Document,
            };
            DocumentDigest::from_base64url(&document.sha256, input).unwrap()
        });
        let asked = Asked {
            document: Expected {
                document,
                id: self.id.as_deref(),
                content_type: self.content_type.as_deref(),
            },
            user_message: self.user_message.as_deref(),
        };
        let anchors = anchors_of(&self.anchors);
        let timestamp_anchors = anchors_of(&self.timestamp_anchors);
        let crls = self
            .crls
            .iter()
            .map(|crl| Crl::read(crl.as_bytes()).unwrap());
        let crls: Vec<Crl> = crls.collect();
        let policy = Policy {
            timestamp_anchors: &timestamp_anchors,
            crls: &crls,
            max_age: self.max_age,
            skew: SKEW,
            ..Policy::new(&anchors, ALGORITHMS, self.time)
        };
        let truid = Provider::truid();
        let facts = truid.facts().signing.as_ref().unwrap();
        signature::verify(self.signature.as_bytes(), &asked, facts, &policy)
    }
}

fn anchors_of(files: &[String]) -> Anchors {
    let mut anchors = Anchors::new();
    for file in files {
        anchors.add(file.as_bytes()).unwrap();
    }
    anchors
}

pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}
