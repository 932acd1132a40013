//! Complete logins by a third-party library: npm's `openid-client`, in `tests/node/login.mjs`.
//!
//! The test needs Node and the packages that `cargo xtask test` installs; without them, xtask
//! reports that and does not set [`FOLDER`].

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use switchback_sandbox::{Config, Sandbox};

/// The variable with the folder that contains `node_modules`.
const FOLDER: &str = "SWITCHBACK_TEST_NODE";

#[tokio::test]
async fn openid_client_logs_in() {
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
    let output = String::from_utf8_lossy(&run.stdout);
    let errors = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{}: {output}{errors}", run.status);

    // The script did nine logins at this sandbox, each with a refresh.
    let counters = sandbox.counters();
    assert_eq!((counters.code_exchanges, counters.refreshes), (9, 9));
    assert_eq!((counters.par, counters.revoked_grants), (6, 9));
    // The script provokes these findings; the library itself causes none.
    let found: BTreeSet<&str> = sandbox
        .findings()
        .iter()
        .map(|found| found.finding.id())
        .collect();
    let provoked = ["refresh-early", "refresh-token-reused", "secret-wrong"];
    assert_eq!(found, BTreeSet::from(provoked));
}
