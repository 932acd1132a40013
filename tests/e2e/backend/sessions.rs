//! Sessions of the backend: a valid access token of the provider proves that the session is alive.

use switchback_backend::{Credential, Error, Service};
use switchback_backend::{Environment, Provider, Purpose, Registration};
use switchback_protocol::grant::SessionEnd;
use switchback_protocol::provider::truid::ClaimType;

use super::support::{BackendFixture, CLIENT_ID, Node, REDIRECT_URI, TOKENS, XHR, path};

#[tokio::test]
async fn an_expired_session_is_refreshed_once_for_all_waiters() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let session = fixture.log_in(&node).await;
    for round in 1..=3 {
        fixture.advance(301);
        let asks = (0..50).map(|_| {
            let (node, session) = (node.clone(), session.clone());
            tokio::spawn(async move { node.get("/truid/session", &[("cookie", &session)]).await })
        });
        for asked in asks.collect::<Vec<_>>() {
            assert_eq!(asked.await.unwrap().status, 200);
        }
        assert_eq!(fixture.sandbox.counters().refreshes, round);
    }
    assert_eq!(fixture.sandbox.findings(), []);
}

#[tokio::test]
async fn a_session_ended_by_the_provider_has_a_reason() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let session = fixture.log_in(&node).await;
    fixture.sandbox.app().end_sessions(CLIENT_ID);
    fixture.advance(301);
    for _ in 0..2 {
        node.get("/truid/session", &[("cookie", &session)])
            .await
            .is(401, r#"{"error":"login_required","reason":"revoked"}"#);
    }
}

#[tokio::test]
async fn a_session_survives_the_process() {
    let fixture = BackendFixture::new().await;
    let session = fixture.log_in(&fixture.node()).await;
    let node = fixture.node();
    let who = node.get("/truid/session", &[("cookie", &session)]).await;
    assert_eq!(who.status, 200);
}

#[tokio::test]
async fn a_refresh_token_used_twice_ends_the_session() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let started = node.get("/truid/login-session", &[XHR, TOKENS]).await;
    let cookie = started.cookie().unwrap();
    let link = fixture.approve(started.location());
    let completed = node
        .get(path(&link), &[XHR, TOKENS, ("cookie", &cookie)])
        .await;
    let first = completed.json();
    let refresh = |token: &str| {
        let body = format!("grant_type=refresh_token&refresh_token={token}");
        let node = node.clone();
        async move {
            let form = [("content-type", "application/x-www-form-urlencoded")];
            node.post("/truid/token", &form, &body).await
        }
    };
    let token = |answer: &serde_json::Value, name: &str| answer[name].as_str().unwrap().to_owned();
    let second = refresh(&token(&first, "refresh_token")).await;
    // The answer is lost: the same request again returns the same answer.
    let again = refresh(&token(&first, "refresh_token")).await;
    assert_eq!((again.status, &again.body), (second.status, &second.body));
    // The old access token is valid until the new token is used.
    let shown = |answer: &serde_json::Value| format!("Bearer {}", token(answer, "access_token"));
    for tokens in [&first, &second.json()] {
        let shown = shown(tokens);
        let who = node
            .get("/truid/session", &[("authorization", &shown)])
            .await;
        assert_eq!(who.status, 200, "{who:?}");
    }
    // Now the new token was used: one of the two clients that have the old refresh token is a
    // thief.
    let stolen = refresh(&token(&first, "refresh_token")).await;
    stolen.is(400, r#"{"error":"invalid_grant"}"#);
    let who = node
        .get(
            "/truid/session",
            &[("authorization", &shown(&second.json()))],
        )
        .await;
    assert_eq!(who.status, 401, "{who:?}");
}

#[tokio::test]
async fn a_replacing_login_ends_the_earlier_session() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let first = fixture.log_in(&node).await;
    let started = node
        .get("/truid/login-session", &[XHR, ("cookie", &first)])
        .await;
    assert_eq!(started.cookie(), None, "the session keeps its person");
    let link = fixture.approve(started.location());
    let shown = [XHR, ("cookie", &*first)];
    // The first answer is lost, so the link arrives again.
    let lost = node.get(path(&link), &shown).await;
    assert_eq!(lost.status, 200, "{lost:?}");
    let second = node.get(path(&link), &shown).await.cookie().unwrap();
    let who = |session: &str| {
        let (node, session) = (node.clone(), session.to_owned());
        async move {
            let who = node.get("/truid/session", &[("cookie", &session)]).await;
            who.status.as_u16()
        }
    };
    assert_eq!(who(&first).await, 200);
    assert_eq!(who(&second).await, 200);
    assert_eq!(who(&first).await, 401);
    assert_eq!(fixture.sandbox.findings(), []);
}

