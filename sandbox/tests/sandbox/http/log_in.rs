//! Tests of the start page: the examples to copy, and the login.

use std::process::Command;

use switchback_sandbox::{Config, RegisteredClient, Tls};
use tokio::task::spawn_blocking;

use crate::support::*;
use crate::test_client::TestClient;

async fn page(test: &TestClient, path: &str) -> Answer {
    send(test.to, &format!("GET {path}"), &["Accept: text/html"], "").await
}

/// Begins a login from the start page. Returns the id of the pending request.
async fn begin(test: &TestClient) -> String {
    let home = page(test, "/").await.body;
    assert!(
        home.contains("href=\"/log-in?client_id=demo-app\">Log in now</a>"),
        "{home}"
    );
    let begun = page(test, "/log-in?client_id=demo-app").await;
    assert_eq!(begun.status, 303, "{}", begun.body);
    let asked = page(test, begun.header("location").unwrap()).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    test.sandbox.app().waiting().remove(0).id
}

/// The page that the browser shows at the redirect URI.
async fn callback_page(test: &TestClient, link: &str) -> String {
    let path = link.strip_prefix(test.sandbox.url()).unwrap();
    page(test, path).await.body
}

#[tokio::test]
async fn the_login_on_the_start_page_succeeds() {
    let test = TestClient::start().await;
    for _ in 0..2 {
        let id = begin(&test).await;
        let link = test.sandbox.app().approve(&id).unwrap();
        let shown = callback_page(&test, &link).await;
        for part in ["Logged in", "Maja Sjöström", "maja.sjostrom@example.com"] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        // A reload shows the page for any callback.
        let again = callback_page(&test, &link).await;
        assert!(again.contains("came back to the browser"), "{again}");
    }
    let none: [&str; 0] = [];
    assert_eq!(test.found(), none);
    let counters = test.sandbox.counters();
    assert_eq!((counters.code_exchanges, counters.presentations), (2, 2));
    assert_eq!(test.sandbox.flows().len(), 2);
}

#[tokio::test]
async fn the_login_on_the_start_page_shows_errors() {
    let test = TestClient::start().await;
    let id = begin(&test).await;
    let link = test.sandbox.app().decline(&id).unwrap();
    let shown = callback_page(&test, &link).await;
    assert!(
        shown.contains("Not logged in") && shown.contains("declined"),
        "{shown}"
    );
    let id = begin(&test).await;
    let link = test.sandbox.app().approve(&id).unwrap();
    test.sandbox.advance(60);
    let shown = callback_page(&test, &link).await;
    assert!(shown.contains("<code>invalid_grant</code>"), "{shown}");
    // A callback with a wrong state is not accepted.
    let shown = callback_page(&test, &link.replace("state=", "state=x")).await;
    assert!(shown.contains("came back to the browser"), "{shown}");
}

#[tokio::test]
async fn the_login_is_only_for_clients_that_the_sandbox_can_play() {
    let app = RegisteredClient::public("app", "app:///cb");
    let config = Config {
        clients: vec![RegisteredClient::demo_backend(), app],
        ..Config::default()
    };
    let test = TestClient::start_with(config).await;
    assert!(!page(&test, "/").await.body.contains("Log in now"));
    for client_id in ["app", "demo-backend", "nobody", ""] {
        let answer = page(&test, &format!("/log-in?client_id={client_id}")).await;
        assert_eq!(answer.status, 400, "{client_id}");
    }
}

/// A complete login with curl, for each client without a key.
#[tokio::test]
async fn the_curl_example_works_unchanged() {
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
        let test = TestClient::start_with(config).await;
        let mut curl = Command::new("curl");
        curl.args(["-sk", &format!("{}/", test.sandbox.url())]);
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
        let output = String::from_utf8_lossy(&ended.stdout);
        let errors = String::from_utf8_lossy(&ended.stderr);
        assert!(
            output.contains("maja.sjostrom@example.com"),
            "{client_id}: {output}{errors}"
        );
        let none: [&str; 0] = [];
        assert_eq!(test.found(), none, "{client_id}");
    }
}
