//! The start page: what it offers to paste, and a login to try.

use std::process::Command;

use switchback_sandbox::{Config, RegisteredClient, Tls};
use tokio::task::spawn_blocking;

use crate::scene::Scene;
use crate::support::*;

async fn page(scene: &Scene, path: &str) -> Answer {
    send(scene.to, &format!("GET {path}"), &["Accept: text/html"], "").await
}

/// Begins a login from the start page. Gives what waits for the person.
async fn begun(scene: &Scene) -> String {
    let home = page(scene, "/").await.body;
    assert!(
        home.contains("href=\"/log-in?client_id=demo-app\">Log in now</a>"),
        "{home}"
    );
    let begun = page(scene, "/log-in?client_id=demo-app").await;
    assert_eq!(begun.status, 303, "{}", begun.body);
    let asked = page(scene, begun.header("location").unwrap()).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    scene.sandbox.app().waiting().remove(0).id
}

/// What the browser is shown at the redirect URI.
async fn came_back(scene: &Scene, link: &str) -> String {
    let path = link.strip_prefix(scene.sandbox.url()).unwrap();
    page(scene, path).await.body
}

#[tokio::test]
async fn a_login_is_tried_from_the_start_page() {
    let scene = Scene::start().await;
    for _ in 0..2 {
        let id = begun(&scene).await;
        let link = scene.sandbox.app().approve(&id).unwrap();
        let shown = came_back(&scene, &link).await;
        for part in ["Logged in", "Maja Sjöström", "maja.sjostrom@example.com"] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        // The page that is loaded again is that of any callback.
        let again = came_back(&scene, &link).await;
        assert!(again.contains("came back to the browser"), "{again}");
    }
    let none: [&str; 0] = [];
    assert_eq!(scene.found(), none);
    let counters = scene.sandbox.counters();
    assert_eq!((counters.code_exchanges, counters.presentations), (2, 2));
    assert_eq!(scene.sandbox.flows().len(), 2);
}

#[tokio::test]
async fn a_login_that_is_declined_or_goes_wrong_is_shown_so() {
    let scene = Scene::start().await;
    let id = begun(&scene).await;
    let link = scene.sandbox.app().decline(&id).unwrap();
    let shown = came_back(&scene, &link).await;
    assert!(
        shown.contains("Not logged in") && shown.contains("declined"),
        "{shown}"
    );
    let id = begun(&scene).await;
    let link = scene.sandbox.app().approve(&id).unwrap();
    scene.sandbox.advance(60);
    let shown = came_back(&scene, &link).await;
    assert!(shown.contains("<code>invalid_grant</code>"), "{shown}");
    // Somebody else's callback is not taken.
    let shown = came_back(&scene, &link.replace("state=", "state=x")).await;
    assert!(shown.contains("came back to the browser"), "{shown}");
}

#[tokio::test]
async fn a_login_is_offered_where_it_can_be_tried() {
    let app = RegisteredClient::public("app", "app:///cb");
    let config = Config {
        clients: vec![RegisteredClient::demo_backend(), app],
        ..Config::default()
    };
    let scene = Scene::start_with(config).await;
    assert!(!page(&scene, "/").await.body.contains("Log in now"));
    for client_id in ["app", "demo-backend", "nobody", ""] {
        let answer = page(&scene, &format!("/log-in?client_id={client_id}")).await;
        assert_eq!(answer.status, 400, "{client_id}");
    }
}

/// A whole login, as it stands on the page for each client that curl can be.
#[tokio::test]
async fn what_is_to_be_pasted_for_curl_works_as_it_stands() {
    if std::env::var_os("SWITCHBACK_TEST_CURL").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (client, secure) in [
        (RegisteredClient::demo_app(), false),
        (RegisteredClient::demo_backend(), false),
        (RegisteredClient::demo_app(), true),
    ] {
        let client_id = client.client_id.clone();
        let folder = folder.path().to_owned();
        let tls = Tls {
            folder: folder.clone(),
        };
        let config = Config {
            clients: vec![client],
            tls: Some(tls).filter(|_| secure),
            ..Config::default()
        };
        let scene = Scene::start_with(config).await;
        let mut curl = Command::new("curl");
        curl.args(["-sk", &format!("{}/", scene.sandbox.url())]);
        let home = spawn_blocking(move || curl.output()).await.unwrap();
        let home = String::from_utf8(home.unwrap().stdout).unwrap();
        let script = home.split("<code id=\"snippet-1-1\">").nth(1).unwrap();
        let script = script.split("</code>").next().unwrap();
        let script = script.replace("&#34;", "\"").replace("&#39;", "'");
        let script = script
            .replace("&#60;", "<")
            .replace("&#62;", ">")
            .replace("&#38;", "&");
        let mut run = Command::new("bash");
        run.args(["-euo", "pipefail", "-c", &script]);
        run.current_dir(folder);
        let ended = spawn_blocking(move || run.output()).await.unwrap().unwrap();
        let said = String::from_utf8_lossy(&ended.stdout);
        let wrong = String::from_utf8_lossy(&ended.stderr);
        assert!(
            said.contains("maja.sjostrom@example.com"),
            "{client_id}: {said}{wrong}"
        );
        let none: [&str; 0] = [];
        assert_eq!(scene.found(), none, "{client_id}");
    }
}
