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
    /// PEM.
    pub(crate) crls: Vec<String>,
    /// The time of the verification, in seconds since the epoch.
    pub(crate) time: i64,
    pub(crate) expected: Expected,
}

#[derive(Clone, Deserialize)]
pub(crate) struct Document {
    /// Base64url.
    pub(crate) sha256: String,
}

#[derive(Clone, Deserialize)]
pub(crate) struct Expected {
    pub(crate) indication: String,
    pub(crate) sub_indication: Option<String>,
}

impl Expected {
    pub(crate) fn passed(&self) -> bool {
        self.indication == "TOTAL-PASSED"
    }

    /// The sub-indication, or else the indication.
    pub(crate) fn reason(&self) -> &str {
        self.sub_indication.as_deref().unwrap_or(&self.indication)
    }
}

impl Case {
    /// The protected header; `None` if it cannot be read.
    pub(crate) fn header(&self) -> Option<serde_json::Value> {
        let header = URL_SAFE_NO_PAD.decode(self.signature.split('.').next()?);
        serde_json::from_slice(&header.ok()?).ok()
    }
}

/// The cases of a file.
pub(crate) fn cases(file: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/jades");
    let text = fs::read_to_string(folder.join(file)).expect("the vectors are here");
    let file: File = serde_json::from_str(&text).expect("the vectors are JSON");
    file.cases
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
