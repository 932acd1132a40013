//! A valid access token is the proof that the session lives.

use super::support::{Stage, TOKENS, XHR, path};

#[tokio::test]
async fn a_session_is_refreshed_when_its_token_is_over_once_for_all_who_wait() {
    let stage = Stage::new().await;
    let node = stage.node();
    let session = stage.log_in(&node).await;
    for round in 1..=3 {
        stage.advance(301);
        let asks = (0..50).map(|_| {
            let (node, session) = (node.clone(), session.clone());
            tokio::spawn(async move { node.get("/truid/session", &[("cookie", &session)]).await })
        });
        for asked in asks.collect::<Vec<_>>() {
            assert_eq!(asked.await.unwrap().status, 200);
        }
        assert_eq!(stage.sandbox.counters().refreshes, round);
    }
    assert_eq!(stage.sandbox.findings(), []);
}

#[tokio::test]
async fn a_session_that_the_provider_ended_is_over_with_a_reason() {
    let stage = Stage::new().await;
    let node = stage.node();
    let session = stage.log_in(&node).await;
    stage.sandbox.app().end_sessions(super::support::CLIENT_ID);
    stage.advance(301);
    for _ in 0..2 {
        node.get("/truid/session", &[("cookie", &session)])
            .await
            .is(401, r#"{"error":"login_required","reason":"revoked"}"#);
    }
}

#[tokio::test]
async fn a_session_survives_the_process() {
    let stage = Stage::new().await;
    let session = stage.log_in(&stage.node()).await;
    let node = stage.node();
    let who = node.get("/truid/session", &[("cookie", &session)]).await;
    assert_eq!(who.status, 200);
}

#[tokio::test]
async fn an_apps_tokens_rotate_and_one_that_is_used_twice_ends_the_session() {
    let stage = Stage::new().await;
    let node = stage.node();
    let started = node.get("/truid/login-session", &[XHR, TOKENS]).await;
    let cookie = started.cookie().unwrap();
    let link = stage.approve(started.location());
    let completed = node
        .get(path(&link), &[XHR, TOKENS, ("cookie", &cookie)])
        .await;
    let first = completed.json();
    let refresh = |token: &str| {
        let body = format!("grant_type=refresh_token&refresh_token={token}");
        let node = node.clone();
        async move {
            let form = [("content-type", "application/x-www-form-urlencoded")];
            node.post("/truid/token", &form, &body).await
        }
    };
    let token = |answer: &serde_json::Value, name: &str| answer[name].as_str().unwrap().to_owned();
    let second = refresh(&token(&first, "refresh_token")).await;
    // The answer is lost: the same again, and the same comes back.
    let again = refresh(&token(&first, "refresh_token")).await;
    assert_eq!((again.status, &again.body), (second.status, &second.body));
    // The old access token serves until the new one is used.
    let shown = |answer: &serde_json::Value| format!("Bearer {}", token(answer, "access_token"));
    for tokens in [&first, &second.json()] {
        let shown = shown(tokens);
        let who = node
            .get("/truid/session", &[("authorization", &shown)])
            .await;
        assert_eq!(who.status, 200, "{who:?}");
    }
    // Now it was: whoever comes with the old one is a thief, or the other one is.
    let stolen = refresh(&token(&first, "refresh_token")).await;
    stolen.is(400, r#"{"error":"invalid_grant"}"#);
    let who = node
        .get(
            "/truid/session",
            &[("authorization", &shown(&second.json()))],
        )
        .await;
    assert_eq!(who.status, 401, "{who:?}");
}
