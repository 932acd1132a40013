//! Data of onboarded persons, which the service's own code reads without a session.

use switchback_sandbox::{Endpoint, Misbehaviour, Rule, Times};

use super::support::{API_KEY, Answer, BackendFixture, Node, XHR, request, session_path};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const INFO: &str = "/truid/onboarded/user-info";
const CLAIMS: &str = "/truid/onboarded/presentation";
const EMAIL: &str = "truid.app/claim/email/v1";

fn key(key: &str) -> String {
    format!("Bearer {key}")
}

/// A request of the service's own code.
async fn ask(node: &Node, path: &str, body: &str) -> Answer {
    node.post(path, &[FORM, ("authorization", &key(API_KEY))], body)
        .await
}

/// Onboards a person and logs out. Returns the subject.
async fn signed_up(fixture: &BackendFixture, node: &Node) -> String {
    let session = fixture.log_in_for(node, "confirm-signup").await;
    let shown = [("cookie", &*session)];
    let who = node
        .get(session_path("confirm-signup"), &shown)
        .await
        .json();
    node.post("/truid/log-out", &shown, "").await.is(204, "");
    who["sub"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn user_data_is_read_with_a_key_and_no_session() {
    let fixture = BackendFixture::new().await;
    let keys = format!("{API_KEY}\nanother-key-while-this-is-replaced");
    let node = Node::with_api_keys(fixture.service(), &keys);
    let sub = signed_up(&fixture, &node).await;
    // A year later, and after a restart.
    fixture.advance(365 * 24 * 3600);
    let node = Node::with_api_keys(fixture.service(), &keys);
    for key in keys.lines() {
        let key = self::key(key);
        // An additional session changes nothing.
        let headers = [
            FORM,
            ("authorization", &*key),
            ("cookie", "__Host-switchback=a"),
        ];
        let info = node.post(INFO, &headers, &format!("sub={sub}")).await;
        assert_eq!(info.status, 200, "{info:?}");
        assert_eq!(info.json()["sub"], *sub);
        assert!(info.json()["email"].is_string(), "{info:?}");
        assert_eq!(info.header("cache-control"), "no-store");
        let body = format!("sub={sub}&claims={EMAIL}");
        let claims = node.post(CLAIMS, &headers, &body).await;
        assert_eq!(claims.json()["claims"][0]["type"], EMAIL, "{claims:?}");
    }
    assert_eq!(fixture.sandbox.findings(), []);
}

#[tokio::test]
async fn without_a_key_no_request_reaches_the_provider() {
    let fixture = BackendFixture::new().await;
    let node = Node::with_api_keys(fixture.service(), API_KEY);
    let sub = signed_up(&fixture, &node).await;
    let login = fixture.log_in(&node).await;
    // If two onboardings are in the same second, either may count.
    fixture.advance(1);
    let sign_up = fixture.log_in_for(&node, "confirm-signup").await;
    let token = |cookie: &str| key(cookie.split_once('=').unwrap().1);
    let (of_login, of_sign_up) = (token(&login), token(&sign_up));
    let right = key(API_KEY);
    let before = fixture.sandbox.counters();
    let body = format!("sub={sub}&claims={EMAIL}");
    let no_key: &[&[(&str, &str)]] = &[
        &[],
        &[("cookie", &login)],
        &[("cookie", &sign_up)],
        &[("authorization", "Basic YTpi")],
        &[("x-api-key", API_KEY)],
        &[("cookie", API_KEY)],
    ];
    let wrong_key: &[&[(&str, &str)]] = &[
        &[("authorization", &of_login)],
        &[("authorization", &of_sign_up), ("cookie", &sign_up)],
        &[("authorization", "Bearer ")],
        &[("authorization", &right[..right.len() - 1])],
        &[("authorization", &right), ("authorization", &right)],
    ];
    for (all, reason) in [(no_key, "no_key"), (wrong_key, "wrong_key")] {
        for shown in all {
            for path in [INFO, CLAIMS] {
                let headers = [&[FORM], *shown].concat();
                let refused = node.post(path, &headers, &body).await;
                let said = format!(r#"{{"error":"api_key_required","reason":"{reason}"}}"#);
                refused.is(401, &said);
                assert_eq!(refused.header("www-authenticate"), "Bearer");
            }
        }
    }
    assert_eq!(fixture.sandbox.counters(), before);
}

/// A key in a page is public, so a page of any origin gets nothing with it.
#[tokio::test]
async fn a_browser_gets_no_user_data() {
    let fixture = BackendFixture::new().await;
    let node = Node::with_api_keys(fixture.service(), API_KEY);
    let sub = signed_up(&fixture, &node).await;
    let session = fixture.log_in(&node).await;
    let right = key(API_KEY);
    let before = fixture.sandbox.counters();
    let pages: &[&[(&str, &str)]] = &[
        &[("origin", "https://service.example")],
        &[
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "cross-site"),
        ],
        &[("origin", "null")],
        &[("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "none")],
    ];
    for page in pages {
        for shown in [
            &[("authorization", &*right)][..],
            &[("authorization", &right), ("cookie", &session)],
            &[("cookie", &session)],
            &[],
        ] {
            let headers = [&[FORM], *page, shown].concat();
            let body = format!("sub={sub}&claims={EMAIL}");
            for path in [INFO, CLAIMS] {
                let refused = node.post(path, &headers, &body).await;
                refused.is(403, r#"{"error":"not_for_browsers"}"#);
                let named = refused.headers.keys().map(|name| name.as_str());
                assert!(
                    !named
                        .into_iter()
                        .any(|name| name.starts_with("access-control"))
                );
            }
        }
    }
    // A page of another origin may not send a custom header, either (Fetch, CORS preflight).
    let preflight = [
        ("origin", "https://evil.example"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization"),
    ];
    let asked = node.send(request("OPTIONS", INFO, &preflight, "")).await;
    assert_eq!(asked.status, 405, "{asked:?}");
    assert!(!asked.headers.contains_key("access-control-allow-origin"));
    let get = node.get(INFO, &[("authorization", &right)]).await;
    assert_eq!(get.status, 405, "{get:?}");
    assert_eq!(fixture.sandbox.counters(), before);
}

#[tokio::test]
async fn never_onboarded_and_no_longer_onboarded_differ() {
    let fixture = BackendFixture::new().await;
    let node = Node::with_api_keys(fixture.service(), API_KEY);
    // A person who only logged in is not a user.
    let session = fixture.log_in(&node).await;
    let who = node.get("/truid/session", &[("cookie", &session)]).await;
    let logged_in = who.json()["sub"].as_str().unwrap().to_owned();
    for sub in [
        &*logged_in,
        "nobody",
        "%00",
        "a%20b",
        "å",
        &"x".repeat(4000),
    ] {
        let never = ask(&node, INFO, &format!("sub={sub}")).await;
        never.is(404, r#"{"error":"not_onboarded"}"#);
    }
    let sub = signed_up(&fixture, &node).await;
    let mut ended = Rule::new(Misbehaviour::SessionEnded);
    ended.endpoint = Some(Endpoint::Refresh);
    ended.times = Times::Count(1);
    fixture.sandbox.misbehave(ended).unwrap();
    for path in [INFO, CLAIMS] {
        let over = ask(&node, path, &format!("sub={sub}&claims={EMAIL}")).await;
        over.is(404, r#"{"error":"not_onboarded","reason":"revoked"}"#);
    }
}

#[tokio::test]
async fn an_invalid_request_for_user_data_is_refused() {
    let fixture = BackendFixture::new().await;
    let node = Node::with_api_keys(fixture.service(), API_KEY);
    let sub = signed_up(&fixture, &node).await;
    let right = key(API_KEY);
    let before = fixture.sandbox.counters();
    let invalid = r#"{"error":"invalid_request"}"#;
    for body in ["", "sub=", "sub=a&sub=b", "subject=a", "{\"sub\":\"a\"}"] {
        ask(&node, INFO, body).await.is(400, invalid);
        ask(&node, CLAIMS, &format!("{body}&claims={EMAIL}"))
            .await
            .is(400, invalid);
    }
    let many = vec![EMAIL; 65].join(",");
    for claims in [
        "",
        "claims=",
        "claims=,",
        "claims=a&claims=b",
        "claims=a b",
        &*format!("claims={many}"),
    ] {
        ask(&node, CLAIMS, &format!("sub={sub}&{claims}"))
            .await
            .is(400, invalid);
    }
    for kind in ["application/json", "text/plain", "multipart/form-data"] {
        let headers = [("content-type", kind), ("authorization", &*right)];
        node.post(INFO, &headers, &format!("sub={sub}"))
            .await
            .is(400, invalid);
    }
    let long = format!("sub={}", "x".repeat(16 << 10));
    ask(&node, INFO, &long)
        .await
        .is(413, r#"{"error":"too_large"}"#);
    assert_eq!(fixture.sandbox.counters(), before);
    let unknown = ask(&node, CLAIMS, &format!("sub={sub}&claims=unknown")).await;
    assert_eq!(unknown.json()["error"], "withheld", "{unknown:?}");
}

#[tokio::test]
async fn without_keys_the_route_does_not_exist() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    for path in [INFO, CLAIMS] {
        for method in ["POST", "GET"] {
            let headers = [FORM, XHR, ("authorization", &*key(API_KEY))];
            let asked = node.router.clone();
            let asked = tower::ServiceExt::oneshot(asked, request(method, path, &headers, "sub=a"));
            Answer::of(asked.await.unwrap())
                .await
                .is(404, r#"{"error":"not_found"}"#);
        }
    }
    let mut web = switchback_backend::web::Web::default();
    web.api_keys = switchback_backend::web::ApiKeys::read(API_KEY).ok();
    assert!(!format!("{web:?}").contains(API_KEY), "{web:?}");
}
