//! Reading what an access token opens.

use std::sync::Arc;

use backon::Retryable as _;
use switchback_protocol::http::{Header, Request, Response, Rule, secrets_in};
use switchback_protocol::{OAuthError, Secret};

use super::{Answered, SessionState};
use crate::error::Error;
use crate::patience::Tries;
use crate::ports::TransportError;

const WHAT: &str = "the identity could not be read";

impl SessionState {
    /// Reads a protected resource. A token that is refused is refreshed once.
    pub(super) async fn resource(
        self: &Arc<Self>,
        endpoint: &'static str,
        url: &str,
        request: impl Fn(&[Header]) -> Request,
    ) -> Result<Response, Error> {
        let mut session = self.authorize(url).await?;
        let response = loop {
            let response = self.get(endpoint, request(session.headers())).await?;
            let cookies = response.set_cookies().map(Secret::from).collect();
            match self.answered(&session, response.status, cookies).await? {
                Answered::SendAgain(next) => session = next,
                Answered::Accepted => break response,
            }
        };
        match response.status {
            400 | 403 => Err(Error::configuration(format_args!(
                "{endpoint} refused the request: {}; ask for the data point in the scope, and \
                 check the claims",
                refusal(&response, session.headers())
            ))),
            429 | 500..=599 => Err(Error::TryAgain {
                what: WHAT,
                retry_after: response.retry_after(),
                source: None,
            }),
            _ => Ok(response),
        }
    }

    /// Reading changes nothing, and may be tried again.
    async fn get(&self, endpoint: &'static str, request: Request) -> Result<Response, Error> {
        let asked_at = self.client.now();
        let send = || self.client.send(request.clone());
        let tries = Tries::begin();
        let may_try_again =
            |error: &TransportError| *error != TransportError::TooLong && tries.are_left();
        match send.retry(tries.pauses()).when(may_try_again).await {
            Ok(response) => {
                self.client
                    .note_date(&response, &asked_at, &self.client.now());
                Ok(response)
            }
            Err(TransportError::TooLong) => Err(Error::Protocol {
                endpoint,
                rule: Rule::TooLong,
            }),
            Err(error) => Err(Error::network(WHAT, error)),
        }
    }
}

/// What a resource says about why it refuses.
fn refusal(response: &Response, sent: &[Header]) -> OAuthError {
    let sent = secrets_in(sent);
    OAuthError::read(response, &sent.iter().collect::<Vec<_>>())
        .unwrap_or_else(|| OAuthError::new("no reason given", None, &[]))
}
