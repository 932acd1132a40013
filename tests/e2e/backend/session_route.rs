//! `GET {prefix}/session`, which a service calls for each request that it receives.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::HeaderMap;
use switchback::http::Reqwest;
use switchback::ports::{BoxFuture, HttpTransport, TransportError};
use switchback_backend::Service;
use switchback_backend::store::StoreError;
use switchback_protocol::http::{Request, Response};

use super::statement_hook::{HookedRowStore, StatementHook};
use super::support::{
    BackendFixture, Node, TOKENS, XHR, attempt_id, path, purpose_of, request, session_path,
};

/// Counts the statements to the database and the requests to the provider.
#[derive(Default)]
struct Counts {
    statements: AtomicU64,
    requests: AtomicU64,
}

impl StatementHook for Counts {
    fn on_point(&self, _: &'static str) -> BoxFuture<'_, Result<(), StoreError>> {
        self.statements.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::ready(Ok(())))
    }
}

struct CountingTransport(Arc<Counts>, Reqwest);

impl HttpTransport for CountingTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.0.requests.fetch_add(1, Ordering::SeqCst);
        self.1.send(request)
    }
}

impl Counts {
    fn taken(&self) -> (u64, u64) {
        let take = |count: &AtomicU64| count.swap(0, Ordering::SeqCst);
        (take(&self.statements), take(&self.requests))
    }

    fn around(self: &Arc<Self>, fixture: &BackendFixture) -> Node {
        let store = HookedRowStore {
            inner: fixture.store.clone().unwrap(),
            hook: Arc::clone(self),
        };
        let mut platform = fixture.platform_over(Arc::new(store));
        platform.http = Arc::new(CountingTransport(Arc::clone(self), Reqwest::new()));
        Node::of(Service::new(fixture.config(), platform).unwrap())
    }
}

/// Completes a login of this function: its id, and the cookie of its session.
async fn complete_login(
    fixture: &BackendFixture,
    node: &Node,
    function: &str,
    shown: &[(&str, &str)],
) -> (String, String) {
    let headers = [&[XHR], shown].concat();
    let started = node.get(&format!("/truid/{function}"), &headers).await;
    let id = attempt_id(started.json()["state"].as_str().unwrap());
    let begun = started.cookie();
    let link = fixture.approve(started.location());
    let mut headers = headers;
    headers.extend(begun.as_ref().map(|cookie| ("cookie", &**cookie)));
    let completed = node.get(path(&link), &headers).await;
    assert_eq!(completed.status, 200, "{completed:?}");
    (id, completed.cookie().unwrap())
}

#[tokio::test]
async fn session_route_returns_subject_id_purpose_and_expiry() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    for (function, lives_for) in [
        ("login-session", fixture.config().session_lifetime),
        ("confirm-signup", 3600),
        ("idv", 300),
    ] {
        let (id, cookie) = complete_login(&fixture, &node, function, &[]).await;
        let now = fixture.clock_now();
        let shown = [("cookie", &*cookie)];
        let address = session_path(function);
        let who = node.get(address, &shown).await;
        assert_eq!(who.status, 200, "{who:?}");
        assert_eq!(who.header("cache-control"), "no-store");
        let said = who.json();
        let info = address.replace("/session", "/user-info");
        let info = node.get(&info, &shown).await.json();
        assert_eq!(said["sub"], info["sub"]);
        assert_eq!(said["sid"], *id, "as the log has it");
        assert_eq!(said["purpose"], purpose_of(function));
        assert_eq!(said["since"], now);
        assert_eq!(said["expires_at"], now + lives_for, "{function}");
        // No part of the answer opens the session.
        let (_, value) = cookie.split_once('=').unwrap();
        for part in [&value[..22], &value[22..64]] {
            assert!(!who.body.contains(part), "{who:?}");
        }
        let opens = format!("{}={id}", cookie.split('=').next().unwrap());
        assert!(!node.accepts(&opens).await);
    }
}

#[tokio::test]
async fn the_stated_expiry_is_an_upper_limit() {
    let fixture = BackendFixture::new().await;
    let mut config = fixture.config();
    config.session_lifetime = 1000;
    let node = Node::of(Service::new(config, fixture.platform()).unwrap());
    for function in ["login-session", "confirm-signup", "idv"] {
        let (_, cookie) = complete_login(&fixture, &node, function, &[]).await;
        let ends = || async {
            let shown = [("cookie", &*cookie)];
            let who = node.get(session_path(function), &shown).await;
            who.json()["expires_at"].as_i64().unwrap()
        };
        let said = ends().await;
        // Refreshes do not change the expiry.
        while fixture.clock_now() + 50 < said {
            fixture.advance(50);
            assert_eq!(ends().await, said, "{function}");
        }
        fixture.advance(said - fixture.clock_now());
        assert!(!node.accepts(&cookie).await, "{function}");
    }
}

/// After a lost answer the app gets another cookie for the same session.
#[tokio::test]
async fn a_session_keeps_its_id_with_a_new_cookie() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let begun = fixture.approved_login(&node).await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let completed = node.complete(&begun.callback, &begun.cookie).await;
        ids.push(completed.cookie().unwrap());
    }
    assert_ne!(ids[0], ids[1]);
    for cookie in &mut ids {
        let who = node.get("/truid/session", &[("cookie", cookie)]).await;
        *cookie = who.json()["sid"].as_str().unwrap().to_owned();
    }
    assert_eq!(ids, [attempt_id(&begun.state), attempt_id(&begun.state)]);
    // Another login of the same person has another id.
    let (other, _) = complete_login(&fixture, &node, "login-session", &[]).await;
    assert_ne!(ids[0], other);
}

