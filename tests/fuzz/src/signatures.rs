//! What the targets of signatures share: the first signature of the vectors, with what its verifier
//! has.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use switchback_jades::{
    Anchors, Crl, DigestInput, DocumentDigest, Expected, Indication, Outcome, Policy, ProvenTime,
    Report, Serialization, TimestampError, verify_timestamp,
};

const VECTORS: &str = include_str!("../../vectors/jades/made.json");

/// A valid signature, with what its verifier has.
pub struct Given {
    /// Compact.
    pub signature: String,
    /// The protected header.
    pub header: Value,
    /// The protected headers of all signatures of the vectors. The authority signed no other one.
    pub signed: BTreeSet<String>,
    /// The root, DER.
    pub root: Vec<u8>,
    /// The time of the verification.
    pub time: i64,
    anchors: Anchors,
    crls: Vec<Crl>,
    document: DocumentDigest,
}

/// A signature with timestamps, with what its verifier has.
pub struct Stamped {
    /// The text of the value of the signature that the timestamps are of.
    pub value: String,
    /// Another signature, compact, whose certificate has expired.
    pub expired: String,
    /// The time of the verification, after the timestamps.
    pub time: i64,
    signature: Serialization,
    anchors: Anchors,
    crls: Vec<Crl>,
    /// Bytes of the first timestamp, and what they are in one of the expired signature.
    replacements: [(Vec<u8>, Vec<u8>); 3],
}

/// Accepts every signature value of P-256, so that changed content reaches the checks behind it.
#[derive(Debug)]
struct AcceptsAll;

impl SignatureVerificationAlgorithm for AcceptsAll {
    fn verify_signature(&self, _: &[u8], _: &[u8], _: &[u8]) -> Result<(), InvalidSignature> {
        Ok(())
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_P256
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_SHA256
    }
}

/// Each signature value counts as right.
pub const ACCEPTS_ALL: &[&dyn SignatureVerificationAlgorithm] = &[&AcceptsAll];

/// The first signature of the vectors.
pub fn given() -> &'static Given {
    static GIVEN: OnceLock<Given> = OnceLock::new();
    GIVEN.get_or_init(|| {
        let vectors: Value = serde_json::from_str(VECTORS).expect("the vectors are JSON");
        let case = &vectors["cases"][0];
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let signature = text(&case["signature"]);
        let protected = signature.split('.').next().unwrap_or_default();
        let header = URL_SAFE_NO_PAD.decode(protected).expect("base64url");
        let root = der(&text(&case["anchors"][0]));
        let list = Crl::read(&der(&text(&case["crls"][0]))).expect("a list");
        let digest = text(&case["document"]["sha256"]);
        let cases = vectors["cases"].as_array().into_iter().flatten();
        let headers = cases.filter_map(|case| case["signature"].as_str()?.split('.').next());
        Given {
            signed: headers.map(str::to_owned).collect(),
            header: serde_json::from_slice(&header).expect("JSON"),
            anchors: Anchors::read(&root).expect("a root"),
            crls: vec![list],
            document: DocumentDigest::from_base64url(&digest, DigestInput::Document)
                .expect("a digest"),
            time: case["time"].as_i64().expect("a time"),
            root,
            signature,
        }
    })
}

/// The signature of `jades/tests/timestamps`.
pub fn stamped() -> &'static Stamped {
    static STAMPED: OnceLock<Stamped> = OnceLock::new();
    STAMPED.get_or_init(|| {
        let signature = include_str!("../../../jades/tests/timestamps/signature.jws").trim();
        let root = include_bytes!("../../../jades/tests/timestamps/root.pem");
        let list = Crl::read(include_bytes!("../../../jades/tests/timestamps/root.crl"));
        let token = include_bytes!("../../../jades/tests/timestamps/p256.der");
        let value = |signature: &str| signature.rsplit('.').next().unwrap_or_default().to_owned();
        let given = given();
        // The content is the first value of its length, and it has an imprint and a time.
        let start = position(token, &[4, 104]) + 2;
        let content = &token[start..start + 104];
        let imprint = |signature: &str| Sha256::digest(value(signature)).to_vec();
        let time = |date: &str| date.as_bytes().to_vec();
        let mut replacements = [
            (imprint(signature), imprint(&given.signature)),
            (time("20261130"), time("20260301")),
            (Sha256::digest(content).to_vec(), Vec::new()),
        ];
        let other = replaced(content, &replacements[..2]);
        replacements[2].1 = Sha256::digest(other).to_vec();
        let stamped = Stamped {
            value: value(signature),
            expired: given.signature.clone(),
            // 2026-12-02T00:00:00Z
            time: 1_796_169_600,
            signature: Serialization::read(signature.as_bytes()).expect("a signature"),
            anchors: Anchors::read(root).expect("a root"),
            crls: vec![list.expect("a list"), given.crls[0].clone()],
            replacements,
        };
        // Otherwise no input would reach the checks behind the digests.
        let mut signature = Serialization::read(stamped.expired.as_bytes()).expect("a signature");
        signature.add_timestamp(&stamped.for_expired(token));
        let report = stamped.verify(signature.to_json().as_bytes());
        assert_eq!(report.indication, Indication::TotalPassed, "{report:#?}");
        stamped
    })
}

fn position(bytes: &[u8], part: &[u8]) -> usize {
    let mut windows = bytes.windows(part.len());
    windows.position(|window| window == part).expect("a part")
}

/// Replaces each part that occurs with one of the same length.
fn replaced(bytes: &[u8], replacements: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (old, new) in replacements {
        for start in 0..bytes.len().saturating_sub(old.len() - 1) {
            if bytes[start..].starts_with(old) {
                bytes[start..start + old.len()].copy_from_slice(new);
            }
        }
    }
    bytes
}

