//! The token endpoint, and requests for a session's data.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use switchback_backend::{Provider, Purpose};

use crate::backend::support::{
    Answer, BackendFixture, Node, TOKENS, XHR, purpose_of, session_path,
};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// The tokens of an app that logged in.
async fn tokens(fixture: &BackendFixture, node: &Node) -> (String, String) {
    let started = node.get("/truid/login-session", &[XHR, TOKENS]).await;
    let shown = started.json()["login_token"].as_str().unwrap().to_owned();
    let link = fixture.approve(started.location());
    let callback = crate::backend::support::path(&link);
    let shown = format!("Bearer {shown}");
    let headers = [XHR, TOKENS, ("authorization", &shown)];
    let tokens = node.get(callback, &headers).await.json();
    let token = |name: &str| tokens[name].as_str().unwrap().to_owned();
    (token("access_token"), token("refresh_token"))
}

#[tokio::test]
async fn an_invalid_token_request_uses_nothing_up() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (access, refresh) = tokens(&fixture, &node).await;
    let good = format!("grant_type=refresh_token&refresh_token={refresh}");
    let is = |code: &str| format!(r#"{{"error":"{code}"}}"#);
    let invalid = is("invalid_request");
    for kind in [
        "",
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=a",
        "application/x-www-form-urlencoded-not",
        "x, application/x-www-form-urlencoded",
    ] {
        let kind = [("content-type", kind)];
        let answer = node.post("/truid/token", &kind, &good).await;
        answer.is(400, &invalid);
    }
    node.post("/truid/token", &[], &good)
        .await
        .is(400, &invalid);
    let unknown = "A".repeat(64);
    let long = "a".repeat((16 << 10) - 64);
    for (body, code) in [
        (String::new(), "invalid_request"),
        ("&=&".into(), "invalid_request"),
        ("grant_type=refresh_token".into(), "invalid_request"),
        (
            "grant_type=refresh_token&refresh_token=".into(),
            "invalid_request",
        ),
        (format!("refresh_token={refresh}"), "invalid_request"),
        (
            format!("grant_type=&refresh_token={refresh}"),
            "invalid_request",
        ),
        (format!("{good}&refresh_token={refresh}"), "invalid_request"),
        (
            format!("{good}&grant_type=refresh_token"),
            "invalid_request",
        ),
        (
            format!("GRANT_TYPE=refresh_token&refresh_token={refresh}"),
            "invalid_request",
        ),
        (
            format!("{{\"grant_type\":\"refresh_token\",\"refresh_token\":\"{refresh}\"}}"),
            "invalid_request",
        ),
        (
            format!("grant_type=Refresh_Token&refresh_token={refresh}"),
            "unsupported_grant_type",
        ),
        (
            format!("grant_type=refresh_token%00&refresh_token={refresh}"),
            "unsupported_grant_type",
        ),
        (
            format!("grant_type=%zz&refresh_token={refresh}"),
            "unsupported_grant_type",
        ),
        (
            "grant_type=authorization_code&code=c".into(),
            "unsupported_grant_type",
        ),
        (
            "grant_type=client_credentials".into(),
            "unsupported_grant_type",
        ),
        (
            "grant_type=password&username=a&password=b".into(),
            "unsupported_grant_type",
        ),
        (
            format!("grant_type=refresh_token&refresh_token={unknown}"),
            "invalid_grant",
        ),
        (
            format!("grant_type=refresh_token&refresh_token={refresh}%00"),
            "invalid_grant",
        ),
        (
            format!("grant_type=refresh_token&refresh_token=+{refresh}"),
            "invalid_grant",
        ),
        (
            "grant_type=refresh_token&refresh_token=%ff".into(),
            "invalid_grant",
        ),
        (
            format!("grant_type=refresh_token&refresh_token={long}"),
            "invalid_grant",
        ),
    ] {
        node.post("/truid/token", &[FORM], &body)
            .await
            .is(400, &is(code));
    }
    let over = format!("{good}&pad={}", "a".repeat(16 << 10));
    node.post("/truid/token", &[FORM], &over)
        .await
        .is(413, &is("too_large"));
    // None of these requests used up the token.
    let shown = format!("Bearer {access}");
    let shown = [("authorization", &*shown)];
    assert_eq!(node.get("/truid/session", &shown).await.status, 200);
    let charset = (
        "content-type",
        "Application/X-WWW-Form-Urlencoded; charset=utf-8",
    );
    let odd = [
        charset,
        ("sec-fetch-site", "cross-site"),
        ("authorization", "Basic YTpi"),
        ("cookie", "a=b"),
    ];
    let body = format!("client_id=any&scope=all&{good}");
    let next = node.post("/truid/token", &odd, &body).await;
    assert_eq!(next.status, 200, "{next:?}");
}

