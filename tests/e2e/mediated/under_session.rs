//! Logins that begin under a session: identity verification of a logged-in person.

use switchback::{Error, LoginRequest, Purpose, SessionEnd};

use super::example_backend::COMPLETE;
use super::switchback_double::SwitchbackBackend;
use super::{ExampleBackendFixture, login_request};
use crate::support::{session_end, session_of};

fn verification() -> LoginRequest {
    LoginRequest::mediated(Purpose::IdentityVerification)
}

#[tokio::test]
async fn a_cookie_session_begins_a_verification() {
    let fixture = ExampleBackendFixture::new().await;
    let app = fixture.app();
    let session = fixture.logged_in(&app).await;
    let login = session.begin(verification()).await.unwrap();
    assert_eq!(
        fixture.backend.began_as().len(),
        1,
        "it is the same session there"
    );
    assert!(
        fixture.backend.began_as()[0].is_some(),
        "of a logged-in person"
    );
    let link = fixture.approve(&login.url);
    let id = session_of(app.complete(&link).await.unwrap());
    assert_ne!(&id, session.id());
    let verified = app.session(&id).await.unwrap();
    assert_eq!(verified.purpose(), Purpose::IdentityVerification);
    verified.user_info().await.unwrap();
    // The backend has replaced the cookie, which both sessions share.
    session.user_info().await.unwrap();
    assert_eq!(fixture.backend.seen(COMPLETE).len(), 2);
}

#[tokio::test]
async fn a_login_outside_a_session_sends_no_session_cookies() {
    let fixture = ExampleBackendFixture::new().await;
    let app = fixture.app();
    fixture.logged_in(&app).await;
    app.begin(login_request()).await.unwrap();
    let started = fixture.backend.seen("/truid/start/login-session");
    assert!(!started[1].1.contains_key("cookie"));
}

#[tokio::test]
async fn reopen_keeps_the_session_of_the_login() {
    let fixture = ExampleBackendFixture::new().await;
    fixture.backend.push_requests();
    let app = fixture.app();
    let session = fixture.logged_in(&app).await;
    let login = session.begin(verification()).await.unwrap();
    let again = fixture.app().reopen(&login.id).await.unwrap().unwrap();
    assert_ne!(again.url, login.url);
    let began_as = fixture.backend.began_as();
    assert!(began_as.len() == 1 && began_as[0].is_some());
    let link = fixture.approve(&again.url);
    session_of(app.complete(&link).await.unwrap());
}

#[tokio::test]
async fn a_token_session_begins_with_a_fresh_token() {
    let backend = SwitchbackBackend::new().await;
    let app = backend.app();
    let session = backend.logged_in(&app).await;
    backend.clock.advance(900);
    let login = session.begin(login_request()).await.unwrap();
    app.reopen(&login.id).await.unwrap().unwrap();
    let all = backend.server.received_requests().await.unwrap();
    let starts = all
        .iter()
        .filter(|r| r.url.path() == "/truid/login-session");
    let bearers: Vec<_> = starts
        .map(|r| r.headers.get("authorization").map(|v| v.to_str().unwrap()))
        .collect();
    let fresh = Some("Bearer A2-acce55");
    assert_eq!(bearers, [None, fresh, fresh]);
    assert_eq!(backend.asked("/truid/token").await, 1);
    // The backend set no cookie: a fresh token of the session completes the login.
    backend.clock.advance(500);
    session
        .access_token_after(&"A2-acce55".into())
        .await
        .unwrap();
    let completion = backend.app().complete(&backend.link(3)).await.unwrap();
    assert_eq!(session_of(completion).attempt(), &login.id);
    let all = backend.server.received_requests().await.unwrap();
    let forwarded = all.iter().rfind(|r| r.url.path() == "/truid/complete");
    let headers = &forwarded.unwrap().headers;
    assert_eq!(headers["authorization"], "Bearer A3-acce55");
    assert!(!headers.contains_key("cookie"));
}

#[tokio::test]
async fn an_ended_session_begins_no_login() {
    let fixture = ExampleBackendFixture::new().await;
    let app = fixture.app();
    let session = fixture.logged_in(&app).await;
    session.log_out().await.unwrap();
    let ended = session_end(session.begin(verification()).await.unwrap_err());
    assert_eq!(ended, SessionEnd::LoggedOut);
    assert_eq!(app.pending_logins().await.unwrap(), []);
}

#[tokio::test]
async fn direct_mode_begins_no_login_under_a_session() {
    let direct = crate::support::Fixture::new().await;
    let session = direct.logged_in(&direct.app()).await;
    let request = crate::support::request(Purpose::IdentityVerification);
    let error = session.begin(request).await.unwrap_err();
    assert!(matches!(error, Error::Configuration { .. }), "{error:?}");
}