#[tokio::test]
async fn an_id_without_its_secret_opens_nothing() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let session = fixture.log_in(&node).await;
    let started = node
        .get("/truid/login-session", &[XHR, ("cookie", &session)])
        .await;
    let link = fixture.approve(started.location());
    // The first 16 bytes are the id.
    let (name, rest) = session.split_at("__Host-switchback=".len() + 22);
    let forged = format!("{name}{}", "A".repeat(rest.len()));
    node.get(path(&link), &[XHR, ("cookie", &forged)])
        .await
        .is(403, r#"{"error":"invalid_state"}"#);
    let who = node.get("/truid/session", &[("cookie", &forged)]).await;
    assert_eq!(who.status, 401);
    let done = node.get(path(&link), &[XHR, ("cookie", &session)]).await;
    assert_eq!(done.status, 200, "the one that it belongs to");
}

#[tokio::test]
async fn data_of_an_onboarded_user_can_be_read_at_any_time() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let session = fixture.log_in_for(&node, "confirm-signup").await;
    let shown = Credential::read(session.split_once('=').unwrap().1).unwrap();
    let person = node.service.session(&shown).await.unwrap();
    assert_eq!(person.purpose(), Purpose::Onboarding);
    let subject = person.subject().to_owned();
    fixture.advance(30 * 24 * 3600);
    let user = node.service.user(&*subject);
    let email = [ClaimType::Email];
    let presentation = user.presentation(&email).await.unwrap();
    assert!(presentation.text(ClaimType::Email).is_some());
    // Onboarded again: there is one user, and the newer grant counts.
    fixture.log_in_for(&node, "confirm-signup").await;
    assert_eq!(user.user_info().await.unwrap().sub, subject);
    let unknown = node.service.user("unknown").user_info().await;
    assert!(matches!(
        unknown,
        Err(Error::LoginRequired(SessionEnd::NoSession))
    ));
}

#[tokio::test]
async fn an_identity_verification_ends_with_its_token() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let session = fixture.log_in_for(&node, "idv").await;
    let shown = [("cookie", &*session)];
    let address = "/truid/user-info?purpose=identity_verification";
    assert_eq!(node.get(address, &shown).await.status, 200);
    fixture.advance(301);
    node.get(address, &shown)
        .await
        .is(401, r#"{"error":"login_required","reason":"expired"}"#);
    assert_eq!(fixture.sandbox.counters().refreshes, 0);
}

#[tokio::test]
async fn a_session_survives_an_outage_as_configured() {
    let fixture = BackendFixture::new().await;
    let session = fixture.log_in(&fixture.node()).await;
    let shown = [("cookie", &*session)];
    // The first token of a login is valid for a minute.
    fixture.advance(61);
    let mut config = fixture.config();
    let nowhere = Provider::truid().with_base_url("http://127.0.0.1:1");
    config.registration =
        Registration::new(nowhere, CLIENT_ID, REDIRECT_URI, Environment::Production).unwrap();
    let node = Node::of(Service::new(config.clone(), fixture.platform()).unwrap());
    let refused = node.get("/truid/session", &shown).await;
    refused.is(503, r#"{"error":"temporarily_unavailable"}"#);
    assert!(refused.header("retry-after").parse::<u32>().is_ok());
    config.grace = 60;
    let lenient = Node::of(Service::new(config, fixture.platform()).unwrap());
    assert_eq!(lenient.get("/truid/session", &shown).await.status, 200);
    fixture.advance(60);
    assert_eq!(lenient.get("/truid/session", &shown).await.status, 503);
    // After the outage nothing is lost.
    let node = fixture.node();
    assert_eq!(node.get("/truid/session", &shown).await.status, 200);
}

#[tokio::test]
async fn expired_rows_are_deleted() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    for _ in 0..3 {
        node.get("/truid/login-session", &[XHR]).await;
    }
    let session = fixture.log_in(&node).await;
    fixture.advance(1201);
    let removed = node.service.clean_up().await.unwrap();
    assert_eq!(
        (removed.attempts, removed.sessions, removed.grants),
        (4, 0, 0)
    );
    let shown = [("cookie", &*session)];
    assert_eq!(node.get("/truid/session", &shown).await.status, 200);
    fixture.advance(31 * 24 * 3600);
    let removed = node.service.clean_up().await.unwrap();
    assert_eq!((removed.sessions, removed.grants), (1, 1));
}
