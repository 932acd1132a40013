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

use super::process::{Task, start};
use super::{Stage, Story};
use crate::exit::Failure;
use crate::output::Output;

/// Nobody kills a process whose first one is gone.
const LIFE: Duration = Duration::from_secs(60);

const SENDING: &str = "sending";

/// The first process's side: starts another, kills it, and goes on with the session.
pub(super) async fn in_mid_refresh(
    story: &mut Story<'_>,
    stage: &Stage,
    session: &Session,
    verbose: bool,
) -> Result<(), Failure> {
    let failed = |what: &str| Failure::failed(format!("the process to be killed {what}"));
    let before = stage.refreshes();
    let task = Task::Refresh {
        session: session.id().attempt().clone(),
        moved: stage.clock.moved(),
    };
    let mut process = start(stage, task, verbose).await?;
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
    let refreshes = stage.refreshes() - before;
    if refreshes != 1 {
        return Err(failed("left a session that cannot go on"));
    }
    story.step(
        "kill",
        "a process is killed in mid-refresh; the next takes over",
        json!({ "pid": pid, "refreshes": refreshes }),
    );
    Ok(())
}

/// The other process's side: it is about to send, and never does.
pub(super) async fn about_to_send(
    out: &Output,
    make: impl FnOnce(Arc<dyn HttpTransport>) -> Result<Client, Failure>,
    session: SessionId,
) -> Result<(), Failure> {
    let stops = Arc::new(Stops::default());
    let client = make(stops.clone())?;
    let session = client.session(&session).await?;
    tokio::spawn(async move { session.access_token().await });
    stops.0.notified().await;
    out.raw(SENDING);
    tokio::time::sleep(LIFE).await;
    Ok(())
}

#[derive(Default)]
struct Stops(Notify);

impl HttpTransport for Stops {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async {
            self.0.notify_one();
            pending().await
        })
    }
}
