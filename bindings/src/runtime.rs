//! The tokio runtime of all calls: one runtime with one thread, started at the first call.
//!
//! Kotlin and Swift poll a future that waits for a task of this runtime. When they cancel, the
//! future is dropped and the task is aborted. Work that must not stop half done runs in detached
//! tasks of the core.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::{io, thread};

use tokio::runtime::{Builder, Handle};
use tokio::task::JoinHandle;

use crate::error::SwitchbackError;
use crate::lock::unpoisoned;

/// How many calls of stores and transports may block at the same time, including calls that hang.
const WAITING: usize = 32;

static RUNTIME: Mutex<Option<Handle>> = Mutex::new(None);

/// Starts the runtime if necessary. If that fails, the next call tries again.
fn handle() -> Result<Handle, SwitchbackError> {
    let mut runtime = unpoisoned(&RUNTIME);
    if let Some(handle) = &*runtime {
        return Ok(handle.clone());
    }
    let started = start().map_err(|why| SwitchbackError::Internal {
        what: format!("the operating system started no thread: {why}"),
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

/// Runs this in a task of the runtime. Dropping the returned future aborts the task.
///
/// # Errors
/// [`SwitchbackError::Internal`] if the task panicked; this function itself never panics.
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

/// Takes a boxed future, since tokio's task code is about two kilobytes and is compiled again for
/// each type of future.
async fn task(work: Pin<Box<dyn Future<Output = ()> + Send>>) -> Result<(), SwitchbackError> {
    struct AbortOnDrop(JoinHandle<()>);

    impl Drop for AbortOnDrop {
        fn drop(&mut self) {
            self.0.abort();
        }
    }

    let mut task = AbortOnDrop(handle()?.spawn(work));
    let done = (&mut task.0).await;
    done.map_err(|_| SwitchbackError::panicked())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Waits on another runtime, since Kotlin and Swift wait without this one.
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
    fn dropping_the_future_aborts_the_task() {
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
            assert!(noticed.await.is_err(), "the task was dropped");
        });
    }

    #[test]
    fn one_thread_runs_all_tasks() {
        let here = || async { Ok::<_, SwitchbackError>(thread::current().id()) };
        let (one, two) = wait(async { tokio::join!(run(here()), run(here())) });
        assert_eq!(one.expect("a thread"), two.expect("a thread"));
    }
}
