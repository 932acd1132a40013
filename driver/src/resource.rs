//! Requests with an access token to protected resources (RFC 6750).

use std::sync::Arc;

use switchback_protocol::http::{self, Response};
use switchback_protocol::{OAuthError, Secret};

use crate::ports::TransportError;
use crate::sender::Sender;

/// Why a resource could not be read.
#[derive(Clone, Debug)]
pub enum ResourceFailure {
    /// A temporary failure: the caller may make the same call again.
    TryAgain {
        /// Seconds to wait, if the service said so (`Retry-After`).
        retry_after: Option<u32>,
        /// The network error, if there was one.
        source: Option<Arc<TransportError>>,
    },
    /// The answer is longer than 1 MiB.
    TooLong,
    /// The service refused the request (400 or 403), with this error.
    Refused(OAuthError),
}

impl From<TransportError> for ResourceFailure {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::TooLong => Self::TooLong,
            error => Self::TryAgain {
                retry_after: None,
                source: Some(Arc::new(error)),
            },
        }
    }
}

/// Sends a request that changes nothing, and retries it if no answer arrives.
///
/// # Errors
/// [`ResourceFailure::TryAgain`] and [`ResourceFailure::TooLong`].
pub async fn get(sender: &Sender, request: http::Request) -> Result<Response, ResourceFailure> {
    Ok(sender.send_retrying(request).await?)
}

/// Returns the answer unless its status is a refusal (400, 403) or a temporary failure. If a
/// refusal repeats one of the `sent` secrets, the error does not show that secret.
///
/// # Errors
/// [`ResourceFailure::Refused`] and [`ResourceFailure::TryAgain`], depending on the status.
pub fn check_status(
    response: Response,
    sent: impl FnOnce() -> Vec<Secret>,
) -> Result<Response, ResourceFailure> {
    match response.status {
        400 | 403 => {
            let sent = sent();
            let sent: Vec<&Secret> = sent.iter().collect();
            Err(ResourceFailure::Refused(refusal_reason(&response, &sent)))
        }
        _ if response.was_not_processed() || response.has_failed() => {
            Err(ResourceFailure::TryAgain {
                retry_after: response.retry_after(),
                source: None,
            })
        }
        _ => Ok(response),
    }
}

/// The service's reason for a refusal.
pub fn refusal_reason(response: &Response, sent: &[&Secret]) -> OAuthError {
    OAuthError::read(response, sent)
        .unwrap_or_else(|| OAuthError::new("no reason given", None, &[]))
}
