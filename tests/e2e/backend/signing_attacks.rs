//! What a person, a browser or a client without a key can do with a signing: nothing but sign.

use serde_json::json;
use switchback_sandbox::Misbehaviour;

use super::signing::{asked, key, prepare, prepared, read, status};
use super::support::{Answer, BackendFixture, HTML, Node, XHR, attempt_id, path, request};
use crate::canary::listen;

const CLAIMS: &str = "presentation?claims=truid.app/claim/name/v1";

/// The answers of all routes that name the signing, and need a key.
async fn answers(node: &Node, id: &str, headers: &[(&str, &str)]) -> Vec<Answer> {
    let one = format!("/truid/signatures/{id}");
    vec![
        node.get(&one, headers).await,
        node.get(&format!("{one}/{CLAIMS}"), headers).await,
        node.send(request("DELETE", &one, headers, "")).await,
        node.post("/truid/signatures", headers, &asked().to_string())
            .await,
        node.post("/truid/signatures/digest", headers, "x").await,
    ]
}

/// The id is in two addresses that a browser shows. Neither the id nor the session of the person
/// who signed opens anything, and after the signature the id begins nothing.
#[tokio::test]
async fn the_id_of_a_signing_opens_nothing_without_a_key() {
    let fixture = BackendFixture::new().await;
    let node = fixture.signing_node().await;
    let id = prepared(&node, &asked()).await;
    let begin = format!("/truid/sign?request={id}");
    let started = node.get(&begin, &[HTML]).await;
    assert_eq!(started.header("referrer-policy"), "no-referrer");
    let cookie = started.cookie().unwrap();
    let link = fixture.approve(started.location());
    let done = node.get(path(&link), &[HTML, ("cookie", &cookie)]).await;
    assert_eq!(done.location(), format!("/?signing={id}"));
    assert_eq!(done.header("referrer-policy"), "no-referrer");
    let cookies = done.cookies_after(&cookie);
    let wrong_key = format!("Bearer {}", "x".repeat(43));
    let session = cookies.rsplit_once('=').unwrap().1;
    let session = format!("Bearer {session}");
    for headers in [
        vec![],
        vec![("cookie", &*cookies)],
        vec![("authorization", &*wrong_key)],
        vec![("authorization", &*session)],
        vec![("cookie", &*cookies), XHR],
    ] {
        for answer in answers(&node, &id, &headers).await {
            assert_eq!(answer.status, 401, "{headers:?}: {answer:?}");
            assert_eq!(answer.json()["error"], "api_key_required");
        }
    }
    // A page in a browser, even with the key.
    let (key, site) = (key(), ("sec-fetch-site", "same-origin"));
    for answer in answers(&node, &id, &[("authorization", &key), site]).await {
        answer.is(403, r#"{"error":"not_for_browsers"}"#);
    }
    for headers in [[XHR], [HTML]] {
        assert_eq!(node.get(&begin, &headers).await.status, 409);
    }
    assert_eq!(status(&node, &id).await["status"], "signed");
}

#[tokio::test]
async fn the_log_has_no_id_of_a_signing() {
    let seen = listen();
    let fixture = BackendFixture::new().await;
    let node = fixture.signing_node().await;
    let id = prepared(&node, &asked()).await;
    fixture.misbehave_at_signature(Misbehaviour::SignatureOtherDocument);
    fixture.sign(&node, &id).await;
    fixture.misbehave_at_signature(Misbehaviour::ServerError);
    read(&node, &id).await;
    fixture.advance(61);
    node.service.continue_signings().await.unwrap();
    fixture.sandbox.behave();
    assert_eq!(status(&node, &id).await["status"], "signed");
    let text = seen.text();
    assert!(text.contains("signature.refused"), "{text}");
    assert!(!text.contains(&id), "the id is in the log");
    for personal in ["hyresavtalet", "contracts/17.pdf"] {
        assert!(!text.contains(personal), "{personal}");
    }
}

/// No page shows a text of the request, and no header takes one.
#[tokio::test]
async fn hostile_texts_reach_no_page_and_no_header() {
    let fixture = BackendFixture::new().await;
    let node = fixture.signing_node().await;
    let script = "</title><script>alert(1)</script>";
    let mut hostile = asked();
    hostile["user_message"] = script.into();
    hostile["document_id"] = format!("javascript:alert(1)//{script}").into();
    hostile["content_type"] = format!("text/html; x=\"{script}\"").into();
    let id = prepared(&node, &hostile).await;
    let begin = format!("/truid/sign?request={id}");
    let started = node.get(&begin, &[HTML]).await;
    let cookie = started.cookie().unwrap();
    let link = fixture.approve(started.location());
    let done = node.get(path(&link), &[HTML, ("cookie", &cookie)]).await;
    assert_eq!(done.location(), format!("/?signing={id}"));
    assert_eq!(status(&node, &id).await["status"], "signed");
    let encoded = |text: &str| -> String {
        // Only the value: an encoded `=` would leave no parameter `request`.
        url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
    };
    for query in [
        format!("request={id}"),
        format!("request={id}&request={id}"),
        format!("request={id}&{}={}", encoded("<script>"), encoded(script)),
        format!("request={}", encoded(script)),
        format!("request={}", encoded("\"><script>alert(1)</script>")),
        format!("request={}", encoded(&format!("{id}\"><script>"))),
        format!("request={}", encoded("\r\nset-cookie: a=b")),
    ] {
        let sent = axum::http::Request::get(format!("/truid/sign?{query}"))
            .header("accept", "text/html")
            .body(axum::body::Body::empty());
        let page = node.send(sent.unwrap()).await;
        assert!(page.status.is_client_error(), "{page:?}");
        assert!(!page.body.contains("<script>"), "{page:?}");
        assert!(page.set_cookies().all(|it| it.starts_with("__Host-")));
    }
    for field in ["document_id", "content_type", "user_message"] {
        let mut broken = asked();
        broken[field] = "a\r\nset-cookie: a=b".into();
        let refused = prepare(&node, &broken).await;
        assert_eq!(refused.status, 400, "{field}");
        let why = format!("{field} is missing, too long or malformed");
        assert_eq!(refused.json()["error_description"], why);
    }
}

/// A client that knows the link cannot make the service push any number of requests.
#[tokio::test]
async fn a_signing_that_was_begun_often_pushes_no_more_requests() {
    let fixture = BackendFixture::new().await;
    let node = fixture.signing_node().await;
    let id = prepared(&node, &asked()).await;
    let begin = format!("/truid/sign?request={id}");
    for _ in 0..20 {
        assert_eq!(node.get(&begin, &[XHR]).await.status, 202);
    }
    let before = fixture.sandbox.counters().par;
    for _ in 0..3 {
        let refused = node.get(&begin, &[XHR]).await;
        refused.is(429, r#"{"error":"too_many_requests"}"#);
    }
    assert_eq!(fixture.sandbox.counters().par, before);
    // The logins end, and the person can begin again.
    fixture.advance(2 * 600);
    assert_eq!(node.get(&begin, &[XHR]).await.status, 202);
}

/// The maintenance looks once whether a login was completed, and then leaves the signing alone.
#[tokio::test]
async fn the_maintenance_stops_when_no_login_can_be_completed() {
    let fixture = BackendFixture::new().await;
    let node = fixture.signing_node().await;
    let store = fixture.store.clone().unwrap();
    let id = prepared(&node, &asked()).await;
    let started = node.get(&format!("/truid/sign?request={id}"), &[XHR]).await;
    assert_eq!(started.status, 202);
    let due = async || {
        store
            .unfinished_signatures(i64::MAX, None, 10)
            .await
            .unwrap()
    };
    assert_eq!(due().await.len(), 1);
    fixture.advance(600);
    node.service.continue_signings().await.unwrap();
    assert_eq!(due().await.len(), 1, "the login may be completing now");
    fixture.advance(600);
    node.service.continue_signings().await.unwrap();
    assert!(due().await.is_empty());
    assert_eq!(status(&node, &id).await, json!({ "status": "pending" }));
}

/// After 30 days neither the signature nor the refresh token is stored, also if the node that
/// completed the login was killed before it noted the end.
#[tokio::test]
async fn nothing_is_stored_after_the_time_of_the_provider() {
    let fixture = BackendFixture::new().await;
    let node = fixture.signing_node().await;
    let store = fixture.store.clone().unwrap();
    let mut asked = asked();
    asked["expires_in"] = json!(30 * 24 * 3600);
    let id = prepared(&node, &asked).await;
    let (cookie, callback) = fixture.approved_signing(&node, &id).await;
    let done = node.get(&callback, &[XHR, ("cookie", &cookie)]).await;
    assert_eq!(done.status, 200, "{done:?}");
    let state = url::Url::parse(&format!("https://service.example{callback}")).unwrap();
    let state = state.query_pairs().find(|(name, _)| name == "state");
    let grant = attempt_id(&state.unwrap().1);
    let is_stored = async || store.grant(grant.clone()).await.unwrap().is_some();
    assert!(is_stored().await);
    fixture.advance(30 * 24 * 3600 - 60);
    node.service.clean_up().await.unwrap();
    assert!(is_stored().await);
    assert_eq!(status(&node, &id).await["status"], "signed");
    fixture.advance(61);
    let removed = node.service.clean_up().await.unwrap();
    assert_eq!((removed.grants, removed.signatures), (1, 1));
    assert!(!is_stored().await);
    read(&node, &id)
        .await
        .is(404, r#"{"error":"unknown_signing"}"#);
}

/// The signature is stored, and the provider does not give the data of the person any more.
#[tokio::test]
async fn the_data_of_a_person_who_signed_may_end_before_the_signature() {
    let fixture = BackendFixture::new().await;
    let node = fixture.signing_node().await;
    let id = prepared(&node, &asked()).await;
    fixture.sign(&node, &id).await;
    // The provider knows the grant no more.
    fixture.advance(3600);
    fixture.sandbox.reset();
    let claims = format!("/truid/signatures/{id}/{CLAIMS}");
    let (key, gone) = (
        key(),
        r#"{"error":"no_longer_available","reason":"revoked"}"#,
    );
    for _ in 0..2 {
        let answer = node.get(&claims, &[("authorization", &key)]).await;
        answer.is(410, gone);
    }
    assert_eq!(status(&node, &id).await["status"], "signed");
}
