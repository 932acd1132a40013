//! A process that is killed in the middle of a refresh: it has stored that it is about to
//! send the refresh token, and nobody can know whether it did.

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

/// Nobody kills a process whose first one is gone.
const LIFE: Duration = Duration::from_secs(60);

const SENDING: &str = "sending";

/// The first process's side: starts another, kills it, and goes on with the session.
pub(super) async fn kill_and_recover(
    progress: &mut Progress<'_>,
    setup: &DemoSetup,
    session: &Session,
    verbose: bool,
) -> Result<(), Failure> {
    let failed = |what: &str| Failure::failed(format!("the process to be killed {what}"));
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
        .ok_or_else(|| failed("says nothing"))?;
    let said = BufReader::new(stdout).lines().next_line().await;
    if said.ok().flatten().as_deref() != Some(SENDING) {
        return Err(failed("ended before it could be"));
    }
    process.kill().await.map_err(|_| failed("could not be"))?;
    session.access_token().await?;
    let refreshes = setup.refreshes() - before;
    if refreshes != 1 {
        return Err(failed("left a session that cannot go on"));
    }
    progress.step(
        "kill",
        "a process is killed in mid-refresh; the next takes over",
        json!({ "pid": pid, "refreshes": refreshes }),
    );
    Ok(())
}

/// The other process's side: it is about to send, and never does.
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