#[tokio::test]
async fn a_body_of_megabytes_is_refused_or_not_read() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let body = "a".repeat(3 << 20);
    let refused = r#"{"error":"too_large"}"#;
    node.post("/truid/token", &[FORM], &body)
        .await
        .is(413, refused);
    // A route that reads no body does not wait for it.
    let answer = node.post("/truid/log-out", &[], &body).await;
    answer.is(204, "");
}

#[tokio::test]
async fn a_refresh_token_opens_nothing() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (_, refresh) = tokens(&fixture, &node).await;
    let shown = format!("Bearer {refresh}");
    for path in ["/truid/session", "/truid/user-info"] {
        let answer = node.get(path, &[("authorization", &shown)]).await;
        answer.is(401, r#"{"error":"login_required","reason":"no_session"}"#);
    }
    let body = format!("grant_type=refresh_token&refresh_token={refresh}");
    let next = node.post("/truid/token", &[FORM], &body).await;
    assert_eq!(next.status, 200, "{next:?}");
}

fn pair(answer: &Answer) -> (String, String) {
    let json = answer.json();
    let token = |name: &str| json[name].as_str().unwrap().to_owned();
    (token("access_token"), token("refresh_token"))
}

async fn refresh(node: &Node, token: &str) -> Answer {
    let body = format!("grant_type=refresh_token&refresh_token={token}");
    node.post("/truid/token", &[FORM], &body).await
}

async fn is_alive(node: &Node, access: &str) -> bool {
    let shown = format!("Bearer {access}");
    let shown = [("authorization", &*shown)];
    node.get("/truid/session", &shown).await.status == 200
}

/// The first 16 bytes of each token are the id of the session.
fn with_name_of(token: &str, secret: &[u8]) -> String {
    let name = &URL_SAFE_NO_PAD.decode(token).unwrap()[..16];
    URL_SAFE_NO_PAD.encode([name, secret].concat())
}

#[tokio::test]
async fn an_invalid_refresh_token_ends_no_session() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (mut access, mut token) = tokens(&fixture, &node).await;
    let (_, others) = tokens(&fixture, &node).await;
    let cookie = fixture.log_in(&node).await;
    let (_, cookie) = cookie.split_once('=').unwrap();
    for round in 0..3 {
        let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        let mut wrong = vec![
            access.clone(),
            cookie.to_owned(),
            cookie[..64].to_owned(),
            with_name_of(&token, &[7; 32]),
            with_name_of(&token, &[0; 32]),
            // The secret of another session.
            with_name_of(&token, &URL_SAFE_NO_PAD.decode(&others).unwrap()[16..]),
            with_name_of(cookie, &bytes[16..]),
            with_name_of(&token, &URL_SAFE_NO_PAD.decode(&access).unwrap()[16..]),
        ];
        for n in [16, 31, 32, 47] {
            let mut flipped = bytes.clone();
            flipped[n] ^= 1;
            wrong.push(URL_SAFE_NO_PAD.encode(flipped));
        }
        for wrong in wrong {
            let answer = refresh(&node, &wrong).await;
            answer.is(400, r#"{"error":"invalid_grant"}"#);
            assert!(is_alive(&node, &access).await, "{round}: {wrong}");
        }
        (access, token) = pair(&refresh(&node, &token).await);
        assert!(is_alive(&node, &access).await);
    }
    assert!(node.accepts(&format!("__Host-switchback={cookie}")).await);
    let counters = node.service.counters();
    assert_eq!((counters.reused.get(), counters.repeated.get()), (0, 0));
}

#[tokio::test]
async fn an_old_refresh_token_ends_the_session() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    for rounds in [1, 2, 5] {
        let (mut access, first) = tokens(&fixture, &node).await;
        let mut token = first.clone();
        for _ in 0..rounds {
            (access, token) = pair(&refresh(&node, &token).await);
            assert!(is_alive(&node, &access).await);
        }
        let answer = refresh(&node, &first).await;
        answer.is(400, r#"{"error":"invalid_grant"}"#);
        assert!(!is_alive(&node, &access).await, "{rounds}");
        assert_eq!(refresh(&node, &token).await.status, 400);
    }
    assert_eq!(node.service.counters().reused.get(), 3);
}

/// A thief sends each refresh token right after the app, and gets the same answer as the app.
#[tokio::test]
async fn a_thief_that_refreshes_in_turn_is_noticed() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (_, mut token) = tokens(&fixture, &node).await;
    for n in 1..=10 {
        let apps = pair(&refresh(&node, &token).await);
        let thiefs = pair(&refresh(&node, &token).await);
        assert_eq!(apps, thiefs);
        assert_eq!(node.service.counters().repeated.get(), n);
        assert!(is_alive(&node, &apps.0).await);
        token = apps.1;
    }
    let apps = pair(&refresh(&node, &token).await);
    let answer = refresh(&node, &token).await;
    answer.is(400, r#"{"error":"invalid_grant"}"#);
    assert!(!is_alive(&node, &apps.0).await);
    assert_eq!(node.service.counters().reused.get(), 1);
}

