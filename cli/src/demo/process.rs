//! This program, started again: another process of the demo.
//!
//! What it needs comes in on stdin, since everybody on a machine can read its command
//! lines, and some of it (a link holds a code) is secret.

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

/// What such a process is told.
#[derive(Serialize, Deserialize)]
pub(super) struct ChildInput {
    pub(super) profile: Profile,
    pub(super) home: PathBuf,
    pub(super) task: ChildTask,
}

/// What it is to do.
#[derive(Serialize, Deserialize)]
pub(super) enum ChildTask {
    /// Complete the login with the link that came back.
    Complete { callback: String },
    /// Refresh a session, at a time to which the clock was moved, and be killed.
    Refresh { session: AttemptId, moved: i64 },
}

/// Starts this program again, for this task.
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
    // Ctrl-C is for the first process, which knows what is under way.
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

/// What this process was told.
pub(super) async fn read_input() -> Result<ChildInput, Failure> {
    let mut input = Vec::new();
    let read = tokio::io::stdin().read_to_end(&mut input).await;
    read.map_err(|error| Failure::failed(error.to_string()))?;
    serde_json::from_slice(&input)
        .map_err(|_| Failure::usage("this command is for the demo's own use"))
}

pub(super) fn failed(what: impl Display) -> Failure {
    Failure::failed(format!("another process of the demo failed: {what}"))
}
