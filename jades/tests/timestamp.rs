//! Timestamps that `openssl` made (`timestamps/make.sh`), good ones and wrong ones.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;
use rustls_pki_types::SignatureVerificationAlgorithm;
use switchback_jades::{
    Anchors, Crl, Policy, ProvenTime, Serialization, SubIndication, TimestampError,
    TimestampRequest, verify_timestamp,
};

/// The time of the timestamps, and of their certificates (`timestamps/make.sh`).
const MADE: i64 = 1796078286;
const DAY: i64 = 86_400;
const AUTHORITY_EXPIRES: i64 = 2_082_758_400;
const NONCE: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

const ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    webpki::ring::ECDSA_P256_SHA256,
    webpki::ring::ECDSA_P256_SHA384,
    webpki::ring::ECDSA_P384_SHA256,
    webpki::ring::ECDSA_P384_SHA384,
    webpki::ring::RSA_PKCS1_2048_8192_SHA256,
];

fn file(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/timestamps");
    std::fs::read(format!("{folder}/{name}")).expect(name)
}

fn signature() -> Serialization {
    Serialization::read(&file("signature.jws")).expect("a signature")
}

fn verify_at(token: &[u8], root: &str, time: i64) -> Result<ProvenTime, TimestampError> {
    verify_with(token, root, time, "root.crl")
}

fn verify_with(
    token: &[u8],
    root: &str,
    time: i64,
    list: &str,
) -> Result<ProvenTime, TimestampError> {
    let (none, anchors) = (
        Anchors::new(),
        Anchors::read(&file(root)).expect("readable"),
    );
    let policy = Policy {
        timestamp_anchors: &anchors,
        crls: &[Crl::read(&file(list)).expect("readable")],
        ..Policy::new(&none, ALGORITHMS, time)
    };
    verify_timestamp(token, &signature(), &policy)
}

fn verify(token: &str) -> Result<ProvenTime, TimestampError> {
    verify_at(&file(token), "root.pem", MADE + DAY)
}

fn chain_problem(error: TimestampError) -> SubIndication {
    match error {
        TimestampError::Chain { why, .. } => why,
        error => panic!("{error:?}"),
    }
}

#[test]
fn authorities_may_use_p_256_p_384_and_rsa() {
    for (token, authority) in [
        ("p256.der", "CN=Test timestamp authority"),
        ("p384.der", "CN=Test timestamp authority P-384"),
        ("rsa.der", "CN=Test timestamp authority RSA"),
    ] {
        let proven = verify(token).unwrap();
        assert_eq!(proven.authority, authority);
        // The accuracy, 1.5 seconds, is added to the time.
        assert!(
            (MADE..MADE + 10).contains(&proven.time),
            "{token} {proven:?}"
        );
    }
}

#[test]
fn a_timestamp_that_proves_nothing_is_refused_with_its_reason() {
    for (token, why) in [
        ("sha1.der", SubIndication::CryptoConstraintsFailureNoPoe),
        ("other-signature.der", SubIndication::HashFailure),
        (
            "no-certificate.der",
            SubIndication::NoSigningCertificateFound,
        ),
        ("no-purpose.der", SubIndication::ChainConstraintsFailure),
        ("not-critical.der", SubIndication::ChainConstraintsFailure),
        ("two-purposes.der", SubIndication::ChainConstraintsFailure),
        ("signing-certificate-v1.der", SubIndication::FormatFailure),
        ("no-signing-certificate.der", SubIndication::FormatFailure),
        ("two-signers.der", SubIndication::FormatFailure),
        ("no-timestamp.der", SubIndication::FormatFailure),
        ("expired.der", SubIndication::OutOfBoundsNoPoe),
        ("future.der", SubIndication::OutOfBoundsNoPoe),
    ] {
        let error = verify(token).unwrap_err();
        assert_eq!(error.sub_indication(), why, "{token}: {error}");
    }
    assert_eq!(verify("other-signature.der"), Err(TimestampError::Imprint));
    let foreign = verify_at(&file("p256.der"), "other-root.pem", MADE + DAY).unwrap_err();
    assert_eq!(
        chain_problem(foreign),
        SubIndication::NoCertificateChainFound
    );
}

