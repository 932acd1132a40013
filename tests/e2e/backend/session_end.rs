//! An ended session stays ended, at all nodes and for all requests; a live session continues.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use switchback_backend::{Environment, Provider, Registration};
use switchback_backend::{Keys, Platform, Service};

use super::pause_point::PausePoint;
use super::support::{
    BackendFixture, CLIENT_ID, KEY, Node, REDIRECT_URI, TOKENS, XHR, path, session_path,
};
use crate::pausable_transport::PausableTransport;
use crate::support::ObservedTransport;

/// The tokens of an app without cookies that logs in, under a session or without one.
async fn tokens(
    fixture: &BackendFixture,
    node: &Node,
    function: &str,
    under: Option<&str>,
) -> (String, String) {
    let under = under.map(|token| format!("Bearer {token}"));
    let mut shown = vec![XHR, TOKENS];
    shown.extend(under.as_ref().map(|token| ("authorization", &**token)));
    let started = node.get(&format!("/truid/{function}"), &shown).await;
    assert_eq!(started.status, 202, "{started:?}");
    let fresh = started.json()["login_token"].as_str().map(str::to_owned);
    let fresh = fresh.map(|token| format!("Bearer {token}"));
    shown.extend(fresh.as_ref().map(|token| ("authorization", &**token)));
    let link = fixture.approve(started.location());
    let completed = node.get(path(&link), &shown).await;
    assert_eq!(completed.status, 200, "{completed:?}");
    pair(&completed.json())
}

fn pair(answer: &serde_json::Value) -> (String, String) {
    let token = |name: &str| answer[name].as_str().unwrap().to_owned();
    (token("access_token"), token("refresh_token"))
}

async fn refreshed(node: &Node, token: &str) -> Option<(String, String)> {
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let body = format!("grant_type=refresh_token&refresh_token={token}");
    let answer = node.post("/truid/token", &form, &body).await;
    (answer.status == 200).then(|| pair(&answer.json()))
}

async fn status(node: &Node, access_token: &str) -> u16 {
    status_for(node, "login-session", access_token).await
}

async fn status_for(node: &Node, function: &str, access_token: &str) -> u16 {
    let shown = format!("Bearer {access_token}");
    let shown = [("authorization", &*shown)];
    let answer = node.get(session_path(function), &shown).await;
    answer.status.as_u16()
}

#[tokio::test]
async fn a_request_during_a_log_out_does_not_revive_the_session() {
    let fixture = BackendFixture::new().await;
    let pause = PausePoint::at("session: after");
    let platform = fixture.platform_over(pause.wrap(fixture.store.clone().unwrap()));
    let node = Node::of(Service::new(fixture.config(), platform).unwrap());
    let session = fixture.log_in(&node).await;
    assert!(node.accepts(&session).await);
    fixture.advance(fixture.config().cached_for);
    pause.pause_next(1);
    let under_way = {
        let (node, session) = (node.clone(), session.clone());
        tokio::spawn(async move { node.accepts(&session).await })
    };
    pause.reached.notified().await;
    let shown = [("cookie", &*session)];
    node.post("/truid/log-out", &shown, "").await.is(204, "");
    pause.resume(1);
    under_way.await.unwrap();
    assert!(!node.accepts(&session).await);
}

#[tokio::test]
async fn a_clock_set_back_revives_nothing() {
    let fixture = BackendFixture::new().await;
    let nodes = [fixture.node(), fixture.node()];
    let session = fixture.log_in(&nodes[0]).await;
    for node in &nodes {
        assert!(node.accepts(&session).await);
    }
    let shown = [("cookie", &*session)];
    nodes[0]
        .post("/truid/log-out", &shown, "")
        .await
        .is(204, "");
    fixture.clock.advance(-30);
    assert!(!nodes[1].accepts(&session).await);
}

