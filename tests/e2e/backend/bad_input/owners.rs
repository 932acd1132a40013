//! Ownership of a login: only the client that began a login can use up its state.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::backend::support::{Answer, BackendFixture, HTML, TOKENS, XHR};

const INVALID_STATE: &str = r#"{"error":"invalid_state"}"#;
const DONE: &str = r#"{"purpose":"login"}"#;

/// A credential with the same id and another secret.
fn forged(cookie: &str) -> String {
    let (name, value) = cookie.split_once('=').unwrap();
    let mut bytes = URL_SAFE_NO_PAD.decode(value).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    format!("{name}={}", URL_SAFE_NO_PAD.encode(bytes))
}

fn seen(answer: &Answer) -> (u16, &str, String) {
    let headers = format!("{:?}", answer.headers);
    (answer.status.as_u16(), &answer.body, headers)
}

#[tokio::test]
async fn only_the_beginner_can_use_up_a_state() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let victim = fixture.approved_login(&node).await;
    let other = fixture.approved_login(&node).await;
    let session = fixture.log_in(&node).await;
    let exchanges = fixture.sandbox.counters().code_exchanges;
    let unknown = "/truid/complete?code=c&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let denied = format!("/truid/complete?error=access_denied&state={}", victim.state);
    let strange = format!("{}&iss=https://evil.example", victim.callback);
    for cookie in [
        "",
        "__Host-switchback=nonsense",
        &other.cookie,
        &session,
        &forged(&victim.cookie),
    ] {
        // A foreign state and an unknown state get the same answer.
        let answer = node.complete(unknown, cookie).await;
        answer.is(403, INVALID_STATE);
        for callback in [&victim.callback, &denied, &strange] {
            let theirs = node.complete(callback, cookie).await;
            assert_eq!(seen(&theirs), seen(&answer));
        }
    }
    assert_eq!(fixture.sandbox.counters().code_exchanges, exchanges);
    node.complete(&victim.callback, &victim.cookie)
        .await
        .is(200, DONE);
    node.complete(&other.callback, &other.cookie)
        .await
        .is(200, DONE);
}

#[tokio::test]
async fn a_login_begun_under_a_session_completes_under_it() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let session = fixture.log_in(&node).await;
    let other = fixture.log_in(&node).await;
    let login = fixture
        .approved_login_with(&node, &[("cookie", &session)])
        .await;
    assert_eq!(login.cookie, "", "the cookie is unchanged");
    for cookie in ["", &other, &forged(&session)] {
        let answer = node.complete(&login.callback, cookie).await;
        answer.is(403, INVALID_STATE);
    }
    node.complete(&login.callback, &session).await.is(200, DONE);

    // After a log-out, or after the session ended, the login still belongs to its owner.
    let login = fixture
        .approved_login_with(&node, &[("cookie", &session)])
        .await;
    let gone = node
        .post("/truid/log-out", &[("cookie", &session)], "")
        .await;
    gone.is(204, "");
    for cookie in ["", &other] {
        let answer = node.complete(&login.callback, cookie).await;
        answer.is(403, INVALID_STATE);
    }
    node.complete(&login.callback, &session).await.is(200, DONE);
}

#[tokio::test]
async fn a_browser_without_the_cookie_changes_nothing() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let login = fixture.approved_login(&node).await;
    let denied = format!("/truid/complete?error=access_denied&state={}", login.state);
    for callback in [&login.callback, &denied, "/truid/complete?%zz"] {
        let opened = [HTML, ("sec-fetch-site", "none")];
        let page = node.get(callback, &opened).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("<h1>Go back to "), "{page:?}");
        assert_eq!(page.header("refresh"), "");
        let framed = [
            ("sec-fetch-dest", "iframe"),
            ("sec-fetch-site", "cross-site"),
        ];
        let page = node.get(callback, &[&[HTML], &framed[..]].concat()).await;
        assert_eq!(page.status, 200);
        assert!(page.header("refresh").starts_with('0'), "{page:?}");
    }
    node.complete(&login.callback, &login.cookie)
        .await
        .is(200, DONE);
}

#[tokio::test]
async fn a_repeated_callback_returns_the_same_session() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let login = fixture.approved_login(&node).await;
    let mut cookies = Vec::new();
    for _ in 0..3 {
        let answer = node.complete(&login.callback, &login.cookie).await;
        answer.is(200, DONE);
        cookies.push(answer.cookie().unwrap());
    }
    // The credential that completing returned may also repeat the callback.
    let again = node.complete(&login.callback, &cookies[0]).await;
    again.is(200, DONE);
    cookies.push(again.cookie().unwrap());
    assert_eq!(fixture.sandbox.counters().code_exchanges, 1);
    let mut answers = Vec::new();
    for cookie in &cookies {
        let who = node.get("/truid/session", &[("cookie", cookie)]).await;
        assert_eq!(who.status, 200);
        answers.push(who.body);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    // The new credential was used: the credential that began the login no longer returns the
    // session.
    let answer = node.complete(&login.callback, &login.cookie).await;
    answer.is(403, r#"{"error":"replayed"}"#);
    let answer = node.complete(&login.callback, &cookies[0]).await;
    answer.is(200, DONE);
    // Logging out one of them logs out the session.
    let shown = [("cookie", &*cookies[1])];
    node.post("/truid/log-out", &shown, "").await.is(204, "");
    for cookie in &cookies {
        assert!(!node.accepts(cookie).await);
    }
    for _ in 0..2 {
        let answer = node.complete(&login.callback, &login.cookie).await;
        answer.is(403, r#"{"error":"replayed"}"#);
    }
    let answer = node.complete(&login.callback, &cookies[0]).await;
    answer.is(403, r#"{"error":"replayed"}"#);
    assert_eq!(fixture.sandbox.counters().code_exchanges, 1);
    assert_eq!(fixture.sandbox.findings(), []);
}

#[tokio::test]
async fn concurrent_callbacks_are_one_exchange() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let login = fixture.approved_login(&node).await;
    let all = (0..16).map(|_| {
        let (node, callback) = (node.clone(), login.callback.clone());
        let cookie = login.cookie.clone();
        tokio::spawn(async move { node.complete(&callback, &cookie).await })
    });
    for one in all.collect::<Vec<_>>() {
        let answer = one.await.unwrap();
        answer.is(200, DONE);
        assert!(node.accepts(&answer.cookie().unwrap()).await);
    }
    assert_eq!(fixture.sandbox.counters().code_exchanges, 1);
    assert_eq!(fixture.sandbox.findings(), []);
}

#[tokio::test]
async fn an_apps_login_token_opens_nothing() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let started = node.get("/truid/login-session", &[XHR, TOKENS]).await;
    let login_token = started.json()["login_token"].as_str().unwrap().to_owned();
    let shown = format!("Bearer {login_token}");
    for path in ["/truid/session", "/truid/user-info"] {
        node.get(path, &[("authorization", &shown)])
            .await
            .is(401, r#"{"error":"login_required","reason":"no_session"}"#);
    }
    let body = format!("grant_type=refresh_token&refresh_token={login_token}");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = node.post("/truid/token", &form, &body).await;
    answer.is(400, r#"{"error":"invalid_grant"}"#);
    let link = fixture.approve(started.location());
    let callback = crate::backend::support::path(&link);
    let headers = [XHR, TOKENS, ("authorization", &shown)];
    assert_eq!(node.get(callback, &headers).await.status, 200);
    node.get("/truid/session", &[("authorization", &shown)])
        .await
        .is(401, r#"{"error":"login_required","reason":"no_session"}"#);
}
