//! People who are onboarded: who they are, once and again.

use switchback_backend::{Credential, Error, Service};
use switchback_protocol::Purpose;
use switchback_protocol::grant::SessionEnd;
use switchback_sandbox::{Endpoint, Misbehaviour, Rule};

use super::held::Held;
use super::support::{Node, Stage, XHR, attempt_id, path};

fn credential(cookie: &str) -> Credential {
    Credential::read(cookie.split_once('=').unwrap().1).unwrap()
}

/// The provider does not say who it is, once.
fn says_nothing(stage: &Stage) {
    let mut rule = Rule::new(Misbehaviour::ServerError);
    rule.endpoint = Some(Endpoint::UserInfo);
    stage.sandbox.misbehave(rule).unwrap();
}

/// A login that was begun and approved: cookie, callback, and the id of its grant.
async fn approved(stage: &Stage, node: &Node, function: &str) -> (String, String, String) {
    let started = node.get(&format!("/truid/{function}"), &[XHR]).await;
    let state = started.json()["state"].as_str().unwrap().to_owned();
    let id = attempt_id(&state);
    let link = stage.approve(started.location());
    (started.cookie().unwrap(), path(&link).to_owned(), id)
}

/// Each use of the data takes a refresh, since the access token is not stored. That is right
/// there: a test that ends with the sandbox's "no findings" must not fail for it.
#[tokio::test]
async fn an_onboarding_causes_no_findings() {
    let stage = Stage::new().await;
    let node = stage.node();
    let cookie = stage.log_in_for(&node, "confirm-signup").await;
    let person = node.service.session(&credential(&cookie)).await.unwrap();
    let user = node.service.user(person.subject());
    for _ in 0..2 {
        user.user_info().await.unwrap();
        user.presentation(&["truid.app/claim/name/v1"])
            .await
            .unwrap();
    }
    assert_eq!(stage.sandbox.counters().refreshes, 4);
    assert_eq!(stage.sandbox.findings(), []);
}

#[tokio::test]
async fn the_subject_is_read_later_if_missing() {
    let stage = Stage::new().await;
    let node = stage.node();
    let known = stage.log_in_for(&node, "confirm-signup").await;
    let known = node.service.session(&credential(&known)).await.unwrap();
    stage.advance(1);
    says_nothing(&stage);
    let session = stage.log_in_for(&node, "confirm-signup").await;
    for _ in 0..2 {
        let person = node.service.session(&credential(&session)).await.unwrap();
        assert_eq!(person.subject(), known.subject());
    }
    assert!(stage.sandbox.counters().refreshes <= 1, "it is asked once");
}

#[tokio::test]
async fn concurrent_onboardings_of_one_person_leave_one() {
    let stage = Stage::new().await;
    let held = Held::at("grants_of: before");
    let world = stage.world_over(held.around(stage.store.clone().unwrap()));
    let node = Node::of(Service::new(stage.config(), world).unwrap());
    let first = stage.log_in_for(&node, "confirm-signup").await;
    let first = node.service.session(&credential(&first)).await.unwrap();
    let user = node.service.user(first.subject());
    stage.advance(1);
    held.hold(2);
    let mut both = Vec::new();
    for _ in 0..2 {
        let (cookie, callback, _) = approved(&stage, &node, "confirm-signup").await;
        let node = node.clone();
        both.push(tokio::spawn(async move {
            node.complete(&callback, &cookie).await.status.as_u16()
        }));
        held.reached.notified().await;
    }
    // Both are stored, and each sees the other.
    held.let_go(2);
    let mut statuses = Vec::new();
    for one in both {
        statuses.push(one.await.unwrap());
    }
    assert!(statuses.contains(&200), "{statuses:?}");
    user.user_info().await.unwrap();
}

#[tokio::test]
async fn a_read_by_an_older_onboarding_keeps_the_newer_one() {
    let stage = Stage::new().await;
    let held = Held::at("grants_of: after");
    let world = stage.world_over(held.around(stage.store.clone().unwrap()));
    let node = Node::of(Service::new(stage.config(), world).unwrap());
    let first = stage.log_in_for(&node, "confirm-signup").await;
    let first = node.service.session(&credential(&first)).await.unwrap();
    let user = node.service.user(first.subject());
    stage.advance(5);
    // The second one is stored, and does not know yet that there is a first.
    let (cookie, callback, _) = approved(&stage, &node, "confirm-signup").await;
    held.hold(1);
    let second = {
        let node = node.clone();
        tokio::spawn(async move { node.complete(&callback, &cookie).await })
    };
    held.reached.notified().await;
    let _ = first.user_info().await;
    held.let_go(1);
    assert_eq!(second.await.unwrap().status, 200);
    user.user_info().await.unwrap();
}

/// Whoever is not known cannot be found, and neither can their refresh token.
#[tokio::test]
async fn an_onboarding_without_a_subject_expires() {
    let stage = Stage::new().await;
    let node = stage.node();
    let store = stage.store.clone().unwrap();
    says_nothing(&stage);
    let (cookie, callback, id) = approved(&stage, &node, "confirm-signup").await;
    let completed = node.complete(&callback, &cookie).await;
    let row = store.grant(id.clone()).await.unwrap().unwrap();
    let limit = stage.clock_now() + stage.config().session_lifetime;
    assert!(row.remove_at <= limit, "{}", row.remove_at);
    assert!(node.knows(&completed.cookie().unwrap()).await);
    let row = store.grant(id).await.unwrap().unwrap();
    assert_eq!(row.remove_at, i64::MAX, "somebody's now");
}

#[tokio::test]
async fn an_identity_verification_is_deleted_with_its_token() {
    let stage = Stage::new().await;
    let node = stage.node();
    let store = stage.store.clone().unwrap();
    says_nothing(&stage);
    let (cookie, callback, id) = approved(&stage, &node, "idv").await;
    let session = node.complete(&callback, &cookie).await.cookie().unwrap();
    let row = store.grant(id.clone()).await.unwrap().unwrap();
    // 300 seconds are the longest that a token lives.
    let limit = stage.clock_now() + 300;
    assert!(row.remove_at <= limit, "{}", row.remove_at);
    // Whoever has it in hand finds it over, and that is not written down for a week.
    let person = node.service.session(&credential(&session)).await.unwrap();
    assert_eq!(person.purpose(), Purpose::IdentityVerification);
    stage.advance(301);
    let over = person.user_info().await.unwrap_err();
    assert_eq!(over, Error::LoginRequired(SessionEnd::Expired));
    node.service.clean_up().await.unwrap();
    assert!(store.grant(id).await.unwrap().is_none());
}
