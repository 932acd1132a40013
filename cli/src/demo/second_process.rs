//! The second process finds the login and completes it. It writes its result to stdout, as one
//! line of JSON.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;
use switchback::{AttemptId, Secret};

use super::decision::Callback;
use super::process::{ChildTask, failed, start};
use super::{DemoSetup, Progress, platform};
use crate::exit::{Exit, Failure};
use crate::listener::Page;
use crate::login::outcome;
use crate::output::Output;
use crate::profile::Profile;

/// The result of the second process.
#[derive(Serialize, Deserialize)]
enum ChildResult {
    LoggedIn(Completed),
    Failed(Failure),
}

/// A login that the second process completed.
#[derive(Serialize, Deserialize)]
pub(crate) struct Completed {
    pid: u32,
    pending: usize,
    pub(crate) session: AttemptId,
    pub(crate) denied_scopes: Vec<String>,
}

/// In the first process: starts the second process, and hands it the callback.
pub(super) async fn complete(
    progress: &mut Progress<'_>,
    setup: &DemoSetup,
    callback: Callback,
    verbose: bool,
) -> Result<Completed, Failure> {
    let said = outcome_of(setup, &callback.url, verbose).await;
    if let Some((listener, request)) = callback.browser {
        request.answer(match said {
            Ok(ChildResult::LoggedIn(_)) => Page::LoggedIn,
            _ => Page::Ended,
        });
        listener.stop().await;
    }
    let completed = match said? {
        ChildResult::LoggedIn(completed) => completed,
        ChildResult::Failed(failure) => return Err(ended(progress, failure)),
    };
    progress.step(
        "restart",
        format!(
            "a new process ({}) finds the login and completes it",
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

/// The failure if the second process found the login, and the login did not succeed.
fn ended(progress: &mut Progress<'_>, failure: Failure) -> Failure {
    if failure.exit != Exit::Declined {
        return failure;
    }
    let kind = &failure.kind;
    progress.step(
        "restart",
        format!("a new process finds the login: {kind}"),
        json!({ "outcome": kind }),
    );
    failure.next("an app would offer to try again, or another login method")
}

async fn outcome_of(
    setup: &DemoSetup,
    callback: &Secret,
    verbose: bool,
) -> Result<ChildResult, Failure> {
    let callback = callback.expose().into();
    let process = start(setup, ChildTask::Complete { callback }, verbose).await?;
    let output = process.wait_with_output().await.map_err(failed)?;
    serde_json::from_slice(&output.stdout).map_err(|_| failed(output.status))
}

/// In the second process: completes the login, and prints the result.
pub(super) async fn continued(
    out: &Output,
    profile: &Profile,
    home: &Path,
    callback: &str,
) -> Result<(), Failure> {
    let said = match completed(profile, home, callback).await {
        Ok(completed) => ChildResult::LoggedIn(completed),
        Err(failure) => ChildResult::Failed(failure),
    };
    let line = serde_json::to_string(&said).map_err(|error| Failure::failed(error.to_string()))?;
    out.raw(line);
    match said {
        ChildResult::LoggedIn(_) => Ok(()),
        // The first process prints the failure.
        ChildResult::Failed(failure) => Err(Failure {
            reported: true,
            ..failure
        }),
    }
}

/// Finds the login in the store, and completes it.
async fn completed(profile: &Profile, home: &Path, callback: &str) -> Result<Completed, Failure> {
    let client = profile.client(platform(home, Arc::default())?)?;
    let pending = client.pending_logins().await?.len();
    let done = outcome(client.complete(callback).await?)?;
    Ok(Completed {
        pid: std::process::id(),
        pending,
        session: done.session.attempt().clone(),
        denied_scopes: done.denied_scopes,
    })
}
