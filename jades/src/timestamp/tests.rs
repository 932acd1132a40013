use rustls_pki_types::SignatureVerificationAlgorithm;

use super::*;
use crate::{Anchors, Check, Crl, Outcome, Serialization};

const ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    webpki::ring::ECDSA_P256_SHA256,
    webpki::ring::RSA_PKCS1_2048_8192_SHA256,
];
const SIGNATURE: &[u8] = include_bytes!("../../tests/timestamps/signature.jws");
const ROOT: &[u8] = include_bytes!("../../tests/timestamps/root.pem");
const LIST: &[u8] = include_bytes!("../../tests/timestamps/root.crl");
const FIRST: &[u8] = include_bytes!("../../tests/timestamps/p256.der");
const SECOND: &[u8] = include_bytes!("../../tests/timestamps/rsa.der");
const OTHER: &[u8] = include_bytes!("../../tests/timestamps/other-signature.der");
/// After all timestamps.
const NOW: i64 = 1_800_000_000;

fn checked(
    tokens: &[&[u8]],
    root: Option<&[u8]>,
    claimed: Option<i64>,
) -> (Option<ProvenTime>, alloc::vec::Vec<Check>) {
    let mut signature = Serialization::read(SIGNATURE.trim_ascii()).unwrap();
    tokens
        .iter()
        .for_each(|token| signature.add_timestamp(token));
    let signature = Signature::read(signature.to_json().as_bytes()).unwrap();
    let none = Anchors::new();
    let anchors = root.map_or_else(Anchors::new, |root| Anchors::read(root).unwrap());
    let policy = Policy {
        timestamp_anchors: &anchors,
        crls: &[Crl::read(LIST).unwrap()],
        ..Policy::new(&none, ALGORITHMS, NOW)
    };
    let mut checks = Checks::default();
    let proven = check(&mut checks, &signature, claimed, &policy);
    (proven, checks.into_list())
}

fn outcomes(checks: &[Check]) -> alloc::vec::Vec<(&'static str, Outcome)> {
    checks
        .iter()
        .map(|check| (check.name, check.outcome))
        .collect()
}

#[test]
fn the_earliest_valid_timestamp_counts_and_an_invalid_one_is_a_remark() {
    let alone = |token| checked(&[token], Some(ROOT), None).0.unwrap();
    let earliest = alone(FIRST).time.min(alone(SECOND).time);
    for tokens in [[FIRST, OTHER, SECOND], [SECOND, OTHER, FIRST]] {
        let (proven, checks) = checked(&tokens, Some(ROOT), None);
        assert_eq!(proven.unwrap().time, earliest);
        let expected = [Outcome::Passed, Outcome::Remark, Outcome::Passed];
        assert_eq!(
            outcomes(&checks),
            expected.map(|outcome| ("timestamp", outcome))
        );
    }
    let (proven, checks) = checked(&[OTHER, b"no token"], Some(ROOT), None);
    assert_eq!(proven, None);
    assert_eq!(outcomes(&checks), [("timestamp", Outcome::Remark); 2]);
    assert!(
        checks[0].text.contains("another signature"),
        "{}",
        checks[0].text
    );
}

#[test]
fn the_claimed_time_is_not_after_the_timestamp() {
    let proven = checked(&[FIRST], Some(ROOT), None).0.unwrap().time;
    for (claimed, order) in [
        (proven - 1_000_000, Outcome::Passed),
        (proven + 60, Outcome::Passed),
        (proven + 61, Outcome::Undecided),
    ] {
        let (_, checks) = checked(&[FIRST], Some(ROOT), Some(claimed));
        let expected = [("timestamp", Outcome::Passed), ("timestamp-order", order)];
        assert_eq!(outcomes(&checks), expected);
        let why = checks[1].sub_indication;
        let failure = (order != Outcome::Passed).then_some(SubIndication::TimestampOrderFailure);
        assert_eq!(why, failure);
    }
}

#[test]
fn without_a_timestamp_or_a_root_the_check_is_skipped() {
    for (tokens, root) in [(&[][..], Some(ROOT)), (&[FIRST][..], None)] {
        let (proven, checks) = checked(tokens, root, Some(NOW));
        assert_eq!(proven, None);
        assert_eq!(outcomes(&checks), [("timestamp", Outcome::Skipped)]);
    }
}
