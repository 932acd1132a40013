//! What the log says about the end of a session: an event is there exactly if it happened.

use std::sync::Arc;

use serde_json::Value;
use switchback::http::Reqwest;
use switchback::ports::{BoxFuture, HttpTransport, TransportError};
use switchback::{Client, Error, SessionEnd};
use switchback_backend::{Platform, Service};
use switchback_protocol::http::{Request, Response};

use crate::backend::support::{
    ApprovedLogin, BackendFixture, CLIENT_ID, Node, TOKENS, XHR, attempt_id, session_path,
};
use crate::canary::{Captured, listen};
use crate::support::{Fixture, session_end};

/// The `session.*` and `token.*` events with this id, in order, with their notes.
pub(crate) fn events(log: &Captured, id: &str) -> Vec<String> {
    let text = log.text();
    let plain = |line: &str| {
        let mut parts = line.split('\u{1b}');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |line, part| {
            line + part.split_once('m').map_or("", |(_, rest)| rest)
        })
    };
    let field = |line: &str, name: &str| {
        let (_, rest) = line.split_once(&format!("{name}="))?;
        let rest = rest.trim_matches('"');
        Some(rest.split('"').next().unwrap_or_default().to_owned())
    };
    let lines = text.lines().map(plain).filter(|line| line.contains(id));
    let events = lines.filter_map(|line| {
        let name = field(&line, "event")?;
        let note = line.split_once("note=").map(|(_, note)| note);
        let is_ours = name.starts_with("session.") || name.starts_with("token.");
        is_ours.then(|| match note {
            Some(note) => format!("{name}: {}", note.trim().trim_matches('"')),
            None => name,
        })
    });
    events.collect()
}

/// Refuses every request for user info, whatever its token.
struct RefusesUserInfo(Reqwest);

impl HttpTransport for RefusesUserInfo {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let is_refused = request.url.ends_with("/user-info");
        Box::pin(async move {
            match is_refused {
                true => Ok(Response {
                    status: 401,
                    headers: Vec::new(),
                    body: Vec::new(),
                }),
                false => self.0.send(request).await,
            }
        })
    }
}

fn refusing(fixture: &BackendFixture) -> Node {
    let platform = Platform {
        http: Arc::new(RefusesUserInfo(Reqwest::new())),
        ..fixture.platform()
    };
    Node::of(Service::new(fixture.config(), platform).unwrap())
}

/// Completes a login for this function: the id in the log, and the cookie of the session.
async fn complete(fixture: &BackendFixture, node: &Node, function: &str) -> (String, String) {
    let started = node.get(&format!("/truid/{function}"), &[XHR]).await;
    let id = attempt_id(started.json()["state"].as_str().unwrap());
    let link = fixture.approve(started.location());
    let callback = crate::backend::support::path(&link);
    let completed = node.complete(callback, &started.cookie().unwrap()).await;
    (id, completed.cookie().unwrap())
}

