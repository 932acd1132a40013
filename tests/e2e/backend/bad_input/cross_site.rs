//! Requests that another site makes in the name of a person.

use crate::backend::support::{HTML, Stage, request};

const REFUSED: &str = r#"{"error":"cross_site"}"#;

#[tokio::test]
async fn another_site_logs_nobody_out() {
    let stage = Stage::new().await;
    let node = stage.node();
    let session = stage.log_in(&node).await;
    let (site, origin) = ("sec-fetch-site", "origin");
    let ours = "https://service.example";
    let cases: &[&[(&str, &str)]] = &[
        &[(site, "cross-site")],
        &[(site, "same-site")],
        &[(site, "")],
        &[(site, "SAME-ORIGIN")],
        &[(site, "same-origin, cross-site")],
        &[(site, "cross-site"), (origin, ours)],
        &[(site, "same-site"), (origin, ours)],
        &[(origin, "https://evil.example")],
        &[(origin, "null")],
        &[(origin, "")],
        &[(origin, "http://service.example")],
        &[(origin, "https://service.example:8443")],
        &[(origin, "https://sub.service.example")],
        &[(origin, "https://service.example.evil.example")],
        &[(origin, "https://service.example/")],
        &[(origin, ours), (origin, "https://evil.example")],
        &[(site, "cross-site"), ("x-requested-with", "XMLHttpRequest")],
        &[(site, "cross-site"), HTML],
        &[(site, "cross-site"), ("content-type", "text/plain")],
    ];
    for headers in cases {
        let headers = [headers, &[("cookie", &*session)][..]].concat();
        let answer = node.post("/truid/log-out", &headers, "").await;
        answer.is(403, REFUSED);
        assert!(answer.headers.get("set-cookie").is_none());
        assert!(node.knows(&session).await, "{headers:?}");
    }
    let mut strange = request("POST", "/truid/log-out", &[("cookie", &session)], "");
    let value = axum::http::HeaderValue::from_bytes(b"same-origin\xff").unwrap();
    strange.headers_mut().insert(site, value);
    node.ask(strange).await.is(403, REFUSED);
    // An image or a link.
    let image = [(site, "cross-site"), ("cookie", &*session)];
    let answer = node.get("/truid/log-out", &image).await;
    answer.is(405, r#"{"error":"method_not_allowed"}"#);
    assert!(node.knows(&session).await);
}

#[tokio::test]
async fn the_sites_own_pages_its_apps_and_whoever_has_the_token_log_out() {
    let stage = Stage::new().await;
    let node = stage.node();
    let cases: &[&[(&str, &str)]] = &[
        &[],
        &[("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "none")],
        &[("origin", "https://service.example")],
        &[("origin", "HTTPS://SERVICE.example")],
    ];
    for headers in cases {
        let session = stage.log_in(&node).await;
        let headers = [headers, &[("cookie", &*session)][..]].concat();
        let answer = node.post("/truid/log-out", &headers, "").await;
        answer.is(204, "");
        assert!(answer.header("set-cookie").contains("Max-Age=0"));
        assert!(!node.knows(&session).await, "{headers:?}");
    }
    let session = stage.log_in(&node).await;
    let (_, token) = session.split_once('=').unwrap();
    let shown = format!("Bearer {token}");
    let headers = [
        ("authorization", &*shown),
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
    ];
    let answer = node.post("/truid/log-out", &headers, "").await;
    answer.is(204, "");
    assert!(answer.headers.get("set-cookie").is_none());
    assert!(!node.knows(&session).await);
}

/// Nobody learns whether somebody is logged in, and nobody waits for an error.
#[tokio::test]
async fn to_log_out_without_a_session_is_no_error() {
    let stage = Stage::new().await;
    let node = stage.node();
    let gone = stage.log_in(&node).await;
    let shown = [("cookie", &*gone)];
    node.post("/truid/log-out", &shown, "").await.is(204, "");
    for cookie in ["", "a=b", "__Host-switchback=nonsense", &gone] {
        let answer = node
            .post("/truid/log-out", &[("cookie", cookie)], "x")
            .await;
        answer.is(204, "");
        assert!(
            answer
                .header("set-cookie")
                .starts_with("__Host-switchback=; ")
        );
        let shown = [HTML, ("cookie", cookie)];
        let page = node.post("/truid/log-out", &shown, "").await;
        page.is(303, "");
        assert_eq!(page.location(), "/");
    }
}

#[tokio::test]
async fn what_was_not_looked_at_is_not_logged_out_and_not_said_to_be() {
    let stage = Stage::new().await;
    let node = stage.node();
    let session = stage.log_in(&node).await;
    for other in ["Bearer nonsense", "Bearer"] {
        let headers = [("authorization", other), ("cookie", &*session)];
        let answer = node.post("/truid/log-out", &headers, "").await;
        answer.is(401, r#"{"error":"login_required","reason":"no_session"}"#);
        assert!(answer.headers.get("set-cookie").is_none());
        assert!(node.knows(&session).await);
    }
}

#[tokio::test]
async fn one_person_logs_out_and_another_stays() {
    let stage = Stage::new().await;
    let node = stage.node();
    let (one, other) = (stage.log_in(&node).await, stage.log_in(&node).await);
    let shown = [("cookie", &*one)];
    node.post("/truid/log-out", &shown, "").await.is(204, "");
    assert!(!node.knows(&one).await);
    assert!(node.knows(&other).await);
}
