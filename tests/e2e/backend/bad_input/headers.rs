//! Unusual cookies and headers.

use axum::http::HeaderValue;

use crate::backend::support::{BackendFixture, HTML, TOKENS, XHR, path, request};

const NOT_LOGGED_IN: &str = r#"{"error":"login_required","reason":"no_session"}"#;

#[tokio::test]
async fn only_our_cookie_opens_a_session() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let session = fixture.log_in(&node).await;
    let (name, value) = session.split_once('=').unwrap();
    let unknown = "A".repeat(64);
    let others: String = (0..200).map(|n| format!("c{n}=v; ")).collect();
    let long = super::long();
    for nothing in [
        "",
        ";",
        "=",
        name,
        &format!("{name}="),
        &format!("{name}=x"),
        &format!("{name}={long}"),
        &format!("{name}={unknown}"),
        &format!("{name}={value}A"),
        &format!("{name}={}", &value[1..]),
        &format!("{name}=\"{value}\""),
        &format!("{name}={}", value.to_uppercase()),
        &format!("{}={value}", name.to_lowercase()),
        &format!("switchback={value}"),
        &format!("x{name}={value}"),
        // The first cookie with a valid form counts.
        &format!("{name}={unknown}; {session}"),
        &format!("{session},{session}"),
    ] {
        let answer = node.get("/truid/session", &[("cookie", nothing)]).await;
        answer.is(401, NOT_LOGGED_IN);
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    for found in [
        format!("{others}{session}"),
        format!("{session}; {others}"),
        format!(" ; ;{session};;"),
        format!("{name}=short; {session}"),
        format!("{session}; {name}={unknown}"),
        format!("a={long}; {session}"),
    ] {
        assert!(node.accepts(&found).await, "{found}");
    }
    // In a separate header line, beside a line that is not text.
    let mut several = request("GET", "/truid/session", &[("cookie", "a=b")], "");
    let strange = HeaderValue::from_bytes(b"a=\xff\xfe").unwrap();
    several.headers_mut().append("cookie", strange);
    let ours = HeaderValue::from_str(&session).unwrap();
    several.headers_mut().append("cookie", ours);
    assert_eq!(node.send(several).await.status, 200);
}

#[tokio::test]
async fn a_bearer_token_takes_precedence() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let session = fixture.log_in(&node).await;
    let (_, value) = session.split_once('=').unwrap();
    let long = super::long();
    for other in [
        "Bearer",
        "Bearer ",
        "Bearer x",
        &format!("Bearer {value},Bearer {value}"),
        &format!("Bearer {value} {value}"),
        &format!("Bearer \"{value}\""),
        &format!("Bearer {}", "A".repeat(64)),
        &format!("Bearer {long}"),
    ] {
        let headers = [("authorization", other), ("cookie", &*session)];
        node.get("/truid/session", &headers)
            .await
            .is(401, NOT_LOGGED_IN);
    }
    let good = format!("Bearer {value}");
    let twice = [("authorization", &*good), ("authorization", &*good)];
    node.get("/truid/session", &twice)
        .await
        .is(401, NOT_LOGGED_IN);
    for good in [&good, &format!("bEARER   {value} ")] {
        let basic = ("authorization", "Basic YTpi");
        for headers in [
            &[("authorization", &**good), ("cookie", "a=b")][..],
            &[("authorization", good), basic],
            &[basic, ("authorization", good)],
        ] {
            let answer = node.get("/truid/session", headers).await;
            assert_eq!(answer.status, 200, "{headers:?}");
        }
    }
}

/// A staging site has a proxy with a password, and browsers send the password with every request.
#[tokio::test]
async fn another_authorization_scheme_is_ignored() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let session = fixture.log_in(&node).await;
    let (_, value) = session.split_once('=').unwrap();
    for other in [
        "",
        "Basic YTpi",
        "Digest username=a",
        "Negotiate YTpi",
        value,
        &format!("Basic {value}"),
        &format!("Bearer{value}"),
    ] {
        let headers = [("authorization", other), ("cookie", &*session)];
        let answer = node.get("/truid/session", &headers).await;
        assert_eq!(answer.status, 200, "{other:?}");
        let alone = [("authorization", other)];
        node.get("/truid/session", &alone)
            .await
            .is(401, NOT_LOGGED_IN);
    }
    let basic = ("authorization", "Basic YTpi");
    let login = fixture.approved_login_with(&node, &[basic]).await;
    let headers = [XHR, basic, ("cookie", &*login.cookie)];
    let completed = node.get(&login.callback, &headers).await;
    assert_eq!(completed.status, 200, "{completed:?}");
    // The cookie authenticates the request, so another site cannot log out with it.
    let foreign = [
        basic,
        ("cookie", &*session),
        ("sec-fetch-site", "cross-site"),
    ];
    node.post("/truid/log-out", &foreign, "")
        .await
        .is(403, r#"{"error":"cross_site"}"#);
    let ours = [basic, ("cookie", &*session)];
    node.post("/truid/log-out", &ours, "").await.is(204, "");
    assert!(!node.accepts(&session).await);
}

