//! Sessions with a backend: with tokens, which are refreshed, and with cookies, which are not.

use std::sync::atomic::Ordering;

use switchback::{Client, Error, Revocation, SessionEnd, SessionEvent};

use super::ExampleBackendFixture;
use super::faulty_transport::{Fault, FaultyTransport};
use super::switchback_double::SwitchbackBackend;
use crate::support::session_end;

#[tokio::test]
async fn a_backends_tokens_are_refreshed_once_for_all() {
    let backend = SwitchbackBackend::new().await;
    let app = backend.app();
    let session = backend.logged_in(&app).await;
    assert_eq!(session.access_token().await.unwrap().expose(), "A1-acce55");
    backend.clock.advance(900);
    let other = backend.app().session(session.id()).await.unwrap();
    let all: Vec<_> = (0..20)
        .map(|n| {
            let session = if n % 2 == 0 { &session } else { &other }.clone();
            tokio::spawn(async move { session.access_token().await })
        })
        .collect();
    for one in all {
        assert_eq!(one.await.unwrap().unwrap().expose(), "A2-acce55");
    }
    assert_eq!(backend.asked("/truid/token").await, 1);
    assert_eq!(
        session.events().last(),
        Some(SessionEvent::Refreshed {
            expires_at: 1_700_001_800
        })
    );
    let info = session.user_info().await.unwrap();
    assert_eq!(
        (info.sub.as_str(), info.name.as_deref()),
        ("maja", Some("Maja"))
    );
    session.presentation(&["x"]).await.unwrap();
}

#[tokio::test]
async fn a_refresh_that_the_backend_refuses_ends_the_session() {
    let backend = SwitchbackBackend::new().await;
    let session = backend.logged_in(&backend.app()).await;
    backend.sessions().is_over.store(true, Ordering::SeqCst);
    backend.clock.advance(900);
    assert_eq!(
        session_end(session.access_token().await.unwrap_err()),
        SessionEnd::Revoked
    );
}

#[tokio::test]
async fn a_lost_refresh_answer_is_an_interruption() {
    let backend = SwitchbackBackend::new().await;
    let network = FaultyTransport::new();
    let mut platform = backend.platform();
    platform.http = network.clone();
    let app = Client::new(backend.config(), platform).unwrap();
    let session = backend.logged_in(&app).await;
    backend.clock.advance(900);
    network.next([Fault::LostAnswer]);
    let error = session.access_token().await.unwrap_err();
    assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
    let ended = session_end(session.access_token().await.unwrap_err());
    assert_eq!(ended, SessionEnd::RotationInterrupted);
}

#[tokio::test]
async fn log_out_reaches_the_backend() {
    let backend = SwitchbackBackend::new().await;
    let session = backend.logged_in(&backend.app()).await;
    let done = session.log_out().await.unwrap();
    assert_eq!(
        (done.revocation, done.end_session_url),
        (Revocation::Done, None)
    );
    assert_eq!(backend.asked("/truid/log-out").await, 1);
    assert_eq!(
        session_end(session.access_token().await.unwrap_err()),
        SessionEnd::LoggedOut
    );
    // The second log-out sends nothing.
    let again = session.log_out().await.unwrap();
    assert_eq!(again.revocation, Revocation::NotNeeded);
    assert_eq!(backend.asked("/truid/log-out").await, 1);
}

#[tokio::test]
async fn an_expired_access_token_is_refreshed_for_log_out() {
    let backend = SwitchbackBackend::new().await;
    let app = backend.app();
    let session = backend.logged_in(&app).await;
    backend.clock.advance(5_000);
    let done = session.log_out().await.unwrap();
    assert_eq!(done.revocation, Revocation::Done);
    assert!(backend.sessions().is_over.load(Ordering::SeqCst));
    assert_eq!(app.sessions().await.unwrap(), []);
}

#[tokio::test]
async fn log_out_succeeds_without_the_backend() {
    let fixture = ExampleBackendFixture::new().await;
    let network = FaultyTransport::new();
    let app = fixture.app_through(network.clone());
    let session = fixture.logged_in(&app).await;
    network.next([Fault::NotSent]);
    let done = session.log_out().await.unwrap();
    assert_eq!(done.revocation, Revocation::Failed);
    assert_eq!(
        fixture.backend.seen("/truid/log-out").len(),
        0,
        "at most once"
    );
    assert_eq!(app.sessions().await.unwrap(), []);
}

#[tokio::test]
async fn a_cookie_session_survives_its_process() {
    let fixture = ExampleBackendFixture::new().await;
    let id = fixture.logged_in(&fixture.app()).await.id().clone();
    fixture.clock.advance(30 * 24 * 3600);
    let app = fixture.app();
    assert_eq!(app.sessions().await.unwrap(), std::slice::from_ref(&id));
    let session = app.session(&id).await.unwrap();
    assert_eq!((session.expires_at(), session.ended()), (None, None));
    session.user_info().await.unwrap();
    assert_eq!(fixture.sandbox.counters().refreshes, 0);
    let done = session.log_out().await.unwrap();
    assert_eq!(done.revocation, Revocation::Done);
    let told = &fixture.backend.seen("/truid/log-out")[0];
    assert!(told.0.starts_with("POST") && told.1.contains_key("cookie"));
    assert_eq!(told.1["x-requested-with"], "XMLHttpRequest");
}

#[tokio::test]
async fn the_backend_ends_a_cookie_session() {
    let fixture = ExampleBackendFixture::new().await;
    let app = fixture.app();
    let session = fixture.logged_in(&app).await;
    fixture.backend.forget_sessions();
    let ended = session_end(session.user_info().await.unwrap_err());
    assert_eq!(ended, SessionEnd::EndedByBackend);
    assert_eq!(session.ended(), Some(SessionEnd::EndedByBackend));
    let change = session.events().last();
    assert_eq!(
        change,
        Some(SessionEvent::LoginRequired(SessionEnd::EndedByBackend))
    );
    assert_eq!(app.sessions().await.unwrap(), []);
    // No further request is sent.
    let asked = fixture.backend.seen("/truid/user-info").len();
    assert_eq!(
        session_end(session.user_info().await.unwrap_err()),
        SessionEnd::EndedByBackend
    );
    assert_eq!(fixture.backend.seen("/truid/user-info").len(), asked);
    // Also in another process.
    let again = fixture.app().session(session.id()).await.unwrap();
    assert_eq!(again.ended(), Some(SessionEnd::EndedByBackend));
}
