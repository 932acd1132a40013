//! Listeners get the events of a session, including a listener that starts late.

use switchback::{SessionEnd, SessionEvent, SessionEvents};

use crate::support::Fixture;

/// The next event, if there is one now.
fn now(events: &mut SessionEvents) -> Option<SessionEvent> {
    let next = std::pin::pin!(events.next());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::future::Future::poll(next, &mut context) {
        std::task::Poll::Ready(change) => Some(change),
        std::task::Poll::Pending => None,
    }
}

#[tokio::test]
async fn refresh_and_end_are_events() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let mut early = session.events();
    assert_eq!(early.last(), None);
    assert_eq!(now(&mut early), None, "nothing has happened yet");
    fixture.advance(60);
    session.access_token().await.unwrap();
    let expires_at = session.expires_at().unwrap();
    let refreshed = SessionEvent::Refreshed { expires_at };
    assert_eq!(early.next().await, refreshed);
    assert_eq!(now(&mut early), None, "once");

    // A late listener gets the last event.
    let mut late = session.events();
    assert_eq!(
        (now(&mut late), late.last()),
        (Some(refreshed), Some(refreshed))
    );

    fixture.sandbox.app().end_sessions("test-app");
    fixture.advance(300);
    session.access_token().await.unwrap_err();
    let over = SessionEvent::LoginRequired(SessionEnd::Revoked);
    assert_eq!((early.next().await, late.next().await), (over, over));
    // The listener alone keeps the events alive.
    drop(session);
    assert_eq!(late.last(), Some(over));
}

#[tokio::test]
async fn a_requested_refresh_is_an_event() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let first = session.access_token().await.unwrap();
    let mut events = session.events();
    let second = session.access_token_after(&first).await.unwrap();
    assert_ne!(first, second);
    assert!(matches!(
        events.next().await,
        SessionEvent::Refreshed { .. }
    ));
}

#[tokio::test]
async fn a_waiting_listener_is_woken() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let mut events = session.events();
    let waiting = tokio::spawn(async move { events.next().await });
    tokio::task::yield_now().await;
    session.log_out().await.unwrap();
    assert_eq!(waiting.await.unwrap(), SessionEvent::LoggedOut);
}

#[tokio::test]
async fn a_session_opened_after_its_end_has_an_event() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    fixture.sandbox.app().end_sessions("test-app");
    fixture.advance(60);
    session.access_token().await.unwrap_err();
    let later = fixture.app().session(session.id()).await.unwrap();
    let over = SessionEvent::LoginRequired(SessionEnd::Revoked);
    assert_eq!(later.events().next().await, over);
}

#[tokio::test]
async fn changes_of_another_process_are_events_when_noticed() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let elsewhere = fixture.app().session(session.id()).await.unwrap();
    let mut events = elsewhere.events();
    fixture.advance(60);
    session.access_token().await.unwrap();
    assert_eq!(
        now(&mut events),
        None,
        "an event before the session was read"
    );
    elsewhere.access_token().await.unwrap();
    let expires_at = session.expires_at().unwrap();
    assert_eq!(events.next().await, SessionEvent::Refreshed { expires_at });
    session.log_out().await.unwrap();
    fixture.advance(300);
    elsewhere.access_token().await.unwrap_err();
    assert_eq!(events.next().await, SessionEvent::LoggedOut);
}
