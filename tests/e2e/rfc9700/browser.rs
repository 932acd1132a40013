//! Frames, and windows that exchange messages. An app has neither.

use switchback_backend::web::{self, Web, pages::Page};

use super::parameter;
use crate::backend::support::{BackendFixture, HTML, Node, path};

/// The service with its pages.
fn node(fixture: &BackendFixture) -> Node {
    let service = fixture.service();
    let pages = web::pages::router(service.clone(), Web::default(), Page::default());
    let router = web::router(service.clone(), Web::default()).merge(pages);
    Node { service, router }
}

/// Another site hides our page in a frame, so that the person presses a button unknowingly.
#[tokio::test]
async fn section_4_16_clickjacking_mediated() {
    let fixture = BackendFixture::new().await;
    let node = node(&fixture);
    let session = fixture.log_in(&node).await;
    let login = fixture.approved_login(&node).await;
    let stranger = format!("{}&x=y", login.callback);
    for (path, cookie) in [
        ("/", ""),
        ("/", &*session),
        ("/?login=access_denied", ""),
        ("/truid/login-session", ""),
        (&stranger, ""),
        (&login.callback, &login.cookie),
    ] {
        let answer = node.get(path, &[HTML, ("cookie", cookie)]).await;
        assert_eq!(answer.header("x-frame-options"), "SAMEORIGIN", "{path}");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("frame-ancestors 'self'"),
            "{path}: {policy}"
        );
    }
    // A framing page sends no cookie, and cannot log the person out.
    let out = [
        HTML,
        ("cookie", &*session),
        ("sec-fetch-site", "cross-site"),
    ];
    assert_eq!(node.post("/truid/log-out", &out, "").await.status, 403);
    assert!(node.accepts(&session).await);
}

/// A window that listens to another window learns nothing: a page that sends messages contains no
/// code, state or session, and the page of the callback sends no messages.
#[tokio::test]
async fn section_4_17_attacks_on_in_browser_communication_flows_mediated() {
    let fixture = BackendFixture::new().await;
    let node = node(&fixture);
    let started = node.get("/truid/login-session", &[HTML]).await;
    let cookie = started.cookie().unwrap();
    let link = fixture.approve(started.location());
    let framed = [
        ("sec-fetch-dest", "iframe"),
        ("sec-fetch-site", "cross-site"),
    ];
    let in_frame = node
        .get(path(&link), &[&[HTML], &framed[..]].concat())
        .await;
    let alone = node.get(path(&link), &[HTML]).await;
    let completed = node.get(path(&link), &[HTML, ("cookie", &cookie)]).await;
    let session = completed.cookie().unwrap();
    let home = node.get("/", &[HTML, ("cookie", &session)]).await;
    let before = node.get("/", &[HTML]).await;
    let value = |cookie: &str| cookie.split_once('=').unwrap().1.to_owned();
    let secrets = [
        parameter(&link, "code"),
        parameter(&link, "state"),
        value(&cookie),
        value(&session),
    ];
    for page in [&in_frame, &alone] {
        assert!(page.body.contains("<html"), "{page:?}");
        assert!(!page.body.contains("postMessage"), "{}", page.body);
    }
    for page in [&home, &before] {
        assert!(page.body.contains("postMessage"), "{page:?}");
        for secret in &secrets {
            assert!(!page.body.contains(secret.as_str()), "{}", page.body);
        }
    }
    // The page accepts messages only from the provider's origin and window.
    assert!(before.body.contains("data-origins"), "{}", before.body);
    let script = include_str!("../../../backend/templates/home.js");
    assert!(
        script.contains("source !== frame?.contentWindow"),
        "{script}"
    );
    assert!(script.contains("!origins.includes(origin)"), "{script}");
}