/// One resource refuses the token that was just refreshed. Nothing has ended.
#[tokio::test]
async fn a_refused_fresh_token_ends_no_session() {
    let log = listen();
    let fixture = BackendFixture::new().await;
    let (id, session) = complete(&fixture, &fixture.node(), "login-session").await;
    assert!(fixture.node().accepts(&session).await);
    let node = refusing(&fixture);
    let shown = [("cookie", &*session)];
    let refused = node.get("/truid/user-info", &shown).await;
    refused.is(502, r#"{"error":"provider_error"}"#);
    assert_eq!(events(&log, &id), ["token.refused"]);
    assert_eq!(node.service.counters().sessions_over.get(), 0);
    // The session lives, and another resource accepts the token.
    assert_eq!(node.get("/truid/session", &shown).await.status, 200);
    let claims = "/truid/presentation?claims=truid.app/claim/email/v1";
    assert_eq!(node.get(claims, &shown).await.status, 200);
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
    assert_eq!(events(&log, &id), ["token.refused"]);
}

/// The same for a session without a refresh token: there is no other token to try.
#[tokio::test]
async fn a_refused_only_token_ends_no_session() {
    let log = listen();
    let fixture = BackendFixture::new().await;
    let (id, session) = complete(&fixture, &fixture.node(), "idv").await;
    assert!(fixture.node().accepts(&session).await);
    let node = refusing(&fixture);
    let shown = [("cookie", &*session)];
    let data = "/truid/user-info?purpose=identity_verification";
    let refused = node.get(data, &shown).await;
    refused.is(401, r#"{"error":"login_required","reason":"revoked"}"#);
    assert_eq!(events(&log, &id), ["token.refused"]);
    assert_eq!(node.service.counters().sessions_over.get(), 0);
    assert_eq!(node.get(session_path("idv"), &shown).await.status, 200);
}

#[tokio::test]
async fn an_end_at_the_provider_is_logged_once() {
    let log = listen();
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (id, session) = complete(&fixture, &node, "login-session").await;
    assert!(node.accepts(&session).await);
    fixture.sandbox.app().end_sessions(CLIENT_ID);
    fixture.advance(61);
    let shown = [("cookie", &*session)];
    let ask = || node.get("/truid/user-info", &shown);
    let (one, other) = tokio::join!(ask(), ask());
    for answer in [one, other, ask().await] {
        answer.is(401, r#"{"error":"login_required","reason":"revoked"}"#);
    }
    let logged = events(&log, &id);
    let [over] = &logged[..] else {
        panic!("{logged:?}")
    };
    assert!(over.starts_with("session.over: "), "{over}");
    assert!(over.contains("invalid_grant"), "{over}");
    assert_eq!(node.service.counters().sessions_over.get(), 1);
    assert_eq!(node.service.counters().logged_out.get(), 0);
}

#[tokio::test]
async fn a_log_out_is_logged_once() {
    let log = listen();
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    for function in ["login-session", "idv", "confirm-signup"] {
        let (id, session) = complete(&fixture, &node, function).await;
        for _ in 0..2 {
            let shown = [("cookie", &*session)];
            node.post("/truid/log-out", &shown, "").await.is(204, "");
        }
        assert_eq!(events(&log, &id), ["session.logged-out"], "{function}");
    }
    assert_eq!(node.service.counters().logged_out.get(), 3);
    assert_eq!(node.service.counters().sessions_over.get(), 0);
}

/// A thief's refresh token ends the session. No person has logged out.
#[tokio::test]
async fn a_reused_refresh_token_is_no_log_out() {
    let log = listen();
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let started = node.get("/truid/login-session", &[XHR, TOKENS]).await;
    let id = attempt_id(started.json()["state"].as_str().unwrap());
    let text = |json: &Value, name: &str| json[name].as_str().unwrap().to_owned();
    let token = format!("Bearer {}", text(&started.json(), "login_token"));
    let link = fixture.approve(started.location());
    let headers = [XHR, TOKENS, ("authorization", &*token)];
    let callback = crate::backend::support::path(&link);
    let first = text(&node.get(callback, &headers).await.json(), "refresh_token");
    let refresh = async |token: &str| {
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let body = format!("grant_type=refresh_token&refresh_token={token}");
        node.post("/truid/token", &form, &body).await
    };
    let second = text(&refresh(&first).await.json(), "refresh_token");
    refresh(&second).await;
    refresh(&first)
        .await
        .is(400, r#"{"error":"invalid_grant"}"#);
    let logged = events(&log, &id);
    assert_eq!(logged.len(), 2, "{logged:?}");
    assert_eq!(logged[0], "session.token-reused");
    assert!(logged[1].starts_with("session.over: "), "{logged:?}");
    let counters = node.service.counters();
    let counts = [
        &counters.reused,
        &counters.sessions_over,
        &counters.logged_out,
    ];
    assert_eq!(counts.map(|counter| counter.get()), [1, 1, 0]);
}

/// A person logs in again in the same browser.
#[tokio::test]
async fn a_replaced_login_is_over() {
    let log = listen();
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (id, session) = complete(&fixture, &node, "login-session").await;
    let shown = [("cookie", &*session)];
    let ApprovedLogin { callback, .. } = fixture.approved_login_with(&node, &shown).await;
    let again = node.complete(&callback, &session).await.cookie().unwrap();
    assert_eq!(
        events(&log, &id),
        [""; 0],
        "the new cookie was not used yet"
    );
    for _ in 0..2 {
        assert!(node.accepts(&again).await);
    }
    let replaced = "session.over: a later session of this browser or app replaced it";
    assert_eq!(events(&log, &id), [replaced]);
    // A session that ended before is not ended again.
    let (id, session) = complete(&fixture, &node, "login-session").await;
    let shown = [("cookie", &*session)];
    let ApprovedLogin { callback, .. } = fixture.approved_login_with(&node, &shown).await;
    let again = node.complete(&callback, &session).await.cookie().unwrap();
    node.post("/truid/log-out", &shown, "").await.is(204, "");
    assert!(node.accepts(&again).await);
    assert_eq!(events(&log, &id), ["session.logged-out"]);
}

/// An app as the client of the provider: its session continues, too.
#[tokio::test]
async fn a_refused_fresh_token_ends_no_session_of_an_app() {
    let log = listen();
    let fixture = Fixture::new().await;
    let mut platform = fixture.platform();
    platform.http = Arc::new(RefusesUserInfo(Reqwest::new()));
    let app = Client::new(fixture.config(), platform).unwrap();
    let session = fixture.logged_in(&app).await;
    let id = session.id().as_str().to_owned();
    let refused = session.user_info().await.unwrap_err();
    assert!(matches!(refused, Error::Protocol { .. }), "{refused:?}");
    assert_eq!(session.ended(), None);
    assert_eq!(events(&log, &id), ["token.refused"]);
}

#[tokio::test]
async fn a_log_out_of_an_app_is_logged_once() {
    let log = listen();
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let id = session.id().as_str().to_owned();
    for _ in 0..2 {
        session.log_out().await.unwrap();
    }
    let logged = events(&log, &id);
    let log_outs = logged.iter().filter(|event| *event == "session.logged-out");
    assert_eq!(log_outs.count(), 1, "{logged:?}");
    let why = session_end(session.access_token().await.unwrap_err());
    assert_eq!(why, SessionEnd::LoggedOut);
}
