//! Unknown methods and paths.

use std::collections::BTreeMap;

use crate::backend::document;
use crate::backend::support::{BackendFixture, XHR, request};

#[tokio::test]
async fn a_wrong_method_is_refused_with_allow() {
    let fixture = BackendFixture::new().await;
    let node = fixture.signing_node().await;
    let session = fixture.log_in(&node).await;
    let before = fixture.sandbox.counters();
    let mut allowed = BTreeMap::<&str, Vec<&str>>::new();
    let ours = document::operations().into_iter();
    for (method, path, _) in ours.filter(|(_, _, tag)| *tag != "server") {
        let methods = match method {
            "get" => &["GET", "HEAD"][..],
            "delete" => &["DELETE"],
            _ => &["POST"],
        };
        allowed.entry(path).or_default().extend(methods);
    }
    for (path, allowed) in allowed {
        let allow = allowed.join(",");
        let others = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].into_iter();
        for method in others
            .filter(|method| !allowed.contains(method))
            .chain(["OPTIONS", "TRACE", "BREW", "get"])
        {
            let request = request(method, path, &[XHR, ("cookie", &session)], "a=b");
            let answer = node.send(request).await;
            let body = match method {
                "HEAD" => "",
                _ => r#"{"error":"method_not_allowed"}"#,
            };
            answer.is(405, body);
            assert_eq!(answer.header("allow"), allow, "{method} {path}");
        }
    }
    assert!(node.accepts(&session).await);
    assert_eq!(fixture.sandbox.counters(), before);
}

#[tokio::test]
async fn a_similar_path_is_not_found() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let session = fixture.log_in(&node).await;
    let before = fixture.sandbox.counters();
    let long = format!("/truid/{}", super::long());
    for path in [
        "/truid",
        "/truid/",
        "//truid/session",
        "/truid//session",
        "/truid/session/",
        "/truid/complete/?code=c&state=s",
        "/truid%2Fsession",
        "/truid/%73ession",
        "/truid/login%2Dsession",
        "/TRUID/session",
        "/truid/Session",
        "/truid/LOGIN-SESSION",
        "/truid/./session",
        "/truid/../truid/session",
        "/truid/%2e%2e/truid/session",
        "/truid/session%00",
        "/truid/session;a=b",
        "/truid/session%3Fa=b",
        "/truid/signing",
        "/truid/login",
        "/truid/onboarding",
        "/truid/{purpose}",
        "/truid/login-session/log-out",
        "/truid/%",
        "/truid/%FF",
        "/session",
        &long,
    ] {
        for method in ["GET", "POST"] {
            let answer = node.send(request(method, path, &[("cookie", &session)], ""));
            answer.await.is(404, r#"{"error":"not_found"}"#);
        }
    }
    assert!(node.accepts(&session).await);
    assert_eq!(fixture.sandbox.counters(), before);
}

#[tokio::test]
async fn a_purpose_that_is_not_offered_is_not_found() {
    let fixture = BackendFixture::new().await;
    let mut config = fixture.config();
    config
        .scopes
        .remove(&switchback_protocol::Purpose::Onboarding);
    let service = switchback_backend::Service::new(config, fixture.platform()).unwrap();
    let router = switchback_backend::web::router(service, Default::default());
    let request = request("GET", "/truid/confirm-signup", &[XHR], "");
    let answer = tower::ServiceExt::oneshot(router, request).await.unwrap();
    assert_eq!(answer.status(), 404);
}

/// A start ignores its query and body.
#[tokio::test]
async fn an_unexpected_query_or_body_changes_nothing() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let session = fixture.log_in(&node).await;
    let long = super::long();
    for query in [
        "",
        "a=b&a=b",
        "%zz",
        "%00",
        "redirect_uri=https://evil.example",
        &long,
    ] {
        for path in ["session", "user-info"] {
            let path = format!("/truid/{path}?{query}");
            let request = request("GET", &path, &[("cookie", &session)], &long);
            assert_eq!(node.send(request).await.status, 200, "{path}");
        }
        let path = format!("/truid/login-session?{query}");
        let started = node.send(request("GET", &path, &[XHR], &long)).await;
        assert_eq!(started.status, 202, "{path}");
        let at = started.location().strip_prefix(fixture.sandbox.url());
        assert!(
            at.unwrap()
                .starts_with("/oauth2/v1/authorize/login-session?")
        );
        assert!(!started.location().contains("evil"), "{path}");
    }
    assert_eq!(fixture.sandbox.findings(), []);
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let session = fixture.log_in(&node).await;
    for (path, status) in [
        ("/truid/session", 200),
        ("/truid/presentation", 400),
        // HEAD begins no login.
        ("/truid/login-session", 503),
        // HEAD completes no login, so its answer has no body.
        ("/truid/complete?state=s&code=c", 200),
    ] {
        let request = request("HEAD", path, &[XHR, ("cookie", &session)], "");
        node.send(request).await.is(status, "");
    }
}