#[test]
fn a_timestamp_holds_while_the_certificates_of_its_authority_are_valid() {
    let at = |time| verify_at(&file("p256.der"), "root.pem", time);
    assert_eq!(at(MADE - DAY), Err(TimestampError::Future));
    for time in [MADE + 5, MADE + 31 * DAY, AUTHORITY_EXPIRES] {
        assert!(at(time).is_ok(), "{time}");
    }
    // A key of that age may be known to others: a newer timestamp over this one would help, B-LTA.
    let late = at(AUTHORITY_EXPIRES + 1).unwrap_err();
    assert_eq!(chain_problem(late), SubIndication::OutOfBoundsNoPoe);
}

#[test]
fn without_an_algorithm_or_a_root_nothing_is_proven() {
    let none = Anchors::new();
    let anchors = Anchors::read(&file("root.pem")).unwrap();
    let verify = |anchors, algorithms| {
        let policy = Policy {
            timestamp_anchors: anchors,
            ..Policy::new(&none, algorithms, MADE + DAY)
        };
        verify_timestamp(&file("rsa.der"), &signature(), &policy).unwrap_err()
    };
    let without_rsa = verify(&anchors, &ALGORITHMS[..4]);
    assert!(
        matches!(without_rsa, TimestampError::Algorithm(_)),
        "{without_rsa}"
    );
    let without_root = verify(&none, ALGORITHMS);
    assert_eq!(
        chain_problem(without_root),
        SubIndication::NoCertificateChainFound
    );
}

#[test]
fn the_certificate_may_be_beside_the_token() {
    let mut signature = signature();
    let none = Anchors::new();
    let anchors = Anchors::read(&file("root.pem")).unwrap();
    let policy = Policy {
        timestamp_anchors: &anchors,
        ..Policy::new(&none, ALGORITHMS, MADE + DAY)
    };
    let token = file("no-certificate.der");
    assert!(verify_timestamp(&token, &signature, &policy).is_err());
    signature.add_certificate(&certificate_of("rsa.der"));
    assert!(verify_timestamp(&token, &signature, &policy).is_ok());
}

#[test]
fn the_revocation_lists_may_be_beside_the_token() {
    let mut signature = signature();
    let none = Anchors::new();
    let anchors = Anchors::read(&file("root.pem")).unwrap();
    let policy = Policy {
        timestamp_anchors: &anchors,
        ..Policy::new(&none, ALGORITHMS, MADE + DAY)
    };
    let verify =
        |signature: &Serialization| verify_timestamp(&file("p256.der"), signature, &policy);
    let missing = verify(&signature).unwrap_err();
    assert_eq!(chain_problem(missing), SubIndication::TryLater);
    signature.add_crl(b"not a list");
    signature.add_crl(&file("root.crl"));
    assert!(verify(&signature).is_ok());
}

#[test]
fn a_revoked_authority_proves_nothing() {
    for (token, expected) in [
        ("p256.der", None),
        ("rsa.der", Some(SubIndication::RevokedNoPoe)),
    ] {
        let verified = verify_with(&file(token), "root.pem", MADE + DAY, "revoked.crl");
        assert_eq!(verified.err().map(chain_problem), expected, "{token}");
    }
}