#[tokio::test]
async fn refreshes_do_not_extend_the_session_limit() {
    for (function, lifetime) in [("login-session", 7200), ("confirm-signup", 3600)] {
        let fixture = BackendFixture::new().await;
        let mut config = fixture.config();
        config.session_lifetime = 7200;
        let node = Node::of(Service::new(config, fixture.platform()).unwrap());
        let (mut access, mut refresh) = tokens(&fixture, &node, function, None).await;
        let rounds = (lifetime - 1) / 800;
        for _ in 0..rounds {
            fixture.advance(800);
            (access, refresh) = refreshed(&node, &refresh).await.unwrap();
            assert_eq!(status_for(&node, function, &access).await, 200);
        }
        fixture.advance(lifetime - rounds * 800);
        let over = status_for(&node, function, &access).await;
        assert_eq!(over, 401, "{function}");
        assert_eq!(refreshed(&node, &refresh).await, None, "{function}");
    }
}

#[tokio::test]
async fn an_identity_verification_keeps_the_apps_login() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (login, _) = tokens(&fixture, &node, "login-session", None).await;
    for function in ["idv", "confirm-signup"] {
        let (other, _) = tokens(&fixture, &node, function, Some(&login)).await;
        assert_eq!(status_for(&node, function, &other).await, 200);
        assert_eq!(status(&node, &login).await, 200, "{function}");
    }
    let (again, _) = tokens(&fixture, &node, "login-session", Some(&login)).await;
    assert_eq!(status(&node, &again).await, 200);
    assert_eq!(status(&node, &login).await, 401, "it was replaced");
}

#[tokio::test]
async fn a_login_under_a_token_completes_with_the_next_token() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (access, refresh) = tokens(&fixture, &node, "login-session", None).await;
    assert_eq!(status(&node, &access).await, 200);
    fixture.advance(901);
    let shown = format!("Bearer {access}");
    let begun = fixture
        .approved_login_with(&node, &[("authorization", &shown)])
        .await;
    let (access, _) = refreshed(&node, &refresh).await.unwrap();
    let shown = format!("Bearer {access}");
    let shown = [XHR, TOKENS, ("authorization", &*shown)];
    let completed = node.get(&begun.callback, &shown).await;
    assert_eq!(completed.status, 200, "{completed:?}");
}

/// The provider ends a grant by its newest token; it possibly does not know an older token.
#[tokio::test]
async fn a_log_out_during_a_refresh_revokes_the_new_tokens() {
    let fixture = BackendFixture::new().await;
    let pause = PausePoint::at("grant: after");
    // The newest token, and the revoked token.
    let seen = Arc::new(Mutex::new([String::new(), String::new()]));
    let noted = Arc::clone(&seen);
    let plain = fixture.platform_over(pause.wrap(fixture.store.clone().unwrap()));
    let tap = ObservedTransport {
        inner: Arc::clone(&plain.http),
        on_answer: Box::new(move |request, response| {
            let mut noted = noted.lock().unwrap();
            let body: serde_json::Value =
                serde_json::from_slice(&response.body).unwrap_or_default();
            if let Some(token) = body["refresh_token"].as_str() {
                noted[0] = token.to_owned();
            }
            if request.url.ends_with("/revoke") {
                let form = request.body.as_ref().unwrap().expose().as_bytes();
                let mut form = url::form_urlencoded::parse(form);
                let (_, token) = form.find(|(name, _)| name == "token").unwrap();
                noted[1] = token.into_owned();
            }
        }),
    };
    let http = Arc::new(tap);
    let mut config = fixture.config();
    let provider = Provider::truid()
        .with_base_url(fixture.sandbox.url())
        .with_revocation("/revoke");
    config.registration =
        Registration::new(provider, CLIENT_ID, REDIRECT_URI, Environment::Production).unwrap();
    let node = Node::of(Service::new(config, Platform { http, ..plain }).unwrap());
    let session = fixture.log_in(&node).await;
    assert!(node.accepts(&session).await);
    fixture.advance(61);
    pause.pause_next(1);
    let log_out = {
        let (node, session) = (node.clone(), session.clone());
        tokio::spawn(async move {
            let shown = [("cookie", &*session)];
            node.post("/truid/log-out", &shown, "")
                .await
                .status
                .as_u16()
        })
    };
    pause.reached.notified().await;
    assert!(node.accepts(&session).await, "it is refreshed meanwhile");
    pause.resume(1);
    assert_eq!(log_out.await.unwrap(), 204);
    assert!(!node.accepts(&session).await);
    let [newest, revoked] = &*seen.lock().unwrap();
    assert_eq!(newest, revoked);
}

