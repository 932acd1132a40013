//! A login through a backend outlives its process, and is completed once by several.

use switchback::ports::SecureStore as _;
use switchback::{Client, LoginOutcome};

use super::faulty::Faulty;
use super::ours::Ours;
use super::theirs::COMPLETE;
use super::{World, login_request};
use crate::gate::Gate;
use crate::support::session_of;

#[tokio::test]
async fn a_new_process_completes_the_login() {
    let world = World::new().await;
    let login = world.app().begin(login_request()).await.unwrap();
    let link = world.approve(&login.url);
    let id = session_of(world.app().complete(&link).await.unwrap());
    assert_eq!(id.attempt(), &login.id);
    world
        .app()
        .session(&id)
        .await
        .unwrap()
        .user_info()
        .await
        .unwrap();
    // What it was made of is not kept twice.
    let keys = world.store.list("").unwrap();
    let key = keys.iter().find(|key| key.contains("/attempt/")).unwrap();
    let stored = world.store.get(key).unwrap().unwrap();
    let stored = String::from_utf8(stored).unwrap();
    assert!(
        stored.contains(r#""cookies":[]"#),
        "the cookies are the session's now"
    );
}

/// It died behind the request, and before its answer was stored.
#[tokio::test]
async fn a_callback_is_retried_once_after_a_crash_while_forwarding() {
    let ours = Ours::new().await;
    let mut platform = ours.platform();
    let gate = Gate::before(platform.http);
    platform.http = gate.clone();
    let app = Client::new(ours.config(), platform).unwrap();
    app.begin(login_request()).await.unwrap();
    gate.close_for_answers();
    let (completing, link) = (app.clone(), ours.link(1));
    let task = tokio::spawn(async move { completing.complete(&link).await });
    gate.reached.notified().await;
    // Its lease runs out, and nobody knows of it.
    ours.clock.advance(61);
    let id = session_of(ours.app().complete(&ours.link(1)).await.unwrap());
    assert_eq!(ours.asked("/truid/complete").await, 2);
    // The first wakes up late, and changes nothing.
    gate.open();
    assert_eq!(session_of(task.await.unwrap().unwrap()), id);
}

#[tokio::test]
async fn another_process_waits_for_the_forwarding_one() {
    let world = World::new().await;
    let mut platform = world.platform();
    let gate = Gate::before(platform.http);
    platform.http = gate.clone();
    let app = Client::new(world.config(), platform).unwrap();
    let login = app.begin(login_request()).await.unwrap();
    let link = world.approve(&login.url);
    gate.close();
    let (first, url) = (app.clone(), link.clone());
    let first = tokio::spawn(async move { first.complete(&url).await });
    gate.reached.notified().await;
    let (other, url) = (world.app(), link.clone());
    let other = tokio::spawn(async move { other.complete(&url).await });
    // While it is under way, it is not opened again.
    assert!(world.app().reopen(&login.id).await.unwrap().is_none());
    gate.open();
    let first = session_of(first.await.unwrap().unwrap());
    assert_eq!(session_of(other.await.unwrap().unwrap()), first);
    assert_eq!(world.backend.seen(COMPLETE).len(), 1);
}

/// Two links of one login at the same time: neither is told what became of the other.
#[tokio::test]
async fn a_concurrent_forged_link_is_unknown() {
    let world = World::new().await;
    world.backend.push_requests();
    world.backend.compare_first();
    let mut platform = world.platform();
    let gate = Gate::before(platform.http);
    platform.http = gate.clone();
    let app = Client::new(world.config(), platform).unwrap();
    let login = app.begin(login_request()).await.unwrap();
    let link = world.approve(&login.url);
    gate.close();
    let forged = world.at(&format!("{COMPLETE}?code=c&state=forged"));
    let forging = app.clone();
    let forging = tokio::spawn(async move { forging.complete(&forged).await });
    gate.reached.notified().await;
    let completing = tokio::spawn(async move { app.complete(&link).await });
    tokio::task::yield_now().await;
    gate.open();
    assert_eq!(forging.await.unwrap().unwrap(), LoginOutcome::Forgotten);
    session_of(completing.await.unwrap().unwrap());
}

/// The process died between the session and the mark: there is a session.
#[tokio::test]
async fn a_crash_between_session_and_mark_is_recovered() {
    let world = World::new().await;
    let app = world.app();
    let login = app.begin(login_request()).await.unwrap();
    let link = world.approve(&login.url);
    let keys = world.store.list("").unwrap();
    let attempt = keys.iter().find(|key| key.contains("/attempt/")).unwrap();
    let before = world.store.get(attempt).unwrap().unwrap();
    let first = app.complete(&link).await.unwrap();
    world.store.put(attempt, &before).unwrap();
    assert_eq!(world.app().complete(&link).await.unwrap(), first);
    assert_eq!(world.backend.seen(COMPLETE).len(), 1);
}

#[tokio::test]
async fn a_cancelled_complete_still_finishes() {
    let world = World::new().await;
    let gate = Gate::before(Faulty::new());
    let app = world.app_through(gate.clone());
    let login = app.begin(login_request()).await.unwrap();
    let link = world.approve(&login.url);
    gate.close();
    let (completing, url) = (app.clone(), link.clone());
    let task = tokio::spawn(async move { completing.complete(&url).await });
    gate.reached.notified().await;
    task.abort();
    let _ = task.await;
    gate.open();
    session_of(app.complete(&link).await.unwrap());
    assert_eq!(world.backend.seen(COMPLETE).len(), 1);
}
