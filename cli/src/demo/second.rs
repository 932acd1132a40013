//! The second process: this program, started again.
//!
//! What it needs comes in on stdin, since everybody on a machine can read its command
//! lines, and some of it (the link holds a code) is secret. What it says comes out on
//! stdout, as one line of JSON.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;
use switchback::Secret;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};

use super::clock::MovableClock;
use super::person::Callback;
use super::{Stage, Story, killed, platform};
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
    task: Task,
}

/// What it is to do.
#[derive(Serialize, Deserialize)]
pub(super) enum Task {
    /// Complete the login with the link that came back.
    Complete { callback: String },
    /// Refresh a session, at a time to which the clock was moved, and be killed.
    Refresh { session: String, moved: i64 },
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
    let said = outcome_of(stage, &callback.url, verbose).await;
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

async fn outcome_of(stage: &Stage, callback: &Secret, verbose: bool) -> Result<Said, Failure> {
    let callback = callback.expose().into();
    let process = start(stage, Task::Complete { callback }, verbose).await?;
    let output = process.wait_with_output().await.map_err(failed)?;
    serde_json::from_slice(&output.stdout).map_err(|_| failed(output.status))
}

fn failed(what: impl Display) -> Failure {
    Failure::failed(format!("the second process failed: {what}"))
}

/// Starts this program again, for this task.
pub(super) async fn start(stage: &Stage, task: Task, verbose: bool) -> Result<Child, Failure> {
    let told = Told {
        profile: stage.profile.clone(),
        home: stage.home.path().into(),
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
        let told = serde_json::to_vec(&told).map_err(failed)?;
        stdin.write_all(&told).await.map_err(failed)?;
    }
    Ok(process)
}

/// The second process's side: does what it is told.
pub(crate) async fn continued(out: &Output) -> Result<(), Failure> {
    let Told {
        profile,
        home,
        task,
    } = told().await?;
    let said = match task {
        Task::Refresh { session, moved } => {
            let make = |http| {
                let clock = Arc::new(MovableClock::default());
                clock.advance(moved);
                let mut platform = platform(&home, clock)?;
                platform.http = http;
                profile.client(platform)
            };
            return killed::about_to_send(out, make, &session).await;
        }
        Task::Complete { callback } => match completed(&profile, &home, &callback).await {
            Ok(completed) => Said::LoggedIn(completed),
            Err(failure) => Said::Failed(failure),
        },
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

async fn told() -> Result<Told, Failure> {
    let mut told = Vec::new();
    let read = tokio::io::stdin().read_to_end(&mut told).await;
    read.map_err(|error| Failure::failed(error.to_string()))?;
    serde_json::from_slice(&told)
        .map_err(|_| Failure::usage("this command is for the demo's own use"))
}

/// Finds the login in the store, and completes it.
async fn completed(profile: &Profile, home: &Path, callback: &str) -> Result<Completed, Failure> {
    let client = profile.client(platform(home, Arc::default())?)?;
    let pending = client.pending().await?.len();
    let done = outcome(client.complete(callback).await?)?;
    Ok(Completed {
        pid: std::process::id(),
        pending,
        session: done.session,
        withheld: done.withheld,
    })
}
