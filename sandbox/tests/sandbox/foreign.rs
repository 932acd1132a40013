//! Whole logins by code that is not ours: npm's `openid-client`, in `tests/node/login.mjs`.
//!
//! It needs Node and the packages that `cargo xtask test` installs; where they are not to
//! be had, xtask says so and does not set [`FOLDER`].

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use switchback_sandbox::{Config, Sandbox};

/// The folder that has the packages in `node_modules`.
const FOLDER: &str = "SWITCHBACK_TEST_NODE";

#[tokio::test]
async fn another_languages_client_logs_in() {
    let Some(folder) = env::var_os(FOLDER) else {
        return;
    };
    // Node looks for packages beside the script.
    let script = Path::new(&folder).join("login.mjs");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node/login.mjs");
    fs::copy(own, &script).unwrap();

    let sandbox = Sandbox::start(Config::default()).await.unwrap();
    let mut node = Command::new("node");
    node.arg(script).arg(sandbox.url());
    let run = tokio::task::spawn_blocking(move || node.output().unwrap());
    let run = run.await.unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    let wrong = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{}: {said}{wrong}", run.status);

    // It was the sandbox that it talked to: nine logins, each with a refresh.
    let counters = sandbox.counters();
    assert_eq!((counters.code_exchanges, counters.refreshes), (9, 9));
    assert_eq!((counters.par, counters.revoked_grants), (6, 9));
    // What it did wrong it did on purpose; all else that a library does is without fault.
    let found: BTreeSet<&str> = sandbox
        .findings()
        .iter()
        .map(|found| found.finding.id())
        .collect();
    let meant = ["refresh-early", "refresh-token-reused", "secret-wrong"];
    assert_eq!(found, BTreeSet::from(meant));
}
