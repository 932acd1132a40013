//! The tokio runtime that everything waits in: one, with one thread of its own, started when
//! it is first needed, asleep while nothing is to be done.
//!
//! Kotlin and Swift poll a future that waits for a task here. When they cancel, that future
//! is dropped and the task is stopped; what must not be left half done the core runs in
//! tasks of its own.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::{io, thread};

use tokio::runtime::{Builder, Handle};
use tokio::task::JoinHandle;

use crate::error::SwitchbackError;

/// Calls of a store or transport that may wait at the same time. Whatever hangs takes one.
const WAITING: usize = 32;

static RUNTIME: OnceLock<Result<Handle, String>> = OnceLock::new();

fn handle() -> Result<&'static Handle, SwitchbackError> {
    let started = RUNTIME.get_or_init(|| start().map_err(|error| error.to_string()));
    started.as_ref().map_err(|why| SwitchbackError::Internal {
        what: format!("no thread could be started: {why}"),
    })
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

fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
