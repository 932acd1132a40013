//! People who are onboarded: who they are, once and again.

use switchback_backend::Credential;
use switchback_sandbox::{Endpoint, Misbehaviour, Rule};

use super::support::Stage;

fn credential(cookie: &str) -> Credential {
    Credential::read(cookie.split_once('=').unwrap().1).unwrap()
}

/// The provider does not say who it is, once.
fn says_nothing(stage: &Stage) {
    let mut rule = Rule::new(Misbehaviour::ServerError);
    rule.endpoint = Some(Endpoint::UserInfo);
    stage.sandbox.misbehave(rule).unwrap();
}

#[tokio::test]
async fn who_it_is_is_known_also_where_it_was_not_said_at_once() {
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
