//! Onboarding, once and repeated, and the subject of the person.

use switchback_backend::{Credential, Error, Service};
use switchback_protocol::Purpose;
use switchback_protocol::grant::SessionEnd;
use switchback_sandbox::{Endpoint, Misbehaviour, Rule};

use super::pause_point::PausePoint;
use super::support::{BackendFixture, Node, XHR, attempt_id, path};

fn credential(cookie: &str) -> Credential {
    Credential::read(cookie.split_once('=').unwrap().1).unwrap()
}

/// The user info endpoint fails once.
fn fail_user_info_once(fixture: &BackendFixture) {
    let mut rule = Rule::new(Misbehaviour::ServerError);
    rule.endpoint = Some(Endpoint::UserInfo);
    fixture.sandbox.misbehave(rule).unwrap();
}

/// A login that was begun and approved: its cookie, its callback, and the id of its grant.
async fn approved(
    fixture: &BackendFixture,
    node: &Node,
    function: &str,
) -> (String, String, String) {
    let started = node.get(&format!("/truid/{function}"), &[XHR]).await;
    let state = started.json()["state"].as_str().unwrap().to_owned();
    let id = attempt_id(&state);
    let link = fixture.approve(started.location());
    (started.cookie().unwrap(), path(&link).to_owned(), id)
}

/// Each read of the data needs a refresh, since the access token is not stored. The sandbox must
/// accept that: a test that ends with "no findings" must not fail for it.
#[tokio::test]
async fn an_onboarding_causes_no_findings() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let cookie = fixture.log_in_for(&node, "confirm-signup").await;
    let person = node.service.session(&credential(&cookie)).await.unwrap();
    let user = node.service.user(person.subject());
    for _ in 0..2 {
        user.user_info().await.unwrap();
        user.presentation(&["truid.app/claim/name/v1"])
            .await
            .unwrap();
    }
    assert_eq!(fixture.sandbox.counters().refreshes, 4);
    assert_eq!(fixture.sandbox.findings(), []);
}

#[tokio::test]
async fn the_subject_is_read_later_if_missing() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let known = fixture.log_in_for(&node, "confirm-signup").await;
    let known = node.service.session(&credential(&known)).await.unwrap();
    fixture.advance(1);
    fail_user_info_once(&fixture);
    let session = fixture.log_in_for(&node, "confirm-signup").await;
    for _ in 0..2 {
        let person = node.service.session(&credential(&session)).await.unwrap();
        assert_eq!(person.subject(), known.subject());
    }
    assert!(
        fixture.sandbox.counters().refreshes <= 1,
        "it is asked once"
    );
}

#[tokio::test]
async fn concurrent_onboardings_of_one_person_leave_one() {
    let fixture = BackendFixture::new().await;
    let pause = PausePoint::at("grants_of: before");
    let platform = fixture.platform_over(pause.wrap(fixture.store.clone().unwrap()));
    let node = Node::of(Service::new(fixture.config(), platform).unwrap());
    let first = fixture.log_in_for(&node, "confirm-signup").await;
    let first = node.service.session(&credential(&first)).await.unwrap();
    let user = node.service.user(first.subject());
    fixture.advance(1);
    pause.pause_next(2);
    let mut both = Vec::new();
    for _ in 0..2 {
        let (cookie, callback, _) = approved(&fixture, &node, "confirm-signup").await;
        let node = node.clone();
        both.push(tokio::spawn(async move {
            node.complete(&callback, &cookie).await.status.as_u16()
        }));
        pause.reached.notified().await;
    }
    // Both onboardings are stored, and each sees the other.
    pause.resume(2);
    let mut statuses = Vec::new();
    for one in both {
        statuses.push(one.await.unwrap());
    }
    assert!(statuses.contains(&200), "{statuses:?}");
    user.user_info().await.unwrap();
}

#[tokio::test]
async fn a_read_by_an_older_onboarding_keeps_the_newer_one() {
    let fixture = BackendFixture::new().await;
    let pause = PausePoint::at("grants_of: after");
    let platform = fixture.platform_over(pause.wrap(fixture.store.clone().unwrap()));
    let node = Node::of(Service::new(fixture.config(), platform).unwrap());
    let first = fixture.log_in_for(&node, "confirm-signup").await;
    let first = node.service.session(&credential(&first)).await.unwrap();
    let user = node.service.user(first.subject());
    fixture.advance(5);
    // The second onboarding is stored, but has not noticed the first.
    let (cookie, callback, _) = approved(&fixture, &node, "confirm-signup").await;
    pause.pause_next(1);
    let second = {
        let node = node.clone();
        tokio::spawn(async move { node.complete(&callback, &cookie).await })
    };
    pause.reached.notified().await;
    let _ = first.user_info().await;
    pause.resume(1);
    assert_eq!(second.await.unwrap().status, 200);
    user.user_info().await.unwrap();
}

/// A grant without a subject cannot be found by its user, nor can its refresh token.
#[tokio::test]
async fn an_onboarding_without_a_subject_expires() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let store = fixture.store.clone().unwrap();
    fail_user_info_once(&fixture);
    let (cookie, callback, id) = approved(&fixture, &node, "confirm-signup").await;
    let completed = node.complete(&callback, &cookie).await;
    let row = store.grant(id.clone()).await.unwrap().unwrap();
    let limit = fixture.clock_now() + fixture.config().session_lifetime;
    assert!(row.remove_at <= limit, "{}", row.remove_at);
    assert!(node.accepts(&completed.cookie().unwrap()).await);
    let row = store.grant(id).await.unwrap().unwrap();
    assert_eq!(row.remove_at, i64::MAX, "the subject is known now");
}

#[tokio::test]
async fn an_identity_verification_is_deleted_with_its_token() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let store = fixture.store.clone().unwrap();
    fail_user_info_once(&fixture);
    let (cookie, callback, id) = approved(&fixture, &node, "idv").await;
    let session = node.complete(&callback, &cookie).await.cookie().unwrap();
    let row = store.grant(id.clone()).await.unwrap().unwrap();
    // Tokens are valid for at most 300 seconds.
    let limit = fixture.clock_now() + 300;
    assert!(row.remove_at <= limit, "{}", row.remove_at);
    // A request finds the session ended, and its row is not stored for another week.
    let person = node.service.session(&credential(&session)).await.unwrap();
    assert_eq!(person.purpose(), Purpose::IdentityVerification);
    fixture.advance(301);
    let over = person.user_info().await.unwrap_err();
    assert_eq!(over, Error::LoginRequired(SessionEnd::Expired));
    node.service.clean_up().await.unwrap();
    assert!(store.grant(id).await.unwrap().is_none());
}
