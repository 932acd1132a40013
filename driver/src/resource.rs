//! Requests with an access token to protected resources (RFC 6750).
//!
//! These requests change nothing at the server, so they are retried after any failure of the
//! network. [`status`](mod@status) decides what an answer means; 401 is left to the caller, who can
//! refresh the token.

use std::sync::Arc;

use switchback_protocol::http::{self, Response};
use switchback_protocol::status::{self, Meaning, RequestKind};
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
    /// The service refused the request, with this error.
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

/// Returns the answer unless its status is a refusal or a temporary failure
/// ([`status`](mod@status) decides). If a refusal repeats one of the `sent` secrets, the error does
/// not show that secret.
///
/// # Errors
/// [`ResourceFailure::Refused`] and [`ResourceFailure::TryAgain`], depending on the status.
pub fn check_status(response: Response, sent: &[Secret]) -> Result<Response, ResourceFailure> {
    let sent: Vec<&Secret> = sent.iter().collect();
    let (meaning, error) = status::read(RequestKind::Data, &response, &sent);
    match meaning {
        Meaning::Refused => Err(ResourceFailure::Refused(refusal_reason(error))),
        Meaning::NotProcessed | Meaning::Failed => Err(ResourceFailure::TryAgain {
            retry_after: response.retry_after(),
            source: None,
        }),
        Meaning::Success | Meaning::NotAuthenticated | Meaning::Broken(_) => Ok(response),
    }
}

/// The service's reason for a refusal, if it gave one.
pub fn refusal_reason(error: Option<OAuthError>) -> OAuthError {
    error.unwrap_or_else(|| OAuthError::new("no reason given", None, &[]))
}
