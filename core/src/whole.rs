//! Work that is not left half done.

use std::future::Future;

use crate::error::Error;

/// Runs work in a task of its own, so that a caller that is cancelled does not leave it
/// half done.
pub(crate) async fn whole<T: Send + 'static>(
    what: &'static str,
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    match tokio::spawn(work).await {
        Ok(result) => result,
        Err(_) => Err(Error::interrupted(what)),
    }
}
