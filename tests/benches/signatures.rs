//! Compares the verification of a signature with the work that it cannot avoid, in one run: the raw
//! verifications by `ring`, the raw SHA-256 of `sha2`, and a peer, the EU's DSS.
//!
//! DSS takes part if `SWITCHBACK_TEST_DSS` has its class path (see CONTRIBUTING.md):
//!
//! ```console
//! $ SWITCHBACK_TEST_DSS=$(cat target/jars/*dss-jades*.txt) cargo bench -p switchback-tests --bench signatures
//! ```
//!
//! Machines are noisy, so compare the ratios. They are medians of rounds in which all candidates run
//! in turn.

#![expect(clippy::print_stdout, reason = "a benchmark reports on the terminal")]

#[path = "side_by_side.rs"]
mod side_by_side;

#[path = "../e2e/signatures/dss.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod dss;
#[path = "../e2e/signatures/vectors.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod vectors;

use std::hint::black_box;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ring::signature::VerificationAlgorithm;
use ring::signature::{ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use rustls_pki_types::SignatureVerificationAlgorithm;
use sha2::{Digest as _, Sha256};
use switchback_jades::{
    Anchors, Crl, DigestInput, DocumentDigest, DocumentHasher, Expected, Indication,
    P256_ALGORITHMS, Policy,
};
use x509_cert::Certificate;
use x509_cert::der::{Decode as _, Encode as _};

use side_by_side::{compare, is_smoke_test};
use vectors::{Case, base64_of, der};

/// The algorithms that Truid uses.
const RING: &[&dyn SignatureVerificationAlgorithm] = &[webpki::ring::ECDSA_P256_SHA256];

/// A signature by `ring`, ready to be verified: nothing has to be parsed.
struct Raw {
    algorithm: &'static dyn VerificationAlgorithm,
    key: Vec<u8>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Raw {
    fn verify(&self) {
        let key = UnparsedPublicKey::new(self.algorithm, &self.key);
        let done = key.verify(black_box(&self.message), &self.signature);
        done.expect("it is valid");
    }
}

fn signature(c: &mut Criterion) {
    let case = vectors::cases("made.json").swap_remove(0);
    let raw = raw(&case);
    let floor = || raw.iter().for_each(Raw::verify);

    let mut anchors = Anchors::new();
    for pem in &case.anchors {
        anchors.add(&der(pem)).expect("a root");
    }
    let crls = case.crls.iter().map(|pem| Crl::read(&der(pem)));
    let crls: Vec<Crl> = crls.collect::<Result<_, _>>().expect("a list");
    let document = case.document.as_ref().and_then(|document| {
        DocumentDigest::from_base64url(&document.sha256, DigestInput::Document)
    });
    let expected = Expected {
        document,
        ..Expected::default()
    };
    let verify = |algorithms: &[&dyn SignatureVerificationAlgorithm]| {
        let policy = Policy {
            crls: &crls,
            ..Policy::new(&anchors, algorithms, case.time)
        };
        let signature = black_box(case.signature.as_bytes());
        let report = switchback_jades::verify(signature, &expected, &policy);
        assert_eq!(report.indication, Indication::TotalPassed);
    };
    // The lists are verified once.
    verify(RING);

    let mut group = c.benchmark_group("signature");
    group.bench_function("floor (raw verifications by ring)", |b| b.iter(floor));
    group.bench_function("switchback, with ring", |b| b.iter(|| verify(RING)));
    group.bench_function("switchback, with p256", |b| {
        b.iter(|| verify(P256_ALGORITHMS))
    });
    group.finish();
    let what = format!(
        "signature with a kept revocation list ({} raw verifications)",
        raw.len()
    );
    compare(
        &what,
        50,
        &mut [
            ("ring, raw", &mut || floor()),
            ("with ring", &mut || verify(RING)),
            ("with p256", &mut || verify(P256_ALGORITHMS)),
        ],
    );

    let Some(mut dss) = dss::Dss::start(&[]) else {
        return println!("SWITCHBACK_TEST_DSS is not set: DSS does not take part\n");
    };
    let mut judge = || {
        let digest = case.document.as_ref().map(|document| {
            STANDARD.encode(URL_SAFE_NO_PAD.decode(&document.sha256).expect("base64url"))
        });
        let answer = dss.judge(&dss::Case {
            signature: &case.signature,
            digest,
            id: case.id.as_deref(),
            anchors: case.anchors.iter().map(|pem| base64_of(pem)).collect(),
            crls: case.crls.iter().map(|pem| base64_of(pem)).collect(),
            time: case.time,
        });
        assert!(answer.passed(), "{answer:?}");
    };
    // Java compiles what runs often.
    let warm_up = if is_smoke_test() { 0 } else { 2000 };
    (0..warm_up).for_each(|_| judge());
    compare(
        "signature, and a warm DSS",
        20,
        &mut [("with ring", &mut || verify(RING)), ("DSS", &mut judge)],
    );
}

/// What a verification must verify: the signature, and the certificates but the root. A list that the
/// caller keeps was verified before.
fn raw(case: &Case) -> Vec<Raw> {
    let header = case.header().expect("a header");
    let chain = header["x5c"].as_array().expect("certificates").iter();
    let chain = chain.map(|text| {
        let der = STANDARD
            .decode(text.as_str().expect("a text"))
            .expect("base64");
        Certificate::from_der(&der).expect("a certificate")
    });
    let chain: Vec<_> = chain.collect();
    let key = |certificate: &Certificate| {
        let key = certificate.tbs_certificate().subject_public_key_info();
        key.subject_public_key.raw_bytes().to_vec()
    };
    let (protected, value) = case
        .signature
        .split_once("..")
        .expect("a compact signature");
    let mut raw = vec![Raw {
        algorithm: &ECDSA_P256_SHA256_FIXED,
        key: key(&chain[0]),
        message: format!("{protected}.").into_bytes(),
        signature: URL_SAFE_NO_PAD.decode(value).expect("base64url"),
    }];
    raw.extend(chain.windows(2).map(|pair| Raw {
        algorithm: &ECDSA_P256_SHA256_ASN1,
        key: key(&pair[1]),
        message: pair[0].tbs_certificate().to_der().expect("DER"),
        signature: pair[0].signature().raw_bytes().to_vec(),
    }));
    raw
}

fn document(c: &mut Criterion) {
    // The command line and the backend read a document in parts of this length.
    let part = vec![7; 64 << 10];
    let parts = if is_smoke_test() { 1 } else { 256 };
    let floor = || {
        let mut hasher = Sha256::new();
        (0..parts).for_each(|_| hasher.update(black_box(&part)));
        black_box(hasher.finalize());
    };
    let hash = |input| {
        let mut hasher = DocumentHasher::new(input);
        (0..parts).for_each(|_| hasher.update(black_box(&part)));
        black_box(hasher.finish());
    };
    let mut group = c.benchmark_group("document");
    group.throughput(Throughput::Bytes(parts as u64 * part.len() as u64));
    group.bench_function("floor (sha2)", |b| b.iter(floor));
    group.bench_function("switchback", |b| b.iter(|| hash(DigestInput::Document)));
    group.bench_function("switchback, of the base64url text", |b| {
        b.iter(|| hash(DigestInput::Base64url));
    });
    group.finish();
    compare(
        "document of 16 MiB",
        1,
        &mut [
            ("sha2", &mut || floor()),
            ("switchback", &mut || hash(DigestInput::Document)),
            ("as base64url", &mut || hash(DigestInput::Base64url)),
        ],
    );
}

criterion_group!(benches, signature, document);
criterion_main!(benches);
