//! Work that a cancelled caller does not leave half done.

use switchback_driver::task;

use crate::error::Error;

/// Runs work in a task of its own, which goes on when its caller is cancelled.
pub(crate) async fn run<T: Send + 'static>(
    what: &'static str,
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    let result = task::run(work).await;
    result.unwrap_or_else(|| Err(Error::interrupted(what)))
}
