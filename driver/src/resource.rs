//! Reading what an access token opens (RFC 6750).

use std::sync::Arc;

use switchback_protocol::http::{self, Response};
use switchback_protocol::{OAuthError, Secret};

use crate::ports::TransportError;
use crate::sender::Sender;

/// Why there is nothing to read.
#[derive(Clone, Debug)]
pub enum ResourceFailure {
    /// Not now: the same call may be made again.
    TryAgain {
        /// Seconds to wait, where the service said so.
        retry_after: Option<u32>,
        /// What the network said.
        source: Option<Arc<TransportError>>,
    },
    /// The answer is too long to be one.
    TooLong,
    /// The service does not give this (400 or 403), in its own words.
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

/// Sends a request that changes nothing, more than once where no answer comes.
///
/// # Errors
/// [`ResourceFailure::TryAgain`] and [`ResourceFailure::TooLong`].
pub async fn get(sender: &Sender, request: http::Request) -> Result<Response, ResourceFailure> {
    Ok(sender.send_retrying(request).await?)
}

/// The answer, where it is one to read. What `sent` gives is blacked out should the service
/// repeat it in a refusal.
///
/// # Errors
/// [`ResourceFailure::Refused`] and [`ResourceFailure::TryAgain`], by its status.
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

/// What the service says about why it refuses.
pub fn refusal_reason(response: &Response, sent: &[&Secret]) -> OAuthError {
    OAuthError::read(response, sent)
        .unwrap_or_else(|| OAuthError::new("no reason given", None, &[]))
}
