//! The tokio runtime that everything waits in: one, with one thread of its own, started when
//! it is first needed, asleep while nothing is to be done.
//!
//! Kotlin and Swift poll a future that waits for a task here. When they cancel, that future
//! is dropped and the task is stopped; what must not be left half done the core runs in
//! tasks of its own.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::{io, thread};

use tokio::runtime::{Builder, Handle};
use tokio::task::JoinHandle;

use crate::error::SwitchbackError;
use crate::lock::unpoisoned;

/// Calls of a store or transport that may wait at the same time. Whatever hangs takes one.
const WAITING: usize = 32;

static RUNTIME: Mutex<Option<Handle>> = Mutex::new(None);

/// What could not be started may be the next time.
fn handle() -> Result<Handle, SwitchbackError> {
    let mut runtime = unpoisoned(&RUNTIME);
    if let Some(handle) = &*runtime {
        return Ok(handle.clone());
    }
    let started = start().map_err(|why| SwitchbackError::Internal {
        what: format!("no thread could be started: {why}"),
    });
    Ok(runtime.insert(started?).clone())
}

fn start() -> io::Result<Handle> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .thread_name("switchback-wait")
        .max_blocking_threads(WAITING)
        .build()?;
    let handle = runtime.handle().clone();
    thread::Builder::new()
        .name("switchback".into())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
    Ok(handle)
}

/// Runs this in a task here, which ends when whoever waits for it is dropped.
///
/// # Errors
/// [`SwitchbackError::Internal`] where the task panicked: never a panic.
pub async fn run<T, E>(
    work: impl Future<Output = Result<T, E>> + Send + 'static,
) -> Result<T, SwitchbackError>
where
    T: Send + 'static,
    E: Into<SwitchbackError> + Send + 'static,
{
    let slot = Arc::new(Mutex::new(None));
    let result = Arc::clone(&slot);
    let work = async move { *unpoisoned(&slot) = Some(work.await) };
    task(Box::pin(work)).await?;
    let result = unpoisoned(&result).take();
    result.map_or_else(
        || Err(SwitchbackError::panicked()),
        |result| result.map_err(Into::into),
    )
}

/// The same for all kinds of work: tokio's task machinery is some two kilobytes, and is
/// compiled anew for each kind of future that it is given.
async fn task(work: Pin<Box<dyn Future<Output = ()> + Send>>) -> Result<(), SwitchbackError> {
    /// Stops the task when it is dropped.
    struct Wanted(JoinHandle<()>);

    impl Drop for Wanted {
        fn drop(&mut self) {
            self.0.abort();
        }
    }

    let mut task = Wanted(handle()?.spawn(work));
    let done = (&mut task.0).await;
    done.map_err(|_| SwitchbackError::panicked())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Waits as Kotlin and Swift do: without a runtime.
    fn wait<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime for the test")
            .block_on(future)
    }

    #[test]
    fn a_panic_becomes_an_error() {
        let mistake = async {
            assert_eq!(1, 2, "on purpose");
            Ok::<_, SwitchbackError>(())
        };
        assert!(matches!(
            wait(run(mistake)),
            Err(SwitchbackError::Internal { .. })
        ));
    }

    #[test]
    fn a_task_stops_when_nobody_waits_for_it_any_more() {
        let (dropped, noticed) = tokio::sync::oneshot::channel::<()>();
        let (started, running) = tokio::sync::oneshot::channel::<()>();
        let work = run(async move {
            let _dropped = dropped;
            let _ = started.send(());
            std::future::pending::<Result<(), SwitchbackError>>().await
        });
        wait(async {
            tokio::select! {
                _ = work => unreachable!("it never ends"),
                started = running => started.expect("it started"),
            }
            assert!(noticed.await.is_err(), "it was let go of");
        });
    }

    #[test]
    fn all_of_it_is_done_by_one_thread() {
        let here = || async { Ok::<_, SwitchbackError>(thread::current().id()) };
        let (one, two) = wait(async { tokio::join!(run(here()), run(here())) });
        assert_eq!(one.expect("a thread"), two.expect("a thread"));
    }
}