/// The only certificate of a token: the value with the tag [0] in its signed data.
fn certificate_of(token: &str) -> Vec<u8> {
    let token = file(token);
    let is_certificate = |at: &usize| {
        let (tag, sequence) = (token[*at], &token[at + 4..]);
        let length = |at: usize| usize::from(token[at]) << 8 | usize::from(token[at + 1]);
        tag == 0xa0
            && token[at + 1] == 0x82
            && sequence.starts_with(&[0x30, 0x82])
            && length(at + 2) == length(at + 6) + 4
            && token[at + 8] == 0x30
            && length(at + 2) < token.len() - 200
    };
    let at = (4..token.len() - 16)
        .find(is_certificate)
        .expect("a certificate");
    let length = usize::from(token[at + 2]) << 8 | usize::from(token[at + 3]);
    token[at + 4..at + 4 + length].to_vec()
}

#[test]
fn an_answer_belongs_to_its_request() {
    let request = TimestampRequest::new(&signature(), NONCE);
    let token = request.read_response(&file("p256.tsr")).unwrap();
    assert_eq!(token, file("p256.der"));

    let other_nonce = TimestampRequest::new(&signature(), [9; 8]);
    let answer = other_nonce.read_response(&file("p256.tsr"));
    assert_eq!(answer, Err(TimestampError::Nonce));

    let other = Serialization::read(b"eyJhbGciOiJFUzI1NiJ9..b3RoZXI").unwrap();
    let other = TimestampRequest::new(&other, NONCE);
    assert_eq!(
        other.read_response(&file("p256.tsr")),
        Err(TimestampError::Imprint)
    );

    let granted = |token: &str| {
        let token = file(token);
        let length = u16::try_from(token.len() + 5).unwrap().to_be_bytes();
        let mut response = vec![0x30, 0x82, length[0], length[1], 0x30, 3, 2, 1, 0];
        response.extend(token);
        request.read_response(&response)
    };
    assert_eq!(granted("p256.der"), Ok(file("p256.der")));
    assert_eq!(granted("no-certificate.der"), Err(TimestampError::Nonce));
    assert!(matches!(
        granted("sha1.der"),
        Err(TimestampError::Algorithm(_))
    ));
}

#[test]
fn a_refusal_has_the_words_of_the_authority() {
    let request = TimestampRequest::new(&signature(), NONCE);
    let refused = request.read_response(&file("refused.tsr")).unwrap_err();
    let said =
        "the timestamp authority refused: status 2: Message digest algorithm is not supported.";
    assert_eq!(refused.to_string(), said);
    for malformed in [
        &b""[..],
        b"<html>",
        &[0x30, 0],
        &[0x30, 5, 0x30, 3, 2, 1, 0],
    ] {
        let error = request.read_response(malformed).unwrap_err();
        assert_eq!(error, TimestampError::MalformedResponse);
    }
    let mut long = file("refused.tsr");
    long.resize(200_000, 0);
    assert_eq!(
        request.read_response(&long),
        Err(TimestampError::MalformedResponse)
    );
}

/// A token is either unchanged in all that is signed, or refused.
#[test]
fn a_token_with_a_changed_bit_proves_no_other_time() {
    let token = file("p256.der");
    let proven = verify("p256.der").unwrap();
    for at in 0..token.len() {
        let mut changed = token.clone();
        changed[at] ^= 1 << (at % 8);
        if let Ok(time) = verify_at(&changed, "root.pem", MADE + DAY) {
            assert_eq!(time, proven, "byte {at}");
        }
    }
}

proptest! {
    #[test]
    fn random_bytes_prove_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(verify_at(&bytes, "root.pem", MADE + DAY).is_err());
        let request = TimestampRequest::new(&signature(), NONCE);
        prop_assert!(request.read_response(&bytes).is_err());
    }

    #[test]
    fn a_changed_token_never_panics(
        at in 0.0..1.0_f64,
        cut in 0_usize..8,
        inserted in proptest::collection::vec(any::<u8>(), 0..8),
    ) {
        for name in ["p256.der", "two-signers.der"] {
            let mut token = file(name);
            let from = (at * token.len() as f64) as usize;
            let to = (from + cut).min(token.len());
            token.splice(from..to, inserted.iter().copied());
            let _ = verify_at(&token, "root.pem", MADE + DAY);
        }
    }
}
