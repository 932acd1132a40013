//! The vectors in `tests/vectors/jades`, as far as a verification needs them.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

/// A signature, what its verifier has, and the report.
#[derive(Clone, Deserialize)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) signature: String,
    pub(crate) document: Option<Document>,
    pub(crate) id: Option<String>,
    /// PEM.
    pub(crate) anchors: Vec<String>,
    /// The roots of timestamp authorities, PEM.
    #[serde(default)]
    pub(crate) timestamp_anchors: Vec<String>,
    /// PEM.
    pub(crate) crls: Vec<String>,
    /// The time of the verification, in seconds since the epoch.
    pub(crate) time: i64,
    pub(crate) expected: Expected,
    /// The same verification at a later time.
    pub(crate) later: Option<Later>,
}

/// What replaces the members of a case.
#[derive(Clone, Deserialize)]
pub(crate) struct Later {
    crls: Vec<String>,
    time: i64,
    expected: Expected,
}

#[derive(Clone, Deserialize)]
pub(crate) struct Document {
    /// Base64url.
    pub(crate) sha256: String,
}

#[derive(Clone, Default, Deserialize)]
pub(crate) struct Expected {
    pub(crate) indication: String,
    pub(crate) sub_indication: Option<String>,
    /// `B-B` or `B-T`, where the case has a timestamp.
    pub(crate) level: Option<String>,
}

impl Expected {
    pub(crate) fn passed(&self) -> bool {
        self.indication == "TOTAL-PASSED"
    }

    /// The sub-indication; or else the indication, with the level where the case has one.
    pub(crate) fn says(&self) -> String {
        match (&self.sub_indication, &self.level) {
            (Some(why), _) => why.clone(),
            (None, Some(level)) => format!("{}, {level}", self.indication),
            (None, None) => self.indication.clone(),
        }
    }
}

impl Case {
    fn moments(mut self) -> Vec<Self> {
        let Some(later) = self.later.take() else {
            return vec![self];
        };
        let later = Self {
            name: format!("{}-day-31", self.name),
            crls: later.crls,
            time: later.time,
            expected: later.expected,
            ..self.clone()
        };
        vec![self, later]
    }

    /// The roots of signers and of timestamp authorities, PEM.
    pub(crate) fn all_anchors(&self) -> impl Iterator<Item = &String> {
        self.anchors.iter().chain(&self.timestamp_anchors)
    }

    /// The protected header; `None` if it cannot be read.
    pub(crate) fn header(&self) -> Option<serde_json::Value> {
        let header = URL_SAFE_NO_PAD.decode(self.signature.split('.').next()?);
        serde_json::from_slice(&header.ok()?).ok()
    }
}

/// The cases of a file. The name of a case of day 31 ends with `-day-31`.
pub(crate) fn cases(file: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/jades");
    let text = fs::read_to_string(folder.join(file)).expect("the vectors are here");
    let file: File = serde_json::from_str(&text).expect("the vectors are JSON");
    file.cases.into_iter().flat_map(Case::moments).collect()
}

/// The DER of a PEM text, as base64.
pub(crate) fn base64_of(pem: &str) -> String {
    let lines = pem.lines().map(str::trim);
    lines.filter(|line| !line.starts_with("-----")).collect()
}

/// The DER of a PEM text.
pub(crate) fn der(pem: &str) -> Vec<u8> {
    STANDARD
        .decode(base64_of(pem))
        .expect("the vectors are PEM")
}
