//! Two logins or two nodes work on one signing at the same time.

use std::sync::Arc;

use serde_json::json;
use switchback_backend::{Service, SigningId};
use switchback_sandbox::Misbehaviour;

use super::pause_point::PausePoint;
use super::signing::{asked, prepared, status};
use super::support::{API_KEY, BackendFixture, HTML, Node, XHR};

/// A node whose statements pause at a point.
async fn pausing(fixture: &BackendFixture, point: &'static str) -> (Node, Arc<PausePoint>) {
    let pause = PausePoint::at(point);
    let store = pause.wrap(fixture.store.clone().unwrap());
    let config = fixture.signing_config().await;
    let service = Service::new(config, fixture.platform_over(store)).unwrap();
    (Node::with_api_keys(service, API_KEY), pause)
}

/// Two people have the link. The signature of the first is wrong, and is refused only after the
/// signature of the second was stored.
#[tokio::test]
async fn a_refused_signature_does_not_delete_a_verified_one() {
    let fixture = BackendFixture::new().await;
    let (slow, pause) = pausing(&fixture, "replace_signature: before").await;
    let node = fixture.signing_node().await;
    let id = prepared(&node, &asked()).await;
    let (first, wrong) = fixture.approved_signing(&node, &id).await;
    let (second, right) = fixture.approved_signing(&node, &id).await;
    fixture.misbehave_at_signature(Misbehaviour::ServerError);
    let done = node.get(&wrong, &[XHR, ("cookie", &first)]).await;
    assert_eq!(done.status, 200, "{done:?}");
    fixture.sandbox.behave();
    fixture.misbehave_at_signature(Misbehaviour::SignatureOtherDocument);
    pause.pause_next(1);
    let signing: SigningId = id.parse().unwrap();
    let refusing = tokio::spawn(async move { slow.service.signing(&signing).await });
    pause.reached.notified().await;
    fixture.sandbox.behave();
    let done = node.get(&right, &[XHR, ("cookie", &second)]).await;
    assert_eq!(done.status, 200, "{done:?}");
    assert_eq!(status(&node, &id).await["status"], "signed");
    pause.resume(1);
    let refused = refusing.await.unwrap().unwrap();
    assert_eq!(refused.as_str(), "signed");
    assert_eq!(status(&node, &id).await["status"], "signed");
}

/// The signature of the first cannot be verified yet, when the second signs. It is not stored as the
/// signature of the second.
#[tokio::test]
async fn an_unverified_signature_stays_that_of_its_login() {
    let fixture = BackendFixture::new().await;
    let mut config = fixture.signing_config().await;
    config.signing.as_mut().unwrap().offline = true;
    let offline = Service::new(config, fixture.platform()).unwrap();
    let offline = Node::with_api_keys(offline, API_KEY);
    let id = prepared(&offline, &asked()).await;
    let (first, one) = fixture.approved_signing(&offline, &id).await;
    let (second, other) = fixture.approved_signing(&offline, &id).await;
    let done = offline.get(&one, &[XHR, ("cookie", &first)]).await;
    assert_eq!(done.status, 200, "{done:?}");
    assert_eq!(status(&offline, &id).await["status"], "unverified");
    let node = fixture.signing_node().await;
    let late = node.get(&other, &[XHR, ("cookie", &second)]).await;
    late.is(403, r#"{"error":"signing_closed"}"#);
    assert_eq!(status(&node, &id).await["status"], "signed");
    let done = node.get(&one, &[XHR, ("cookie", &first)]).await;
    assert_eq!(done.json()["signing"], id, "{done:?}");
}

#[tokio::test]
async fn two_nodes_continue_with_a_signature_once() {
    let fixture = BackendFixture::new().await;
    let (one, pause) = pausing(&fixture, "unfinished_signatures: after").await;
    let other = fixture.signing_node().await;
    let id = prepared(&one, &asked()).await;
    fixture.misbehave_at_signature(Misbehaviour::ServerError);
    fixture.sign(&one, &id).await;
    fixture.sandbox.behave();
    fixture.misbehave_at_signature(Misbehaviour::SignatureOtherMessage);
    fixture.advance(61);
    pause.pause_next(1);
    let service = one.service.clone();
    let paused = tokio::spawn(async move { service.continue_signings().await });
    pause.reached.notified().await;
    let before = fixture.sandbox.counters().signatures;
    other.service.continue_signings().await.unwrap();
    assert_eq!(fixture.sandbox.counters().signatures, before + 1);
    pause.resume(1);
    paused.await.unwrap().unwrap();
    assert_eq!(fixture.sandbox.counters().signatures, before + 1);
}

/// A row can be unreadable if its key was removed. It stays due.
#[tokio::test]
async fn unreadable_rows_do_not_hold_up_the_others() {
    let fixture = BackendFixture::new().await;
    let node = fixture.signing_node().await;
    let store = fixture.store.clone().unwrap();
    let id = prepared(&node, &asked()).await;
    let good = store.unfinished_signatures(i64::MAX, None, 100).await;
    assert!(good.unwrap().is_empty(), "the person has not begun");
    fixture.misbehave_at_signature(Misbehaviour::ServerError);
    fixture.sign(&node, &id).await;
    fixture.sandbox.behave();
    let row = store.unfinished_signatures(i64::MAX, None, 1).await;
    let row = row.unwrap().remove(0);
    for n in 0..200 {
        let mut unreadable = row.clone();
        unreadable.id = format!("unreadable-{n:03}");
        unreadable.retry_at = Some(fixture.clock_now());
        store.add_signature(unreadable).await.unwrap();
    }
    fixture.advance(61);
    let before = fixture.sandbox.counters().signatures;
    node.service.continue_signings().await.unwrap();
    assert_eq!(fixture.sandbox.counters().signatures, before + 1);
    assert_eq!(status(&node, &id).await["status"], "signed");
}

/// Two browsers have the link, and both people sign.
#[tokio::test]
async fn the_second_browser_reads_that_the_document_is_signed() {
    let fixture = BackendFixture::new().await;
    let node = fixture.signing_node().await;
    let id = prepared(&node, &asked()).await;
    let begin = format!("/truid/sign?request={id}");
    let mut waiting = Vec::new();
    for _ in 0..2 {
        let started = node.get(&begin, &[HTML]).await;
        let link = fixture.approve(started.location());
        let callback = super::support::path(&link).to_owned();
        waiting.push((started.cookie().unwrap(), callback));
    }
    let (second, first) = (waiting.pop().unwrap(), waiting.pop().unwrap());
    // The browser reloads the page, and gets the same.
    for _ in 0..2 {
        let done = node.get(&first.1, &[HTML, ("cookie", &first.0)]).await;
        assert_eq!(done.location(), format!("/?signing={id}"), "{done:?}");
    }
    let signed = status(&node, &id).await;
    for _ in 0..2 {
        let late = node.get(&second.1, &[HTML, ("cookie", &second.0)]).await;
        assert_eq!(late.location(), "/?login=signing_closed", "{late:?}");
        let late = node.get(&second.1, &[XHR, ("cookie", &second.0)]).await;
        late.is(403, r#"{"error":"signing_closed"}"#);
    }
    // The other browser's callback means nothing in this browser.
    let crossed = node.get(&second.1, &[XHR, ("cookie", &first.0)]).await;
    crossed.is(403, r#"{"error":"invalid_state"}"#);
    assert_eq!(status(&node, &id).await, signed);
    assert_eq!(signed["awaits_timestamp"], json!(false));
}
