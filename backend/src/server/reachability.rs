//! Whether this machine can reach the provider.

use std::time::Duration;

use switchback_driver::http::Reqwest;
use switchback_driver::ports::{HttpTransport as _, TransportError};
use switchback_protocol::http::{Method, Request};
use tokio::time::timeout;

use super::Plan;

/// Whoever looks at a configuration waits for so long.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// Whether the provider answers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reachability {
    /// It does.
    Reachable,
    /// It does not, now: why.
    Unreachable(String),
    /// This machine cannot connect to it until something here is changed: what.
    Blocked(String),
}

impl Plan {
    /// Asks the provider's address for its first page, and says whether an answer came,
    /// whatever it was. Nothing of the service is sent.
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

    /// Whether what every request needs is on this machine: nothing is sent.
    pub(super) fn can_connect(&self) -> Result<(), TransportError> {
        Reqwest::new().prepare(self.provider().base_url())
    }
}