/// Concurrent requests of an app that notice the expired access token at the same time.
#[tokio::test]
async fn repeating_the_latest_refresh_ends_no_session() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (_, token) = tokens(&fixture, &node).await;
    let first = pair(&refresh(&node, &token).await);
    for n in 1..=100 {
        assert_eq!(pair(&refresh(&node, &token).await), first, "{n}");
    }
    // The request is refused, and the session continues.
    for _ in 0..2 {
        let answer = refresh(&node, &token).await;
        answer.is(400, r#"{"error":"invalid_grant"}"#);
    }
    assert_eq!(node.service.counters().reused.get(), 0);
    assert!(is_alive(&node, &first.0).await);
    // One request was not repeated; then a whole series was, each twelve times.
    let mut token = first.1;
    for _ in 0..3 {
        token = pair(&refresh(&node, &token).await).1;
        let next = pair(&refresh(&node, &token).await);
        assert!(is_alive(&node, &next.0).await);
        token = next.1;
        for n in 0..10 {
            let next = pair(&refresh(&node, &token).await);
            for _ in 1..12 {
                assert_eq!(pair(&refresh(&node, &token).await), next, "{n}");
            }
            token = next.1;
        }
    }
}

/// A phone without a network repeats its requests, and then continues.
#[tokio::test]
async fn lost_refresh_answers_end_no_session() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (_, mut token) = tokens(&fixture, &node).await;
    for _ in 0..4 {
        for _ in 0..9 {
            assert_eq!(refresh(&node, &token).await.status, 200);
        }
        for _ in 0..2 {
            let next = pair(&refresh(&node, &token).await);
            assert!(is_alive(&node, &next.0).await);
            token = next.1;
        }
    }
    assert_eq!(node.service.counters().repeated.get(), 4 * 9);
    assert_eq!(node.service.counters().reused.get(), 0);
}

#[tokio::test]
async fn an_expired_access_token_still_logs_out() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (access, refresh) = tokens(&fixture, &node).await;
    fixture.advance(901);
    let shown = format!("Bearer {access}");
    let shown = [("authorization", &*shown)];
    let answer = node.get("/truid/session", &shown).await;
    answer.is(401, r#"{"error":"token_expired"}"#);
    node.post("/truid/log-out", &shown, "").await.is(204, "");
    let body = format!("grant_type=refresh_token&refresh_token={refresh}");
    let answer = node.post("/truid/token", &[FORM], &body).await;
    answer.is(400, r#"{"error":"invalid_grant"}"#);
}

#[tokio::test]
async fn invalid_claims_are_not_requested() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let session = fixture.log_in(&node).await;
    let shown = [("cookie", &*session)];
    let email = "truid.app/claim/email/v1";
    let before = fixture.sandbox.counters();
    let many = [email; 65].join(",");
    let long = super::long();
    for query in [
        String::new(),
        "claims".into(),
        "claims=".into(),
        "claims=,,,".into(),
        "claims=%00".into(),
        "claims=%20".into(),
        "claims=%ff".into(),
        "claims=%zz".into(),
        "claims=å".into(),
        "claims=a%0D%0Ab".into(),
        "claims=%22".into(),
        "claims=a%26b".into(),
        format!("claims={email}&claims={email}"),
        format!("claims={email},%00"),
        format!("CLAIMS={email}"),
        format!("claims={many}"),
        format!("claims={long}"),
    ] {
        let path = format!("/truid/presentation?{query}");
        let answer = node.get(&path, &shown).await;
        answer.is(400, r#"{"error":"invalid_request"}"#);
    }
    assert_eq!(fixture.sandbox.counters(), before);
    assert_eq!(fixture.sandbox.findings(), []);
    // The provider decides about a claim with a valid form.
    let answer = node.get("/truid/presentation?claims=unknown", &shown).await;
    answer.is(
        400,
        r#"{"error":"withheld","provider_error":"invalid_request"}"#,
    );
    let path = format!("/truid/presentation?claims={email}");
    node.get(&path, &[])
        .await
        .is(401, r#"{"error":"login_required","reason":"no_session"}"#);
    assert_eq!(node.get(&path, &shown).await.status, 200);
}

#[tokio::test]
async fn a_session_of_another_purpose_is_named() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    // A signing needs a document, and has its own tests.
    let others = |purpose: &Purpose| *purpose != Purpose::Signing;
    for purpose in Purpose::ALL.into_iter().filter(others) {
        let function = Provider::truid().purpose_name(purpose);
        let session = fixture.log_in_for(&node, function).await;
        let shown = [("cookie", &*session)];
        let who = node.get(session_path(function), &shown).await;
        assert_eq!(who.json()["purpose"], purpose_of(function));
    }
}
