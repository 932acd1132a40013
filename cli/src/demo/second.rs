//! The second process: this program, started again.
//!
//! What it needs comes in on stdin, since everybody on a machine can read its command
//! lines, and some of it (the link holds a code) is secret. What it says comes out on
//! stdout, as one line of JSON.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;
use switchback::Secret;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;

use super::person::Callback;
use super::{Stage, Story, client};
use crate::exit::{Exit, Failure};
use crate::listener::Page;
use crate::login::outcome;
use crate::output::Output;
use crate::profile::Profile;

/// What the second process is told.
#[derive(Serialize, Deserialize)]
struct Told {
    profile: Profile,
    home: PathBuf,
    callback: String,
}

/// What it says.
#[derive(Serialize, Deserialize)]
enum Said {
    LoggedIn(Completed),
    Failed(Failure),
}

/// A login that the second process completed.
#[derive(Serialize, Deserialize)]
pub(crate) struct Completed {
    pid: u32,
    pending: usize,
    pub(crate) session: String,
    pub(crate) withheld: Vec<String>,
}

/// The first process's side: starts the second, and hands it the link.
pub(super) async fn complete(
    story: &mut Story<'_>,
    stage: &Stage,
    callback: Callback,
    verbose: bool,
) -> Result<Completed, Failure> {
    let said = start(stage, &callback.url, verbose).await;
    if let Some((listener, arrival)) = callback.browser {
        arrival.answer(match said {
            Ok(Said::LoggedIn(_)) => Page::LoggedIn,
            _ => Page::Ended,
        });
        listener.stop().await;
    }
    let completed = match said? {
        Said::LoggedIn(completed) => completed,
        Said::Failed(failure) => return Err(ended(story, failure)),
    };
    story.step(
        "restart",
        format!(
            "a new process, {}, finds the login and completes it",
            completed.pid
        ),
        json!({
            "pid": completed.pid,
            "pending": completed.pending,
            "session": completed.session,
        }),
    );
    Ok(completed)
}

/// The second process found the login, and it did not end well.
fn ended(story: &mut Story<'_>, failure: Failure) -> Failure {
    if failure.exit != Exit::Declined {
        return failure;
    }
    let kind = &failure.kind;
    story.step(
        "restart",
        format!("a new process finds the login: {kind}"),
        json!({ "outcome": kind }),
    );
    failure.next("an app would offer to try again, or another way to log in")
}

async fn start(stage: &Stage, callback: &Secret, verbose: bool) -> Result<Said, Failure> {
    let failed = |what: String| Failure::failed(format!("the second process failed: {what}"));
    let io = |error: std::io::Error| failed(error.to_string());
    let told = Told {
        profile: stage.profile.clone(),
        home: stage.home.path().into(),
        callback: callback.expose().into(),
    };
    let mut command = Command::new(std::env::current_exe().map_err(io)?);
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
        .map_err(io)?;
    if let Some(mut stdin) = process.stdin.take() {
        let told = serde_json::to_vec(&told).map_err(|error| failed(error.to_string()))?;
        stdin.write_all(&told).await.map_err(io)?;
    }
    let output = process.wait_with_output().await.map_err(io)?;
    serde_json::from_slice(&output.stdout).map_err(|_| failed(output.status.to_string()))
}

/// The second process's side: finds the login in the store, and completes it.
pub(crate) async fn continued(out: &Output) -> Result<(), Failure> {
    let said = match completed().await {
        Ok(completed) => Said::LoggedIn(completed),
        Err(failure) => Said::Failed(failure),
    };
    let line = serde_json::to_string(&said).map_err(|error| Failure::failed(error.to_string()))?;
    out.raw(line);
    match said {
        Said::LoggedIn(_) => Ok(()),
        // The first process says it.
        Said::Failed(failure) => Err(Failure {
            told: true,
            ..failure
        }),
    }
}

async fn completed() -> Result<Completed, Failure> {
    let mut told = Vec::new();
    let read = tokio::io::stdin().read_to_end(&mut told).await;
    read.map_err(|error| Failure::failed(error.to_string()))?;
    let told: Told = serde_json::from_slice(&told)
        .map_err(|_| Failure::usage("this command is for the demo's own use"))?;
    let client = client(&told.profile, &told.home, Arc::default())?;
    let pending = client.pending().await?.len();
    let done = outcome(client.complete(&told.callback).await?)?;
    Ok(Completed {
        pid: std::process::id(),
        pending,
        session: done.session,
        withheld: done.withheld,
    })
}
