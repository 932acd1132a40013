//! Cross-site requests with a person's cookie.

use switchback_backend::{Environment, Provider, Registration, Service};

use crate::backend::support::{BackendFixture, CLIENT_ID, HTML, Node, request};

const REFUSED: &str = r#"{"error":"cross_site"}"#;

#[tokio::test]
async fn another_site_cannot_log_out() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let session = fixture.log_in(&node).await;
    let (site, origin, referer) = ("sec-fetch-site", "origin", "referer");
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
        &[(origin, "null"), (referer, "https://evil.example/")],
        &[(origin, "null"), (referer, "")],
        &[
            (origin, "null"),
            (referer, "https://service.example@evil.example/"),
        ],
        &[(origin, "null"), (origin, ours), (referer, ours)],
        &[
            (origin, "null"),
            (referer, ours),
            (referer, "https://evil.example/"),
        ],
        &[(site, "cross-site"), (origin, "null"), (referer, ours)],
        &[(origin, "https://evil.example"), (referer, ours)],
        &[(referer, "https://evil.example/?https://service.example/")],
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
        assert!(node.accepts(&session).await, "{headers:?}");
    }
    let mut strange = request("POST", "/truid/log-out", &[("cookie", &session)], "");
    let value = axum::http::HeaderValue::from_bytes(b"same-origin\xff").unwrap();
    strange.headers_mut().insert(site, value);
    node.send(strange).await.is(403, REFUSED);
    // A request by an image or a link.
    let image = [(site, "cross-site"), ("cookie", &*session)];
    let answer = node.get("/truid/log-out", &image).await;
    answer.is(405, r#"{"error":"method_not_allowed"}"#);
    assert!(node.accepts(&session).await);
}

#[tokio::test]
async fn same_site_pages_apps_and_token_holders_log_out() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let cases: &[&[(&str, &str)]] = &[
        &[],
        &[("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "none")],
        &[("origin", "https://service.example")],
        &[("origin", "HTTPS://SERVICE.example")],
        &[("origin", "https://service.example:443")],
        // The browser withholds the origin.
        &[("origin", "null"), ("sec-fetch-site", "same-origin")],
        &[("origin", "null"), ("referer", "https://service.example/")],
        &[
            ("origin", "null"),
            ("referer", "https://service.example/?login=expired"),
        ],
        &[("referer", "https://service.example/")],
    ];
    for headers in cases {
        let session = fixture.log_in(&node).await;
        let headers = [headers, &[("cookie", &*session)][..]].concat();
        let answer = node.post("/truid/log-out", &headers, "").await;
        answer.is(204, "");
        assert!(answer.header("set-cookie").contains("Max-Age=0"));
        assert!(!node.accepts(&session).await, "{headers:?}");
    }
    let session = fixture.log_in(&node).await;
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
    assert!(!node.accepts(&session).await);
}

/// The answer does not show whether there was a session.
#[tokio::test]
async fn log_out_without_a_session_is_no_error() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let gone = fixture.log_in(&node).await;
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
async fn an_unchecked_log_out_is_not_reported_as_done() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let session = fixture.log_in(&node).await;
    for other in ["Bearer nonsense", "Bearer"] {
        let headers = [("authorization", other), ("cookie", &*session)];
        let answer = node.post("/truid/log-out", &headers, "").await;
        answer.is(401, r#"{"error":"login_required","reason":"no_session"}"#);
        assert!(answer.headers.get("set-cookie").is_none());
        assert!(node.accepts(&session).await);
    }
}

#[tokio::test]
async fn log_out_ends_only_one_session() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (one, other) = (fixture.log_in(&node).await, fixture.log_in(&node).await);
    let shown = [("cookie", &*one)];
    node.post("/truid/log-out", &shown, "").await.is(204, "");
    assert!(!node.accepts(&one).await);
    assert!(node.accepts(&other).await);
}

/// `https://service.example:443` and `https://service.example` are one origin (RFC 6454).
#[tokio::test]
async fn an_origin_with_its_default_port_is_the_same() {
    let fixture = BackendFixture::new().await;
    for (redirect_uri, origin, is_ours) in [
        (
            "https://service.example:443/truid/complete",
            "https://service.example",
            true,
        ),
        (
            "https://SERVICE.example/truid/complete",
            "https://service.example",
            true,
        ),
        (
            "https://service.example:443/truid/complete",
            "https://service.example:8443",
            false,
        ),
        (
            "https://service.example:8443/truid/complete",
            "https://service.example:8443",
            true,
        ),
        (
            "https://service.example:8443/truid/complete",
            "https://service.example",
            false,
        ),
    ] {
        let provider = Provider::truid().with_base_url(fixture.sandbox.url());
        let mut config = fixture.config();
        config.registration =
            Registration::new(provider, CLIENT_ID, redirect_uri, Environment::Production).unwrap();
        let node = Node::of(Service::new(config, fixture.platform()).unwrap());
        for with in [
            &[("origin", origin)][..],
            &[("origin", "null"), ("referer", &format!("{origin}/"))],
        ] {
            let headers = [with, &[("cookie", "a=b")]].concat();
            let answer = node.post("/truid/log-out", &headers, "").await;
            let status = if is_ours { 204 } else { 403 };
            assert_eq!(answer.status, status, "{redirect_uri}: {with:?}");
        }
    }
}
