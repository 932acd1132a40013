//! Whether this machine can reach the provider.

use std::time::Duration;

use switchback_driver::http::Reqwest;
use switchback_driver::ports::{HttpTransport as _, TransportError};
use switchback_protocol::http::{Method, Request};
use tokio::time::timeout;

use super::Plan;

/// How long the check waits for an answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// Whether the provider can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reachability {
    /// The provider answers.
    Reachable,
    /// The provider does not answer now, with the reason.
    Unreachable(String),
    /// This machine cannot connect until its configuration changes, with the reason.
    Blocked(String),
}

impl Plan {
    /// Requests the provider's base URL, and reports whether any answer came. The request contains
    /// nothing of the service.
    pub async fn check_reachability(&self) -> Reachability {
        let request = Request {
            method: Method::Get,
            once: false,
            url: self.provider().base_url().to_owned(),
            headers: Vec::new(),
            body: None,
        };
        let http = Reqwest::new();
        match timeout(ANSWER_TIMEOUT, http.send(request)).await {
            Ok(Ok(_) | Err(TransportError::TooLong)) => Reachability::Reachable,
            Ok(Err(TransportError::Local(why))) => Reachability::Blocked(why),
            Ok(Err(error)) => Reachability::Unreachable(error.to_string()),
            Err(_) => Reachability::Unreachable(format!(
                "no answer came within {} s",
                ANSWER_TIMEOUT.as_secs()
            )),
        }
    }

    /// Checks that this machine has what every request needs (certificates, proxy). Sends nothing.
    pub(super) fn can_connect(&self) -> Result<(), TransportError> {
        Reqwest::new().prepare(self.provider().base_url())
    }
}
