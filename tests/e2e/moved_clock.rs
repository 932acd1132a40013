//! A developer moves the sandbox's clock, and the app's clock does not move: clients are refused
//! and recover, and the sandbox finds no fault with them.

use std::sync::Arc;

use switchback::provider::truid::ClaimType;
use switchback::{LoginOutcome, Purpose, Session, SessionEnd};
use switchback_backend::{ClientAuthentication, Service, SigningKey};
use switchback_sandbox::{Config, RegisteredClient, Sandbox};

use crate::backend::support::{
    BackendFixture, CLIENT_ID, CLIENT_SECRET, Node, REDIRECT_URI, XHR, path,
};
use crate::support::{
    CLIENT_ID as APP, Fixture, TestClock, request, sandbox_of, session_end, session_of,
};

/// A phone, a sandbox, and two clocks that the test moves.
async fn fixture() -> Fixture {
    let app = RegisteredClient::public(APP, "https://app.example/truid/callback");
    let config = Config {
        now: Some(NOW),
        ..sandbox_of(app)
    };
    Fixture {
        sandbox: Sandbox::start(config).await.unwrap(),
        clock: TestClock::at(NOW),
        store: Arc::default(),
    }
}

const NOW: i64 = 1_800_000_000;

/// Reads all shared data, so that no requested scope is unused.
async fn read_all(session: &Session) {
    let shown = session.presentation(&ClaimType::ALL).await.unwrap();
    assert_eq!(shown.claims.len(), ClaimType::ALL.len());
}

#[tokio::test]
async fn a_moved_clock_costs_one_refresh() {
    // The first access token is valid for 60 seconds, and the session for 1,800 without a refresh.
    for (moved, refreshes) in [(20, 0), (59, 0), (60, 1), (61, 1), (300, 1), (1_799, 1)] {
        let fixture = fixture().await;
        let session = fixture.logged_in(&fixture.app()).await;
        fixture.sandbox.advance(moved);
        for _ in 0..2 {
            read_all(&session).await;
        }
        assert_eq!(fixture.sandbox.counters().refreshes, refreshes, "{moved}");
        assert_eq!(fixture.sandbox.findings(), [], "{moved}");
    }
}

#[tokio::test]
async fn concurrent_rejected_callers_cause_no_finding() {
    let fixture = fixture().await;
    let session = fixture.logged_in(&fixture.app()).await;
    fixture.sandbox.advance(100);
    let callers: Vec<_> = (0..8)
        .map(|_| {
            let session = session.clone();
            tokio::spawn(async move { read_all(&session).await })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
    assert_eq!(fixture.sandbox.findings(), []);
}

#[tokio::test]
async fn a_clock_moved_back_causes_no_early_refresh() {
    for back in [-60, -3_600, -90_000] {
        let fixture = fixture().await;
        let session = fixture.logged_in(&fixture.app()).await;
        fixture.sandbox.advance(back);
        // Both clocks move by a minute.
        fixture.advance(60);
        session.access_token().await.unwrap();
        read_all(&session).await;
        assert_eq!(fixture.sandbox.counters().refreshes, 1, "{back}");
        assert_eq!(fixture.sandbox.findings(), [], "{back}");
    }
}

#[tokio::test]
async fn a_late_link_is_refused_without_a_finding() {
    for (moved, in_time) in [
        (24, true),
        (25, true),
        (29, true),
        (30, false),
        (86_400, false),
    ] {
        let fixture = fixture().await;
        let app = fixture.app();
        let (_, link) = fixture.approved_login(&app).await;
        fixture.sandbox.advance(moved);
        let completion = app.complete(&link).await.unwrap();
        match in_time {
            true => {
                session_of(completion);
            }
            false => assert!(
                matches!(completion, LoginOutcome::Refused { .. }),
                "{moved}"
            ),
        }
        assert_eq!(fixture.sandbox.findings(), [], "{moved}");
    }
}

#[tokio::test]
async fn a_missing_callback_is_no_finding() {
    let fixture = fixture().await;
    let opening = fixture.app().begin(request(Purpose::Login)).await.unwrap();
    fixture.approve(&opening.url);
    fixture.sandbox.advance(86_400);
    assert_eq!(fixture.sandbox.findings(), []);
}

/// No rule says how long a session may be idle, so this is no finding by either clock.
#[tokio::test]
async fn an_idle_session_ends_without_a_finding() {
    let alone: fn(&Fixture) = |fixture| fixture.sandbox.advance(1_800);
    let both: fn(&Fixture) = |fixture| fixture.advance(1_800);
    for moves in [alone, both] {
        let fixture = fixture().await;
        let session = fixture.logged_in(&fixture.app()).await;
        moves(&fixture);
        for _ in 0..2 {
            let over = session.presentation(&[ClaimType::Name]).await.unwrap_err();
            assert_eq!(session_end(over), SessionEnd::Revoked);
        }
        assert_eq!(fixture.sandbox.findings(), []);
    }
}

/// A backend whose clock does not move, with a client secret and with a private key: its own clock
/// dates the signatures.
#[tokio::test]
async fn a_backend_continues_after_a_moved_clock() {
    for signs in [false, true] {
        for moved in [61, 300, 1_799, -3_600] {
            let key = rcgen::KeyPair::generate().unwrap();
            let client = match signs {
                true => RegisteredClient::with_key(CLIENT_ID, key.public_key_pem(), REDIRECT_URI),
                false => RegisteredClient::confidential(CLIENT_ID, CLIENT_SECRET, REDIRECT_URI),
            };
            let standing = Config {
                now: Some(NOW),
                ..Config::default()
            };
            let fixture = BackendFixture::with_config(client, standing).await;
            let mut config = fixture.config();
            if signs {
                let key = SigningKey::from_pem(&key.serialize_pem(), None).unwrap();
                config.authentication = ClientAuthentication::PrivateKey(Arc::new(key));
            }
            let node = Node::of(Service::new(config, fixture.platform()).unwrap());
            let session = fixture.log_in(&node).await;
            fixture.sandbox.advance(moved);
            let shown = [("cookie", &*session)];
            let info = node.get("/truid/user-info", &shown).await;
            assert_eq!(info.status, 200, "{signs} {moved}: {info:?}");
            // The next login pushes its request and uses it at once.
            let started = node.get("/truid/login-session", &[XHR]).await;
            let cookie = started.cookie().unwrap();
            let link = fixture.approve(started.location());
            let completed = node.get(path(&link), &[XHR, ("cookie", &cookie)]).await;
            assert_eq!(completed.status, 200, "{signs} {moved}: {completed:?}");
            assert_eq!(fixture.sandbox.findings(), [], "{signs} {moved}");
        }
    }
}
