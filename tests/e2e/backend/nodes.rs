//! Several nodes on one database.

use std::sync::Arc;

use super::database::Database;
use super::support::{BackendFixture, CLIENT_ID, Node};
use switchback_backend::Service;

/// Another node, which shares only the database.
async fn another(fixture: &BackendFixture) -> Node {
    let platform = fixture.platform_over(fixture.database.open().await);
    Node::of(Service::new(fixture.config(), platform).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_expired_sessions_are_a_thousand_refreshes() {
    const SESSIONS: usize = 1000;
    const CLIENTS: usize = 64;
    /// The number of clients, of both nodes, that use each session.
    const SHARED_BY: usize = 8;
    let Some(database) = Database::postgres().await else {
        return;
    };
    let fixture = BackendFixture::over(database).await;
    let nodes = [another(&fixture).await, another(&fixture).await];
    let mut sessions = Vec::new();
    for _ in 0..SESSIONS {
        sessions.push(fixture.log_in(&nodes[0]).await);
    }
    let sessions = Arc::new(sessions);
    fixture.advance(301);
    let clients = (0..CLIENTS).map(|client| {
        let (node, sessions) = (nodes[client % 2].clone(), Arc::clone(&sessions));
        tokio::spawn(async move {
            // Clients 2n and 2n+1, at different nodes, use the same sessions.
            let mine = sessions.iter().enumerate();
            let mine = mine.filter(|(n, _)| n % SHARED_BY == (client / 2) % SHARED_BY);
            for (_, session) in mine {
                let shown = [("cookie", &**session)];
                let mut who = node.get("/truid/session", &shown).await;
                // An overloaded database answers 503, and the client retries, as an app does.
                for _ in 0..10 {
                    if who.status != 503 {
                        break;
                    }
                    who = node.get("/truid/session", &shown).await;
                }
                assert_eq!(who.status, 200, "{who:?}");
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
    let counters = fixture.sandbox.counters();
    assert_eq!(counters.refreshes, SESSIONS as u64);
    assert_eq!(
        (counters.refused_token_requests, counters.revoked_grants),
        (0, 0)
    );
    for session in sessions.iter() {
        let who = nodes[1].get("/truid/session", &[("cookie", session)]).await;
        assert_eq!(who.status, 200, "{who:?}");
    }
}

#[tokio::test]
async fn a_login_begun_at_one_node_completes_at_another() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let fixture = BackendFixture::over(database).await;
    let nodes = [another(&fixture).await, another(&fixture).await];
    let started = nodes[0]
        .get("/truid/login-session", &[super::support::XHR])
        .await;
    let cookie = started.cookie().unwrap();
    let link = fixture.approve(started.location());
    let shown = [super::support::XHR, ("cookie", &*cookie)];
    // Both nodes receive the link at once.
    let link = super::support::path(&link);
    let (one, other) = tokio::join!(nodes[0].get(link, &shown), nodes[1].get(link, &shown));
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (200, 200));
    assert_eq!(fixture.sandbox.counters().code_exchanges, 1);
    for (node, answer) in [(&nodes[1], one), (&nodes[0], other)] {
        let session = answer.cookie().unwrap();
        let who = node.get("/truid/session", &[("cookie", &session)]).await;
        assert_eq!(who.status, 200);
    }
}

#[tokio::test]
async fn another_node_notices_a_log_out_in_time() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let fixture = BackendFixture::over(database).await;
    let nodes = [another(&fixture).await, another(&fixture).await];
    let session = fixture.log_in(&nodes[0]).await;
    let shown = [("cookie", &*session)];
    for node in &nodes {
        assert_eq!(node.get("/truid/session", &shown).await.status, 200);
    }
    nodes[0]
        .post("/truid/log-out", &shown, "")
        .await
        .is(204, "");
    assert_eq!(nodes[0].get("/truid/session", &shown).await.status, 401);
    // The other node serves the session from memory, for `cached_for` at most.
    assert_eq!(nodes[1].get("/truid/session", &shown).await.status, 200);
    fixture.clock.advance(fixture.config().cached_for);
    assert_eq!(nodes[1].get("/truid/session", &shown).await.status, 401);
}

#[tokio::test]
async fn a_database_file_belongs_to_one_process() {
    let fixture = BackendFixture::new().await;
    let super::database::Address::Sqlite(path) = &fixture.database.address else {
        panic!("not a file")
    };
    let again = switchback_backend::store::Sqlite::open(path).await;
    let why = again.err().unwrap().to_string();
    assert!(why.contains("in use by another process"), "{why}");
}

#[tokio::test]
async fn a_session_ended_at_one_node_is_ended_at_all() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let fixture = BackendFixture::over(database).await;
    let nodes = [another(&fixture).await, another(&fixture).await];
    let session = fixture.log_in(&nodes[0]).await;
    fixture.sandbox.app().end_sessions(CLIENT_ID);
    fixture.advance(301);
    for node in &nodes {
        node.get("/truid/session", &[("cookie", &session)])
            .await
            .is(401, r#"{"error":"login_required","reason":"revoked"}"#);
    }
    assert_eq!(fixture.sandbox.counters().refused_token_requests, 1);
}
