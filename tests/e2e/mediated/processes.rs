//! A login through a backend survives its process, and several processes complete it once.

use switchback::ports::SecureStore as _;
use switchback::{Client, LoginOutcome};

use super::example_backend::COMPLETE;
use super::faulty_transport::FaultyTransport;
use super::switchback_double::SwitchbackBackend;
use super::{ExampleBackendFixture, login_request};
use crate::pausable_transport::PausableTransport;
use crate::support::session_of;

#[tokio::test]
async fn a_new_process_completes_the_login() {
    let fixture = ExampleBackendFixture::new().await;
    let login = fixture.app().begin(login_request()).await.unwrap();
    let link = fixture.approve(&login.url);
    let id = session_of(fixture.app().complete(&link).await.unwrap());
    assert_eq!(id.attempt(), &login.id);
    fixture
        .app()
        .session(&id)
        .await
        .unwrap()
        .user_info()
        .await
        .unwrap();
    // The attempt no longer stores the cookies.
    let keys = fixture.store.list("").unwrap();
    let key = keys.iter().find(|key| key.contains("/attempt/")).unwrap();
    let stored = fixture.store.get(key).unwrap().unwrap();
    let stored = String::from_utf8(stored).unwrap();
    assert!(
        stored.contains(r#""cookies":[]"#),
        "the cookies are the session's now"
    );
}

/// The process ended after it sent the request and before it stored the answer.
#[tokio::test]
async fn a_callback_is_retried_once_after_a_crash_while_forwarding() {
    let backend = SwitchbackBackend::new().await;
    let mut platform = backend.platform();
    let transport = PausableTransport::new(platform.http);
    platform.http = transport.clone();
    let app = Client::new(backend.config(), platform).unwrap();
    app.begin(login_request()).await.unwrap();
    transport.pause_answers();
    let (completing, link) = (app.clone(), backend.link(1));
    let task = tokio::spawn(async move { completing.complete(&link).await });
    transport.reached.notified().await;
    // Its lease expires by time.
    backend.clock.advance(61);
    let id = session_of(backend.app().complete(&backend.link(1)).await.unwrap());
    assert_eq!(backend.asked("/truid/complete").await, 2);
    // The first process continues late, and changes nothing.
    transport.resume();
    assert_eq!(session_of(task.await.unwrap().unwrap()), id);
}

#[tokio::test]
async fn another_process_waits_for_the_forwarding_one() {
    let fixture = ExampleBackendFixture::new().await;
    let mut platform = fixture.platform();
    let transport = PausableTransport::new(platform.http);
    platform.http = transport.clone();
    let app = Client::new(fixture.config(), platform).unwrap();
    let login = app.begin(login_request()).await.unwrap();
    let link = fixture.approve(&login.url);
    transport.pause_requests();
    let (first, url) = (app.clone(), link.clone());
    let first = tokio::spawn(async move { first.complete(&url).await });
    transport.reached.notified().await;
    let (other, url) = (fixture.app(), link.clone());
    let other = tokio::spawn(async move { other.complete(&url).await });
    // While the callback is being forwarded, the login cannot be reopened.
    assert!(fixture.app().reopen(&login.id).await.unwrap().is_none());
    transport.resume();
    let first = session_of(first.await.unwrap().unwrap());
    assert_eq!(session_of(other.await.unwrap().unwrap()), first);
    assert_eq!(fixture.backend.seen(COMPLETE).len(), 1);
}

/// Two concurrent links of one login: neither gets the outcome of the other.
#[tokio::test]
async fn a_concurrent_forged_link_is_unknown() {
    let fixture = ExampleBackendFixture::new().await;
    fixture.backend.push_requests();
    fixture.backend.compare_first();
    let mut platform = fixture.platform();
    let transport = PausableTransport::new(platform.http);
    platform.http = transport.clone();
    let app = Client::new(fixture.config(), platform).unwrap();
    let login = app.begin(login_request()).await.unwrap();
    let link = fixture.approve(&login.url);
    transport.pause_requests();
    let forged = fixture.at(&format!("{COMPLETE}?code=c&state=forged"));
    let forging = app.clone();
    let forging = tokio::spawn(async move { forging.complete(&forged).await });
    transport.reached.notified().await;
    let completing = tokio::spawn(async move { app.complete(&link).await });
    tokio::task::yield_now().await;
    transport.resume();
    assert_eq!(forging.await.unwrap().unwrap(), LoginOutcome::Forgotten);
    session_of(completing.await.unwrap().unwrap());
}

/// The process ended after it stored the session and before it marked the attempt.
#[tokio::test]
async fn a_crash_between_session_and_mark_is_recovered() {
    let fixture = ExampleBackendFixture::new().await;
    let app = fixture.app();
    let login = app.begin(login_request()).await.unwrap();
    let link = fixture.approve(&login.url);
    let keys = fixture.store.list("").unwrap();
    let attempt = keys.iter().find(|key| key.contains("/attempt/")).unwrap();
    let before = fixture.store.get(attempt).unwrap().unwrap();
    let first = app.complete(&link).await.unwrap();
    fixture.store.put(attempt, &before).unwrap();
    assert_eq!(fixture.app().complete(&link).await.unwrap(), first);
    assert_eq!(fixture.backend.seen(COMPLETE).len(), 1);
}

#[tokio::test]
async fn a_cancelled_complete_still_finishes() {
    let fixture = ExampleBackendFixture::new().await;
    let transport = PausableTransport::new(FaultyTransport::new());
    let app = fixture.app_through(transport.clone());
    let login = app.begin(login_request()).await.unwrap();
    let link = fixture.approve(&login.url);
    transport.pause_requests();
    let (completing, url) = (app.clone(), link.clone());
    let task = tokio::spawn(async move { completing.complete(&url).await });
    transport.reached.notified().await;
    task.abort();
    let _ = task.await;
    transport.resume();
    session_of(app.complete(&link).await.unwrap());
    assert_eq!(fixture.backend.seen(COMPLETE).len(), 1);
}
