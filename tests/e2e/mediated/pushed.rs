//! Backends that push their request to the provider first (RFC 9126): a URL that lives for a
//! minute and is good for one opening, and hides its `state`.

use std::collections::HashSet;

use switchback::{Client, LoginOutcome, LoginRequest, Purpose};

use super::ours::Ours;
use super::theirs::COMPLETE;
use super::{World, login_request};
use crate::support::session_of;

async fn pushing() -> World {
    let world = World::new().await;
    world.backend.push_requests();
    world.backend.compare_first();
    world
}

#[tokio::test]
async fn a_pushed_login_with_hidden_state_completes() {
    let world = pushing().await;
    let login = world.app().begin(login_request()).await.unwrap();
    assert!(login.url.contains("request_uri=") && !login.url.contains("state="));
    assert_eq!(login.open_before, Some(world.sandbox.now() + 60));
    let link = world.approve(&login.url);
    // The process has died since.
    let app = world.app();
    let first = app.complete(&link).await.unwrap();
    let id = session_of(first.clone());
    assert_eq!(id.attempt(), &login.id);
    app.session(&id).await.unwrap().user_info().await.unwrap();
    assert_eq!(world.app().complete(&link).await.unwrap(), first);
    assert_eq!(world.backend.seen(COMPLETE).len(), 1);
    // It is done: what has another state is not its.
    let forged = world.at(&format!("{COMPLETE}?code=c&state=forged"));
    assert_eq!(app.complete(&forged).await.unwrap(), LoginOutcome::Unknown);
}

#[tokio::test]
async fn a_new_pushed_login_replaces_the_open_one() {
    let world = pushing().await;
    let app = world.app();
    let old = app.begin(login_request()).await.unwrap();
    let old_link = world.approve(&old.url);
    let new = app.begin(login_request()).await.unwrap();
    assert_eq!(app.pending_logins().await.unwrap().len(), 1);
    assert_eq!(app.reopen(&old.id).await.unwrap().map(|o| o.url), None);
    // Its link goes to the only one there is, and the backend knows that it is not that one's.
    let completion = app.complete(&old_link).await.unwrap();
    assert_eq!(completion, LoginOutcome::Forgotten);
    let link = world.approve(&new.url);
    // Whoever opened the old link has used nothing of this login up.
    let id = session_of(app.complete(&link).await.unwrap());
    assert_eq!(id.attempt(), &new.id);
}

/// Each has a redirect URI of its own, which tells whose the link is.
#[tokio::test]
async fn pushed_logins_are_separate_per_redirect_uri() {
    let world = pushing().await;
    let mut config = world.config();
    let sign_up = world.at("/truid/v1/complete-signup");
    world.backend.redirect("confirm-signup", &sign_up);
    config.redirect_uris.insert(Purpose::Onboarding, sign_up);
    let app = Client::new(config, world.platform()).unwrap();
    let onboarding = LoginRequest::mediated(Purpose::Onboarding);
    let first = app.begin(onboarding).await.unwrap();
    let second = app.begin(login_request()).await.unwrap();
    assert_eq!(app.pending_logins().await.unwrap().len(), 2);
    for login in [first, second] {
        let link = world.approve(&login.url);
        let id = session_of(app.complete(&link).await.unwrap());
        assert_eq!(id.attempt(), &login.id);
    }
}

#[tokio::test]
async fn a_forged_link_does_not_end_the_login() {
    let world = pushing().await;
    let app = world.app();
    let login = app.begin(login_request()).await.unwrap();
    let link = world.approve(&login.url);
    for (forged, told) in [
        // Such a backend looks nothing up for it, and nobody here knows the state.
        ("error=access_denied&state=x", LoginOutcome::Declined),
        ("code=c&state=y", LoginOutcome::Forgotten),
    ] {
        let forged = world.at(&format!("{COMPLETE}?{forged}"));
        for _ in 0..2 {
            assert_eq!(app.complete(&forged).await.unwrap(), told);
        }
    }
    session_of(app.complete(&link).await.unwrap());
    assert_eq!(world.backend.seen(COMPLETE).len(), 3);
}

/// Only such a backend can tell whether a forged link is its own, and it does not look before it
/// uses the state up: the login is over, and nobody reads that they declined.
#[tokio::test]
async fn a_state_used_up_by_a_forged_link_is_forgotten() {
    let world = World::new().await;
    world.backend.push_requests();
    let app = world.app();
    let login = app.begin(login_request()).await.unwrap();
    let link = world.approve(&login.url);
    let forged = world.at(&format!("{COMPLETE}?code=c&state=y"));
    for link in [forged, link] {
        let completion = app.complete(&link).await.unwrap();
        assert_eq!(completion, LoginOutcome::Forgotten);
    }
}

#[tokio::test]
async fn reopen_returns_a_fresh_url_with_the_same_id() {
    let world = pushing().await;
    let app = world.app();
    let login = app.begin(login_request()).await.unwrap();
    let mut urls = HashSet::from([login.url.clone()]);
    for _ in 0..3 {
        world.clock.advance(20);
        // In another process, too.
        let again = world.app().reopen(&login.id).await.unwrap().unwrap();
        assert_eq!(again.id, login.id);
        assert_eq!(again.expires_at, login.expires_at);
        assert!(again.open_before > login.open_before);
        assert!(urls.insert(again.url.clone()), "the URL is fresh");
        let link = world.approve(&again.url);
        if urls.len() == 4 {
            let id = session_of(app.complete(&link).await.unwrap());
            assert_eq!(id.attempt(), &login.id);
        }
    }
    // It knew the cookie: it was the same login each time.
    assert_eq!(world.backend.began_as().len(), 1);
    assert_eq!(app.reopen(&login.id).await.unwrap().map(|o| o.url), None);
}

#[tokio::test]
async fn a_switchback_backend_allows_several_pushed_logins() {
    let ours = Ours::new().await;
    let app = ours.app();
    let first = app.begin(login_request()).await.unwrap();
    let second = app.begin(login_request()).await.unwrap();
    assert_eq!(app.pending_logins().await.unwrap().len(), 2);
    assert_eq!(first.open_before, Some(1_700_000_060));
    // Opened again, it has a third state, and the first is its own still.
    let again = app.reopen(&first.id).await.unwrap().unwrap();
    assert_ne!(again.url, first.url);
    for (n, attempt) in [(2, &second.id), (1, &first.id), (3, &first.id)] {
        let id = session_of(ours.app().complete(&ours.link(n)).await.unwrap());
        assert_eq!(id.attempt(), attempt, "{n}");
    }
    let unknown = app.complete(&ours.link(4)).await.unwrap();
    assert_eq!(unknown, LoginOutcome::Unknown);
}
