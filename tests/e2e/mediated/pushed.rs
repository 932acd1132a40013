//! Backends that push their request to the provider first (RFC 9126): the URL is valid for a minute
//! and one opening, and hides its `state`.

use std::collections::HashSet;

use switchback::{Client, LoginOutcome, LoginRequest, Purpose};

use super::example_backend::COMPLETE;
use super::switchback_double::SwitchbackBackend;
use super::{ExampleBackendFixture, login_request};
use crate::support::session_of;

async fn pushing() -> ExampleBackendFixture {
    let fixture = ExampleBackendFixture::new().await;
    fixture.backend.push_requests();
    fixture.backend.compare_first();
    fixture
}

#[tokio::test]
async fn a_pushed_login_with_hidden_state_completes() {
    let fixture = pushing().await;
    let before = fixture.sandbox.now();
    let login = fixture.app().begin(login_request()).await.unwrap();
    let after = fixture.sandbox.now();
    assert!(login.url.contains("request_uri=") && !login.url.contains("state="));
    let open_before = login.open_before.unwrap();
    assert!((before + 60..=after + 60).contains(&open_before));
    let link = fixture.approve(&login.url);
    // In a new process.
    let app = fixture.app();
    let first = app.complete(&link).await.unwrap();
    let id = session_of(first.clone());
    assert_eq!(id.attempt(), &login.id);
    app.session(&id).await.unwrap().user_info().await.unwrap();
    assert_eq!(fixture.app().complete(&link).await.unwrap(), first);
    assert_eq!(fixture.backend.seen(COMPLETE).len(), 1);
    // The login is completed: a link with another state is not part of it.
    let forged = fixture.at(&format!("{COMPLETE}?code=c&state=forged"));
    assert_eq!(app.complete(&forged).await.unwrap(), LoginOutcome::Unknown);
}

#[tokio::test]
async fn a_new_pushed_login_replaces_the_open_one() {
    let fixture = pushing().await;
    let app = fixture.app();
    let old = app.begin(login_request()).await.unwrap();
    let old_link = fixture.approve(&old.url);
    let new = app.begin(login_request()).await.unwrap();
    assert_eq!(app.pending_logins().await.unwrap().len(), 1);
    assert_eq!(app.reopen(&old.id).await.unwrap().map(|o| o.url), None);
    // The old link is forwarded for the only open login, and the backend rejects its state.
    let completion = app.complete(&old_link).await.unwrap();
    assert_eq!(completion, LoginOutcome::Forgotten);
    let link = fixture.approve(&new.url);
    // The old link has used up nothing of this login.
    let id = session_of(app.complete(&link).await.unwrap());
    assert_eq!(id.attempt(), &new.id);
}

/// Each login has a separate redirect URI, which identifies it.
#[tokio::test]
async fn pushed_logins_are_separate_per_redirect_uri() {
    let fixture = pushing().await;
    let mut config = fixture.config();
    let sign_up = fixture.at("/truid/v1/complete-signup");
    fixture.backend.redirect("confirm-signup", &sign_up);
    config.redirect_uris.insert(Purpose::Onboarding, sign_up);
    let app = Client::new(config, fixture.platform()).unwrap();
    let onboarding = LoginRequest::mediated(Purpose::Onboarding);
    let first = app.begin(onboarding).await.unwrap();
    let second = app.begin(login_request()).await.unwrap();
    assert_eq!(app.pending_logins().await.unwrap().len(), 2);
    for login in [first, second] {
        let link = fixture.approve(&login.url);
        let id = session_of(app.complete(&link).await.unwrap());
        assert_eq!(id.attempt(), &login.id);
    }
}

#[tokio::test]
async fn a_forged_link_does_not_end_the_login() {
    let fixture = pushing().await;
    let app = fixture.app();
    let login = app.begin(login_request()).await.unwrap();
    let link = fixture.approve(&login.url);
    for (forged, told) in [
        // This backend checks nothing for an error, and the app does not know the state.
        ("error=access_denied&state=x", LoginOutcome::Declined),
        ("code=c&state=y", LoginOutcome::Forgotten),
    ] {
        let forged = fixture.at(&format!("{COMPLETE}?{forged}"));
        for _ in 0..2 {
            assert_eq!(app.complete(&forged).await.unwrap(), told);
        }
    }
    session_of(app.complete(&link).await.unwrap());
    assert_eq!(fixture.backend.seen(COMPLETE).len(), 3);
}

/// Only the backend can recognize a forged link, and this backend uses up the state before it
/// checks. The login has ended, but is not reported as declined.
#[tokio::test]
async fn a_state_used_up_by_a_forged_link_is_forgotten() {
    let fixture = ExampleBackendFixture::new().await;
    fixture.backend.push_requests();
    let app = fixture.app();
    let login = app.begin(login_request()).await.unwrap();
    let link = fixture.approve(&login.url);
    let forged = fixture.at(&format!("{COMPLETE}?code=c&state=y"));
    for link in [forged, link] {
        let completion = app.complete(&link).await.unwrap();
        assert_eq!(completion, LoginOutcome::Forgotten);
    }
}

#[tokio::test]
async fn reopen_returns_a_fresh_url_with_the_same_id() {
    let fixture = pushing().await;
    let app = fixture.app();
    let login = app.begin(login_request()).await.unwrap();
    let mut urls = HashSet::from([login.url.clone()]);
    for _ in 0..3 {
        fixture.clock.advance(20);
        // Also in another process.
        let again = fixture.app().reopen(&login.id).await.unwrap().unwrap();
        assert_eq!(again.id, login.id);
        assert_eq!(again.expires_at, login.expires_at);
        assert!(again.open_before > login.open_before);
        assert!(urls.insert(again.url.clone()), "the URL is fresh");
        let link = fixture.approve(&again.url);
        if urls.len() == 4 {
            let id = session_of(app.complete(&link).await.unwrap());
            assert_eq!(id.attempt(), &login.id);
        }
    }
    // The backend knew the cookie: it was the same login each time.
    assert_eq!(fixture.backend.began_as().len(), 1);
    assert_eq!(app.reopen(&login.id).await.unwrap().map(|o| o.url), None);
}

#[tokio::test]
async fn a_switchback_backend_allows_several_pushed_logins() {
    let backend = SwitchbackBackend::new().await;
    let app = backend.app();
    let first = app.begin(login_request()).await.unwrap();
    let second = app.begin(login_request()).await.unwrap();
    assert_eq!(app.pending_logins().await.unwrap().len(), 2);
    assert_eq!(first.open_before, Some(1_700_000_060));
    // After `reopen` there is a third state, and the first still belongs to the login.
    let again = app.reopen(&first.id).await.unwrap().unwrap();
    assert_ne!(again.url, first.url);
    for (n, attempt) in [(2, &second.id), (1, &first.id), (3, &first.id)] {
        let id = session_of(backend.app().complete(&backend.link(n)).await.unwrap());
        assert_eq!(id.attempt(), attempt, "{n}");
    }
    let unknown = app.complete(&backend.link(4)).await.unwrap();
    assert_eq!(unknown, LoginOutcome::Unknown);
}
