//! The cost of a verification, as counts, which do not depend on the machine. `benches/signatures.rs`
//! measures times.

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};

use allocation_counter::{AllocationInfo, measure};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};
use serde_json::{Value, json};
use switchback_jades::{
    Anchors, Crl, DigestInput, DocumentDigest, DocumentHasher, Expected, Indication, Policy, Report,
};
use webpki::ring::ECDSA_P256_SHA256;

use super::vectors::{self, Case, der};

/// P-256 by ring, with the number of verifications.
#[derive(Debug, Default)]
struct Counting {
    verifications: AtomicUsize,
}

impl SignatureVerificationAlgorithm for Counting {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        self.verifications.fetch_add(1, Ordering::Relaxed);
        ECDSA_P256_SHA256.verify_signature(public_key, message, signature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        ECDSA_P256_SHA256.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        ECDSA_P256_SHA256.signature_alg_id()
    }
}

struct Cost {
    report: Report,
    verifications: usize,
    memory: AllocationInfo,
}

/// Verifies the signature with everything else of the case.
fn cost(case: &Case, signature: &str) -> Cost {
    let mut anchors = Anchors::new();
    for pem in &case.anchors {
        anchors.add(&der(pem)).unwrap();
    }
    let crls: Vec<Crl> = case
        .crls
        .iter()
        .map(|pem| Crl::read(&der(pem)).unwrap())
        .collect();
    let document = case.document.as_ref().map(|document| {
        DocumentDigest::from_base64url(&document.sha256, DigestInput::Document).unwrap()
    });
    let expected = Expected {
        document,
        ..Expected::default()
    };
    let counting = Counting::default();
    let algorithms: [&dyn SignatureVerificationAlgorithm; 1] = [&counting];
    let policy = Policy {
        crls: &crls,
        ..Policy::new(&anchors, &algorithms, case.time)
    };
    let mut report = None;
    let memory = measure(|| {
        report = Some(switchback_jades::verify(
            signature.as_bytes(),
            &expected,
            &policy,
        ));
    });
    Cost {
        report: report.unwrap(),
        verifications: counting.verifications.into_inner(),
        memory,
    }
}

fn valid() -> Case {
    vectors::cases("made.json").swap_remove(0)
}

/// The valid signature with another header. No person signed it.
fn with_header(edit: impl FnOnce(&mut Value)) -> String {
    let case = valid();
    let mut header = case.header().unwrap();
    edit(&mut header);
    let (_, value) = case.signature.rsplit_once('.').unwrap();
    format!("{}..{value}", URL_SAFE_NO_PAD.encode(header.to_string()))
}

#[test]
fn a_verification_verifies_each_signature_once() {
    let case = valid();
    let found = cost(&case, &case.signature);
    assert_eq!(found.report.indication, Indication::TotalPassed);
    // The signature, the person's certificate, the intermediate certificate, the revocation list.
    assert_eq!(found.verifications, 3 + case.crls.len());
}

#[test]
fn a_wrong_document_costs_no_more() {
    let case = valid();
    let mut other = case.clone();
    other.document.as_mut().unwrap().sha256 = URL_SAFE_NO_PAD.encode([1; 32]);
    let found = cost(&other, &case.signature);
    assert_eq!(found.report.indication, Indication::TotalFailed);
    assert!(found.verifications <= 3 + case.crls.len());
}

/// Each is as large as it may be, or larger. The memory is a small multiple of the text, and no
/// signature causes many verifications.
#[test]
fn what_an_attacker_sends_costs_little() {
    let case = valid();
    let header = case.header().unwrap();
    let certificates = header["x5c"].as_array().unwrap();
    let all = |certificate: &Value, count| Value::Array(vec![certificate.clone(); count]);
    let garbage = |length| STANDARD.encode(vec![b'0'; length]);
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(20_000), close.repeat(20_000));
    let raw = |json: String| format!("{}..{}", URL_SAFE_NO_PAD.encode(json), "A".repeat(86));
    let hostile = [
        (
            "a long header",
            with_header(|header| header["x"] = json!("x".repeat(60 * 1024))),
        ),
        (
            "a too long header",
            with_header(|header| header["x"] = json!("x".repeat(1 << 20))),
        ),
        (
            "many members",
            with_header(|header| {
                (0..6000).for_each(|n| header[format!("m{n}")] = json!(n));
            }),
        ),
        (
            "many critical members",
            with_header(|header| header["crit"] = json!(vec!["b64"; 10_000])),
        ),
        (
            "1,000 small certificates",
            with_header(|header| {
                header["x5c"] = all(&json!(garbage(30)), 1000);
            }),
        ),
        (
            "1,000 certificates",
            with_header(|header| header["x5c"] = all(&certificates[0], 1000)),
        ),
        (
            "many intermediates",
            with_header(|header| {
                let chain = header["x5c"].as_array_mut().unwrap();
                chain.extend(vec![certificates[1].clone(); 80]);
            }),
        ),
        (
            "one long certificate",
            with_header(|header| header["x5c"] = json!([garbage(40 << 10)])),
        ),
        ("deep arrays", raw(deep("[", "]"))),
        ("deep objects", raw(deep("{\"a\":", "}"))),
        (
            "a deep member",
            raw(format!("{{\"alg\":{}}}", deep("[", "]"))),
        ),
        ("many dots", ".".repeat(1 << 20)),
        (
            "a JSON serialization of nothing",
            format!("{{\"etsiU\":{}}}", deep("[", "]")),
        ),
        (
            "many small objects",
            with_header(|header| header["x"] = json!(vec![json!({"": 0}); 7000])),
        ),
        (
            "a JSON serialization of small objects",
            json!({"header": {"etsiU": vec![json!({"": 0}); 500_000]}}).to_string(),
        ),
    ];
    for (what, signature) in hostile {
        let found = cost(&case, &signature);
        assert_ne!(found.report.indication, Indication::TotalPassed, "{what}");
        let (memory, limit) = (
            found.memory.bytes_max,
            32 * signature.len() as u64 + (256 << 10),
        );
        assert!(
            memory <= limit,
            "{what}: {memory} bytes for {}",
            signature.len()
        );
        assert!(
            found.verifications <= 8,
            "{what}: {} verifications",
            found.verifications
        );
    }
}

#[test]
fn a_document_is_hashed_without_memory() {
    for input in [DigestInput::Document, DigestInput::Base64url] {
        let part = vec![7; 64 << 10];
        let memory = measure(|| {
            let mut hasher = DocumentHasher::new(input);
            (0..64).for_each(|_| hasher.update(&part));
            black_box(hasher.finish());
        });
        assert_eq!(memory.count_total, 0, "{input:?}");
    }
}
