//! Detached tasks with this crate's errors.

use switchback_driver::task;

use crate::error::Error;

/// Runs work in a detached task, which continues if its caller is cancelled. `what` is for the
/// error of a task that ends without a result.
pub(crate) async fn run<T: Send + 'static>(
    what: &'static str,
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    let result = task::run(work).await;
    result.unwrap_or_else(|| Err(Error::interrupted(what)))
}