/// A database file belongs to one process, which may have several services on it.
#[tokio::test]
async fn two_services_of_one_process_refresh_once() {
    two_refresh_once(0).await;
}

#[tokio::test]
async fn a_lease_holds_against_a_changed_clock() {
    two_refresh_once(-3600).await;
    two_refresh_once(3600).await;
}

/// One node holds the lease, and the other node's clock is off.
async fn two_refresh_once(off_by: i64) {
    let fixture = BackendFixture::new().await;
    let session = fixture.log_in(&fixture.node()).await;
    fixture.advance(61);
    let transport = PausableTransport::new(fixture.platform().http);
    transport.pause_requests();
    let http = transport.clone();
    let platform = Platform {
        http,
        ..fixture.platform()
    };
    let one = Node::of(Service::new(fixture.config(), platform).unwrap());
    let pause = PausePoint::at("grant: before");
    let platform = fixture.platform_over(pause.wrap(fixture.store.clone().unwrap()));
    let other = Node::of(Service::new(fixture.config(), platform).unwrap());
    let ask = |node: &Node| {
        let (node, session) = (node.clone(), session.clone());
        tokio::spawn(async move { node.accepts(&session).await })
    };
    let first = ask(&one);
    transport.reached.notified().await;
    // The second node reads the grant twice, and sends nothing.
    pause.pause_next(2);
    pause.clock_off_by.store(off_by, Ordering::SeqCst);
    let second = ask(&other);
    pause.reached.notified().await;
    pause.resume(1);
    pause.reached.notified().await;
    assert_eq!(fixture.sandbox.counters().refreshes, 0);
    transport.resume();
    assert!(first.await.unwrap());
    pause.resume(1);
    assert!(second.await.unwrap());
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
    assert_eq!(fixture.sandbox.findings(), []);
}

/// The same for the lease of a login: the second node waits, and sends no code.
#[tokio::test]
async fn nodes_with_different_clocks_complete_a_login_once() {
    for off_by in [-3600, 0, 57, 3600] {
        two_complete_once(off_by).await;
    }
}

async fn two_complete_once(off_by: i64) {
    let fixture = BackendFixture::new().await;
    let transport = PausableTransport::new(fixture.platform().http);
    transport.pause_requests();
    let http = transport.clone();
    let plain = fixture.platform();
    let one = Node::of(Service::new(fixture.config(), Platform { http, ..plain }).unwrap());
    let pause = PausePoint::at("attempt: before");
    let platform = fixture.platform_over(pause.wrap(fixture.store.clone().unwrap()));
    let other = Node::of(Service::new(fixture.config(), platform).unwrap());
    let login = fixture.approved_login(&fixture.node()).await;
    let complete = |node: &Node| {
        let (node, callback) = (node.clone(), login.callback.clone());
        let cookie = login.cookie.clone();
        tokio::spawn(async move { node.complete(&callback, &cookie).await.status })
    };
    let first = complete(&one);
    transport.reached.notified().await;
    // The second node reads the attempt to find its owner, to decide, and once more; it sends
    // nothing.
    pause.pause_next(3);
    pause.clock_off_by.store(off_by, Ordering::SeqCst);
    let second = complete(&other);
    let looks = async {
        for _ in 0..2 {
            pause.reached.notified().await;
            pause.resume(1);
        }
        pause.reached.notified().await;
    };
    // A node that sends a code does not read a third time.
    let looks = tokio::time::timeout(std::time::Duration::from_secs(60), looks);
    looks.await.expect("the second node waits");
    assert_eq!(fixture.sandbox.counters().code_exchanges, 0);
    transport.resume();
    assert_eq!(first.await.unwrap(), 200);
    pause.resume(1);
    assert_eq!(second.await.unwrap(), 200);
    assert_eq!(fixture.sandbox.counters().code_exchanges, 1);
    assert_eq!(fixture.sandbox.findings(), []);
}

