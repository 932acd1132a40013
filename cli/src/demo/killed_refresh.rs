//! A process that is killed during a refresh. It stored that it will send the refresh token (the
//! lease), and the next process cannot know whether it sent the token.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use switchback::ports::{BoxFuture, HttpTransport, TransportError};
use switchback::{Client, Session, SessionId};
use switchback_protocol::http::{Request, Response};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::sync::Notify;

use super::process::{ChildTask, start};
use super::{DemoSetup, Progress};
use crate::exit::Failure;
use crate::output::Output;

/// How long the process waits to be killed, if the first process has ended.
const LIFE: Duration = Duration::from_secs(60);

const SENDING: &str = "sending";

/// In the first process: starts another process, kills it, and uses the session again.
pub(super) async fn kill_and_recover(
    progress: &mut Progress<'_>,
    setup: &DemoSetup,
    session: &Session,
    verbose: bool,
) -> Result<(), Failure> {
    let failed = |what: &str| Failure::failed(format!("the process that the demo kills {what}"));
    let before = setup.refreshes();
    let task = ChildTask::Refresh {
        session: session.id().attempt().clone(),
        moved: setup.clock.moved(),
    };
    let mut process = start(setup, task, verbose).await?;
    let pid = process.id();
    let stdout = process
        .stdout
        .take()
        .ok_or_else(|| failed("has no output"))?;
    let said = BufReader::new(stdout).lines().next_line().await;
    if said.ok().flatten().as_deref() != Some(SENDING) {
        return Err(failed("ended too early"));
    }
    process
        .kill()
        .await
        .map_err(|_| failed("could not be killed"))?;
    session.access_token().await?;
    let refreshes = setup.refreshes() - before;
    if refreshes != 1 {
        return Err(failed("left a session that cannot be refreshed"));
    }
    progress.step(
        "kill",
        "a process is killed during a refresh; another takes over",
        json!({ "pid": pid, "refreshes": refreshes }),
    );
    Ok(())
}

/// In the other process: begins a refresh, and never sends its request.
pub(super) async fn refresh_until_killed(
    out: &Output,
    make: impl FnOnce(Arc<dyn HttpTransport>) -> Result<Client, Failure>,
    session: SessionId,
) -> Result<(), Failure> {
    let stops = Arc::new(NeverSends::default());
    let client = make(stops.clone())?;
    let session = client.session(&session).await?;
    tokio::spawn(async move { session.access_token().await });
    stops.0.notified().await;
    out.raw(SENDING);
    tokio::time::sleep(LIFE).await;
    Ok(())
}

#[derive(Default)]
struct NeverSends(Notify);

impl HttpTransport for NeverSends {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async {
            self.0.notify_one();
            pending().await
        })
    }
}
