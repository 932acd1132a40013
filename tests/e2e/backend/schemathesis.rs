//! schemathesis generates valid and invalid requests from `docs/reference/service-openapi.json`, and sends
//! them to the service over real HTTP. The service must answer no 5xx, and only described answers.
//!
//! It needs the program that `cargo xtask test` installs. If it cannot be installed, xtask says so
//! and does not set [`PROGRAM`].

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use super::support::{API_KEY, BackendFixture, TOKENS, XHR, path};

const PROGRAM: &str = "SWITCHBACK_TEST_SCHEMATHESIS";

/// The checks of an answer. The other checks would refuse every parameter that is not described,
/// which OAuth forbids (RFC 6749 §3.1), or would expect every state to be known.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance,unsupported_method,\
    allow_header_conformance";

/// Excludes the check that requests without a session get no data: schemathesis adds an invented
/// cookie, but the bearer token takes precedence.
const OF_COOKIES: &str = ",ignored_auth";

#[tokio::test]
async fn every_answer_is_described() {
    let Some(program) = env::var_os(PROGRAM) else {
        assert!(
            env::var_os("CI").is_none(),
            "{PROGRAM} is not set: `cargo xtask test` sets it"
        );
        return;
    };
    let fixture = BackendFixture::new().await;
    let node = fixture.signing_node().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = node.router.clone();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });

    let cookie = format!("Cookie: {}", fixture.log_in(&node).await);
    let started = node.get("/truid/login-session", &[XHR, TOKENS]).await;
    let shown = format!("Bearer {}", started.json()["login_token"].as_str().unwrap());
    let link = fixture.approve(started.location());
    let headers = [XHR, TOKENS, ("authorization", &*shown)];
    let tokens = node.get(path(&link), &headers).await.json();
    let key = format!("Authorization: Bearer {API_KEY}");
    let bearer = format!(
        "Authorization: Bearer {}",
        tokens["access_token"].as_str().unwrap()
    );

    let html = "Accept: text/html".to_owned();
    let all = [
        ("nobody", vec![]),
        ("a browser", vec![html.clone()]),
        ("a browser with a session", vec![html, cookie.clone()]),
        ("an app with a cookie", vec![cookie]),
        ("an app with a token", vec![bearer]),
        ("the service itself", vec![key]),
    ];
    let runs = all.map(|(who, headers)| {
        let (program, url) = (program.clone(), url.clone());
        tokio::task::spawn_blocking(move || run(program, &url, who, &headers))
    });
    for run in runs {
        run.await.unwrap();
    }
    server.abort();
}

/// Runs schemathesis once, with a fixed seed.
fn run(program: OsString, url: &str, who: &str, headers: &[String]) {
    let shown = |name: &str| headers.iter().any(|header| header.starts_with(name));
    let mut checks = CHECKS.to_owned();
    if !shown("Authorization") {
        checks.push_str(OF_COOKIES);
    }
    let document =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/service-openapi.json");
    let document = fs::canonicalize(document).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("timeout");
    command.current_dir(&folder).arg("300").arg(program);
    command.arg("run").arg(document).args(["--url", url]);
    command.args(["--phases", "coverage,fuzzing"]);
    command.args(["--max-examples", "20", "--seed", "6"]);
    command.args(["--checks", &checks, "--exclude-tag", "server"]);
    command.args(["--continue-on-failure", "--warnings", "off"]);
    for header in headers {
        command.args(["-H", header]);
    }
    let mut tested = 17;
    if shown("Authorization") || shown("Cookie") {
        // A log-out ends the session.
        command.args(["--exclude-path", "/truid/log-out"]);
        tested -= 1;
    }
    command.env("NO_COLOR", "1");
    let run = command.output().unwrap();
    let said = [run.stdout, run.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(run.status.success(), "{who}: {said}");
    assert!(
        said.contains(&format!("Tested: {tested}\n")),
        "{who}: {said}"
    );
}
