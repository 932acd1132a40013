//! Each wrong signature is wrong in one way.

use serde_json::json;
use x509_cert::der::Encode;

use super::*;

/// A wrong signature, and a right one of the same signing.
async fn both(client: &mut TestClient, misbehaviour: &str) -> (Signature, Signature) {
    let signing = signing(client);
    let tokens = tokens(client, &signing).await;
    let header = format!("Switchback-Misbehave: {misbehaviour}");
    let wrong = fetch(client, &tokens, &[&header]).await;
    assert_eq!(wrong.status, 200, "{misbehaviour}: {}", wrong.body);
    let right = fetch(client, &tokens, &[]).await;
    (Signature::read(&wrong.body), Signature::read(&right.body))
}

#[tokio::test]
async fn a_wrong_header_is_signed_correctly() {
    let mut client = TestClient::start_with(fixed()).await;
    let other = URL_SAFE_NO_PAD.encode(Sha256::digest("another document"));
    let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(DOCUMENT));
    let changes = [
        ("signature-other-document", "/sigD/hashV", json!([other])),
        (
            "signature-two-digests",
            "/sigD/hashV",
            json!([digest, other]),
        ),
        (
            "signature-other-message",
            "/truid.app~1user_message~1v1",
            json!(format!("{MESSAGE} ")),
        ),
        (
            "signature-unknown-crit",
            "/crit/2",
            json!("truid.app/unknown/v1"),
        ),
        ("signature-b64", "/b64", json!(true)),
        ("signature-future-time", "/iat", json!(NOW + DAY)),
        ("signature-future-time; seconds=7", "/iat", json!(NOW + 7)),
        (
            "signature-both-times",
            "/sigT",
            json!("2027-01-15T08:00:00Z"),
        ),
    ];
    for (misbehaviour, place, value) in changes {
        let (wrong, right) = both(&mut client, misbehaviour).await;
        assert_eq!(wrong.at(place), Some(&value), "{misbehaviour}");
        assert_ne!(right.at(place), Some(&value), "{misbehaviour}");
        assert!(wrong.verifies() && right.verifies(), "{misbehaviour}");
        assert_eq!(wrong.chain, right.chain, "{misbehaviour}");
    }
    let (wrong, right) = both(&mut client, "signature-no-time").await;
    assert!(wrong.verifies() && right.at("/iat").is_some());
    assert_eq!((wrong.at("/iat"), wrong.at("/sigT")), (None, None));
    let (wrong, _) = both(&mut client, "signature-both-times").await;
    assert_eq!(wrong.at("/crit"), Some(&json!(["sigT", "sigD", "b64"])));
}

#[tokio::test]
async fn a_wrong_value_does_not_verify() {
    let mut client = TestClient::start_with(fixed()).await;
    let (wrong, right) = both(&mut client, "signature-changed-header").await;
    assert!(!wrong.verifies() && right.verifies());
    assert_eq!(wrong.at("/sigD/ctys"), Some(&json!(["text/plain"])));
    assert_eq!(wrong.value, right.value);

    let (wrong, right) = both(&mut client, "signature-der").await;
    assert!(!wrong.verifies());
    assert_eq!((wrong.value[0], right.value.len()), (0x30, 64));
    assert_eq!(wrong.protected, right.protected);

    let (wrong, right) = both(&mut client, "signature-payload").await;
    assert!(wrong.verifies(), "over the payload too");
    assert_eq!(wrong.protected, right.protected);
    assert!(!wrong.payload.is_empty() && right.payload.is_empty());
}

#[tokio::test]
async fn a_wrong_chain_is_signed_correctly() {
    let mut client = TestClient::start_with(fixed()).await;
    let (wrong, right) = both(&mut client, "signature-swapped-chain").await;
    assert!(wrong.verifies());
    assert_eq!(wrong.chain[1], right.chain[2]);
    assert_eq!(wrong.chain[2], right.chain[1]);

    let (wrong, right) = both(&mut client, "signature-expired-leaf").await;
    assert!(wrong.verifies());
    assert_eq!(wrong.chain[1..], right.chain[1..]);
    let leaf = wrong.certificate(0);
    let ended = leaf.tbs_certificate().validity().not_after;
    assert!(ended.to_unix_duration().as_secs() < NOW.unsigned_abs());

    let (wrong, right) = both(&mut client, "signature-foreign-root").await;
    assert!(wrong.verifies());
    for place in 0..3 {
        let names = [&wrong, &right].map(|signature| {
            let certificate = signature.certificate(place);
            certificate.tbs_certificate().issuer().to_der().unwrap()
        });
        assert_eq!(names[0], names[1]);
        assert_ne!(wrong.chain[place], right.chain[place]);
    }

    let (wrong, right) = both(&mut client, "signature-revoked-intermediate").await;
    assert!(wrong.verifies());
    assert_eq!(wrong.chain[2], right.chain[2]);
    assert_ne!(wrong.chain[1], right.chain[1]);
}
