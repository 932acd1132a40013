//! Limits of requests to the provider for each session.

use switchback_backend::web::{self, Web, pages::Page};
use switchback_sandbox::{Endpoint, Misbehaviour, Rule, Times};

use super::support::{BackendFixture, HTML, Node};

const EMAIL: &str = "/truid/presentation?claims=truid.app/claim/email/v1";
const TOO_MANY: &str = r#"{"error":"too_many_requests"}"#;

fn node(fixture: &BackendFixture) -> Node {
    let service = fixture.service();
    let page = web::pages::router(service.clone(), Web::default(), Page::default());
    let router = web::router(service.clone(), Web::default()).merge(page);
    Node { service, router }
}

#[tokio::test]
async fn user_info_is_cached_for_ten_seconds() {
    let fixture = BackendFixture::new().await;
    let node = node(&fixture);
    let session = fixture.log_in(&node).await;
    let read = fixture.sandbox.counters().user_info;
    let asks = (0..50).map(|n| {
        let (node, session) = (node.clone(), session.clone());
        let (path, how) = [("/truid/user-info", ("accept", "*/*")), ("/", HTML)][n % 2];
        tokio::spawn(async move { node.get(path, &[how, ("cookie", &session)]).await })
    });
    for asked in asks.collect::<Vec<_>>() {
        let answer = asked.await.unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(answer.body.contains("@"), "{answer:?}");
    }
    assert_eq!(fixture.sandbox.counters().user_info, read + 1);
    fixture.advance(10);
    let shown = [("cookie", &*session)];
    assert_eq!(node.get("/truid/user-info", &shown).await.status, 200);
    assert_eq!(fixture.sandbox.counters().user_info, read + 2);
    // After the clock is set back, the age of the cached answer is unknown.
    fixture.clock.advance(-5);
    assert_eq!(node.get("/truid/user-info", &shown).await.status, 200);
    assert_eq!(fixture.sandbox.counters().user_info, read + 3);

    // The cache serves no other session, and not the same session after its log-out.
    let other = fixture.log_in(&node).await;
    let read = fixture.sandbox.counters().user_info;
    let other = [("cookie", &*other)];
    assert_eq!(node.get("/truid/user-info", &other).await.status, 200);
    assert_eq!(fixture.sandbox.counters().user_info, read + 1);
    node.post("/truid/log-out", &shown, "").await.is(204, "");
    assert_eq!(node.get("/truid/user-info", &shown).await.status, 401);
}

#[tokio::test]
async fn requests_per_session_are_limited() {
    let fixture = BackendFixture::new().await;
    let node = node(&fixture);
    let session = fixture.log_in(&node).await;
    let shown = [("cookie", &*session)];
    let read = fixture.sandbox.counters().presentations;
    for n in 0..60 {
        // The limit counts all claims.
        let path = format!("{EMAIL},{n}");
        assert_ne!(node.get(&path, &shown).await.status, 429, "{n}");
    }
    let answer = node.get(EMAIL, &shown).await;
    answer.is(429, TOO_MANY);
    assert_eq!(answer.header("retry-after"), "60");
    node.get("/truid/user-info", &shown).await.is(429, TOO_MANY);
    let page = node.get("/", &[HTML, shown[0]]).await;
    assert!(page.body.contains("cannot be shown right now"), "{page:?}");
    // The session stays open, and other sessions are not limited.
    assert!(node.accepts(&session).await);
    let other = fixture.log_in(&node).await;
    let others = [("cookie", &*other)];
    assert_eq!(node.get(EMAIL, &others).await.status, 200);
    assert!(fixture.sandbox.counters().presentations <= read + 61);
    fixture.advance(59);
    node.get(EMAIL, &shown).await.is(429, TOO_MANY);
    fixture.advance(1);
    assert_eq!(node.get(EMAIL, &shown).await.status, 200);
}

/// The subject could not be read at the login, and cannot be read now.
#[tokio::test]
async fn requests_of_a_session_without_subject_are_limited() {
    let fixture = BackendFixture::new().await;
    let node = node(&fixture);
    let rule = Rule {
        endpoint: Some(Endpoint::UserInfo),
        times: Times::Count(1000),
        ..Rule::new(Misbehaviour::ServerErrorAfter)
    };
    fixture.sandbox.misbehave(rule).unwrap();
    let session = fixture.log_in(&node).await;
    let asked = fixture.sandbox.counters().user_info;
    for _ in 0..60 {
        let answer = node.get("/truid/session", &[("cookie", &session)]).await;
        assert_eq!(answer.status, 503, "{answer:?}");
    }
    let answer = node.get("/truid/session", &[("cookie", &session)]).await;
    answer.is(429, TOO_MANY);
    assert_eq!(fixture.sandbox.counters().user_info, asked + 60);
    fixture.sandbox.behave();
    fixture.advance(60);
    assert!(node.accepts(&session).await);
}