/// During a key change, two nodes have the keys in a different order.
#[tokio::test]
async fn a_repeated_refresh_is_answered_alike_after_a_key_change() {
    const NEW: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    let fixture = BackendFixture::new().await;
    let node = |order: [&str; 2]| {
        let keys = Keys::read(&order.join("\n")).unwrap();
        let platform = fixture.platform();
        Node::of(Service::new(fixture.config(), Platform { keys, ..platform }).unwrap())
    };
    let (before, after) = (node([KEY, NEW]), node([NEW, KEY]));
    let (_, refresh) = tokens(&fixture, &before, "login-session", None).await;
    let first = refreshed(&before, &refresh).await.unwrap();
    let again = refreshed(&after, &refresh).await.unwrap();
    assert_eq!(first, again);
    assert_eq!(status(&after, &first.0).await, 200);
    refreshed(&before, &first.1).await.unwrap();
}

/// All requests are within one second, while the cache is valid for five.
#[tokio::test]
async fn a_node_that_learns_of_a_sessions_end_stops_serving_it() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let revoked = r#"{"error":"login_required","reason":"revoked"}"#;
    for address in [
        "/truid/user-info",
        "/truid/presentation?claims=truid.app/claim/email/v1",
    ] {
        // Two cookies of one session; one of them sends the request.
        let begun = fixture.approved_login(&node).await;
        let mut cookies = Vec::new();
        for _ in 0..2 {
            let completed = node.complete(&begun.callback, &begun.cookie).await;
            cookies.push(completed.cookie().unwrap());
        }
        for cookie in &cookies {
            assert!(node.accepts(cookie).await);
        }
        fixture.sandbox.app().end_sessions(CLIENT_ID);
        assert!(
            node.accepts(&cookies[0]).await,
            "the node does not know of the end yet"
        );
        let shown = [("cookie", &*cookies[0])];
        node.get(address, &shown).await.is(401, revoked);
        for cookie in &cookies {
            let shown = [("cookie", &**cookie)];
            let who = node.get("/truid/session", &shown).await;
            who.is(401, revoked);
        }
    }
}

#[tokio::test]
async fn a_node_that_refuses_a_refresh_token_stops_serving_its_session() {
    let fixture = BackendFixture::new().await;
    let nodes = [fixture.node(), fixture.node()];
    // Another node ended the session, or a refresh token that was sent twice ended it.
    for elsewhere in [true, false] {
        let (access, refresh) = tokens(&fixture, &nodes[0], "login-session", None).await;
        assert_eq!(status(&nodes[0], &access).await, 200);
        let (access, spent) = match elsewhere {
            true => {
                let shown = format!("Bearer {access}");
                let shown = [("authorization", &*shown)];
                let done = nodes[1].post("/truid/log-out", &shown, "").await;
                done.is(204, "");
                (access, refresh)
            }
            false => {
                let (next, _) = refreshed(&nodes[0], &refresh).await.unwrap();
                assert_eq!(status(&nodes[0], &next).await, 200);
                (next, refresh)
            }
        };
        assert_eq!(status(&nodes[0], &access).await, 200, "from memory");
        assert_eq!(refreshed(&nodes[0], &spent).await, None);
        assert_eq!(status(&nodes[0], &access).await, 401, "{elsewhere}");
    }
}