/// A web view sends its package in `X-Requested-With`, but its person sees pages.
#[tokio::test]
async fn a_web_view_counts_as_a_browser() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let view = [HTML, ("x-requested-with", "com.example.shop")];
    let started = node.get("/truid/login-session", &view).await;
    assert_eq!(started.status, 302, "{started:?}");
    let link = fixture.approve(started.location());
    let cookie = started.cookie().unwrap();
    let headers = [view[0], view[1], ("cookie", &*cookie)];
    let completed = node.get(path(&link), &headers).await;
    assert_eq!(completed.status, 302, "{completed:?}");
    assert_eq!(completed.location(), "/");
}

#[tokio::test]
async fn a_foreign_cookie_may_contain_any_bytes() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let session = fixture.log_in(&node).await;
    for other in [
        &b"nick=\xc3\x85sa"[..],
        b"nick=\xc5sa",
        b"\xff",
        b"a=\"b",
        b"=",
        b"\x80=\x80",
    ] {
        for line in [
            [other, b"; ", session.as_bytes()].concat(),
            [session.as_bytes(), b"; ", other].concat(),
        ] {
            let mut asked = request("GET", "/truid/session", &[], "");
            let value = HeaderValue::from_bytes(&line).unwrap();
            asked.headers_mut().insert("cookie", value);
            assert_eq!(node.send(asked).await.status, 200, "{line:?}");
        }
    }
}

#[tokio::test]
async fn two_headers_choose_the_answer_of_a_start() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (xhr, accept) = ("x-requested-with", "accept");
    let html = "text/html";
    let long = super::long();
    let cases: &[(&[(&str, &str)], u16)] = &[
        (&[], 202),
        (&[(xhr, "XMLHttpRequest")], 202),
        (&[(xhr, "")], 202),
        (&[(xhr, "XMLHttpRequest"), (accept, html)], 202),
        (&[(xhr, ""), (accept, html)], 302),
        (&[(xhr, &long), (accept, html)], 302),
        // A web view of Android.
        (&[(xhr, "com.example.shop"), (accept, html)], 302),
        (&[(accept, "text/html;q=0, application/json")], 202),
        (&[(accept, "")], 202),
        (&[(accept, "*/*")], 202),
        (&[(accept, "application/json")], 202),
        (&[(accept, &long)], 202),
        (&[(accept, html)], 302),
        (&[(accept, "application/json, text/html;q=0.1")], 302),
        (&[(accept, html), ("cookie", &long)], 302),
        (&[(accept, html), ("authorization", "Basic YTpi")], 302),
    ];
    for (headers, status) in cases {
        let answer = node.get("/truid/login-session", headers).await;
        assert_eq!(answer.status, *status, "{headers:?}");
        assert!(answer.cookie().is_some(), "{headers:?}");
    }
    for (value, has_token) in [
        ("token", true),
        ("TOKEN", true),
        ("", false),
        ("cookie", false),
    ] {
        let headers = [(TOKENS.0, value)];
        let answer = node.get("/truid/login-session", &headers).await.json();
        assert_eq!(answer.get("login_token").is_some(), has_token, "{value}");
    }
}

#[tokio::test]
async fn the_service_url_does_not_come_from_a_request() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let evil = "evil.example";
    let headers = [
        ("host", evil),
        ("x-forwarded-host", evil),
        ("x-forwarded-proto", "http"),
        ("forwarded", "host=evil.example;proto=http"),
        ("origin", "https://evil.example"),
        ("referer", "https://evil.example/"),
        ("x-original-url", "/truid/session"),
        ("x-http-method-override", "POST"),
    ];
    let answer = node.get("/truid/login-session", &headers).await;
    assert_eq!(answer.status, 202);
    assert!(answer.location().starts_with(fixture.sandbox.url()));
    assert!(
        answer
            .header("set-cookie")
            .starts_with("__Host-switchback=")
    );
    let link = fixture.approve(answer.location());
    assert!(
        link.starts_with("https://service.example/truid/complete?"),
        "{link}"
    );
    let all = format!("{:?}", answer.headers);
    assert!(!all.contains(evil), "{all}");
    assert!(!all.contains("access-control-"), "{all}");
}

#[tokio::test]
async fn large_and_non_text_headers_are_ignored() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let session = fixture.log_in(&node).await;
    let long = super::long();
    for name in [
        "accept",
        "origin",
        "referer",
        "user-agent",
        "x-requested-with",
        "switchback-session",
        "sec-fetch-site",
        "sec-fetch-dest",
        "content-type",
        "if-none-match",
        "range",
        "expect",
        "x-any",
    ] {
        for value in [long.as_bytes(), b"\xff\xfe", b"", b"\t"] {
            let mut asked = request("GET", "/truid/session", &[("cookie", &session)], "");
            let value = HeaderValue::from_bytes(value).unwrap();
            asked.headers_mut().insert(name, value);
            assert_eq!(node.send(asked).await.status, 200, "{name}");
        }
    }
}