#[tokio::test]
async fn an_app_with_tokens_has_the_same_answer_after_each_refresh() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let started = node.get("/truid/login-session", &[XHR, TOKENS]).await;
    let login = format!("Bearer {}", started.json()["login_token"].as_str().unwrap());
    let link = fixture.approve(started.location());
    let headers = [XHR, TOKENS, ("authorization", &*login)];
    let mut tokens = node.get(path(&link), &headers).await.json();
    let mut answers = Vec::new();
    for _ in 0..3 {
        let shown = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        let shown = [("authorization", &*shown)];
        answers.push(node.get("/truid/session", &shown).await.json());
        fixture.advance(60);
        let refresh = tokens["refresh_token"].as_str().unwrap();
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let body = format!("grant_type=refresh_token&refresh_token={refresh}");
        tokens = node.post("/truid/token", &form, &body).await.json();
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
}

#[tokio::test]
async fn the_provider_is_not_asked_while_the_stored_state_suffices() {
    let fixture = BackendFixture::new().await;
    let counts = Arc::new(Counts::default());
    let node = counts.around(&fixture);
    let (_, login) = complete_login(&fixture, &node, "login-session", &[]).await;
    let (_, signed_up) = complete_login(&fixture, &node, "confirm-signup", &[]).await;
    let (_, under) = complete_login(&fixture, &node, "login-session", &[]).await;
    let (_, verified) = complete_login(&fixture, &node, "idv", &[("cookie", &under)]).await;
    // Also a verification beside its login, with which it is compared.
    let beside = format!("{under}; {verified}");
    for (function, cookie) in [
        ("login-session", &login),
        ("confirm-signup", &signed_up),
        ("idv", &verified),
        ("idv", &beside),
    ] {
        let shown = [("cookie", &**cookie)];
        let address = session_path(function);
        let first = node.get(address, &shown).await;
        assert_eq!(first.status, 200, "{first:?}");
        // The first request also writes that the cookies were used.
        node.get(address, &shown).await;
        counts.taken();
        for _ in 0..20 {
            let again = node.get(address, &shown).await;
            assert_eq!(again.body, first.body);
        }
        // From memory, without the database.
        assert_eq!(counts.taken(), (0, 0), "{first:?}");
        // After the cache has expired, and at another node, the session comes from the database.
        fixture.advance(10);
        assert_eq!(node.get(address, &shown).await.body, first.body);
        let (statements, requests) = counts.taken();
        assert!(statements > 0 && requests == 0, "{statements} {requests}");
        let other = counts.around(&fixture);
        assert_eq!(other.get(address, &shown).await.body, first.body);
        assert_eq!(counts.taken().1, 0);
    }
    // When the provider's access token has expired, it is refreshed once.
    let (_, login) = complete_login(&fixture, &node, "login-session", &[]).await;
    assert!(node.accepts(&login).await);
    fixture.advance(59);
    counts.taken();
    assert!(node.accepts(&login).await);
    assert_eq!(counts.taken().1, 0);
    fixture.advance(1);
    let before = fixture.sandbox.counters();
    for _ in 0..20 {
        assert!(node.accepts(&login).await);
    }
    assert_eq!(counts.taken().1, 1);
    let after = fixture.sandbox.counters();
    assert_eq!(after.refreshes, before.refreshes + 1);
    assert_eq!(after.user_info, before.user_info);
    assert_eq!(fixture.sandbox.findings(), []);
}

#[tokio::test]
async fn without_a_session_get_and_head_are_401() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (_, cookie) = complete_login(&fixture, &node, "login-session", &[]).await;
    let sent = |answer: &super::support::Answer| {
        let mut headers: HeaderMap = answer.headers.clone();
        headers.remove("date");
        headers
    };
    let tampered = format!("{}A", &cookie[..cookie.len() - 1]);
    let without_session: &[&[(&str, &str)]] = &[
        &[],
        &[("cookie", "__Host-switchback=")],
        &[("cookie", "other=1")],
        &[("authorization", "Bearer x")],
        &[("authorization", "Bearer x"), ("cookie", &cookie)],
        &[("cookie", &tampered.replace("switchback=", "switchback=A"))],
    ];
    for shown in without_session {
        let get = node.get("/truid/session", shown).await;
        get.is(401, r#"{"error":"login_required","reason":"no_session"}"#);
        assert_eq!(get.header("www-authenticate"), "Bearer");
        assert_eq!(get.header("cache-control"), "no-store");
        let head = node
            .send(request("HEAD", "/truid/session", shown, ""))
            .await;
        head.is(401, "");
        assert_eq!(sent(&head), sent(&get));
    }
    let shown = [("cookie", &*cookie)];
    let get = node.get("/truid/session", &shown).await;
    let head = node
        .send(request("HEAD", "/truid/session", &shown, ""))
        .await;
    head.is(200, "");
    assert_eq!(sent(&head), sent(&get));
    // The answer does not depend on `Accept`.
    let headers = [shown[0], super::support::HTML];
    assert_eq!(node.get("/truid/session", &headers).await.body, get.body);
}
