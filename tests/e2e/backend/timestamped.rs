//! A service timestamps signatures: at `openssl ts`, a timestamp authority that others wrote, and at the
//! sandbox.

use switchback_backend::signature::{Anchors, DocumentDigest};
use switchback_backend::{Service, Timestamps};
use switchback_jades::{Crl, Indication, P256_ALGORITHMS, Policy, SubIndication};
use switchback_protocol::Provider;
use switchback_protocol::signature::{self, SignRequest};

use super::signing::{DOCUMENT, MESSAGE, asked, prepared, status, timestamping_config_at};
use super::support::{API_KEY, BackendFixture, Node};

#[path = "../../../cli/tests/cli/openssl_authority.rs"]
mod openssl_authority;
use openssl_authority::{Authority, Behaviour};

/// A node that timestamps signatures at this authority.
async fn node(authority: &Authority, fixture: &BackendFixture) -> Node {
    let root = std::fs::read(authority.folder.path().join("root.pem")).unwrap();
    let roots = Anchors::read(&root).unwrap();
    let mut config = fixture.signing_config().await;
    let timestamps = Timestamps::new(format!("{}/", authority.url), roots);
    config.signing.as_mut().unwrap().timestamps = Some(timestamps);
    let service = Service::new(config, fixture.platform()).unwrap();
    Node::with_api_keys(service, API_KEY)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_gets_a_timestamp_at_completion() {
    let Some(authority) = Authority::start() else {
        return;
    };
    let fixture = BackendFixture::new().await;
    let node = node(&authority, &fixture).await;
    let id = prepared(&node, &asked()).await;
    fixture.sign(&node, &id).await;
    let signed = status(&node, &id).await;
    assert_eq!(signed["status"], "signed");
    assert_eq!(signed["report"]["summary"]["level"], "B-T", "{signed:#}");
    let json = &signed["signature_json"];
    assert!(json["header"]["etsiU"].is_array(), "{json}");
    let compact = signed["signature"].as_str().unwrap();
    assert!(compact.starts_with(json["protected"].as_str().unwrap()));
    assert_eq!(authority.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timestamp_comes_later_if_the_authority_is_down() {
    let Some(authority) = Authority::start() else {
        return;
    };
    let fixture = BackendFixture::new().await;
    let node = node(&authority, &fixture).await;
    let id = prepared(&node, &asked()).await;
    authority.behaves(Behaviour::Answer {
        status: 503,
        content_type: "text/plain",
        body: Vec::new(),
    });
    fixture.sign(&node, &id).await;
    let signed = status(&node, &id).await;
    assert_eq!(signed["status"], "signed");
    assert_eq!(signed["report"]["summary"]["level"], "B-B");
    assert!(signed.get("signature_json").is_none());
    authority.behaves(Behaviour::Timestamp);
    let before = authority.requests();
    node.service.continue_signings().await.unwrap();
    assert_eq!(authority.requests(), before, "not yet");
    fixture.advance(61);
    node.service.continue_signings().await.unwrap();
    let signed = status(&node, &id).await;
    assert_eq!(signed["report"]["summary"]["level"], "B-T", "{signed:#}");
    assert!(signed["signature_json"].is_object());
    fixture.advance(24 * 3600);
    node.service.continue_signings().await.unwrap();
    assert_eq!(authority.requests(), before + 1);
}

#[tokio::test]
async fn a_stored_signature_passes_on_day_31_only_with_its_timestamp() {
    let fixture = BackendFixture::new().await;
    let config = timestamping_config_at(fixture.sandbox.url()).await;
    let signing = config.signing.as_ref().unwrap();
    let timestamp_roots = signing.timestamps.as_ref().unwrap().roots.clone();
    let roots = signing.roots.clone();
    let service = Service::new(config, fixture.platform()).unwrap();
    let node = Node::with_api_keys(service, API_KEY);
    let id = prepared(&node, &asked()).await;
    fixture.sign(&node, &id).await;
    let signed = status(&node, &id).await;
    let compact = signed["signature"].as_str().unwrap().to_owned();
    let json = signed["signature_json"].to_string();
    assert_eq!(signed["report"]["summary"]["level"], "B-T", "{signed:#}");

    let request = SignRequest::new(
        "https://service.example/contracts/17.pdf",
        DocumentDigest::of(DOCUMENT),
        MESSAGE,
    );
    // The lists of the first day are in the signature. A verifier of day 31 needs no other.
    let verify = |signature: &str, days: i64, crls: &[Crl]| {
        let policy = Policy {
            crls,
            timestamp_anchors: &timestamp_roots,
            ..Policy::new(
                &roots,
                P256_ALGORITHMS,
                fixture.clock_now() + days * 24 * 3600,
            )
        };
        let truid = Provider::truid();
        let facts = truid.facts().signing.as_ref().unwrap();
        signature::verify(signature.as_bytes(), &request.asked(), facts, &policy)
    };
    for days in [0, 31] {
        let report = verify(&json, days, &[]);
        assert_eq!(report.indication, Indication::TotalPassed, "{report:#?}");
    }
    let crl = Crl::read(&fixture.published("/crl/root-ca-v1.crl").await).unwrap();
    let report = verify(&compact, 31, &[crl]);
    let why = Some(SubIndication::OutOfBoundsNoPoe);
    assert_eq!(report.sub_indication, why, "{report:#?}");
    assert_eq!(report.at_claimed_time, Indication::TotalPassed);
}
