//! The client of `cargo xtask load` with few logins: a test that it works, not of its speed.

use std::process::{Command, Output};

use switchback_sandbox::{Config, RegisteredClient, Sandbox};

async fn load(url: String, more: &'static [&str]) -> Output {
    let run = move || {
        Command::new(env!("CARGO_BIN_EXE_switchback-load"))
            .args([
                "--url",
                &url,
                "--connections",
                "4",
                "--seconds-at-most",
                "60",
            ])
            .args(more)
            .output()
            .unwrap()
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_load_client_logs_in_fifty_times() {
    let sandbox = Sandbox::start(Config::default()).await.unwrap();
    let output = load(sandbox.url().to_owned(), &["--logins", "50"]).await;
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{output:?}");
    assert!(said.contains("logins             50 in "), "{said}");
    assert!(said.contains("refused logins     0"), "{said}");
    let counters = sandbox.counters();
    assert_eq!(
        (counters.par, counters.authorize, counters.code_exchanges),
        (50, 50, 50)
    );
    assert_eq!((counters.refreshes, counters.presentations), (50, 50));
    assert_eq!(counters.refused_token_requests, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_load_client_reports_failures() {
    let sandbox = Sandbox::start(Config::default()).await.unwrap();
    let url = sandbox.url();
    let fails = async |url: &str, more, why: &str| {
        let output = load(url.to_owned(), more).await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(why), "{said}");
    };
    let too_many = &["--logins", "1", "--at-least", "1000000"];
    fails(url, too_many, "there should be 1000000 at least").await;
    fails("http://192.0.2.1:8090", &["--logins", "1"], "loopback").await;

    // A sandbox that does not know the client.
    let config = Config {
        clients: vec![RegisteredClient::public("other", "other:///callback")],
        ..Config::default()
    };
    let stranger = Sandbox::start(config).await.unwrap();
    let refused = "1 logins were refused, the first so: /oauth2/v1/par/login-session: 401";
    fails(stranger.url(), &["--logins", "1"], refused).await;
}
