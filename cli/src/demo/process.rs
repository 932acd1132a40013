//! Starts this program again as another process of the demo.
//!
//! The process reads its input from stdin, and not from its command line: every user of a machine
//! can read command lines, and the input contains secrets (a callback has a code).

use std::fmt::Display;
use std::path::PathBuf;
use std::process::Stdio;

use serde::{Deserialize, Serialize};
use switchback::AttemptId;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};

use super::DemoSetup;
use crate::exit::Failure;
use crate::profile::Profile;

/// The input of another process.
#[derive(Serialize, Deserialize)]
pub(super) struct ChildInput {
    pub(super) profile: Profile,
    pub(super) home: PathBuf,
    pub(super) task: ChildTask,
}

/// The task of another process.
#[derive(Serialize, Deserialize)]
pub(super) enum ChildTask {
    /// Complete the login with this callback.
    Complete { callback: String },
    /// Begin to refresh a session, with the clock advanced by `moved` seconds, until killed.
    Refresh { session: AttemptId, moved: i64 },
}

/// Starts this program again with this task.
pub(super) async fn start(
    setup: &DemoSetup,
    task: ChildTask,
    verbose: bool,
) -> Result<Child, Failure> {
    let input = ChildInput {
        profile: setup.profile.clone(),
        home: setup.home.path().into(),
        task,
    };
    let mut command = Command::new(std::env::current_exe().map_err(failed)?);
    command
        .arg("continue-demo")
        .args(verbose.then_some("--verbose"));
    // Only the first process handles Ctrl-C: it knows which requests are open.
    #[cfg(unix)]
    command.process_group(0);
    let mut process = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)?;
    if let Some(mut stdin) = process.stdin.take() {
        let input = serde_json::to_vec(&input).map_err(failed)?;
        stdin.write_all(&input).await.map_err(failed)?;
    }
    Ok(process)
}

/// Reads the input of this process from stdin.
pub(super) async fn read_input() -> Result<ChildInput, Failure> {
    let mut input = Vec::new();
    let read = tokio::io::stdin().read_to_end(&mut input).await;
    read.map_err(|error| Failure::failed(error.to_string()))?;
    serde_json::from_slice(&input)
        .map_err(|_| Failure::usage("only switchback demo can start this command"))
}

pub(super) fn failed(what: impl Display) -> Failure {
    Failure::failed(format!("another process of the demo failed: {what}"))
}
