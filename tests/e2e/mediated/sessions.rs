//! Sessions with a backend: of tokens, which are refreshed there, and of cookies, which are
//! not; and their end.

use std::sync::atomic::Ordering;

use switchback::{Client, Error, Revocation, SessionEnd, SessionEvent};

use super::World;
use super::faulty::{Fault, Faulty};
use super::ours::Ours;
use crate::support::reason;

#[tokio::test]
async fn a_backends_tokens_are_refreshed_once_for_all() {
    let ours = Ours::new().await;
    let app = ours.app();
    let session = ours.logged_in(&app).await;
    assert_eq!(session.access_token().await.unwrap().expose(), "A1-acce55");
    ours.clock.advance(900);
    let other = ours.app().session(session.id()).await.unwrap();
    let all: Vec<_> = (0..20)
        .map(|n| {
            let session = if n % 2 == 0 { &session } else { &other }.clone();
            tokio::spawn(async move { session.access_token().await })
        })
        .collect();
    for one in all {
        assert_eq!(one.await.unwrap().unwrap().expose(), "A2-acce55");
    }
    assert_eq!(ours.asked("/truid/token").await, 1);
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
    let ours = Ours::new().await;
    let session = ours.logged_in(&ours.app()).await;
    ours.sessions().is_over.store(true, Ordering::SeqCst);
    ours.clock.advance(900);
    assert_eq!(
        reason(session.access_token().await.unwrap_err()),
        SessionEnd::Revoked
    );
}

#[tokio::test]
async fn a_lost_refresh_answer_is_an_interruption() {
    let ours = Ours::new().await;
    let network = Faulty::new();
    let mut platform = ours.platform();
    platform.http = network.clone();
    let app = Client::new(ours.config(), platform).unwrap();
    let session = ours.logged_in(&app).await;
    ours.clock.advance(900);
    network.next([Fault::LostAnswer]);
    let error = session.access_token().await.unwrap_err();
    assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
    let ended = reason(session.access_token().await.unwrap_err());
    assert_eq!(ended, SessionEnd::RotationInterrupted);
}

#[tokio::test]
async fn log_out_reaches_the_backend() {
    let ours = Ours::new().await;
    let session = ours.logged_in(&ours.app()).await;
    let done = session.log_out().await.unwrap();
    assert_eq!(
        (done.revocation, done.end_session_url),
        (Revocation::Done, None)
    );
    assert_eq!(ours.asked("/truid/log-out").await, 1);
    assert_eq!(
        reason(session.access_token().await.unwrap_err()),
        SessionEnd::LoggedOut
    );
    // There is nothing to tell any more.
    let again = session.log_out().await.unwrap();
    assert_eq!(again.revocation, Revocation::NotNeeded);
    assert_eq!(ours.asked("/truid/log-out").await, 1);
}

#[tokio::test]
async fn an_expired_access_token_is_refreshed_for_log_out() {
    let ours = Ours::new().await;
    let app = ours.app();
    let session = ours.logged_in(&app).await;
    ours.clock.advance(5_000);
    let done = session.log_out().await.unwrap();
    assert_eq!(done.revocation, Revocation::Done);
    assert!(ours.sessions().is_over.load(Ordering::SeqCst));
    assert_eq!(app.sessions().await.unwrap(), []);
}

#[tokio::test]
async fn log_out_succeeds_without_the_backend() {
    let world = World::new().await;
    let network = Faulty::new();
    let app = world.app_through(network.clone());
    let session = world.logged_in(&app).await;
    network.next([Fault::NotSent]);
    let done = session.log_out().await.unwrap();
    assert_eq!(done.revocation, Revocation::Failed);
    assert_eq!(
        world.backend.seen("/truid/log-out").len(),
        0,
        "at most once"
    );
    assert_eq!(app.sessions().await.unwrap(), []);
}

#[tokio::test]
async fn a_cookie_session_survives_its_process() {
    let world = World::new().await;
    let id = world.logged_in(&world.app()).await.id().clone();
    world.clock.advance(30 * 24 * 3600);
    let app = world.app();
    assert_eq!(app.sessions().await.unwrap(), std::slice::from_ref(&id));
    let session = app.session(&id).await.unwrap();
    assert_eq!((session.expires_at(), session.ended()), (None, None));
    session.user_info().await.unwrap();
    assert_eq!(world.sandbox.counters().refreshes, 0);
    let done = session.log_out().await.unwrap();
    assert_eq!(done.revocation, Revocation::Done);
    let told = &world.backend.seen("/truid/log-out")[0];
    assert!(told.0.starts_with("POST") && told.1.contains_key("cookie"));
    assert_eq!(told.1["x-requested-with"], "XMLHttpRequest");
}

#[tokio::test]
async fn the_backend_ends_a_cookie_session() {
    let world = World::new().await;
    let app = world.app();
    let session = world.logged_in(&app).await;
    world.backend.forget_everybody();
    let ended = reason(session.user_info().await.unwrap_err());
    assert_eq!(ended, SessionEnd::EndedByBackend);
    assert_eq!(session.ended(), Some(SessionEnd::EndedByBackend));
    let change = session.events().last();
    assert_eq!(
        change,
        Some(SessionEvent::LoginRequired(SessionEnd::EndedByBackend))
    );
    assert_eq!(app.sessions().await.unwrap(), []);
    // It is not asked again.
    let asked = world.backend.seen("/truid/user-info").len();
    assert_eq!(
        reason(session.user_info().await.unwrap_err()),
        SessionEnd::EndedByBackend
    );
    assert_eq!(world.backend.seen("/truid/user-info").len(), asked);
    // In another process, too.
    let again = world.app().session(session.id()).await.unwrap();
    assert_eq!(again.ended(), Some(SessionEnd::EndedByBackend));
}