impl Stamped {
    fn policy<'a>(
        &'a self,
        algorithms: &'a [&'a dyn SignatureVerificationAlgorithm],
    ) -> Policy<'a> {
        Policy {
            crls: &self.crls,
            timestamp_anchors: &self.anchors,
            ..Policy::new(&given().anchors, algorithms, self.time)
        }
    }

    /// Verifies a timestamp of the signature.
    pub fn prove(
        &self,
        token: &[u8],
        algorithms: &[&dyn SignatureVerificationAlgorithm],
    ) -> Result<ProvenTime, TimestampError> {
        let policy = self.policy(algorithms);
        let proven = verify_timestamp(token, &self.signature, &policy);
        assert!(proven == verify_timestamp(token, &self.signature, &policy));
        proven
    }

    /// Verifies a signature, and checks that the report is consistent.
    pub fn verify(&self, signature: &[u8]) -> Report {
        let expected = Expected {
            document: Some(given().document),
            ..Expected::default()
        };
        let policy = self.policy(ACCEPTS_ALL);
        let report = switchback_jades::verify(signature, &expected, &policy);
        is_consistent(&report);
        report
    }

    /// The first timestamp with the imprint of the expired signature, and with a time before the end of
    /// its certificate; and other tokens unchanged.
    pub fn for_expired(&self, token: &[u8]) -> Vec<u8> {
        replaced(token, &self.replacements)
    }
}

/// The DER of a PEM text.
fn der(pem: &str) -> Vec<u8> {
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    STANDARD.decode(lines.collect::<String>()).expect("PEM")
}

impl Given {
    /// Verifies a signature, and checks that the report is consistent.
    pub fn verify(
        &self,
        signature: &[u8],
        algorithms: &[&dyn SignatureVerificationAlgorithm],
    ) -> Report {
        let crls = &self.crls;
        self.verify_with(signature, algorithms, crls)
    }

    /// The same, with these revocation lists. The root is also the root of timestamp authorities.
    pub fn verify_with(
        &self,
        signature: &[u8],
        algorithms: &[&dyn SignatureVerificationAlgorithm],
        crls: &[Crl],
    ) -> Report {
        let policy = Policy {
            crls,
            timestamp_anchors: &self.anchors,
            ..Policy::new(&self.anchors, algorithms, self.time)
        };
        let expected = Expected {
            document: Some(self.document),
            ..Expected::default()
        };
        let report = switchback_jades::verify(signature, &expected, &policy);
        let again = switchback_jades::verify(signature, &expected, &policy);
        assert!(report == again, "the same signature has another report");
        is_consistent(&report);
        report
    }

    /// The signature of a header. Its value is the value of the valid signature.
    pub fn with_header(&self, header: &[u8]) -> String {
        let (_, value) = self.signature.rsplit_once('.').expect("three parts");
        format!("{}..{value}", URL_SAFE_NO_PAD.encode(header))
    }

    /// The signature with these certificates.
    pub fn with_certificates(&self, certificates: &[&[u8]]) -> String {
        let mut header = self.header.clone();
        let texts = certificates.iter().map(|der| STANDARD.encode(der).into());
        header["x5c"] = Value::Array(texts.collect());
        if let Some(members) = header.as_object_mut() {
            members.remove("x5t#S256");
        }
        self.with_header(header.to_string().as_bytes())
    }
}

/// The indication is that of the checks (ETSI EN 319 102-1 §5.1.3), and each sentence is one line.
fn is_consistent(report: &Report) {
    let has = |outcome| report.checks.iter().any(|check| check.outcome == outcome);
    let expected = match (has(Outcome::Failed), has(Outcome::Undecided)) {
        (true, _) => Indication::TotalFailed,
        (false, true) => Indication::Indeterminate,
        (false, false) => Indication::TotalPassed,
    };
    assert_eq!(report.indication, expected, "{report:#?}");
    let why = report.sub_indication;
    assert_eq!(why.is_none(), expected == Indication::TotalPassed);
    assert!(why.is_none_or(|why| why.indication() == expected));
    assert!(
        why.is_none()
            || report
                .checks
                .iter()
                .any(|check| check.sub_indication == why)
    );
    for check in &report.checks {
        let is_reason = matches!(check.outcome, Outcome::Failed | Outcome::Undecided);
        assert_eq!(check.sub_indication.is_some(), is_reason, "{check:?}");
        assert!(!check.text.contains('\n'), "{check:?}");
    }
    if expected == Indication::TotalPassed {
        assert_eq!(report.at_claimed_time, Indication::TotalPassed);
        assert!(report.summary.is_some());
    }
    serde_json::to_string(report).expect("a report is JSON");
}

/// DER values, one after the other. The rest, which is no value, is the last one.
pub fn values(mut der: &[u8]) -> Vec<&[u8]> {
    let mut values = Vec::new();
    while !der.is_empty() {
        let (value, rest) = der.split_at(length(der).unwrap_or(der.len()).min(der.len()));
        values.push(value);
        der = rest;
    }
    values
}

/// The length of the first value, with its head.
fn length(der: &[u8]) -> Option<usize> {
    let (&first, rest) = der.get(1..)?.split_first()?;
    if first < 0x80 {
        return Some(2 + usize::from(first));
    }
    let count = usize::from(first & 0x7f);
    let bytes = rest.get(..count).filter(|bytes| bytes.len() <= 4)?;
    let content = bytes
        .iter()
        .fold(0, |sum, &byte| sum << 8 | usize::from(byte));
    Some(2 + count + content)
}

/// Whether no text occurs twice.
pub fn are_different(texts: &[&str]) -> bool {
    texts.iter().collect::<BTreeSet<_>>().len() == texts.len()
}
